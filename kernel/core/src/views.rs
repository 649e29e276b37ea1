//! What citizens, handlers and supervisors see of a case: projections, masked, worded locally.
//!
//! A view is computed from the case, its history, its rules and the erasable texts and persons; nothing else is
//! looked up. A handler's view of a guarded case is computed from a case whose reporter was taken out before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::case::Case;
use crate::event::Recorded;
use crate::ids::{CaseId, Code, DivisionCode, PersonId, Seq, TextId, TextRef, UnitId};
use crate::matter::{Assignment, AssignmentRole, AssignmentState, Evidence, MatterKind, Point};
use crate::profile::Rules;

mod accused;
pub mod citizen;
pub mod dossier;
pub mod handler;
mod lines;
mod strip;
pub mod supervisor;
#[cfg(test)]
mod tests;
mod timeline;
mod words;

pub(crate) use lines::state_word as clock_state_word;

/// How a number is shown that no local document confirms.
pub const UNCONFIRMED: &str = "未经本地文件确认";

/// Everything that a view is computed from.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    /// The case as it stands.
    pub case: &'a Case,
    /// Its events, oldest first.
    pub history: &'a [Recorded],
    /// The rules that it is pinned to.
    pub rules: &'a Rules,
    /// The words behind the text handles; an erased text is simply absent.
    pub texts: &'a BTreeMap<TextId, String>,
    /// The people behind the person handles; an erased person is simply absent.
    pub persons: &'a BTreeMap<PersonId, PersonFacts>,
}

/// Who somebody is: the erasable record behind a person's handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFacts {
    /// The name.
    pub name: String,
    /// The phone number.
    pub phone: Option<String>,
    /// The identity number.
    pub identity_number: Option<String>,
    /// The address.
    pub address: Option<String>,
}

/// A person as shown: masked, unless it was revealed by a command with a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PersonView {
    /// `张*`.
    pub name: String,
    /// `138****1234`.
    pub phone: Option<String>,
    /// `****X`.
    pub identity_number: Option<String>,
    /// Down to the street.
    pub address: Option<String>,
}

/// What everybody who may see a case at all sees of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// The case number.
    pub case: CaseId,
    /// How many events it has; what a change must name.
    pub version: u64,
    /// The stage's word.
    pub stage: Code,
    /// The stage in local words.
    pub stage_label: String,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// What it is about.
    pub matter: MatterLine,
    /// The division that handles it now.
    pub division: DivisionCode,
    /// The unit that answers for it.
    pub lead: Option<UnitId>,
    /// The case that it follows.
    pub merged_into: Option<CaseId>,
    /// Until when work stands still.
    pub suspended_until: Option<Timestamp>,
    /// How often it was reworked.
    pub reworks: u32,
    /// Closed, solved, satisfied.
    pub outcome: OutcomeView,
    /// Deadlines and why they end when they end.
    pub clocks: Vec<ClockLine>,
    /// Local procedures.
    pub proceedings: Vec<ProceedingLine>,
    /// What happened, oldest first.
    pub timeline: Vec<Entry>,
}

/// What a case is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct MatterLine {
    /// Its kind.
    pub kind: MatterKind,
    /// Its category.
    pub category: Option<Code>,
    /// Where it is.
    pub place: DivisionCode,
    /// The point on the map.
    pub point: Option<Point>,
    /// The statement; none where the reader may not read it or it was erased.
    pub text: Option<String>,
    /// The amount in dispute, in fen.
    pub amount_fen: Option<u64>,
    /// How many people are concerned; 0 where nobody said.
    pub people: u32,
    /// Ticked facts.
    pub marks: Vec<Code>,
    /// What was handed in.
    pub evidence: Vec<Evidence>,
}

/// 办结, 解决, 满意: three facts that don't follow from each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct OutcomeView {
    /// 办结
    pub closed: Option<FactLine>,
    /// 解决
    pub solved: Option<FactLine>,
    /// 满意
    pub satisfied: Option<FactLine>,
}

/// A fact, who said so and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FactLine {
    /// The fact's word.
    pub value: Code,
    /// Who said so, or by which rule.
    pub source: Code,
    /// When.
    pub at: Timestamp,
}

/// A deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ClockLine {
    /// Its number.
    pub id: Seq,
    /// Its word.
    pub name: Code,
    /// Its local name.
    pub label: String,
    /// Who has to act before it ends; the hub where it is nobody's.
    pub owner: Option<UnitId>,
    /// The proceeding that it belongs to.
    pub proceeding: Option<Seq>,
    /// `running`, `paused`, `met`, `breached`, `cancelled`.
    pub state: Code,
    /// From when it counts.
    pub start: Timestamp,
    /// The last instant at which it is met.
    pub due: Timestamp,
    /// The due time as people read it.
    pub due_text: String,
    /// Why it ends then, step by step.
    pub explanation: Vec<String>,
    /// The article, document or reason behind its length.
    pub source: String,
    /// 未经本地文件确认, where the length is another place's or assumed.
    pub unconfirmed: Option<String>,
    /// Whether the date waits for a notice of holidays that isn't published yet.
    pub provisional: bool,
    /// How often it was extended.
    pub extensions: u32,
}

/// A local procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ProceedingLine {
    /// Its number.
    pub id: Seq,
    /// Its kind.
    pub kind: Code,
    /// Its local name.
    pub label: String,
    /// Its state.
    pub state: Code,
    /// Its state in local words.
    pub state_label: String,
    /// Whether it goes on: `open` or `ends`.
    pub end: crate::proceeding::End,
    /// The unit that opened it.
    pub issuer: Option<UnitId>,
    /// The unit that it is addressed to.
    pub addressee: Option<UnitId>,
    /// What was filled in; empty for the citizen.
    pub fields: Vec<(Code, String)>,
}

/// A unit's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AssignmentLine {
    /// Its number.
    pub id: Seq,
    /// Who.
    pub unit: UnitId,
    /// As what.
    pub role: AssignmentRole,
    /// As what, in local words.
    pub role_label: String,
    /// How it stands.
    pub state: AssignmentState,
    /// When it was given.
    pub given_at: Timestamp,
    /// When the unit signed for it.
    pub signed_at: Option<Timestamp>,
}

/// What waits for a named role's word, or had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ApprovalLine {
    /// Its number.
    pub id: Seq,
    /// The command's word.
    pub command: Code,
    /// What it is about, in local words.
    pub what: String,
    /// The procedure that it would move.
    pub proceeding: Option<Seq>,
    /// The unit that this procedure is, or would be, addressed to: of several alike this says which one it is.
    pub addressee: Option<UnitId>,
    /// Why it needs a person.
    pub because: crate::docket::ApprovalCause,
    /// Who decides.
    pub role: crate::actor::Role,
    /// Within which division.
    pub division: DivisionCode,
    /// The unit of whoever asked.
    pub asked_unit: Option<UnitId>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The word that was given.
    pub verdict: Option<crate::docket::Verdict>,
    /// When it was given.
    pub decided_at: Option<Timestamp>,
    /// Why it waits no more although nobody gave their word.
    pub lapsed: Option<Code>,
}

/// Something that happened, in local words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What, in local words.
    pub what: String,
    /// The words that somebody wrote, where this reader may read them.
    pub text: Option<String>,
    /// Who, in words: 诉求人, a role, 本地规则, 系统.
    pub by: String,
    /// The unit they acted for.
    pub unit: Option<UnitId>,
}

impl Sheet<'_> {
    fn text(&self, words: &TextRef) -> Option<String> {
        let written = words.chars > 0;
        written.then(|| self.texts.get(&words.id).cloned())?
    }

    fn assignments(&self) -> Vec<AssignmentLine> {
        self.case
            .assignments
            .iter()
            .map(|a: &Assignment| AssignmentLine {
                id: a.id,
                unit: a.unit.clone(),
                role: a.role,
                role_label: words::part(self.rules, a.role),
                state: a.state,
                given_at: a.given_at,
                signed_at: a.signed_at,
            })
            .collect()
    }
}
