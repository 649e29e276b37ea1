//! What a place sets.

use std::collections::BTreeMap;

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, LocalRules, Mover, Provenance};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    /// What the kinds of proceedings begin with; the level's code follows.
    pub(crate) kind: String,
    /// Whether the lead may report while a conference is called or held.
    #[serde(default)]
    pub(crate) report_while_open: Reporting,
    /// How many attend at least.
    #[serde(default)]
    pub(crate) attend: Option<Count>,
    #[serde(rename = "level")]
    pub(crate) levels: Vec<Level>,
    #[serde(default)]
    pub(crate) spans: Option<Spans>,
    #[serde(default, rename = "ground")]
    pub(crate) grounds: Vec<Ground>,
    #[serde(default)]
    pub(crate) funding: Option<Funding>,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// Whether something may happen meanwhile.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reporting {
    #[default]
    Allowed,
    Refused,
}

/// A level of conferences.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Level {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) convene_by: Vec<Mover>,
    /// Until when it is held.
    pub(crate) clock: ClockRule,
    /// The level that takes over what this one can't settle; none at the top.
    #[serde(default)]
    pub(crate) remitted_to: Option<String>,
    /// What must be filled in to remit, beside the reason.
    #[serde(default)]
    pub(crate) remit_asks: Vec<String>,
    /// The local words, by `state.called`, `move.hold`…
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
}

/// A matter that spans several of departments, trades and areas.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Spans {
    pub(crate) level: String,
    /// How many of the three must be spanned.
    pub(crate) dimensions: Count,
    /// How many departments span departments.
    pub(crate) departments: Count,
    /// How many towns span areas.
    pub(crate) areas: Count,
    /// The mark of a matter that spans trades.
    pub(crate) trade_mark: String,
}

/// Why a conference is called: one of these.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Ground {
    pub(crate) level: String,
    pub(crate) reason: String,
    /// A proceeding of this kind came into `state`.
    #[serde(default)]
    pub(crate) proceeding: Option<String>,
    #[serde(default)]
    pub(crate) state: Option<String>,
    /// This clock was breached.
    #[serde(default)]
    pub(crate) clock: Option<String>,
    /// This fact was recorded.
    #[serde(default)]
    pub(crate) flag: Option<String>,
    /// The fact may only be recorded when this clock has ended.
    #[serde(default)]
    pub(crate) after: Option<String>,
    /// The matter was handed in with this mark.
    #[serde(default)]
    pub(crate) mark: Option<String>,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// Money for what isn't in the budget.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Funding {
    pub(crate) kind: String,
    pub(crate) label: String,
    pub(crate) allowance: String,
    /// What the matter must be marked with, all of them.
    pub(crate) marks: Vec<String>,
    /// A conference of one of these levels must have decided it.
    pub(crate) levels: Vec<String>,
    pub(crate) ask_by: Vec<Mover>,
    pub(crate) decide_by: Vec<Mover>,
    pub(crate) spend_by: Vec<Mover>,
    /// Until when it is decided.
    pub(crate) clock: ClockRule,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

impl Config {
    /// The kind of the proceeding of a level.
    pub(crate) fn kind_of(&self, level: &str) -> String {
        format!("{}-{level}", self.kind)
    }

    /// The level of a kind of proceeding.
    pub(crate) fn level_of(&self, kind: &str) -> Option<&Level> {
        let mut levels = self.levels.iter();
        levels.find(|level| self.kind_of(&level.code) == kind)
    }
}
