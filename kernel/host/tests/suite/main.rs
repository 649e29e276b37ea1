//! What the host admits, answers, refuses and stops; one binary for the package.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod admission;
mod answers;
mod capabilities;
mod contract;
mod desk;
mod isolation;
mod limits;
mod sharing;
mod threads;
mod traps;
