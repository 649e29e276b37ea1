//! The contract between kernel and plugins: what is published stays, everything is explained, and both sides mean the same JSON.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

mod documents;
mod frozen;
mod items;
