//! The store port on SQLite: what lasts, and the suite that every store has to pass.

pub mod conformance;
pub mod sqlite;

pub use sqlite::{Counters, Difference, SqliteStore};
