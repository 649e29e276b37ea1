//! What the core decides: each command by its rule and refusals, short histories exhaustively, long ones at random.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod allowances;
mod answering;
mod approving;
mod cast;
mod dispatching;
mod dossiers;
mod finishing;
mod intake;
mod invariants;
mod levels;
mod limits;
mod merging;
mod office;
mod plugins;
mod replay;
mod supervising;
mod timing;
mod walk;
mod wander;
mod working;
