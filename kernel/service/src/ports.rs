//! What the service needs from outside: a store, an advisor, a clock, fresh identifiers.

pub mod advisor;
pub mod assessment;
mod commit;
pub mod failure;
pub mod kept;
pub mod linked;
pub mod message;
pub mod store;

use jiff::Timestamp;

use fengqiao_core::ids::{CaseId, DivisionCode, PersonId, TextId};

/// The time, to the millisecond; it never goes back.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Fresh identifiers and secrets.
pub trait Ids: Send + Sync + 'static {
    /// The next case number of a division on a day.
    fn case(&self, division: &DivisionCode, now: Timestamp) -> CaseId;
    /// A handle for words.
    fn text(&self) -> TextId;
    /// A handle for a person.
    fn person(&self) -> PersonId;
    /// A query code of 128 random bits, and the argon2 hash under which it is kept.
    fn query_code(&self) -> QueryCode;
}

/// A query code: shown once to the citizen; only the hash is kept.
pub struct QueryCode {
    /// What the citizen gets.
    pub code: String,
    /// What is stored (PHC string).
    pub hash: String,
}
