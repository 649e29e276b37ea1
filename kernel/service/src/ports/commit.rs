//! One commit: everything that a command leaves behind, written together or not at all.

use std::sync::Arc;

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::decision::Effect;
use fengqiao_core::docket::Docket;
use fengqiao_core::event::Recorded;
use fengqiao_core::ids::{CaseId, PersonId, Subject, TextId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::assessment::AssessmentRecord;
use super::kept::Consultation;
use super::linked::{LinkedChange, LinkedOrder};
use super::message::MessageWrite;
use super::store::Person;

/// One durable step.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// The subjects that change.
    pub writes: Vec<Write>,
    /// New words, by handle, with the subject that they belong to.
    pub texts: Vec<(TextId, Subject, String)>,
    /// New people.
    pub persons: Vec<(PersonId, Subject, Person)>,
    /// The hash of a new case's query code.
    pub query_hashes: Vec<(CaseId, String)>,
    /// What becomes of a channel's message.
    pub message: Option<MessageWrite>,
    /// What linked platforms are told.
    pub linked: Vec<(LinkedOrder, LinkedChange)>,
    /// What an assessment records for good; one of its kind that has that name already refuses the commit.
    pub assessment: Option<AssessmentRecord>,
    /// What the dispatcher does afterwards.
    pub effects: Vec<Effect>,
    /// What plugins answered.
    pub consultations: Vec<Consultation>,
    /// Attempts that were refused; they change nothing else.
    pub refusals: Vec<RefusedAttempt>,
    /// The answer to the request, under its key.
    pub answer: Option<(IdempotencyKey, Answer)>,
    /// When.
    pub at: Option<Timestamp>,
}

/// A subject's new events and how it stands after them.
#[derive(Debug, Clone)]
pub struct Write {
    /// Which.
    pub subject: Subject,
    /// The version that the decision was made on; another one in the store is a conflict.
    pub expected: u64,
    /// The events that follow, numbered from `expected` + 1 on.
    pub events: Vec<Recorded>,
    /// How it stands after them.
    pub after: After,
}

/// A subject after its events.
#[derive(Debug, Clone)]
pub enum After {
    /// A case.
    Case(Arc<Case>),
    /// A unit's or a division's docket.
    Docket(Box<Docket>),
}

/// An attempt that was refused: recorded beside the history, so that it can't disturb the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RefusedAttempt {
    /// On which subject; none for a registration.
    pub subject: Option<Subject>,
    /// The command's name.
    pub command: String,
    /// The refusal's code.
    pub code: String,
    /// Who tried.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
}

/// A principal's key for one request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdempotencyKey {
    /// Whose.
    pub principal: String,
    /// A digest of what they sent: the key itself opens the query code that a registration answered, and isn't kept.
    pub key: String,
}

/// What a request was answered, so that its repetition is answered alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// A digest of method, path and body: another one under the same key is refused.
    pub request: String,
    /// The HTTP status, as the server gave it.
    pub status: u16,
    /// The JSON body.
    pub body: String,
    /// The resulting version, for the `ETag`.
    pub version: Option<u64>,
    /// When; kept for 30 days.
    pub at: Timestamp,
}
