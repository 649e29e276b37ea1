//! What is recorded is never changed nor deleted, not even by somebody with the file in hand.

use fengqiao_core::actor::Actor;
use fengqiao_core::ids::{BindingId, BindingSetId, Digest, Subject};
use fengqiao_service::ports::store::{
    AssessmentKind, AssessmentRecord, Consultation, Edition, ReferenceChange, RefusedAttempt, Store,
};
use fengqiao_store::conformance::Backend;
use fengqiao_store::conformance::draft::{Draft, VILLAGE, accepted, at, case_id};

use super::backend::Files;

async fn recorded() -> Files {
    let files = Files::new();
    let store = files.open().await;
    let mut commit = Draft::registered("甲1", 1).then(2, accepted()).commit();
    let subject = Subject::Case(case_id("甲1"));
    commit.consultations = vec![Consultation {
        subject: subject.clone(),
        version: 0,
        hook: "triage".to_owned(),
        binding: BindingId::parse("binding").unwrap(),
        component: Digest::parse("c0").unwrap(),
        input: Digest::parse("1f").unwrap(),
        reference: "e1".to_owned(),
        answer: Ok("{}".to_owned()),
        at: at(1),
    }];
    commit.refusals = vec![RefusedAttempt {
        subject: Some(subject),
        command: "sign".to_owned(),
        code: "wrong-stage".to_owned(),
        actor: Actor::Kernel,
        at: at(1),
    }];
    store.commit(commit).await.unwrap();
    let set = BindingSetId::parse("5e7").unwrap();
    store.put_binding_set(&set, "{}").await.unwrap();
    let edition = Edition {
        version: "e1".to_owned(),
        day: "2024-02-02".parse().unwrap(),
        files: Default::default(),
        at: at(1),
    };
    let change = ReferenceChange {
        rows: Vec::new(),
        without_past: Vec::new(),
        edition,
    };
    store.put_reference(&change).await.unwrap();
    let sheet = AssessmentRecord {
        kind: AssessmentKind::Sheet,
        name: "one".to_owned(),
        division: VILLAGE.parse().unwrap(),
        at: at(1),
        record: "{}".to_owned(),
    };
    assert!(store.put_assessment(&sheet).await.unwrap());
    files
}

async fn check_refused(statement: &str) {
    let files = recorded().await;
    let refused = files.intrude(statement).await.unwrap_err().to_string();
    assert!(refused.contains("append-only"), "{statement}: {refused}");
}

#[tokio::test]
async fn a_record_is_never_changed() {
    check_refused("UPDATE events SET event = '{}'").await;
    check_refused("UPDATE consultations SET at = 0").await;
    check_refused("UPDATE refusals SET at = 0").await;
    check_refused("UPDATE binding_sets SET binding_set = '[]'").await;
    check_refused("UPDATE editions SET edition = '{}'").await;
    check_refused("UPDATE assessments SET record = '[]'").await;
}

#[tokio::test]
async fn a_record_is_never_deleted() {
    check_refused("DELETE FROM events").await;
    check_refused("DELETE FROM consultations").await;
    check_refused("DELETE FROM refusals").await;
    check_refused("DELETE FROM binding_sets").await;
    check_refused("DELETE FROM editions").await;
    check_refused("DELETE FROM assessments").await;
}

#[tokio::test]
async fn a_record_is_never_replaced() {
    check_refused(
        "INSERT OR REPLACE INTO events (rowid, subject_kind, subject, version, at, name, actor, event) \
         VALUES (1, 'case', '甲1', 3, 0, '', '', '')",
    )
    .await;
    check_refused(
        "INSERT OR REPLACE INTO consultations (id, subject_kind, subject, at, consultation) \
         VALUES (1, '', '', 0, '')",
    )
    .await;
    check_refused("INSERT OR REPLACE INTO refusals (id, at, refusal) VALUES (1, 0, '')").await;
    check_refused("INSERT OR REPLACE INTO binding_sets VALUES ('5e7', '[]')").await;
    check_refused("INSERT OR REPLACE INTO editions VALUES (1, 'e2', '{}')").await;
    check_refused("INSERT OR REPLACE INTO assessments VALUES (9, 'sheet', 'one', '', 0, '[]')")
        .await;
    check_refused("INSERT OR REPLACE INTO assessments VALUES (1, 'sheet', 'two', '', 0, '[]')")
        .await;
}

#[tokio::test]
async fn an_event_is_never_written_twice_under_one_version() {
    let files = recorded().await;
    let again = "INSERT OR REPLACE INTO events (subject_kind, subject, version, at, name, actor, event) \
                 VALUES ('case', '甲1', 2, 0, '', '', '')";
    let refused = files.intrude(again).await.unwrap_err().to_string();
    assert!(refused.contains("version-conflict"), "{refused}");
}
