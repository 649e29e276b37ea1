//! A command on its way in, and what comes back.

use std::sync::Arc;

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::command::Command;
use fengqiao_core::docket::Docket;
use fengqiao_core::event::Recorded;
use fengqiao_core::ids::{CaseId, DivisionCode, Subject, UnitId};
use fengqiao_core::refusal::Refusal;

use crate::ports::store::{
    Answer, CommitError, Consultation, IdempotencyKey, MessageState, MessageWrite, Person,
    StoreError,
};

/// What somebody wants done, with everything the request carried.
#[derive(Debug, Clone)]
pub struct Request {
    /// On what.
    pub target: Target,
    /// What.
    pub command: Command<String, Person>,
    /// Who.
    pub actor: Actor,
    /// The version that the sender saw (`If-Match`).
    pub expected: Option<u64>,
    /// The sender's key with a digest of the request; none for the kernel's own commands.
    pub key: Option<RequestKey>,
    /// For real, or only to see.
    pub mode: Mode,
    /// For a registration: the channel's message that it is.
    pub message: Option<ReadMessage>,
}

/// A channel's message that a registration is; the case that it names is written down with it.
#[derive(Debug, Clone)]
pub struct ReadMessage {
    pub(crate) write: MessageWrite,
    /// What the adapter was asked and what it answered; none where a person read it.
    pub(crate) consultation: Option<Box<Consultation>>,
    /// The case that the new one repeats.
    pub(crate) repeats: Option<CaseId>,
}

impl ReadMessage {
    /// What is written once the case has its number.
    pub(crate) fn of(&self, case: &CaseId) -> (MessageWrite, Option<Consultation>) {
        let mut write = self.write.clone();
        let registered = MessageState::Registered(case.clone());
        match &mut write {
            MessageWrite::New(message) => message.state = registered,
            MessageWrite::Settled { state, .. } => *state = registered,
            MessageWrite::Repeated { .. } => {}
        }
        let consultation = self.consultation.as_deref().map(|asked| Consultation {
            subject: Subject::Case(case.clone()),
            ..asked.clone()
        });
        (write, consultation)
    }
}

/// The sender's key.
#[derive(Debug, Clone)]
pub struct RequestKey {
    /// Under which the answer is kept.
    pub key: IdempotencyKey,
    /// A digest of method, path and body.
    pub request: String,
}

/// What a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A case that doesn't exist yet.
    NewCase,
    /// A case.
    Case(CaseId),
    /// A unit's docket.
    Unit(UnitId),
    /// A division's docket.
    Division(DivisionCode),
}

/// For real, or only to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Commit what is decided.
    Commit,
    /// Walk exactly the same way, and stop before the commit.
    DryRun,
}

/// What a command led to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The subject that the command was about.
    pub subject: Subject,
    /// Its version afterwards.
    pub version: u64,
    /// The case afterwards; none for a docket.
    pub case: Option<Arc<Case>>,
    /// The docket afterwards, for a unit or a division.
    pub docket: Option<Docket>,
    /// All events, on every subject that it touched.
    pub events: Vec<Recorded>,
    /// For a registration: the query code, told once.
    pub query_code: Option<String>,
    /// How the answer was worded that is kept under the request's key.
    pub worded: Option<String>,
}

/// What the sender gets: the outcome, or the answer that the same request got before.
#[derive(Debug, Clone)]
pub enum Receipt {
    /// It was carried out (or tried dry).
    Done(Box<Outcome>),
    /// It had been carried out before.
    Again(Answer),
}

/// Why a command wasn't carried out.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The core said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such case.
    #[error("没有编号为 {0} 的案件")]
    NoSuchCase(CaseId),
    /// There is no such unit or division.
    #[error("没有 {0}")]
    NoSuchSubject(Subject),
    /// The sender saw an older version.
    #[error("案件已更新到版本 {actual}，您看到的是版本 {expected}：请刷新后再试")]
    Stale {
        /// What they saw.
        expected: u64,
        /// What it is.
        actual: u64,
    },
    /// The key was used for another request.
    #[error("该 Idempotency-Key 已用于内容不同的请求")]
    KeyReused,
    /// A request with the same key is under way.
    #[error("相同 Idempotency-Key 的请求正在处理：请稍后重试")]
    InFlight,
    /// The same message came in meanwhile, or somebody else settled it.
    #[error("同一来件已由他人登记或处理：请刷新后再看")]
    MessageTaken,
    /// A text or a person is larger than allowed.
    #[error("“{field}”过长：最多 {limit} 个字符")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How much is allowed.
        limit: usize,
    },
    /// The store couldn't.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The kernel contradicted itself; nothing was written.
    #[error("内部不一致，未写入任何内容：{0}")]
    Inconsistent(String),
}

impl From<CommitError> for SubmitError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict {
                expected, actual, ..
            } => SubmitError::Stale { expected, actual },
            CommitError::KeyTaken => SubmitError::InFlight,
            CommitError::MessageTaken => SubmitError::MessageTaken,
            CommitError::RecordTaken => SubmitError::Inconsistent(error.to_string()),
            CommitError::Store(error) => SubmitError::Store(error),
        }
    }
}
