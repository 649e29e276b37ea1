//! The countable facts of one case: what metrics need of it, and nothing that names a person.

mod parts;

use fengqiao_core::ids::{CaseId, Code, Digest, DivisionCode, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use parts::{
    Asked, Card, ClockFact, Closing, FollowUp, Instants, Mediation, MediationOutcome, Order,
    Rating, Satisfied, Settled, Turn, Validity,
};

/// One case as the formulas see it. Facts are never changed by an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseFacts {
    /// Its number.
    pub case: CaseId,
    /// What kind of matter: `complaint`, `suggestion`, `dispute`…
    pub kind: Code,
    /// The word of the jurisdiction's codebook, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Code>,
    /// What a suggestion is about, where somebody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Code>,
    /// The smallest division that is known to contain the place; the case counts there and in all above.
    pub place: DivisionCode,
    /// How it reached us.
    pub channel: Code,
    /// What the reporter is.
    pub reporter: Reporter,
    /// The unit that took it in (首问、首接), where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_by: Option<UnitId>,
    /// How often somebody came or called about it (次); the first time counts.
    pub visits: u32,
    /// How many people were received in all (人次); a matter is one, whoever many came.
    pub attendances: u32,
    /// The amount in dispute, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<u64>,
    /// Where it was settled.
    pub settled: Settled,
    /// An old matter that was handed over (历史积案).
    #[serde(default, skip_serializing_if = "is_false")]
    pub legacy: bool,
    /// An early sign of a dispute (苗头).
    #[serde(default, skip_serializing_if = "is_false")]
    pub early_sign: bool,
    /// When what happened first.
    pub instants: Instants,
    /// The units that it was given to as lead, in their order. The last one that wasn't let go leads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
    /// The deadline of the first and of each later report, the standing one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_clock: Option<ClockFact>,
    /// The deadline of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_clock: Option<ClockFact>,
    /// Every closing, and when it was taken back by rework.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closings: Vec<Closing>,
    /// The citizen's rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// The times the citizen was asked again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUp>,
    /// The digest of the words of the reply: equal words have equal digests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_digest: Option<Digest>,
    /// The case that this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<CaseId>,
    /// The case that this one was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<CaseId>,
    /// Mediations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mediations: Vec<Mediation>,
    /// Orders that were issued because of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<Order>,
    /// The kinds of the local procedures that it has or had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proceedings: Vec<Code>,
}

/// What the one who handed it in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reporter {
    /// 群众
    Citizen,
    /// 网格员
    GridOfficer,
    /// 志愿者
    Volunteer,
    /// 单位
    Unit,
}

/// How a case stands, for the count of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// In work.
    Open,
    /// Closed; archived counts as closed.
    Closed,
    /// Ended outside the loop.
    Ended,
}

impl CaseFacts {
    /// The closing that stands at an instant, if the case is closed then and hasn't ended otherwise.
    pub fn closed_as_of(&self, as_of: Timestamp) -> Option<&Closing> {
        if self.instants.ended_at.is_some_and(|at| at <= as_of) {
            return None;
        }
        let last = self.closings.iter().filter(|closing| closing.at <= as_of);
        last.max_by_key(|closing| closing.at)
            .filter(|closing| closing.taken_back_at.is_none_or(|at| at > as_of))
    }

    /// How it stands at an instant: exactly one of the three.
    pub fn standing_as_of(&self, as_of: Timestamp) -> Standing {
        if self.instants.ended_at.is_some_and(|at| at <= as_of) {
            Standing::Ended
        } else if self.closed_as_of(as_of).is_some() {
            Standing::Closed
        } else {
            Standing::Open
        }
    }

    /// The unit that leads, or led to the end: the last that was given the case and wasn't let go.
    pub fn lead_as_of(&self, as_of: Timestamp) -> Option<&UnitId> {
        let held = |turn: &&Turn| {
            turn.given_at <= as_of && turn.returned_at.is_none_or(|returned| returned > as_of)
        };
        self.turns.iter().rev().find(held).map(|turn| &turn.unit)
    }
}

fn is_false(mark: &bool) -> bool {
    !mark
}
