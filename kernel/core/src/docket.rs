//! What every subject carries besides its own facts: clocks, proceedings, approvals, tasks, grants, allowances and bookings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Role};
use crate::allowance::Allowance;
use crate::bookings::Booking;
use crate::clock::Clock;
use crate::command::Command;
use crate::ids::{BindingId, CaseId, Code, DivisionCode, PrincipalId, Seq, TextRef, UnitId};
use crate::proceeding::Proceeding;

/// The clocks, proceedings, approvals, tasks, grants, allowances and bookings of one subject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Docket {
    /// How many events the subject has.
    pub version: u64,
    /// Deadlines, in the order in which they were started.
    pub clocks: Vec<Clock>,
    /// Local procedures.
    pub proceedings: Vec<Proceeding>,
    /// What waits for, or had, a named role's word.
    pub approvals: Vec<Approval>,
    /// What a person has to do because a rule couldn't.
    pub tasks: Vec<Task>,
    /// Delegated authority; only on a division's docket.
    pub grants: Vec<Grant>,
    /// Money that the division may give, by kind and year; only on a division's docket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Allowance>,
    /// Rooms that are booked; only on the docket of the unit that keeps them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bookings: Vec<Booking>,
    /// Cases that a common problem or a unit's docket refers to.
    pub cases: Vec<CaseId>,
    /// The next free number.
    pub next: Seq,
}

/// A proposal that waits for a person, or had their word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Approval {
    /// Its number in the docket.
    pub id: Seq,
    /// What is carried out when it is approved.
    pub what: Box<Command>,
    /// Why it needs a person.
    pub because: ApprovalCause,
    /// Who may decide.
    pub role: Role,
    /// Within which division.
    pub division: DivisionCode,
    /// Who asked; they can't decide it.
    pub asked_by: Option<PrincipalId>,
    /// The unit of whoever asked.
    pub asked_unit: Option<UnitId>,
    /// As what a person asked; nothing where nobody recorded it, or no person did.
    #[serde(default)]
    pub asked_as: Option<AskedAs>,
    /// The binding that proposed it.
    pub proposed_by: Option<BindingId>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The word that was given.
    pub decision: Option<ApprovalDecision>,
    /// Why it waits no more although nobody gave their word.
    #[serde(default)]
    pub lapsed: Option<Lapse>,
}

impl Approval {
    /// Whether it still waits for a word.
    pub fn waits(&self) -> bool {
        self.decision.is_none() && self.lapsed.is_none()
    }

    /// Whether the kernel's or the loop's own rule asked for a second person, rather than a graph or a binding that
    /// names the role itself.
    pub fn needs_another_unit(&self) -> bool {
        matches!(
            self.because,
            ApprovalCause::Command | ApprovalCause::GuardUnavailable
        )
    }

    /// The person who asked, as they asked.
    pub fn asker(&self) -> Option<Actor> {
        match self.asked_as.clone()? {
            AskedAs::Citizen => Some(Actor::Citizen {
                principal: self.asked_by.clone(),
            }),
            AskedAs::Official { role, division } => Some(Actor::Official {
                principal: self.asked_by.clone()?,
                role,
                unit: self.asked_unit.clone(),
                division,
            }),
        }
    }
}

/// As what a person asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AskedAs {
    /// As the citizen whose case it is, signed in or not.
    Citizen,
    /// As an official; written without a word of its own, as it was before citizens were recorded.
    #[serde(untagged)]
    Official {
        /// In which role.
        role: Role,
        /// Over which division.
        division: DivisionCode,
    },
}

/// An approval that lost its object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Lapse {
    /// Why: `asker-without-part`, `case-over`.
    pub ground: Code,
    /// When.
    pub at: Timestamp,
}

/// Why something needs a person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalCause {
    /// The command always needs one (an extension, a termination, a looser protection).
    Command,
    /// A move of a proceeding declares one.
    Move,
    /// A plugin proposes something of legal or disciplinary weight.
    Proposal,
    /// The local rule couldn't answer and the profile holds such moves.
    GuardUnavailable,
}

/// The word that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ApprovalDecision {
    /// Yes or no.
    pub verdict: Verdict,
    /// Whose.
    pub by: PrincipalId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<TextRef>,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 同意
    Approved,
    /// 不同意
    Rejected,
}

/// Something that a person has to do because a rule couldn't.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Task {
    /// Its number in the docket.
    pub id: Seq,
    /// Why: `needs-dispatch`, `local-rule-unavailable`, `proposal-refused`, …
    pub code: Code,
    /// At whose desk.
    pub desk: DivisionCode,
    /// The unit, where the desk is one's.
    pub unit: Option<UnitId>,
    /// Who should do it there.
    pub role: Role,
    /// The reason in words for the desk; never a person's words.
    pub note: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

/// Delegated authority (授权).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Grant {
    /// Its number in the docket.
    pub id: Seq,
    /// The terms.
    pub terms: GrantTerms,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Who may order whom to do what, where and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GrantTerms {
    /// The unit that delegates.
    pub grantor: UnitId,
    /// The unit that may order.
    pub grantee: UnitId,
    /// By which kind of proceeding.
    pub kind: Code,
    /// Whom.
    pub addressees: Vec<UnitId>,
    /// For matters in this division.
    pub scope: DivisionCode,
    /// From.
    pub from: Timestamp,
    /// Until, exclusive.
    pub until: Timestamp,
}

impl Grant {
    /// Whether the grant lets `grantee` open a proceeding of `kind` towards `addressee` for a matter at `place` now.
    pub fn allows(
        &self,
        grantee: &UnitId,
        kind: &Code,
        addressee: &UnitId,
        place: &DivisionCode,
        now: Timestamp,
    ) -> bool {
        let terms = &self.terms;
        self.revoked_at.is_none_or(|at| now < at)
            && &terms.grantee == grantee
            && &terms.kind == kind
            && terms.addressees.contains(addressee)
            && terms.scope.contains(place)
            && terms.from <= now
            && now < terms.until
    }
}
