//! The hook `profile`: what a place calls things, and what it adds as data.
//!
//! Everything here can also be read from a configuration: a district then sets labels, clocks or a whole proceeding itself.

mod allowance;
mod clock;
mod proceeding;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::bindings::profile::exports::fengqiao::profile::profile as contract;
use crate::export::{Adapter, call};
use crate::plugin::{Plugin, PluginError};

pub use allowance::{AllowanceRule, Draw, DrawHow};
pub use clock::{ClockRule, ExtendRule, Mark, Provenance, Roll};
pub use proceeding::{End, Gathers, GrantNeed, Move, Mover, OpenRule, ProceedingGraph, State};

/// Says how a place calls and does things. Asked once at activation.
pub trait Profile: Plugin {
    /// What the plugin adds to the rules in force.
    ///
    /// # Errors
    /// The binding isn't activated.
    fn profile(config: &Self::Config) -> Result<LocalRules, PluginError> {
        let _ = config;
        Ok(LocalRules::default())
    }
}

/// What a jurisdiction adds as data. Where several divisions set the same, the kernel joins them: labels nearest, limits shortest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct LocalRules {
    /// The local word of a stage, a clock, a notice, a role or a flag, by `stage.accepted`, `clock.report`…
    pub labels: BTreeMap<String, String>,
    /// What the citizen is told, by notice code; `{number}` and `{due}` are filled in.
    pub notices: BTreeMap<String, String>,
    /// Forms.
    pub forms: Vec<Form>,
    /// The scale of ratings.
    pub rating: Option<RatingScale>,
    /// Deadlines.
    pub clocks: Vec<ClockRule>,
    /// Local procedures.
    pub proceedings: Vec<ProceedingGraph>,
    /// What closes a case.
    pub close_on: Option<CloseOn>,
    /// Moves that wait for a person when the local rule can't answer.
    pub holds: BTreeSet<String>,
    /// Rounds and windows.
    pub limits: Limits,
    /// Categories whose handling must be reported with a photo.
    pub photo_categories: BTreeSet<String>,
    /// The levels that follow up separately, such as `township`; a case that closes on the follow-up needs the word of each.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub follow_up_levels: BTreeSet<String>,
    /// What calls on a unit's sponsor and a division's first-responsible person: `hand-up`, `urge`, `proceeding`, or `breach.`
    /// with the name of a clock.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub escalations: BTreeSet<String>,
    /// Kinds of allowances.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<AllowanceRule>,
}

impl LocalRules {
    /// Gives a key its local word: `stage.accepted` → 受理.
    #[must_use]
    pub fn label(mut self, key: &str, word: &str) -> Self {
        self.labels.insert(key.to_owned(), word.to_owned());
        self
    }

    /// Words what the citizen is told.
    #[must_use]
    pub fn notice(mut self, code: &str, text: &str) -> Self {
        self.notices.insert(code.to_owned(), text.to_owned());
        self
    }

    /// Adds a form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.forms.push(form);
        self
    }

    /// Sets the scale of ratings, best first.
    #[must_use]
    pub fn rated_by(mut self, grades: impl IntoIterator<Item = Grade>) -> Self {
        self.rating = Some(RatingScale {
            grades: grades.into_iter().collect(),
        });
        self
    }

    /// Adds a deadline.
    #[must_use]
    pub fn clock(mut self, rule: ClockRule) -> Self {
        self.clocks.push(rule);
        self
    }

    /// Adds a procedure.
    #[must_use]
    pub fn proceeding(mut self, graph: ProceedingGraph) -> Self {
        self.proceedings.push(graph);
        self
    }

    /// Adds a kind of allowance.
    #[must_use]
    pub fn allowance(mut self, rule: AllowanceRule) -> Self {
        self.allowances.push(rule);
        self
    }

    /// Says what closes a case.
    #[must_use]
    pub fn closed_on(mut self, close_on: CloseOn) -> Self {
        self.close_on = Some(close_on);
        self
    }

    /// A move that waits for a person when the local rule can't answer.
    #[must_use]
    pub fn hold(mut self, code: &str) -> Self {
        self.holds.insert(code.to_owned());
        self
    }
}

/// A form that a clerk or officer fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Form {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What is asked, by field code, in order.
    pub fields: Vec<(String, String)>,
}

/// How citizens rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RatingScale {
    /// The grades, best first.
    pub grades: Vec<Grade>,
}

/// One grade of a scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Grade {
    /// Its code.
    pub code: String,
    /// Its local word.
    pub label: String,
    /// What it means.
    pub satisfied: Satisfied,
}

impl Grade {
    /// A grade with its local word and its meaning.
    pub fn new(code: &str, label: &str, satisfied: Satisfied) -> Self {
        Self {
            code: code.to_owned(),
            label: label.to_owned(),
            satisfied,
        }
    }
}

/// What a rating means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Satisfied {
    /// 满意
    Yes,
    /// 基本满意
    Basically,
    /// 不满意
    No,
}

/// What closes a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseOn {
    /// The reply itself.
    Reply,
    /// The citizen's rating, or the end of the rating window.
    Rating,
    /// The follow-up.
    FollowUp,
}

/// Rounds and windows; where several divisions set one, the tighter holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Limits {
    /// How often a lead may object to one case.
    pub objections: Option<u32>,
    /// How often a case may be reworked.
    pub reworks: Option<u32>,
    /// Until when after closing a case may be reworked, such as `30cd`.
    pub rework_window: Option<String>,
    /// How many representatives a joint matter may have.
    pub representatives: Option<u32>,
    /// How many facts a receiver may tick at the registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticks: Option<u32>,
}

impl<P: Profile> contract::Guest for Adapter<P> {
    fn profile(config: String) -> Result<String, PluginError> {
        let rules = call::<P, _>(&config, P::profile)?;
        serde_json::to_string(&rules).map_err(PluginError::cannot_answer)
    }
}
