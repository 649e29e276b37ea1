//! The port, answered by the parts beside this file.

use std::collections::BTreeMap;
use std::sync::Arc;

use fengqiao_core::case::Case;
use fengqiao_core::docket::Docket;
use fengqiao_core::event::Recorded;
use fengqiao_core::ids::{
    BindingId, BindingSetId, CaseId, Code, Digest, DivisionCode, PersonId, Subject, TextId,
};
use fengqiao_metrics::{CaseAccount, UnitAccount};
use fengqiao_service::ports::advisor::{Binding, Query};
use fengqiao_service::ports::store::{
    Alike, Answer, AssessmentKind, AssessmentRecord, CaseFilter, CaseRow, Commit, CommitError,
    Consultation, DeskRow, DueClock, Edition, FactsFilter, IdempotencyKey, ImportError, Kept,
    Likeness, LinkedOrder, LinkedRow, LinkedStand, LinkedStatus, Message, MessageFilter, OpenList,
    OutboxRow, Page, Person, PluginRow, ReferenceChange, ReferenceRow, RefusedAttempt, Sent, Store,
    StoreError,
};
use jiff::Timestamp;

use super::error::unavailable;
use super::writer::Task;
use super::{SqliteStore, commit};

impl Store for SqliteStore {
    async fn case(&self, id: &CaseId) -> Result<Option<Arc<Case>>, StoreError> {
        self.read_case(id)
    }

    async fn docket(&self, subject: &Subject) -> Result<Docket, StoreError> {
        self.read_docket(subject)
    }

    async fn events(
        &self,
        subject: &Subject,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        self.read_events(subject, after, limit).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let rows = commit::rows(&commit)?;
        self.write(Task::Rows(Box::new(rows))).await?;
        self.cases.keep(commit);
        Ok(())
    }

    async fn answer(&self, key: &IdempotencyKey) -> Result<Option<Answer>, StoreError> {
        self.read_answer(key)
    }

    async fn cases(&self, filter: &CaseFilter, page: &Page) -> Result<Vec<CaseRow>, StoreError> {
        self.list_cases(filter, page).await
    }

    async fn accusing(&self, ids: &[CaseId]) -> Result<Vec<Arc<Case>>, StoreError> {
        self.list_accusing(ids).await
    }

    async fn related(&self, case: &Case, query: &Query) -> Result<u64, StoreError> {
        self.count_related(case, query).await
    }

    async fn due_clocks(
        &self,
        now: Timestamp,
        after: Option<&DueClock>,
        limit: u32,
    ) -> Result<Vec<DueClock>, StoreError> {
        self.read_due_clocks(now, after, limit).await
    }

    async fn desk(&self, division: &DivisionCode, page: &Page) -> Result<Vec<DeskRow>, StoreError> {
        self.list_desk(division, page).await
    }

    async fn texts(&self, ids: &[TextId]) -> Result<BTreeMap<TextId, String>, StoreError> {
        self.read_texts(ids)
    }

    async fn persons(&self, ids: &[PersonId]) -> Result<BTreeMap<PersonId, Person>, StoreError> {
        self.read_persons(ids).await
    }

    async fn subject_texts(
        &self,
        subject: &Subject,
    ) -> Result<BTreeMap<TextId, String>, StoreError> {
        self.read_subject_texts(subject).await
    }

    async fn subject_persons(
        &self,
        subject: &Subject,
    ) -> Result<BTreeMap<PersonId, Person>, StoreError> {
        self.read_subject_persons(subject).await
    }

    async fn query_hash(&self, case: &CaseId) -> Result<Option<String>, StoreError> {
        self.read_query_hash(case).await
    }

    async fn outbox(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        self.read_outbox(limit).await
    }

    async fn dispatched(&self, ids: &[i64], at: Timestamp) -> Result<(), StoreError> {
        self.write_dispatched(ids, at).await
    }

    async fn refused(
        &self,
        subject: &Subject,
        page: &Page,
    ) -> Result<Vec<Kept<RefusedAttempt>>, StoreError> {
        self.list_refused(subject, page).await
    }

    async fn consultations(
        &self,
        subject: &Subject,
        page: &Page,
    ) -> Result<Vec<Kept<Consultation>>, StoreError> {
        self.list_consultations(subject, page).await
    }

    async fn put_plugin(&self, plugin: PluginRow, component: Vec<u8>) -> Result<(), StoreError> {
        self.write_plugin(plugin, component).await
    }

    async fn plugins(&self) -> Result<Vec<PluginRow>, StoreError> {
        self.list_plugins().await
    }

    async fn component(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_component(digest).await
    }

    async fn put_bindings(
        &self,
        fresh: &[Binding],
        gone: &[BindingId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write_bindings(fresh, gone, at).await
    }

    async fn bindings(&self) -> Result<Vec<Binding>, StoreError> {
        self.list_bindings().await
    }

    async fn put_binding_set(&self, id: &BindingSetId, json: &str) -> Result<(), StoreError> {
        self.write_binding_set(id, json).await
    }

    async fn binding_set(&self, id: &BindingSetId) -> Result<Option<String>, StoreError> {
        self.read_binding_set(id).await
    }

    async fn put_reference(&self, change: &ReferenceChange) -> Result<(), StoreError> {
        self.write_reference(change).await
    }

    async fn reference(&self) -> Result<Vec<ReferenceRow>, StoreError> {
        self.list_reference().await
    }

    async fn edition(&self, version: Option<&str>) -> Result<Option<Edition>, StoreError> {
        self.read_edition(version).await
    }

    async fn same_message(&self, sent: &Sent) -> Result<Option<Message>, StoreError> {
        self.find_same_message(sent).await
    }

    async fn numbered_message(&self, sent: &Sent) -> Result<Option<Message>, StoreError> {
        self.find_numbered_message(sent).await
    }

    async fn message(&self, id: &TextId) -> Result<Option<Message>, StoreError> {
        self.read_message(id).await
    }

    async fn messages(
        &self,
        filter: &MessageFilter,
        page: &Page,
    ) -> Result<Vec<Kept<Message>>, StoreError> {
        self.list_messages(filter, page).await
    }

    async fn linked_outbox(
        &self,
        platform: &Code,
        after: u64,
        limit: u32,
    ) -> Result<Vec<LinkedRow>, StoreError> {
        self.read_linked_outbox(platform, after, limit).await
    }

    async fn acknowledge_linked(
        &self,
        platform: &Code,
        through: u64,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        self.write_linked_acknowledged(platform, through, at).await
    }

    async fn linked_order(
        &self,
        platform: &Code,
        number: &Code,
    ) -> Result<Option<LinkedOrder>, StoreError> {
        self.read_linked_order(platform, number).await
    }

    async fn linked_status(
        &self,
        platform: &Code,
        id: &Code,
    ) -> Result<Option<LinkedStatus>, StoreError> {
        self.read_linked_status(platform, id).await
    }

    async fn put_linked_status(&self, status: &LinkedStatus) -> Result<(), StoreError> {
        self.write_linked_status(status).await
    }

    async fn linked_stands(
        &self,
        platform: &Code,
        page: &Page,
    ) -> Result<Vec<LinkedStand>, StoreError> {
        self.list_linked_stands(platform, page).await
    }

    async fn linked_unknown(
        &self,
        platform: &Code,
        page: &Page,
    ) -> Result<Vec<Kept<LinkedStatus>>, StoreError> {
        self.list_linked_unknown(platform, page).await
    }

    async fn linked_open(&self, platform: &Code) -> Result<Option<OpenList>, StoreError> {
        self.read_linked_open(platform).await
    }

    async fn put_linked_open(&self, platform: &Code, list: &OpenList) -> Result<(), StoreError> {
        self.write_linked_open(platform, list).await
    }

    async fn alike(&self, likeness: &Likeness, limit: u32) -> Result<Vec<Alike>, StoreError> {
        self.list_alike(likeness, limit).await
    }

    async fn erase(&self, persons: &[PersonId], texts: &[TextId]) -> Result<u64, StoreError> {
        self.erase_rows(persons, texts).await
    }

    async fn find_facts(&self, filter: &FactsFilter) -> Result<Vec<CaseId>, StoreError> {
        SqliteStore::find_facts(self, filter).await
    }

    async fn facts(&self, ids: &[CaseId]) -> Result<Vec<CaseAccount>, StoreError> {
        self.read_facts(ids).await
    }

    async fn unit_facts(&self) -> Result<Vec<UnitAccount>, StoreError> {
        self.read_unit_facts().await
    }

    async fn import_facts(
        &self,
        accounts: &[CaseAccount],
        reach: &DivisionCode,
    ) -> Result<(), ImportError> {
        self.write_facts(accounts, reach).await
    }

    async fn put_assessment(&self, row: &AssessmentRecord) -> Result<bool, StoreError> {
        self.write_assessment(row).await
    }

    async fn assessments(
        &self,
        kind: AssessmentKind,
        division: Option<&DivisionCode>,
        page: &Page,
    ) -> Result<Vec<Kept<AssessmentRecord>>, StoreError> {
        self.list_assessments(kind, division, page).await
    }

    async fn assessment(
        &self,
        kind: AssessmentKind,
        name: &str,
    ) -> Result<Option<AssessmentRecord>, StoreError> {
        self.read_assessment(kind, name).await
    }

    async fn assessments_named(
        &self,
        kind: AssessmentKind,
        names: &[String],
    ) -> Result<Vec<AssessmentRecord>, StoreError> {
        self.read_assessments(kind, names).await
    }

    async fn prune_answers(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.prune(now).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1")
            .execute(&self.readers)
            .await
            .map(|_| ())
            .map_err(unavailable)
    }
}
