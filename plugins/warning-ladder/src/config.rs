//! What a place sets.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, End, LocalRules, Mover};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) kind: String,
    pub(crate) label: String,
    /// Who may warn, besides the rules.
    #[serde(default)]
    pub(crate) open_by: Vec<Mover>,
    /// Who says that it was mended.
    pub(crate) clear_by: Vec<Mover>,
    #[serde(default)]
    pub(crate) repeat: Option<Repeat>,
    #[serde(default, rename = "violation")]
    pub(crate) violations: Vec<Violation>,
    /// From the mildest to the hardest.
    #[serde(rename = "step")]
    pub(crate) steps: Vec<Step>,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// So many warnings are proposed for the next step.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Repeat {
    pub(crate) count: Count,
    pub(crate) within: Within,
}

/// What repetitions are counted in.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Within {
    CalendarMonth,
    Case,
}

/// What is warned of.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Violation {
    pub(crate) ground: String,
    #[serde(rename = "label")]
    _label: String,
    /// This clock ran out; whoever owed it is warned.
    #[serde(default)]
    pub(crate) clock: Option<String>,
    /// In a proceeding of this kind the addressee made…
    #[serde(default)]
    pub(crate) proceeding: Option<String>,
    /// …this move.
    #[serde(default, rename = "move")]
    pub(crate) step: Option<String>,
    /// Only a person finds it.
    #[serde(default, rename = "by-hand")]
    _by_hand: Option<Role>,
}

/// A step of the ladder.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) code: String,
    pub(crate) label: String,
    /// Whose word it takes to get here.
    #[serde(default)]
    pub(crate) approval: Option<Role>,
    /// The words with which the case is urged when this step is reached by a violation.
    #[serde(default)]
    pub(crate) urge: Option<String>,
    /// How long the unit has to answer.
    #[serde(default)]
    pub(crate) clock: Option<ClockRule>,
    /// Whether the ladder ends here.
    #[serde(default)]
    pub(crate) end: Option<End>,
}

impl Step {
    pub(crate) fn is_last(&self) -> bool {
        self.end == Some(End::Ends)
    }
}
