//! What a plugin author sees: one trait a hook, one macro, and never a binding.
//!
//! A plugin is a pure function of what it is asked and of recorded reference data. It has no clock, randomness, network or
//! files, so its rules are tested natively with `cargo test`; [`testing`] stands in for the kernel there.
//!
//! ```
//! use fengqiao_sdk::prelude::*;
//!
//! /// What a district sets.
//! #[derive(Deserialize)]
//! #[serde(rename_all = "kebab-case", deny_unknown_fields)]
//! struct Config {
//!     hub: String,
//! }
//!
//! struct ToTheHub;
//!
//! impl Plugin for ToTheHub {
//!     type Config = Config;
//! }
//!
//! impl Triage for ToTheHub {
//!     fn triage(config: &Config, case: &Case) -> Result<Answer, PluginError> {
//!         if case.matter()?.is_marked("emergency") {
//!             return Ok(Answer::Refer("110".to_owned()));
//!         }
//!         Ok(Acceptance::lead(&config.hub).because("hub").into())
//!     }
//! }
//!
//! fengqiao_sdk::export!(ToTheHub: triage);
//! ```

pub mod assess;
#[doc(hidden)]
pub mod bindings;
pub mod calendar;
pub mod case;
pub mod catalogue;
pub mod date;
pub mod directory;
mod export;
#[doc(hidden)]
pub use export::Adapter;
pub mod guard;
pub mod intake;
pub mod log;
#[cfg(any(target_family = "wasm", test))]
mod memory;
pub mod place;
pub mod plugin;
pub mod profile;
pub mod propose;
pub mod react;
pub mod role;
pub mod settings;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
pub mod triage;

/// Everything that a rule usually needs.
pub mod prelude {
    pub use serde::{Deserialize, Serialize};

    pub use crate::assess::{Assess, ScoreSheet, Tallies};
    pub use crate::case::{
        Assignment, AssignmentRole, AssignmentState, Case, Clock, ClockState, History, Level,
        Matter, Party, Place, Proceeding, Source, Stage, Subject,
    };
    pub use crate::guard::{ActorRole, Guard, Move, Verdict};
    pub use crate::intake::{Intake, Reading, Submission};
    pub use crate::place::{Nearby, Station};
    pub use crate::plugin::{Plugin, PluginError};
    pub use crate::profile::{LocalRules, Profile};
    pub use crate::propose::{Command, Proposal, Propose};
    pub use crate::react::{Happened, React, Reaction};
    pub use crate::role::Role;
    pub use crate::settings::{Count, Emergency, Limit};
    pub use crate::triage::{Acceptance, Answer, Triage};
    pub use crate::{calendar, catalogue, date, directory, log, profile, propose};
}
