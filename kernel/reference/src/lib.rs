//! Reference data in memory: divisions, units and catalogues, each loaded whole or not at all, versioned and indexed.
//!
//! A [`Reference`] is one immutable snapshot. Whoever reloads data builds the next snapshot beside
//! the one in force and swaps them, so that a question is always answered from one version.

mod catalogue;
mod digest;
mod divisions;
mod error;
pub mod limits;
mod snapshot;
mod source;
mod table;
mod units;

pub use catalogue::{Catalogue, CatalogueHead, Codebook, OneLead, Row};
pub use divisions::{Division, Divisions, Page};
pub use error::{DataError, Origin, Reason};
pub use snapshot::Reference;
pub use source::Source;
pub use units::{Unit, Units};

pub use fengqiao_core::ids::{DivisionCode, Level, UnitId};
