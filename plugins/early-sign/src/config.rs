//! What a place sets.

use std::collections::BTreeMap;

use fengqiao_sdk::case::Level;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, LocalRules};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) kind: String,
    pub(crate) label: String,
    /// The receiver's mark that makes a matter an early sign.
    pub(crate) mark: String,
    /// The table level, category → the portfolio that answers for it.
    pub(crate) catalogue: String,
    /// Who classifies.
    pub(crate) desk: Desk,
    /// A sign is passed on once somebody above this level has it.
    pub(crate) passed_above: Tier,
    /// It is passed on, too, once a procedure of this kind has come so far.
    #[serde(default)]
    pub(crate) passed_by: Option<PassedBy>,
    /// Who hears of a sign that wasn't passed on in time.
    #[serde(default)]
    pub(crate) late: Option<Late>,
    /// The local words, by `state.found`, `move.classify`…
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    /// Until when it is passed on, counted from when it was found.
    pub(crate) clock: ClockRule,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// The desk of a level, and whose work it is there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Desk {
    pub(crate) level: Tier,
    pub(crate) role: Role,
}

/// A level that handles cases.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tier {
    Village,
    Township,
    County,
    Prefecture,
}

/// Another procedure that passes a sign on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct PassedBy {
    pub(crate) proceeding: String,
    pub(crate) states: Vec<String>,
}

/// Who gets a task.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Late {
    pub(crate) role: Role,
}

impl Tier {
    pub(crate) fn level(self) -> Level {
        match self {
            Tier::Village => Level::Village,
            Tier::Township => Level::Township,
            Tier::County => Level::County,
            Tier::Prefecture => Level::Prefecture,
        }
    }
}
