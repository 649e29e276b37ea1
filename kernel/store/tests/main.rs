//! The store on SQLite: the suite that every store passes, what only holds for this one, and the service over it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test says what it expects, prints what a killed process acknowledged, and looks into its own files"
)]

mod service;
mod sqlite;

mod suite {
    //! What every store has to do.
    use crate::sqlite::backend::Files;
    fengqiao_store::conformance!(Files::new());
}
