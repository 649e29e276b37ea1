//! The store port: subjects with their events, clocks, outbox, idempotency, personal data, plugins.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

pub use super::assessment::{AssessmentKind, AssessmentRecord, FactsFilter, ImportError};
use fengqiao_core::case::Case;
use fengqiao_core::decision::Effect;
use fengqiao_core::docket::Docket;
use fengqiao_core::event::Recorded;
use fengqiao_core::ids::{
    BindingId, BindingSetId, CaseId, Code, Digest, DivisionCode, PersonId, Seq, Subject, TextId,
    UnitId,
};
use fengqiao_core::stage::StageName;
use fengqiao_metrics::{CaseAccount, UnitAccount};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::advisor::{Binding, Query};
pub use super::commit::{After, Answer, Commit, IdempotencyKey, RefusedAttempt, Write};
pub use super::failure::{CommitError, StoreError};
pub use super::kept::{Consultation, Edition, PluginRow, ReferenceChange, ReferenceRow};
pub use super::linked::{
    LinkedChange, LinkedOrder, LinkedOutcome, LinkedRow, LinkedStand, LinkedState, LinkedStatus,
    OpenList,
};
pub use super::message::{
    Alike, Encoding, Likeness, Message, MessageFilter, MessageState, MessageWrite, Sent,
};

/// The most rows that one page may have.
pub const MAX_PAGE_ROWS: u32 = 200;

/// For how many days the answer to an `Idempotency-Key` is kept.
pub const ANSWER_KEPT_DAYS: u32 = 30;

/// Everything that lasts. SQLite now; the same suite will run on PostgreSQL.
pub trait Store: Send + Sync + 'static {
    /// The case as it stands.
    fn case(
        &self,
        id: &CaseId,
    ) -> impl Future<Output = Result<Option<Arc<Case>>, StoreError>> + Send;
    /// The docket of a unit or a division; empty where nothing ever happened.
    fn docket(&self, subject: &Subject) -> impl Future<Output = Result<Docket, StoreError>> + Send;
    /// Events of a subject after a version, oldest first.
    fn events(
        &self,
        subject: &Subject,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Recorded>, StoreError>> + Send;
    /// One transaction: all of it or nothing. Commands that arrive together share one durable write.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<(), CommitError>> + Send;
    /// The answer that a key got before.
    fn answer(
        &self,
        key: &IdempotencyKey,
    ) -> impl Future<Output = Result<Option<Answer>, StoreError>> + Send;
    /// Cases by filter, newest first, a page at a time.
    fn cases(
        &self,
        filter: &CaseFilter,
        page: &Page,
    ) -> impl Future<Output = Result<Vec<CaseRow>, StoreError>> + Send;
    /// Those of these cases in which somebody is accused, in one read.
    fn accusing(
        &self,
        ids: &[CaseId],
    ) -> impl Future<Output = Result<Vec<Arc<Case>>, StoreError>> + Send;
    /// How many cases a plugin's query finds around a case.
    fn related(
        &self,
        case: &Case,
        query: &Query,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// Running clocks that are due before `now`, the earliest first, from the one on that follows `after`.
    fn due_clocks(
        &self,
        now: Timestamp,
        after: Option<&DueClock>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<DueClock>, StoreError>> + Send;
    /// Open tasks and open approvals of a division and all below it.
    fn desk(
        &self,
        division: &DivisionCode,
        page: &Page,
    ) -> impl Future<Output = Result<Vec<DeskRow>, StoreError>> + Send;
    /// Words by their handles; an erased one is missing.
    fn texts(
        &self,
        ids: &[TextId],
    ) -> impl Future<Output = Result<BTreeMap<TextId, String>, StoreError>> + Send;
    /// People by their handles; an erased one is missing.
    fn persons(
        &self,
        ids: &[PersonId],
    ) -> impl Future<Output = Result<BTreeMap<PersonId, Person>, StoreError>> + Send;
    /// All words that belong to a subject.
    fn subject_texts(
        &self,
        subject: &Subject,
    ) -> impl Future<Output = Result<BTreeMap<TextId, String>, StoreError>> + Send;
    /// All people that belong to a subject.
    fn subject_persons(
        &self,
        subject: &Subject,
    ) -> impl Future<Output = Result<BTreeMap<PersonId, Person>, StoreError>> + Send;
    /// The hash of a case's query code.
    fn query_hash(
        &self,
        case: &CaseId,
    ) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;
    /// Effects not yet carried out, oldest first.
    fn outbox(&self, limit: u32)
    -> impl Future<Output = Result<Vec<OutboxRow>, StoreError>> + Send;
    /// Effects were carried out.
    fn dispatched(
        &self,
        ids: &[i64],
        at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Refused attempts on a subject, newest first.
    fn refused(
        &self,
        subject: &Subject,
        page: &Page,
    ) -> impl Future<Output = Result<Vec<Kept<RefusedAttempt>>, StoreError>> + Send;
    /// Recorded consultations of a subject, newest first.
    fn consultations(
        &self,
        subject: &Subject,
        page: &Page,
    ) -> impl Future<Output = Result<Vec<Kept<Consultation>>, StoreError>> + Send;

    /// Keeps a component by its digest; the same bytes twice are one.
    fn put_plugin(
        &self,
        plugin: PluginRow,
        component: Vec<u8>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// All plugins, newest first.
    fn plugins(&self) -> impl Future<Output = Result<Vec<PluginRow>, StoreError>> + Send;
    /// A component's bytes.
    fn component(
        &self,
        digest: &Digest,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>> + Send;
    /// Puts bindings in force, and takes others out of force for new cases, in one transaction; every revision stays readable.
    fn put_bindings(
        &self,
        fresh: &[Binding],
        gone: &[BindingId],
        at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// The bindings in force.
    fn bindings(&self) -> impl Future<Output = Result<Vec<Binding>, StoreError>> + Send;
    /// Keeps a binding set (its bindings and joined rules, as JSON) by its digest.
    fn put_binding_set(
        &self,
        id: &BindingSetId,
        json: &str,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// A binding set.
    fn binding_set(
        &self,
        id: &BindingSetId,
    ) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;
    /// Keeps versions of files of reference data and the edition that they make up, in one transaction.
    fn put_reference(
        &self,
        change: &ReferenceChange,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// The newest version of each file of reference data.
    fn reference(&self) -> impl Future<Output = Result<Vec<ReferenceRow>, StoreError>> + Send;
    /// What made up an edition of the reference data; the one that was new last, if none is named.
    fn edition(
        &self,
        version: Option<&str>,
    ) -> impl Future<Output = Result<Option<Edition>, StoreError>> + Send;
    /// The message of this channel that says the same, byte for byte.
    fn same_message(
        &self,
        sent: &Sent,
    ) -> impl Future<Output = Result<Option<Message>, StoreError>> + Send;
    /// The message of this channel that has this number; none where it names none.
    fn numbered_message(
        &self,
        sent: &Sent,
    ) -> impl Future<Output = Result<Option<Message>, StoreError>> + Send;
    /// A message by its own number.
    fn message(
        &self,
        id: &TextId,
    ) -> impl Future<Output = Result<Option<Message>, StoreError>> + Send;
    /// Messages by filter, newest first, a page at a time.
    fn messages(
        &self,
        filter: &MessageFilter,
        page: &Page,
    ) -> impl Future<Output = Result<Vec<Kept<Message>>, StoreError>> + Send;
    /// What goes out to a linked platform, from the row on that follows `after`.
    fn linked_outbox(
        &self,
        platform: &Code,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<LinkedRow>, StoreError>> + Send;
    /// A platform has all rows up to this one; answers how many it hadn't acknowledged before.
    fn acknowledge_linked(
        &self,
        platform: &Code,
        through: u64,
        at: Timestamp,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// The order of this number, where one was sent.
    fn linked_order(
        &self,
        platform: &Code,
        number: &Code,
    ) -> impl Future<Output = Result<Option<LinkedOrder>, StoreError>> + Send;
    /// What a platform said under its own number of a status.
    fn linked_status(
        &self,
        platform: &Code,
        id: &Code,
    ) -> impl Future<Output = Result<Option<LinkedStatus>, StoreError>> + Send;
    /// Keeps what a platform said; what it said under the same number before stands.
    fn put_linked_status(
        &self,
        status: &LinkedStatus,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// How orders stand, by number.
    fn linked_stands(
        &self,
        platform: &Code,
        page: &Page,
    ) -> impl Future<Output = Result<Vec<LinkedStand>, StoreError>> + Send;
    /// What a platform said about numbers that were never sent, oldest first.
    fn linked_unknown(
        &self,
        platform: &Code,
        page: &Page,
    ) -> impl Future<Output = Result<Vec<Kept<LinkedStatus>>, StoreError>> + Send;
    /// The list of open numbers that a platform handed in last.
    fn linked_open(
        &self,
        platform: &Code,
    ) -> impl Future<Output = Result<Option<OpenList>, StoreError>> + Send;
    /// Keeps a platform's list of open numbers in the place of its last one.
    fn put_linked_open(
        &self,
        platform: &Code,
        list: &OpenList,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Cases that may be about the same, newest first.
    fn alike(
        &self,
        likeness: &Likeness,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Alike>, StoreError>> + Send;
    /// Erases people and words: their rows go, and with them every byte in the database's files. Handles that lead
    /// nowhere already are skipped. Answers how many were there.
    fn erase(
        &self,
        persons: &[PersonId],
        texts: &[TextId],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// The cases of which anything may count in a stretch of time, by number.
    fn find_facts(
        &self,
        filter: &FactsFilter,
    ) -> impl Future<Output = Result<Vec<CaseId>, StoreError>> + Send;
    /// What is counted of these cases, by number; a case without facts is missing.
    fn facts(
        &self,
        ids: &[CaseId],
    ) -> impl Future<Output = Result<Vec<CaseAccount>, StoreError>> + Send;
    /// What is counted of units' own dockets, by unit.
    fn unit_facts(&self) -> impl Future<Output = Result<Vec<UnitAccount>, StoreError>> + Send;
    /// Takes cases of an old system with their old numbers, all or none; what was imported before within this reach is
    /// replaced.
    fn import_facts(
        &self,
        accounts: &[CaseAccount],
        reach: &DivisionCode,
    ) -> impl Future<Output = Result<(), ImportError>> + Send;
    /// Records something of an assessment for good; answers no where one of its kind has that name already.
    fn put_assessment(
        &self,
        row: &AssessmentRecord,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
    /// What was recorded in a division and below it, newest first.
    fn assessments(
        &self,
        kind: AssessmentKind,
        division: Option<&DivisionCode>,
        page: &Page,
    ) -> impl Future<Output = Result<Vec<Kept<AssessmentRecord>>, StoreError>> + Send;
    /// One of them by its name.
    fn assessment(
        &self,
        kind: AssessmentKind,
        name: &str,
    ) -> impl Future<Output = Result<Option<AssessmentRecord>, StoreError>> + Send;
    /// Those of these names that are there, in one read.
    fn assessments_named(
        &self,
        kind: AssessmentKind,
        names: &[String],
    ) -> impl Future<Output = Result<Vec<AssessmentRecord>, StoreError>> + Send;
    /// Drops answers older than [`ANSWER_KEPT_DAYS`]; answers how many.
    fn prune_answers(&self, now: Timestamp)
    -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// Whether the store answers; for `/readyz`.
    fn ping(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Which cases.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    /// Handled in this division or below it.
    pub division: Option<DivisionCode>,
    /// At this stage.
    pub stage: Option<StageName>,
    /// With this unit among its active assignments.
    pub unit: Option<UnitId>,
    /// Of this category.
    pub category: Option<Code>,
    /// With this place or below it.
    pub place: Option<DivisionCode>,
    /// Registered at or after.
    pub since: Option<Timestamp>,
    /// Registered before.
    pub until: Option<Timestamp>,
}

/// A page: rows after a cursor.
#[derive(Debug, Clone)]
pub struct Page {
    /// The last row of the page before.
    pub after: Option<String>,
    /// At most so many; never more than [`MAX_PAGE_ROWS`].
    pub limit: u32,
}

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<R> {
    /// The cursor of this row.
    pub cursor: String,
    /// The record.
    pub record: R,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// The cursor of this row.
    pub cursor: String,
    /// The case.
    pub case: Case,
}

/// A clock that ran out and hasn't been told so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueClock {
    /// Whose.
    pub subject: Subject,
    /// Which.
    pub clock: Seq,
    /// Since when.
    pub due: Timestamp,
}

/// Something on a person's desk: a task or an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskRow {
    /// The cursor of this row.
    pub cursor: String,
    /// Whose docket it is on.
    pub subject: Subject,
    /// `task` or `approval`.
    pub kind: String,
    /// Its number there.
    pub id: Seq,
    /// The role that it waits for.
    pub role: String,
    /// Why: the task's code, or the command that waits.
    pub code: String,
    /// Since when.
    pub since: Timestamp,
}

/// An effect that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its number.
    pub id: i64,
    /// What.
    pub effect: Effect,
    /// Since when.
    pub at: Timestamp,
}

/// A person's data: in its own erasable table, nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    /// 姓名
    pub name: String,
    /// 电话
    #[serde(default)]
    pub phone: Option<String>,
    /// 身份证号
    #[serde(default)]
    pub identity_number: Option<String>,
    /// 住址
    #[serde(default)]
    pub address: Option<String>,
}
