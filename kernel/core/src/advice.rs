//! What plugins answered, as data.

use serde::{Deserialize, Serialize};

use crate::actor::Role;
use crate::command::{Command, NamedSpec};
use crate::ids::{BindingId, Code, Digest, DivisionCode, UnitId};
use crate::matter::Appointment;

/// What was asked before a decision, and what came back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Every guard's word, root first.
    pub guards: Vec<GuardWord>,
    /// The word of the first triage that didn't pass; none where all passed, failed or nobody was asked.
    pub triage: Option<TriageWord>,
    /// The triages that couldn't answer.
    pub triage_failures: Vec<RuleFailure>,
}

/// A guard's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct GuardWord {
    /// Whose.
    pub binding: BindingId,
    /// What it said.
    pub verdict: GuardVerdict,
}

/// What a guard said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum GuardVerdict {
    /// The move may happen.
    Permit,
    /// It may not.
    Refuse {
        /// The rule, stable.
        code: Code,
        /// The rule in words for the person, in Chinese.
        text: String,
    },
    /// The rule couldn't answer.
    Unavailable {
        /// The failure kind.
        failure: Code,
    },
}

/// A triage's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TriageWord {
    /// Whose.
    pub binding: BindingId,
    /// The division that it is bound to: it may name units of it, and divisions above it.
    pub division: DivisionCode,
    /// The component that answered.
    pub component: Digest,
    /// What it said.
    pub answer: Triage,
}

/// What a triage may say; a pass never gets here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "triage")]
pub enum Triage {
    /// Take it, and this is who and how fast.
    Accept {
        /// The lead.
        lead: UnitId,
        /// Assists, supervisors, the informed.
        others: Vec<Appointment>,
        /// Clocks that it shortens.
        clocks: Vec<NamedSpec>,
        /// Facts for later rules.
        flags: Vec<Code>,
        /// The level that handles it, where it isn't the place's own.
        level: Option<DivisionCode>,
        /// The rule that decided, stable.
        because: Code,
    },
    /// Don't take it.
    Decline {
        /// The ground.
        ground: Code,
    },
    /// It belongs elsewhere, and this is where.
    Refer {
        /// The route.
        route: Code,
    },
    /// A person decides first.
    NeedHuman {
        /// At whose desk.
        desk: DivisionCode,
        /// In which role.
        role: Role,
        /// Why, stable.
        because: Code,
    },
}

/// A rule that couldn't answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleFailure {
    /// Whose.
    pub binding: BindingId,
    /// The failure kind: `trap`, `cpu-deadline`, `memory`…
    pub failure: Code,
}

/// What a binding wants to follow from what happened: a command of the plugin, on the subject or a unit's docket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Proposal {
    /// Whose.
    pub binding: BindingId,
    /// The division that it is bound to.
    pub division: DivisionCode,
    /// The component that answered.
    pub component: Digest,
    /// On which subject.
    pub subject: crate::ids::Subject,
    /// What.
    pub command: Command,
}
