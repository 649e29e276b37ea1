//! What a case's facts are made of: turns, clocks, closings, ratings, follow-ups, mediations, orders, cards.

use fengqiao_core::ids::{CaseId, Code, Digest, DivisionCode, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// When what happened. `posted → detected → registered` and the five firsts (发现、受理、化解、确认、反馈) are read from here,
/// and from the reports and replies where a case has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each is named after what happened then")]
pub struct Instants {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_at: Option<Timestamp>,
    /// 发现
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected_at: Option<Timestamp>,
    pub registered_at: Timestamp,
    /// 受理
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
    /// 化解: the report that stands, of an old system that tells no more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Timestamp>,
    /// 确认: the result was confirmed by whom the place has for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// 反馈: the citizen was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<Timestamp>,
    /// Every time the citizen was asked to rate, rising.
    #[serde(
        default,
        deserialize_with = "super::one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub ratable_at: Vec<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Instants {
    /// Of a case that was just registered.
    pub fn registered(at: Timestamp) -> Self {
        Self {
            posted_at: None,
            detected_at: None,
            registered_at: at,
            accepted_at: None,
            signed_at: None,
            contacted_at: None,
            arrived_at: None,
            reported_at: None,
            confirmed_at: None,
            replied_at: None,
            ratable_at: Vec::new(),
            archived_at: None,
            ended_at: None,
        }
    }
}

/// A deadline and what it waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClockFact {
    /// When it is due, with every extension that was granted.
    pub due_at: Timestamp,
    /// When what it waited for happened, in time or late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
    /// When it lost its object before it was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
}

/// A deadline and the unit that had to keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnedClock {
    /// Who had to; whoever led at the due time, where nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The deadline.
    #[serde(flatten)]
    pub clock: ClockFact,
}

impl ClockFact {
    /// Whether it was done by the due time, as far as was known at an instant.
    pub fn met_as_of(&self, as_of: Timestamp) -> bool {
        self.done_at
            .is_some_and(|done| done <= self.due_at && done <= as_of)
    }

    /// Whether nobody can say yet: not done, and not due.
    pub fn runs_as_of(&self, as_of: Timestamp) -> bool {
        !self.met_as_of(as_of) && as_of <= self.due_at
    }

    /// Whether it had lost its object, as far as was known at an instant.
    pub fn void_as_of(&self, as_of: Timestamp) -> bool {
        self.cancelled_at.is_some_and(|at| at <= as_of)
    }
}

/// A unit's turn as lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Turn {
    /// Which unit.
    pub unit: UnitId,
    /// When it was given the case.
    pub given_at: Timestamp,
    /// When the case went on without it: returned, handed over, moved to another level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub let_go_at: Option<Timestamp>,
    /// When it was let go because its objection was upheld (退单).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_at: Option<Timestamp>,
    /// The deadline for the first contact; none where nobody may be contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_clock: Option<ClockFact>,
}

impl Turn {
    /// When the unit led no longer, for whatever reason.
    pub fn left_at(&self) -> Option<Timestamp> {
        self.let_go_at.into_iter().chain(self.returned_at).min()
    }
}

/// A report of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reported {
    /// When.
    pub at: Timestamp,
    /// When the hub confirmed it, by answering the citizen with it (确认).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// When it was sent back, or rework undid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<Timestamp>,
}

/// An answer to the citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Replied {
    /// When.
    pub at: Timestamp,
    /// The digest of its words: equal words have equal digests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// A closing of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// The division that handled the case then: its level is what the level shares count.
    pub division: DivisionCode,
    /// When rework took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<Timestamp>,
}

/// What a rating means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Satisfied {
    /// 满意
    Yes,
    /// 基本满意
    Basically,
    /// 不满意
    No,
}

/// Whether a rating counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// It counts.
    Valid,
    /// It was recorded, and doesn't count: not the citizen's, or about something else.
    Invalid,
}

/// The citizen's rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Rating {
    /// When.
    pub at: Timestamp,
    /// What it means.
    pub satisfied: Satisfied,
    /// Whether it counts.
    pub validity: Validity,
}

/// What a follow-up found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// The citizen says that it is solved.
    Solved,
    /// The citizen says that it isn't.
    Unsolved,
    /// Nobody could be reached.
    Unreached,
}

/// The citizen was asked again (回访).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FollowUp {
    /// When.
    pub at: Timestamp,
    /// Who asked, or at which level, by the jurisdiction's word.
    pub by: Code,
    /// What was found.
    pub result: Asked,
}

/// How a mediation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediationOutcome {
    /// 达成协议
    Agreed,
    /// 未达成
    Failed,
}

/// A mediation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Mediation {
    /// Who mediates.
    pub unit: UnitId,
    /// When it was taken on.
    pub accepted_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<MediationOutcome>,
}

/// An order to another unit, from below or from the side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Order {
    /// Who issued it; nobody where a rule did, whose orders count on the addressee's side and for the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<UnitId>,
    /// Who has to come.
    pub addressee: UnitId,
    /// When.
    pub issued_at: Timestamp,
    /// Until when somebody has to sign or arrive; none where no limit was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// When the addressee signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// When the addressee arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
    /// When the issuer took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled_at: Option<Timestamp>,
}

impl Order {
    /// The first sign of the addressee.
    pub fn answered_at(&self) -> Option<Timestamp> {
        self.signed_at.into_iter().chain(self.arrived_at).min()
    }
}

/// A warning card of a unit. It lies on the unit's own docket, so it may be about no case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Card {
    /// Whose.
    pub unit: UnitId,
    /// Which step of the ladder, by the jurisdiction's word.
    pub code: Code,
    /// When it was raised.
    pub at: Timestamp,
    /// When it was taken back; one that was merely cleared has been raised all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<Timestamp>,
    /// The case that gave rise to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

/// Where a matter was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settled {
    /// Through the loop, or not yet.
    Dispatched,
    /// 当场, as it was meant to be when it was taken in; whether it was so closed, the count decides.
    OnTheSpot,
    /// 引导 to where it belongs.
    Elsewhere,
}
