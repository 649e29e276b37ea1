//! The case, the loop, assignments, clocks and proceedings: `decide` and `evolve`. Pure.

pub mod actor;
pub mod advice;
pub mod allowance;
pub mod allowances;
pub mod approvals;
pub mod bookings;
pub mod case;
pub mod clock;
pub mod clocks;
pub mod command;
pub mod context;
pub mod decide;
pub mod decision;
pub mod docket;
pub mod docket_decide;
pub mod event;
pub mod evolve;
#[cfg(test)]
mod fixture;
pub mod grants;
pub mod graph;
pub mod ids;
pub mod law;
pub mod mask;
pub mod matter;
pub mod proceeding;
pub mod proceedings;
pub mod profile;
pub mod refusal;
pub mod rules;
pub mod snapshot;
pub mod stage;
pub mod trail;
pub mod views;
