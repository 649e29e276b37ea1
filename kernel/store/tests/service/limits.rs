//! The limits of the service, reached over a real store.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use fengqiao_core::command::Recipient;
use fengqiao_core::decision::Effect;
use fengqiao_core::event::Event;
use fengqiao_core::ids::{CaseId, Subject};
use fengqiao_core::profile::Profile;
use fengqiao_service::ports::advisor::Binding;
use fengqiao_service::ports::store::{Commit, OutboxRow, Store as _};
use fengqiao_service::{Courier, ManageError};
use fengqiao_store::SqliteStore;
use fengqiao_store::conformance::Backend as _;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::advisor::Proposing;
use super::racing::{Deed, Racing};
use super::{COUNTY, Kernel, OTHER_COUNTY, Standing, bind, kernel, kernel_of, register};
use crate::sqlite::backend::Files;

fn notify() -> Value {
    json!({ "do": "notify", "notice": "again", "to": { "to": "desk", "id": COUNTY } })
}

#[tokio::test]
async fn a_rule_that_answers_itself_is_asked_four_times_and_no_more() {
    let files = Files::new();
    let endless = vec![("registered", notify()), ("notified", notify())];
    let kernel = kernel(&files, endless).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    let history = kernel.history(&Subject::Case(case)).await.unwrap();
    let notified = |event: &Event| matches!(event, Event::Notified { .. });
    let answers = history.iter().filter(|recorded| notified(&recorded.event));
    assert_eq!(answers.count(), 4);
}

/// A kernel whose rules are asked while a rival, so often, changes the case; one case in it, one of whose clocks has run out.
async fn raced(files: &Files, often: u32) -> (Kernel<Racing>, CaseId, Arc<AtomicU32>) {
    let (store, clock) = (files.open().await, Standing::new());
    let silent = Proposing::default();
    let rival = kernel_of(store.clone(), silent, clock.clone(), 1_000).await;
    let asked = Arc::new(AtomicU32::new(0));
    let racing = Racing {
        rival,
        left: often.into(),
        asked: Arc::clone(&asked),
        profile: Profile::default(),
        told_of: "clock-breached",
        deed: Deed::Urge,
    };
    let kernel = kernel_of(store, racing, clock, 0).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    let due = kernel
        .store()
        .due_clocks(Timestamp::MAX, None, 1)
        .await
        .unwrap();
    kernel.clock().pass(due[0].due);
    (kernel, case, asked)
}

async fn breaches(kernel: &Kernel<Racing>, case: &CaseId) -> usize {
    let history = kernel.history(&Subject::Case(case.clone())).await.unwrap();
    let breached = |event: &Event| matches!(event, Event::ClockBreached { .. });
    let breaches = history.iter().filter(|recorded| breached(&recorded.event));
    breaches.count()
}

#[tokio::test]
async fn a_breach_that_lost_two_races_is_decided_a_third_time_and_stands() {
    let files = Files::new();
    let (kernel, case, asked) = raced(&files, 2).await;
    assert_eq!(kernel.sweep_clocks(1).await.unwrap().breached, 1);
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    assert_eq!(breaches(&kernel, &case).await, 1);
}

#[tokio::test]
async fn a_breach_that_lost_three_races_waits_for_the_next_sweep() {
    let files = Files::new();
    let (kernel, case, asked) = raced(&files, 3).await;
    assert_eq!(kernel.sweep_clocks(1).await.unwrap().breached, 0);
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    assert_eq!(breaches(&kernel, &case).await, 0);
    assert_eq!(kernel.sweep_clocks(1).await.unwrap().breached, 1);
    assert_eq!(breaches(&kernel, &case).await, 1);
}

#[tokio::test]
async fn a_sweep_goes_on_where_more_clocks_are_due_than_it_loads_at_a_time() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    for _ in 0..257 {
        register(&kernel, "路坏了").await;
    }
    let store = kernel.store();
    let first = store.due_clocks(Timestamp::MAX, None, 1).await.unwrap();
    kernel.clock().pass(first[0].due);
    let now = kernel.clock().0.load(Ordering::Relaxed);
    let now = Timestamp::from_millisecond(now).unwrap();
    assert_eq!(store.due_clocks(now, None, 1_000).await.unwrap().len(), 257);
    assert_eq!(kernel.sweep_clocks(1).await.unwrap().breached, 257);
    assert!(store.due_clocks(now, None, 1).await.unwrap().is_empty());
}

/// Delivers everything and remembers what; the very first one only when it comes again.
#[derive(Default)]
struct Bag {
    delivered: std::sync::Mutex<Vec<i64>>,
    was_refused: std::sync::atomic::AtomicBool,
}

impl Courier for Bag {
    async fn deliver(&self, row: &OutboxRow) -> Result<(), String> {
        if !self.was_refused.swap(true, Ordering::Relaxed) {
            return Err("the gateway is closed".to_owned());
        }
        self.delivered.lock().unwrap().push(row.id);
        Ok(())
    }
}

#[tokio::test]
async fn one_round_takes_at_most_two_hundred_and_fifty_six_notices_and_leaves_what_was_not_delivered()
 {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let effect = Effect {
        subject: Subject::Division(COUNTY.parse().unwrap()),
        to: Recipient::Desk(COUNTY.parse().unwrap()),
        notice: "again".parse().unwrap(),
        call: None,
    };
    let commit = Commit {
        effects: vec![effect; 257],
        at: Some("2024-03-04T01:00:00Z".parse().unwrap()),
        ..Commit::default()
    };
    kernel.store().commit(commit).await.unwrap();
    let bag = Bag::default();
    let mut delivered = Vec::new();
    for _ in 0..3 {
        delivered.push(kernel.deliver(&bag).await.unwrap());
    }
    assert_eq!(delivered, [255, 2, 0]);
    let once: BTreeSet<i64> = bag.delivered.into_inner().unwrap().into_iter().collect();
    assert_eq!(once.len(), 257);
}

/// A store in which so many bindings of another county are in force.
async fn crowded(files: &Files, count: usize) -> SqliteStore {
    let store = files.open().await;
    let bindings: Vec<Binding> = (0..count)
        .map(|n| Binding {
            id: format!("old-{n}").parse().unwrap(),
            division: OTHER_COUNTY.parse().unwrap(),
            order: 0,
            component: "component".parse().unwrap(),
            config: "{}".to_owned(),
            hooks: Vec::new(),
            inputs: Vec::new(),
            queries: Vec::new(),
            channel: None,
            profile: fengqiao_core::profile::Profile::default(),
        })
        .collect();
    let at = "2024-03-04T01:00:00Z".parse().unwrap();
    store.put_bindings(&bindings, &[], at).await.unwrap();
    store
}

#[tokio::test]
async fn at_most_ten_thousand_bindings_are_in_force() {
    let refused = async |before: usize| {
        let files = Files::new();
        let silent = Proposing::default();
        let store = crowded(&files, before).await;
        let kernel = kernel_of(store, silent, Standing::new(), 0).await;
        bind(&kernel, COUNTY, "one-more").await.unwrap_err()
    };
    // So many along one path are refused as well, but only once their number in all is allowed.
    assert!(matches!(refused(9_999).await, ManageError::Rules(_)));
    assert!(matches!(refused(10_000).await, ManageError::TooMany));
}
