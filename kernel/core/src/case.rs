//! One matter as it stands: the fold of its events.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::command::{Claim, Delivery, FollowUpResult, Naming, Relation};
use crate::docket::Docket;
use crate::event::Direction;
use crate::ids::{BindingSetId, CaseId, Code, Digest, DivisionCode, Level, Seq, TextRef, UnitId};
use crate::matter::{Assignment, Evidence, Matter, Party, Protection, Source};
use crate::profile::Satisfied;
use crate::stage::Stage;
use crate::trail::Trail;

/// One matter handed in by someone, from registration to archive (诉求/案件).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Case {
    /// Its number.
    pub id: CaseId,
    /// Where it stands.
    pub stage: Stage,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// What it is about.
    pub matter: Matter,
    /// How it reached us.
    pub source: Source,
    /// Whether the reporter gave a name.
    pub naming: Naming,
    /// Who is in it.
    pub parties: Vec<Party>,
    /// How closely the reporter is guarded.
    pub protection: Protection,
    /// The division that handles it now: its hub answers while there is no lead.
    pub division: DivisionCode,
    /// How the level moved.
    pub levels: Vec<LevelMove>,
    /// The binding set that it is pinned to.
    pub bindings: BindingSetId,
    /// Every part that a unit has or had.
    pub assignments: Vec<Assignment>,
    /// Units that can't act in it.
    pub recused: BTreeSet<UnitId>,
    /// Evidence by digest.
    pub evidence: Vec<Evidence>,
    /// The objection that waits for a ruling.
    pub objection: Option<UnitId>,
    /// How many objections there were.
    pub objections: u32,
    /// Whether an objection was denied: the lead is locked.
    pub locked: bool,
    /// Until when work stands still.
    pub suspended_until: Option<Timestamp>,
    /// Reports, and waivers of one.
    pub reports: Vec<Report>,
    /// Replies, and waivers of one.
    pub replies: Vec<Reply>,
    /// Instructions and whether they were answered.
    pub instructions: Vec<Instruction>,
    /// How often it was reworked.
    pub reworks: u32,
    /// The three facts.
    pub outcome: Outcome,
    /// What each level's follow-up found, where several levels follow up.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub followed_up: BTreeMap<Level, FollowUpResult>,
    /// How often it was urged.
    pub urges: u32,
    /// When the citizen was first contacted.
    pub contacted_at: Option<Timestamp>,
    /// When somebody first was on the spot.
    pub arrived_at: Option<Timestamp>,
    /// Facts that later rules may read.
    pub flags: BTreeSet<Code>,
    /// The case that this one follows.
    pub merged: Option<Merging>,
    /// Cases that follow this one.
    pub followers: BTreeSet<CaseId>,
    /// Cases that belong to this one.
    pub links: Vec<(CaseId, Relation)>,
    /// Rating and follow-up that were waived.
    pub waived: BTreeSet<Code>,
    /// The dossier, once it was sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Seal>,
    /// What assessments count besides.
    #[serde(default, skip_serializing_if = "Trail::is_empty")]
    pub trail: Trail,
    /// Clocks, proceedings, approvals and tasks.
    pub docket: Docket,
}

/// 封卷: what the dossier was when it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Seal {
    /// The dossier as one text, in the erasable table.
    pub dossier: TextRef,
    /// SHA-256 of its bytes; it outlives them.
    pub sha256: Digest,
    /// When.
    pub at: Timestamp,
}

/// A move of the level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct LevelMove {
    /// From where.
    pub from: DivisionCode,
    /// To where.
    pub to: DivisionCode,
    /// Which way.
    pub direction: Direction,
    /// When.
    pub at: Timestamp,
}

/// A report, or the waiver of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// Its number in the case.
    pub id: Seq,
    /// Who reported.
    pub unit: UnitId,
    /// The words; none for a waiver.
    pub text: Option<TextRef>,
    /// How many pieces of evidence came with it.
    pub evidence: Vec<Evidence>,
    /// What the unit claims.
    pub claim: Option<Claim>,
    /// When.
    pub at: Timestamp,
    /// Whether it was sent back or overtaken by rework.
    pub sent_back: bool,
}

/// A reply, or the waiver of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Reply {
    /// Its number in the case.
    pub id: Seq,
    /// The words; none for a waiver.
    pub text: Option<TextRef>,
    /// Whether it reached the citizen; none for a waiver.
    pub delivery: Option<Delivery>,
    /// When.
    pub at: Timestamp,
}

/// A leader's instruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Instruction {
    /// Its number in the case.
    pub id: Seq,
    /// The words.
    pub text: TextRef,
    /// When.
    pub at: Timestamp,
    /// The answer.
    pub answer: Option<TextRef>,
}

/// Closed ≠ solved ≠ satisfied: three facts, each with who said so and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// 办结
    pub closed: Option<Fact<Code>>,
    /// 解决: the citizen's word at the follow-up.
    pub solved: Option<Fact<FollowUpResult>>,
    /// 满意: the citizen's rating.
    pub satisfied: Option<Fact<Satisfied>>,
}

/// A fact with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Fact<V> {
    /// What.
    pub value: V,
    /// Who said so, or by which rule.
    pub source: Code,
    /// When.
    pub at: Timestamp,
}

/// A case's being merged into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Merging {
    /// The case that it follows.
    pub into: CaseId,
    /// The stage to go back to when it stands on its own again.
    pub before: Stage,
}
