//! What a jurisdiction adds as data: words, forms, clocks, proceedings, and when a case closes.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_calendar::Spec;
use serde::{Deserialize, Serialize};

use crate::allowance::AllowanceRule;
use crate::clock::{ClockRule, PlacedRule};
use crate::ids::{BindingId, Code, DivisionCode, Level};
use crate::matter::MatterKind;
use crate::proceeding::ProceedingGraph;
use crate::stage::StageName;

/// One binding's answer to the `profile` hook: checked once, at activation, and stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Profile {
    /// The local word of a stage, a clock, a notice, a role or a flag, by `stage.accepted`, `clock.report`…
    pub labels: BTreeMap<Code, String>,
    /// What the citizen is told at a stage or event, by notice code; `{number}` and `{due}` are filled in.
    pub notices: BTreeMap<Code, String>,
    /// Forms by code.
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
    pub holds: BTreeSet<Code>,
    /// Rounds and windows.
    pub limits: Limits,
    /// Categories whose handling must be reported with a photo.
    pub photo_categories: BTreeSet<Code>,
    /// The levels that follow up separately; a case that closes on the follow-up needs the word of each.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub follow_up_levels: BTreeSet<Level>,
    /// What calls on a unit's sponsor and a division's first-responsible person: `hand-up`, `urge` (from the second one on),
    /// `proceeding` (one that is opened for a unit), `breach.` with the name of a clock.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub escalations: BTreeSet<Code>,
    /// Kinds of allowances.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<AllowanceRule>,
}

/// A form that a clerk or officer fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Form {
    /// Its code.
    pub code: Code,
    /// Its title.
    pub title: String,
    /// What is asked, by field code, in order.
    pub fields: Vec<(Code, String)>,
}

/// How citizens rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RatingScale {
    /// The grades, best first.
    pub grades: Vec<Grade>,
}

/// One grade of a scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Grade {
    /// Its code.
    pub code: Code,
    /// Its local word.
    pub label: String,
    /// What it means.
    pub satisfied: Satisfied,
}

/// What a rating means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Limits {
    /// How often a lead may object to one case.
    pub objections: Option<u32>,
    /// How often a case may be reworked.
    pub reworks: Option<u32>,
    /// Until when after closing a case may be reworked.
    pub rework_window: Option<Spec>,
    /// How many representatives a joint matter may have; the law says five.
    pub representatives: Option<u32>,
    /// How many facts a receiver may tick at the registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticks: Option<u32>,
}

/// A binding's profile with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedProfile {
    /// The binding.
    pub binding: BindingId,
    /// The division that it is bound to.
    pub division: DivisionCode,
    /// What it said.
    pub profile: Profile,
}

/// The rules in force for a case: the profiles along its division path joined, over the kernel's law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Rules {
    /// The nearest division's word for each key.
    pub labels: BTreeMap<Code, String>,
    /// The nearest division's notice for each key.
    pub notices: BTreeMap<Code, String>,
    /// All forms; a nearer one replaces one of the same code.
    pub forms: BTreeMap<Code, Form>,
    /// The nearest scale.
    pub rating: Option<RatingScale>,
    /// Every rule of every division and of the law; the shortest that applies holds.
    pub clocks: Vec<PlacedRule>,
    /// The nearest graph of each kind, whole.
    pub proceedings: BTreeMap<Code, ProceedingGraph>,
    /// The nearest closing rule; on reply where nobody says.
    pub close_on: CloseOn,
    /// All holds joined.
    pub holds: BTreeSet<Code>,
    /// The tightest rounds and windows.
    pub limits: Limits,
    /// All photo categories joined.
    pub photo_categories: BTreeSet<Code>,
    /// The levels that follow up separately, joined.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub follow_up_levels: BTreeSet<Level>,
    /// What calls on those responsible, joined; where nobody says, a hand-up and a breached report.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub escalations: BTreeSet<Code>,
    /// Kinds of allowances, each with the narrowest bounds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub allowances: BTreeMap<Code, AllowanceRule>,
}

/// Why profiles can't be joined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Two bindings of one division say different things under one key.
    #[error("区划 {division} 的绑定 {first} 与 {second} 都设置了 `{key}`：请只保留其中一个")]
    Collision {
        /// Where.
        division: DivisionCode,
        /// The key, such as `label.stage.accepted` or `proceeding.mediation`.
        key: String,
        /// The first binding.
        first: BindingId,
        /// The second.
        second: BindingId,
    },
    /// A proceeding graph isn't sound.
    #[error("绑定 {binding} 的程序 `{kind}` 不成立：{fault}")]
    Graph {
        /// Whose.
        binding: BindingId,
        /// Which.
        kind: Code,
        /// What is wrong.
        fault: crate::graph::GraphFault,
    },
    /// Something is larger than allowed, or a duplicate within one profile.
    #[error("绑定 {binding} 的配置档案有误：{fault}")]
    Malformed {
        /// Whose.
        binding: BindingId,
        /// What is wrong, in words.
        fault: String,
    },
}

impl Rules {
    /// The local word for a stage.
    pub fn stage_label(&self, stage: StageName) -> &str {
        let key = format!("stage.{}", stage.as_str());
        self.labels
            .iter()
            .find(|(code, _)| code.as_str() == key)
            .map_or(stage.label(), |(_, label)| label)
    }

    /// Whether a rule of a clock applies to a matter.
    pub fn applies(rule: &ClockRule, kind: MatterKind, category: Option<&Code>) -> bool {
        (rule.kinds.is_empty() || rule.kinds.contains(&kind))
            && (rule.categories.is_empty() || category.is_some_and(|c| rule.categories.contains(c)))
    }
}
