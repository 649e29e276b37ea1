//! Commits: all or nothing, in order, once.

use fengqiao_core::command::Recipient;
use fengqiao_core::decision::Effect;
use fengqiao_core::docket::Docket;
use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::{Commit, CommitError, Store, StoreError};

use super::Backend;
use super::draft::{
    Draft, VILLAGE, accepted, answer, at, case_id, clock, code, key, task, unit_id,
};

/// A case and a docket come back as they were.
pub async fn what_was_committed_is_loaded(backend: impl Backend) {
    let store = backend.open().await;
    let case = Draft::registered("甲1", 1)
        .then(2, accepted())
        .then(2, clock(1, 500));
    let unit = Draft::on_unit("unit", Docket::default()).then(3, task(1, VILLAGE, 3));
    store.commit(case.commit()).await.unwrap();
    store.commit(unit.commit()).await.unwrap();
    assert_eq!(
        store.case(&case_id("甲1")).await.unwrap().as_deref(),
        Some(&case.case())
    );
    let subject = Subject::Unit(unit_id("unit"));
    assert_eq!(store.docket(&subject).await.unwrap(), unit.docket());
    assert_eq!(store.events(&subject, 0, 10).await.unwrap(), unit.events());
}

/// No case, an empty docket, no events, no answer.
pub async fn what_never_happened_is_empty(backend: impl Backend) {
    let store = backend.open().await;
    let unit = Subject::Unit(unit_id("unit"));
    assert_eq!(store.case(&case_id("甲1")).await.unwrap(), None);
    assert_eq!(store.docket(&unit).await.unwrap(), Docket::default());
    assert_eq!(store.events(&unit, 0, 10).await.unwrap(), []);
    assert_eq!(store.answer(&key("k")).await.unwrap(), None);
    store.ping().await.unwrap();
}

/// Oldest first, as many as asked for.
pub async fn events_are_read_after_a_version(backend: impl Backend) {
    let store = backend.open().await;
    let case = Draft::registered("甲1", 1)
        .then(2, accepted())
        .then(3, clock(1, 9))
        .then(4, task(2, VILLAGE, 4));
    store.commit(case.commit()).await.unwrap();
    let subject = Subject::Case(case_id("甲1"));
    assert_eq!(
        store.events(&subject, 1, 2).await.unwrap(),
        case.events()[1..3]
    );
    assert_eq!(store.events(&subject, 4, 2).await.unwrap(), []);
}

/// Nothing of the late command stays: no event, no row, no answer, no effect.
pub async fn an_older_version_is_a_conflict_and_leaves_nothing(backend: impl Backend) {
    let store = backend.open().await;
    let first = Draft::registered("甲1", 1);
    store.commit(first.commit()).await.unwrap();
    let ahead = Draft::on(first.case()).then(2, accepted());
    store.commit(ahead.commit()).await.unwrap();
    let late = Draft::on(first.case()).then(3, clock(1, 500));
    let refused = store
        .commit(with_everything(late.commit()))
        .await
        .unwrap_err();
    let CommitError::Conflict {
        subject,
        expected,
        actual,
    } = refused
    else {
        panic!("{refused}");
    };
    assert_eq!(
        (subject, expected, actual),
        (Subject::Case(case_id("甲1")), 1, 2)
    );
    assert_eq!(
        store.case(&case_id("甲1")).await.unwrap().as_deref(),
        Some(&ahead.case())
    );
    assert_eq!(store.answer(&key("k")).await.unwrap(), None);
    assert_eq!(store.outbox(10).await.unwrap(), []);
    assert_eq!(store.due_clocks(at(1000), None, 10).await.unwrap(), []);
}

/// Nobody can write version 3 onto version 1.
pub async fn a_skipped_version_is_a_conflict(backend: impl Backend) {
    let store = backend.open().await;
    let first = Draft::registered("甲1", 1);
    store.commit(first.commit()).await.unwrap();
    let unseen = Draft::on(first.case()).then(2, accepted());
    let skipping = Draft::on(unseen.case()).then(3, clock(1, 9));
    let refused = store.commit(skipping.commit()).await.unwrap_err();
    assert!(
        matches!(
            refused,
            CommitError::Conflict {
                expected: 2,
                actual: 1,
                ..
            }
        ),
        "{refused}"
    );
}

/// A write without events holds its subject's version, so that a decision on a grant can't outlive the grant.
pub async fn a_version_that_was_only_read_is_held_too(backend: impl Backend) {
    let store = backend.open().await;
    let unit = Draft::on_unit("unit", Docket::default());
    let moved = unit.clone().then(1, task(1, VILLAGE, 1));
    let mut commit = Draft::registered("甲1", 1).commit();
    commit.writes.push(unit.write());
    store.commit(commit).await.unwrap();
    store.commit(moved.commit()).await.unwrap();
    let mut commit = Draft::registered("甲2", 1).commit();
    commit.writes.push(unit.write());
    let refused = store.commit(commit).await.unwrap_err();
    assert!(
        matches!(
            refused,
            CommitError::Conflict {
                expected: 0,
                actual: 1,
                ..
            }
        ),
        "{refused}"
    );
    assert_eq!(store.case(&case_id("甲2")).await.unwrap(), None);
}

/// Commands that arrive together fail alone.
pub async fn a_conflict_leaves_the_commands_beside_it_alone(backend: impl Backend) {
    let store = backend.open().await;
    let taken = Draft::registered("甲0", 1);
    store.commit(taken.commit()).await.unwrap();
    let before = Draft::registered("甲1", 1);
    let after = Draft::registered("甲2", 1);
    let (first, wrong, last) = tokio::join!(
        store.commit(before.commit()),
        store.commit(with_everything(taken.commit())),
        store.commit(after.commit()),
    );
    first.unwrap();
    assert!(matches!(wrong, Err(CommitError::Conflict { .. })));
    last.unwrap();
    assert_eq!(
        store.case(&case_id("甲1")).await.unwrap().as_deref(),
        Some(&before.case())
    );
    assert_eq!(
        store.case(&case_id("甲2")).await.unwrap().as_deref(),
        Some(&after.case())
    );
    assert_eq!(store.answer(&key("k")).await.unwrap(), None);
}

/// The second command under a key isn't carried out; the first one's answer stays.
pub async fn a_key_is_taken_once(backend: impl Backend) {
    let store = backend.open().await;
    store
        .commit(with_everything(Draft::registered("甲1", 1).commit()))
        .await
        .unwrap();
    let again = with_everything(Draft::registered("甲2", 1).commit());
    let refused = store.commit(again).await.unwrap_err();
    assert!(matches!(refused, CommitError::KeyTaken), "{refused}");
    assert_eq!(store.case(&case_id("甲2")).await.unwrap(), None);
    assert_eq!(store.answer(&key("k")).await.unwrap(), Some(answer(0)));
}

/// Whoever repeats a request hears that it is repeated, not that the case has moved.
pub async fn a_repeated_key_is_told_before_a_conflict(backend: impl Backend) {
    let store = backend.open().await;
    let commit = with_everything(Draft::registered("甲1", 1).commit());
    store.commit(commit.clone()).await.unwrap();
    let refused = store.commit(commit).await.unwrap_err();
    assert!(matches!(refused, CommitError::KeyTaken), "{refused}");
}

/// The second subject's conflict takes the first one's events back.
pub async fn two_subjects_change_together_or_not_at_all(backend: impl Backend) {
    let store = backend.open().await;
    let case = Draft::registered("甲1", 1);
    let unit = Draft::on_unit("unit", Docket::default()).then(1, task(1, VILLAGE, 1));
    let mut both = case.commit();
    both.writes.push(unit.write());
    store.commit(both).await.unwrap();
    assert_eq!(
        store.docket(&Subject::Unit(unit_id("unit"))).await.unwrap(),
        unit.docket()
    );
    let moved = Draft::on(case.case()).then(2, accepted());
    let mut half = moved.commit();
    half.writes.push(unit.write());
    let refused = store.commit(half).await.unwrap_err();
    assert!(
        matches!(
            &refused,
            CommitError::Conflict {
                subject: Subject::Unit(_),
                ..
            }
        ),
        "{refused}"
    );
    assert_eq!(
        store.case(&case_id("甲1")).await.unwrap().as_deref(),
        Some(&case.case())
    );
}

/// Events, version and state that don't belong together are a fault of the program, and aren't written.
pub async fn a_write_that_contradicts_itself_is_refused(backend: impl Backend) {
    let store = backend.open().await;
    let mut wrong_state = Draft::registered("甲1", 1).commit();
    wrong_state.writes[0].after = Draft::registered("甲2", 1).write().after;
    let mut wrong_number = Draft::registered("甲1", 1).commit();
    wrong_number.writes[0].events[0].version = 2;
    let mut wrong_time = Draft::registered("甲1", 1).commit();
    wrong_time.writes[0].events[0].at += jiff::SignedDuration::from_nanos(1);
    for commit in [wrong_state, wrong_number, wrong_time] {
        let refused = store.commit(commit).await.unwrap_err();
        assert!(
            matches!(refused, CommitError::Store(StoreError::Corrupt(_))),
            "{refused}"
        );
    }
    assert_eq!(store.case(&case_id("甲1")).await.unwrap(), None);
}

/// A store that was dropped and opened again.
pub async fn everything_is_there_after_opening_again(backend: impl Backend) {
    let store = backend.open().await;
    let case = Draft::registered("甲1", 1).then(2, clock(1, 500));
    store.commit(with_everything(case.commit())).await.unwrap();
    drop(store);
    let store = backend.open().await;
    assert_eq!(
        store.case(&case_id("甲1")).await.unwrap().as_deref(),
        Some(&case.case())
    );
    let subject = Subject::Case(case_id("甲1"));
    assert_eq!(store.events(&subject, 0, 10).await.unwrap(), case.events());
    assert_eq!(store.answer(&key("k")).await.unwrap(), Some(answer(0)));
    assert_eq!(store.outbox(10).await.unwrap().len(), 1);
    assert_eq!(store.due_clocks(at(1000), None, 10).await.unwrap().len(), 1);
    store
        .commit(Draft::on(case.case()).then(3, accepted()).commit())
        .await
        .unwrap();
}

/// Oldest first; gone once it was carried out.
pub async fn an_effect_waits_until_it_is_dispatched(backend: impl Backend) {
    let store = backend.open().await;
    let mut commit = Draft::registered("甲1", 1).commit();
    commit.effects = vec![effect("first"), effect("second")];
    store.commit(commit).await.unwrap();
    let waiting = store.outbox(10).await.unwrap();
    let effects: Vec<_> = waiting.iter().map(|row| row.effect.clone()).collect();
    assert_eq!(effects, [effect("first"), effect("second")]);
    assert_eq!(waiting[0].at, at(1));
    store.dispatched(&[waiting[0].id], at(2)).await.unwrap();
    store.dispatched(&[waiting[0].id], at(3)).await.unwrap();
    assert_eq!(store.outbox(10).await.unwrap(), waiting[1..]);
    let both = [waiting[0].id, waiting[1].id];
    store.dispatched(&both, at(4)).await.unwrap();
    assert_eq!(store.outbox(10).await.unwrap(), []);
}

/// One of exactly 30 days stays.
pub async fn old_answers_are_pruned_after_thirty_days(backend: impl Backend) {
    let store = backend.open().await;
    for (name, millis) in [("older", 0), ("newer", 1)] {
        let mut commit = Draft::registered(name, 1).commit();
        commit.answer = Some((key(name), answer(millis)));
        store.commit(commit).await.unwrap();
    }
    let pruned = store.prune_answers(at(30 * 86_400_000 + 1)).await.unwrap();
    assert_eq!(pruned, 1);
    assert_eq!(store.answer(&key("older")).await.unwrap(), None);
    assert_eq!(store.answer(&key("newer")).await.unwrap(), Some(answer(1)));
}

fn effect(notice: &str) -> Effect {
    Effect {
        subject: Subject::Case(case_id("甲1")),
        to: Recipient::Citizen,
        notice: code(notice),
        call: None,
    }
}

fn with_everything(mut commit: Commit) -> Commit {
    commit.answer = Some((key("k"), answer(0)));
    commit.effects = vec![effect("registered")];
    commit
}
