//! Linked platforms: what they are told, what they say back, and what doesn't agree.

mod carry;
mod changes;
mod compare;
mod reconcile;

pub use carry::{Carried, Said};
pub(crate) use changes::changes;
pub use compare::Comparison;
pub use reconcile::{Mismatch, MismatchRow};
