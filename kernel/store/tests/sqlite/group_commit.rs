//! Commands that wait together share a durable write.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fengqiao_service::ports::store::{CommitError, Store, StoreError};
use fengqiao_store::SqliteStore;
use fengqiao_store::conformance::Backend;
use fengqiao_store::conformance::draft::{Draft, case_id};
use sqlx::sqlite::SqliteConnection;
use tokio::task::JoinSet;

use super::backend::Files;

/// Sends so many registrations at once, and lets the writer begin when all have been sent.
async fn crowd(files: &Files, store: &SqliteStore, count: usize) -> Vec<(String, Sent)> {
    let lock = Lock::take(files).await;
    let begun = Arc::new(AtomicUsize::new(0));
    let mut commands = JoinSet::new();
    for number in 0..count {
        let (store, begun) = (store.clone(), Arc::clone(&begun));
        let id = format!("{number}");
        let commit = Draft::registered(&id, 1).commit();
        commands.spawn(async move {
            begun.fetch_add(1, Ordering::SeqCst);
            (id, store.commit(commit).await)
        });
    }
    // What has begun on this one thread has been sent before anything else gets its turn.
    while begun.load(Ordering::SeqCst) < count {
        tokio::task::yield_now().await;
    }
    lock.leave().await;
    commands.join_all().await
}

type Sent = Result<(), CommitError>;

/// Keeps the writer from beginning, so that what is sent meanwhile waits.
struct Lock(SqliteConnection);

impl Lock {
    async fn take(files: &Files) -> Self {
        let mut other = files.intruder().await;
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut other)
            .await
            .unwrap();
        Self(other)
    }

    /// Lets the writer begin.
    async fn leave(mut self) {
        sqlx::query("ROLLBACK").execute(&mut self.0).await.unwrap();
    }
}

#[tokio::test]
async fn concurrent_commands_share_fewer_durable_writes_than_they_are() {
    let files = Files::new();
    let store = files.open().await;
    for (_, result) in crowd(&files, &store, 200).await {
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
    let mut busy = 0;
    for (id, result) in crowd(&files, &store, 1500).await {
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
    let lock = Lock::take(&files).await;
    let (first, second, ()) = tokio::join!(
        biased;
        store.commit(fine.commit()),
        store.commit(debtor.commit()),
        lock.leave(),
    );
    assert!(matches!(first, Err(CommitError::Store(_))), "{first:?}");
    assert!(matches!(second, Err(CommitError::Store(_))), "{second:?}");
    assert_eq!(store.case(&case_id("fine")).await.unwrap(), None);
    assert_eq!(store.counters().durable_writes, 0);
    store.commit(fine.commit()).await.unwrap();
    assert_eq!(
        store.case(&case_id("fine")).await.unwrap().as_deref(),
        Some(&fine.case())
    );
}
