//! What happened: facts in the past tense, never changed, without personal data.

use fengqiao_calendar::Deadline;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::bookings::Booking;
use crate::clock::Clock;
use crate::command::{Claim, Delivery, FollowUpResult, Naming, Relation, Ruling, Waivable};
use crate::docket::{Approval, ApprovalDecision, Grant, Task};
use crate::ids::{
    BindingSetId, CaseId, Code, Digest, DivisionCode, Level, PersonRef, Seq, Subject, TextRef,
    UnitId,
};
use crate::matter::{Assignment, AssignmentState, Evidence, Matter, Party, Protection, Source};
use crate::proceeding::{Fields, Proceeding};
use crate::profile::Satisfied;
use crate::stage::Stage;

/// An event with its place in its subject's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Recorded {
    /// Whose history.
    pub subject: Subject,
    /// Its number there, from 1 on, without gaps.
    pub version: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}

/// A fact about a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "event"
)]
#[allow(
    missing_docs,
    reason = "a field is named after what it holds; the variant says what it is for"
)]
pub enum Event {
    /// A matter was handed in; the case is pinned to its binding set.
    Registered {
        case: CaseId,
        matter: Box<Matter>,
        source: Source,
        naming: Naming,
        parties: Vec<Party>,
        protection: Protection,
        evidence: Vec<Evidence>,
        division: DivisionCode,
        bindings: BindingSetId,
    },
    /// The case moved to another stage. The only event that does so.
    StageMoved { to: Stage },
    /// What the citizen was told about an end, a refusal of acceptance, a reply, an extension.
    Told { notice: Code, text: Option<TextRef> },
    /// A unit was given a part.
    Assigned { assignment: Assignment },
    /// A unit signed for its part.
    Signed { assignment: Seq },
    /// An assignment came to an end.
    Released {
        assignment: Seq,
        state: AssignmentState,
        text: Option<TextRef>,
    },
    /// The lead said that it isn't theirs.
    Objected { unit: UnitId, text: TextRef },
    /// The objection was ruled on; denied, the lead is locked.
    Ruled { ruling: Ruling, text: TextRef },
    /// The citizen was contacted.
    Contacted { unit: Option<UnitId>, text: TextRef },
    /// Somebody was on the spot.
    Arrived { unit: Option<UnitId> },
    /// There was news.
    Progressed { unit: Option<UnitId>, text: TextRef },
    /// Evidence was added.
    Attached { evidence: Vec<Evidence> },
    /// Work stands still until a condition or a date.
    Suspended { review_at: Timestamp, text: TextRef },
    /// Work goes on.
    Resumed {},
    /// The lead reported a result.
    Reported {
        report: Seq,
        unit: UnitId,
        text: TextRef,
        evidence: Vec<Evidence>,
        claim: Option<Claim>,
    },
    /// The report was sent back.
    SentBack { report: Seq, text: TextRef },
    /// The citizen was answered, or it is recorded why not.
    Replied {
        reply: Seq,
        text: TextRef,
        delivery: Delivery,
    },
    /// The citizen rated.
    Rated {
        grade: Code,
        satisfied: Satisfied,
        text: Option<TextRef>,
    },
    /// The citizen was asked again.
    FollowedUp {
        result: FollowUpResult,
        by: Code,
        text: Option<TextRef>,
        /// For which level, where the profile asks several to follow up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<Level>,
    },
    /// The fact 办结.
    Closed { by_rule: Code },
    /// The dossier was sealed: the words of its whole way, and the digest of their bytes.
    Sealed { dossier: TextRef, sha256: Digest },
    /// The fact 办结 was taken back: the case counts as reworked.
    Reworked { round: u32, text: TextRef },
    /// Something was waived by a person who may.
    Waived {
        what: Waivable,
        text: Option<TextRef>,
    },
    /// The case follows another.
    Merged { into: CaseId },
    /// Another case follows this one.
    Joined { case: CaseId },
    /// The case stands on its own again.
    Unmerged { from: CaseId, text: TextRef },
    /// Another case no longer follows this one.
    Parted { case: CaseId },
    /// A part became a case of its own.
    Split { new: CaseId },
    /// Two cases belong together.
    Linked { to: CaseId, relation: Relation },
    /// The level changed.
    LevelMoved {
        from: DivisionCode,
        to: DivisionCode,
        direction: Direction,
        reason: Code,
    },
    /// Another place's binding set was added, or an administrator moved the case to another one.
    BindingsChanged {
        bindings: BindingSetId,
        text: TextRef,
    },
    /// Somebody was urged.
    Urged { unit: Option<UnitId>, text: TextRef },
    /// A leader gave an instruction.
    Instructed { instruction: Seq, text: TextRef },
    /// An instruction was answered.
    Answered { instruction: Seq, text: TextRef },
    /// The reporter's protection changed.
    Protected { protection: Protection },
    /// A unit can't act in the case.
    Recused { unit: UnitId, text: TextRef },
    /// A fact that later rules may read.
    Flagged { flag: Code },
    /// A clock began.
    ClockStarted { clock: Box<Clock> },
    /// A clock's wait ended in time.
    ClockMet { clock: Seq },
    /// A breached clock's wait ended after all.
    ClockDoneLate { clock: Seq },
    /// A clock ran out, at its nominal time.
    ClockBreached { clock: Seq, at: Timestamp },
    /// A clock lost its object.
    ClockCancelled { clock: Seq },
    /// A clock stands still.
    ClockPaused { clock: Seq },
    /// A clock goes on with a later deadline.
    ClockResumed { clock: Seq, deadline: Box<Deadline> },
    /// A clock got more time, by the rule that allows it.
    ClockExtended {
        clock: Seq,
        deadline: Box<Deadline>,
        article: String,
        text: TextRef,
    },
    /// A newer calendar moved a provisional deadline.
    ClockRecomputed { clock: Seq, deadline: Box<Deadline> },
    /// A local procedure began.
    ProceedingOpened { proceeding: Box<Proceeding> },
    /// A local procedure moved.
    ProceedingMoved {
        proceeding: Seq,
        code: Code,
        to: Code,
        end: crate::proceeding::End,
        fields: Fields,
    },
    /// Something waits for a person's word.
    ApprovalAsked { approval: Box<Approval> },
    /// A person gave their word.
    ApprovalDecided {
        approval: Seq,
        decision: ApprovalDecision,
    },
    /// What waited for a person's word waits no more: whoever asked has no part any longer, or the case is over.
    ApprovalLapsed {
        approval: Seq,
        command: Code,
        ground: Code,
    },
    /// A person has something to do.
    TaskRaised { task: Task },
    /// They did it.
    TaskDone { task: Seq },
    /// Authority was delegated.
    Granted { grant: Grant },
    /// Delegated authority was taken back.
    GrantRevoked { grant: Seq },
    /// A room is somebody's for a while.
    RoomBooked { booking: Booking },
    /// A booked room is free again.
    BookingCancelled { booking: Seq },
    /// A year's allowance was set or changed.
    AllowanceSet {
        kind: Code,
        year: i16,
        ceiling_fen: u64,
        text: TextRef,
    },
    /// A part of an allowance is kept for a proceeding.
    AllowanceReserved {
        kind: Code,
        year: i16,
        holder: Subject,
        proceeding: Seq,
        fen: u64,
    },
    /// What was kept was spent; the rest of it is free again.
    AllowanceSpent {
        kind: Code,
        year: i16,
        holder: Subject,
        proceeding: Seq,
        fen: u64,
    },
    /// What was kept is free again.
    AllowanceReleased {
        kind: Code,
        year: i16,
        holder: Subject,
        proceeding: Seq,
        fen: u64,
    },
    /// A case was put on this docket (a common problem's, a unit's).
    CaseListed { case: CaseId },
    /// Somebody was told something, by notice code.
    Notified {
        notice: Code,
        to: crate::command::Recipient,
    },
    /// An attempt was refused; nothing else changed.
    AttemptRefused { command: Code, code: Code },
    /// A binding's proposal was refused, with the rule.
    ProposalRefused {
        binding: crate::ids::BindingId,
        proposal: Code,
        code: Code,
    },
    /// A binding couldn't answer.
    RuleUnavailable {
        binding: crate::ids::BindingId,
        hook: Code,
        failure: Code,
    },
    /// A person was erased; their handle leads nowhere from now on.
    Erased { person: PersonRef },
}

/// Which way the level moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// 上提
    Up,
    /// 下交
    Down,
    /// 移交 to another place.
    Sideways,
}
