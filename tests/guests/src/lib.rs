//! Plugins that no compiler made, good and bad, for whoever tests what the kernel does with them.
//!
//! The host's suite asks them directly; the black box uploads them.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a guest that can't be made fails its test where it stands"
)]

pub mod answers;
pub mod bad;
pub mod contract;
pub mod dummy;
mod guest;
pub mod manifest;
mod text;

pub use guest::{ANSWER, Guest, REPLY};
pub use text::by_hand;
