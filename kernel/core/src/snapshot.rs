//! What a plugin sees of a case: masked, and only the groups that its manifest declares.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, Code, DivisionCode, Seq, UnitId};
use crate::matter::{
    AssignmentRole, AssignmentState, AssistanceMode, MatterKind, Media, PartyRole, Point,
};
use crate::stage::StageName;

mod build;
pub use build::cared_for;
#[cfg(test)]
mod tests;

/// A group of inputs; one that isn't declared is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Where.
    Place,
    /// What, with the statement's words.
    Matter,
    /// Who, masked: parts and counts, never names.
    Parties,
    /// Through which channel, received by whom.
    Source,
    /// What happened so far, in counts.
    History,
    /// Which units have which parts.
    Assignments,
    /// Which clocks run or ran out.
    Clocks,
    /// Which proceedings run or ended.
    Proceedings,
    /// The stations nearest to the point, and which services are near enough.
    Nearby,
    /// Whether somebody in it stands on a care list.
    Care,
}

/// A case as a plugin sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Snapshot {
    /// The case; none for a unit's or a division's docket.
    pub case: Option<CaseId>,
    /// Its stage; none for a docket.
    pub stage: Option<StageName>,
    /// The time of the recorded facts that this was made from.
    pub as_of: Timestamp,
    /// Where.
    pub place: Option<PlaceView>,
    /// What.
    pub matter: Option<MatterView>,
    /// Who.
    pub parties: Option<PartiesView>,
    /// Through which channel.
    pub source: Option<SourceView>,
    /// What happened so far.
    pub history: Option<HistoryView>,
    /// Which units.
    pub assignments: Option<Vec<AssignmentView>>,
    /// Which clocks.
    pub clocks: Option<Vec<ClockView>>,
    /// Which proceedings.
    pub proceedings: Option<Vec<ProceedingView>>,
    /// The groups of [`Group::ALL`] that were withheld.
    pub withheld: Vec<Group>,
    /// Groups that came later, as JSON; one that wasn't declared is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ext: Vec<(Group, String)>,
}

/// Where a matter is, and who handles it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PlaceView {
    /// The smallest known division.
    pub place: DivisionCode,
    /// From the province down to `place`.
    pub path: Vec<DivisionCode>,
    /// The division that handles it now.
    pub handled_by: DivisionCode,
    /// The point, where it is known.
    pub point: Option<Point>,
}

/// What a matter is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct MatterView {
    /// Its kind.
    pub kind: MatterKind,
    /// Its category.
    pub category: Option<Code>,
    /// The statement's words, with phone and identity numbers masked; empty where they were erased.
    pub text: String,
    /// The amount in dispute.
    pub amount_fen: Option<u64>,
    /// How many people are concerned.
    pub people: u32,
    /// The portfolios that it needs.
    pub portfolios: Vec<Code>,
    /// Ticked facts.
    pub marks: Vec<Code>,
    /// Kinds of evidence so far.
    pub evidence: Vec<Media>,
}

/// Who is in it, by part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PartiesView {
    /// Each party's part and, where it is a unit, which.
    pub parties: Vec<(PartyRole, Option<UnitId>)>,
}

/// Through which channel it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SourceView {
    /// The channel.
    pub channel: Code,
    /// Who was asked first.
    pub first_receiver: Option<UnitId>,
    /// How somebody helped.
    pub assistance: Option<AssistanceMode>,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
    /// When it was registered.
    pub registered_at: Timestamp,
}

/// What happened so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct HistoryView {
    /// Objections so far.
    pub objections: u32,
    /// Reworks so far.
    pub reworks: u32,
    /// Urges so far.
    pub urges: u32,
    /// Facts set by rules.
    pub flags: Vec<Code>,
    /// Moves of the level so far.
    pub level_moves: u32,
    /// Whether and when the citizen was contacted.
    pub contacted_at: Option<Timestamp>,
    /// Whether and when somebody was on the spot.
    pub arrived_at: Option<Timestamp>,
    /// Counts that the manifest's queries asked for, by name.
    pub related: Vec<(Code, u64)>,
}

/// A unit's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AssignmentView {
    /// Its number.
    pub id: Seq,
    /// Who.
    pub unit: UnitId,
    /// As what.
    pub role: AssignmentRole,
    /// How it stands.
    pub state: AssignmentState,
}

/// A clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClockView {
    /// Its number.
    pub id: Seq,
    /// Its name.
    pub name: Code,
    /// Who has to act.
    pub owner: Option<UnitId>,
    /// `running`, `paused`, `met`, `breached`, `cancelled`.
    pub state: Code,
    /// When it is due.
    pub due: Timestamp,
}

/// A proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProceedingView {
    /// Its number.
    pub id: Seq,
    /// Its kind.
    pub kind: Code,
    /// Where it stands.
    pub state: Code,
    /// `open` or `ends`.
    pub end: Code,
    /// Who opened it.
    pub issuer: Option<UnitId>,
    /// To whom it is addressed.
    pub addressee: Option<UnitId>,
    /// The case that gave rise to it.
    pub about: Option<CaseId>,
    /// What was filled in.
    pub fields: Vec<(Code, String)>,
    /// When it was opened.
    pub opened_at: Timestamp,
}
