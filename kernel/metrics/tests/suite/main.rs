//! What the numbers have to be: published figures from cohorts of their size, every formula, and what holds for any cases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

mod appeals;
mod bulletins;
mod cohort;
mod contradictions;
mod counting;
mod figures;
mod formulas;
mod hands;
mod limits;
mod properties;
mod reports;
mod scores;
mod tallies;
mod times;
mod watching;
mod windows;
