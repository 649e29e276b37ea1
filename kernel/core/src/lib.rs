//! The case, the loop, assignments, clocks and proceedings: `decide` and `evolve`. Pure.

pub mod actor;
pub mod advice;
pub mod case;
pub mod clock;
pub mod command;
pub mod context;
pub mod decision;
pub mod docket;
pub mod event;
pub mod graph;
pub mod ids;
pub mod matter;
pub mod proceeding;
pub mod profile;
pub mod refusal;
pub mod snapshot;
pub mod stage;
