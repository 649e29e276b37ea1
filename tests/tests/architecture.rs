//! What the documents say of the tree: who may know whom, which tests stand behind the invariants, how large the limits are.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "these tests read their own source tree, and one that can't go on has failed"
)]

mod commands;
mod edges;
mod limits;
mod source;
mod statements;
