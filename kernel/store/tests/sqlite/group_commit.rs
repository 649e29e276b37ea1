//! Commands that wait together share a durable write.

use fengqiao_service::ports::store::{CommitError, Store, StoreError};
use fengqiao_store::conformance::Backend;
use fengqiao_store::conformance::draft::{Draft, case_id};
use tokio::task::JoinSet;

use super::backend::Files;

#[tokio::test]
async fn concurrent_commands_share_fewer_durable_writes_than_they_are() {
    let files = Files::new();
    let store = files.open().await;
    let mut commands = JoinSet::new();
    for number in 0..200 {
        let store = store.clone();
        let draft = Draft::registered(&format!("{number}"), 1);
        commands.spawn(async move { store.commit(draft.commit()).await });
    }
    for result in commands.join_all().await {
        result.unwrap();
    }
    let counters = store.counters();
    assert_eq!(counters.commands, 200);
    assert!(counters.durable_writes <= 10, "{counters:?}");
    for number in 0..200 {
        let case = store.case(&case_id(&format!("{number}"))).await.unwrap();
        assert!(case.is_some(), "{number}");
    }
}

#[tokio::test]
async fn a_lone_command_is_a_durable_write_of_its_own() {
    let files = Files::new();
    let store = files.open().await;
    for number in 0..3 {
        store
            .commit(Draft::registered(&format!("{number}"), 1).commit())
            .await
            .unwrap();
    }
    let counters = store.counters();
    assert_eq!((counters.commands, counters.durable_writes), (3, 3));
}

#[tokio::test]
async fn a_batch_without_any_success_writes_nothing() {
    let files = Files::new();
    let store = files.open().await;
    let draft = Draft::registered("甲1", 1);
    store.commit(draft.commit()).await.unwrap();
    store.commit(draft.commit()).await.unwrap_err();
    assert_eq!(store.counters().durable_writes, 1);
}

#[tokio::test]
async fn a_full_queue_refuses_the_next_command_as_busy_and_loses_none_it_took() {
    let files = Files::new();
    let store = files.open().await;
    let mut commands = JoinSet::new();
    for number in 0..1500 {
        let store = store.clone();
        let id = format!("{number}");
        let draft = Draft::registered(&id, 1);
        commands.spawn(async move { (id, store.commit(draft.commit()).await) });
    }
    let mut busy = 0;
    for (id, result) in commands.join_all().await {
        let there = store.case(&case_id(&id)).await.unwrap().is_some();
        match result {
            Ok(()) => assert!(there, "{id} was acknowledged and is lost"),
            Err(CommitError::Store(StoreError::Unavailable(why))) => {
                assert!(why.contains("busy"), "{why}");
                assert!(!there, "{id} was refused and is there");
                busy += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(busy > 0);
}

#[tokio::test]
async fn everyone_in_a_batch_hears_that_its_durable_write_failed() {
    let files = Files::new();
    let store = files.open().await;
    // A debt that is only noticed at the end of the transaction.
    files
        .intrude(
            "CREATE TABLE creditors (id INTEGER PRIMARY KEY); \
             CREATE TABLE debts (id INTEGER REFERENCES creditors (id) DEFERRABLE INITIALLY DEFERRED); \
             CREATE TRIGGER debt AFTER INSERT ON cases WHEN NEW.id = 'debtor' \
             BEGIN INSERT INTO debts VALUES (1); END",
        )
        .await
        .unwrap();
    let (fine, debtor) = (Draft::registered("fine", 1), Draft::registered("debtor", 1));
    let (first, second) = tokio::join!(store.commit(fine.commit()), store.commit(debtor.commit()));
    assert!(matches!(first, Err(CommitError::Store(_))), "{first:?}");
    assert!(matches!(second, Err(CommitError::Store(_))), "{second:?}");
    assert_eq!(store.case(&case_id("fine")).await.unwrap(), None);
    assert_eq!(store.counters().durable_writes, 0);
    store.commit(fine.commit()).await.unwrap();
    assert_eq!(
        store.case(&case_id("fine")).await.unwrap(),
        Some(fine.case())
    );
}
