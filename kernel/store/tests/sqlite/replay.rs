//! The rows follow from the events: altered ones are named, and rebuilt.

use fengqiao_core::docket::Docket;
use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::Store;
use fengqiao_store::Difference;
use fengqiao_store::conformance::Backend;
use fengqiao_store::conformance::draft::{
    Draft, VILLAGE, accepted, approval, assigned, at, case_id, clock, task, unit_id,
};

use super::backend::Files;

fn case() -> Draft {
    Draft::registered_as("甲1", 1, VILLAGE, Some("noise"))
        .then(2, accepted())
        .then(3, assigned("unit", 3))
        .then(3, clock(2, 500))
        .then(4, task(3, VILLAGE, 4))
        .then(5, approval(4, VILLAGE, 5))
}

#[tokio::test]
async fn replaying_the_events_gives_exactly_the_rows() {
    let files = Files::new();
    let store = files.open().await;
    store.commit(case().commit()).await.unwrap();
    let unit = Draft::on_unit("unit", Docket::default()).then(1, task(1, VILLAGE, 1));
    store.commit(unit.commit()).await.unwrap();
    let subjects = store.subjects().await.unwrap();
    assert_eq!(
        subjects,
        [
            Subject::Case(case_id("甲1")),
            Subject::Unit(unit_id("unit"))
        ]
    );
    for subject in &subjects {
        assert_eq!(store.verify(subject).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_altered_row_is_named_and_rebuilt() {
    let alterations = [
        ("UPDATE cases SET stage = 'closed'", "cases"),
        ("UPDATE cases SET solved = 'solved'", "cases"),
        ("UPDATE cases SET version = 9", "cases"),
        (
            "UPDATE cases SET state = replace(state, '\"urges\":0', '\"urges\":1')",
            "cases",
        ),
        ("DELETE FROM case_units", "case_units"),
        ("UPDATE clocks SET due = due + 1", "clocks"),
        ("DELETE FROM clocks", "clocks"),
        (
            "UPDATE desk SET division = '990101001002' WHERE kind = 'task'",
            "desk",
        ),
        ("UPDATE dockets SET version = 2", "dockets"),
        ("UPDATE facts SET last_at = 9", "facts"),
        ("UPDATE facts SET facts = '{}'", "facts"),
        ("UPDATE unit_facts SET facts = '{}'", "unit_facts"),
    ];
    for (alteration, table) in alterations {
        let files = Files::new();
        let store = files.open().await;
        store.commit(case().commit()).await.unwrap();
        let unit = Draft::on_unit("unit", Docket::default()).then(1, task(1, VILLAGE, 1));
        store.commit(unit.commit()).await.unwrap();
        assert!(files.intrude(alteration).await.unwrap() > 0, "{alteration}");
        let mut differences = Vec::new();
        for subject in store.subjects().await.unwrap() {
            differences.extend(store.verify(&subject).await.unwrap());
            store.rebuild(&subject).await.unwrap();
            assert_eq!(store.verify(&subject).await.unwrap(), [], "{alteration}");
        }
        let tables: Vec<&str> = differences
            .iter()
            .map(|difference: &Difference| difference.table)
            .collect();
        assert!(
            tables.iter().all(|named| *named == table),
            "{alteration}: {differences:?}"
        );
        assert!(!tables.is_empty(), "{alteration}");
    }
}

#[tokio::test]
async fn lost_rows_come_back_from_the_events_alone() {
    let files = Files::new();
    let store = files.open().await;
    store.commit(case().commit()).await.unwrap();
    for table in ["case_units", "clocks", "desk", "facts", "cases"] {
        files
            .intrude(&format!("DELETE FROM {table}"))
            .await
            .unwrap();
    }
    let subject = Subject::Case(case_id("甲1"));
    assert!(!store.verify(&subject).await.unwrap().is_empty());
    store.rebuild(&subject).await.unwrap();
    assert_eq!(
        store.case(&case_id("甲1")).await.unwrap().as_deref(),
        Some(&case().case())
    );
    assert_eq!(store.due_clocks(at(1000), None, 10).await.unwrap().len(), 1);
    assert_eq!(store.verify(&subject).await.unwrap(), []);
}

#[tokio::test]
async fn a_case_that_was_read_while_its_row_was_spoiled_is_read_anew_once_it_is_rebuilt() {
    let files = Files::new();
    files.open().await.commit(case().commit()).await.unwrap();
    files
        .intrude("UPDATE cases SET state = replace(state, '\"urges\":0', '\"urges\":1')")
        .await
        .unwrap();
    let store = files.open().await;
    let read = || async { store.case(&case_id("甲1")).await.unwrap() };
    assert_ne!(read().await.as_deref(), Some(&case().case()));
    store.rebuild(&Subject::Case(case_id("甲1"))).await.unwrap();
    assert_eq!(read().await.as_deref(), Some(&case().case()));
}

#[tokio::test]
async fn a_file_of_before_anything_was_counted_catches_up_when_it_is_opened() {
    let files = Files::new();
    files.open().await.commit(case().commit()).await.unwrap();
    files.intrude("DELETE FROM facts").await.unwrap();
    let store = files.open().await;
    let facts = store.facts(&[case_id("甲1")]).await.unwrap();
    assert_eq!(facts.len(), 1);
    let subject = Subject::Case(case_id("甲1"));
    assert_eq!(store.verify(&subject).await.unwrap(), []);
}
