//! What is counted, and what assessments record.

use fengqiao_core::docket::Docket;
use fengqiao_core::event::Event;
use fengqiao_core::ids::CaseId;
use fengqiao_metrics::CaseAccount;
use fengqiao_service::ports::store::{
    Answer, AssessmentKind, AssessmentRecord, Commit, CommitError, FactsFilter, ImportError, Page,
    Store,
};

use super::Backend;
use super::draft::{
    Draft, VILLAGE, accepted, assigned, at, case_id, code, division, key as a_key, task, unit_id,
};

fn window(from: i64, until: i64) -> FactsFilter {
    FactsFilter {
        division: None,
        from: at(from),
        until: at(until),
    }
}

fn done(id: &str, from: i64) -> Draft {
    Draft::registered(id, from)
        .then(from + 1, accepted())
        .then(from + 2, assigned("unit", from + 2))
        .then(
            from + 9,
            Event::Closed {
                by_rule: code("reply"),
            },
        )
}

async fn old_case(store: &impl Store, id: &str, visits: u32) -> CaseAccount {
    let mut account = store.facts(&[case_id("甲1")]).await.unwrap().remove(0);
    account.facts.case = case_id(id);
    account.facts.visits = visits;
    account
}

/// Turns, closings and the rest follow from the events.
pub async fn what_counts_of_a_case_is_kept_with_its_commit(backend: impl Backend) {
    let store = backend.open().await;
    store.commit(done("甲1", 1).commit()).await.unwrap();
    let accounts = store
        .facts(&[case_id("甲1"), case_id("乙2")])
        .await
        .unwrap();
    assert_eq!(accounts.len(), 1);
    let facts = &accounts[0].facts;
    assert_eq!(facts.instants.accepted_at, Some(at(2)));
    assert_eq!(facts.turns[0].unit, unit_id("unit"));
    assert_eq!(facts.closings[0].at, at(10));
}

/// A case that ended before the window, or began after it, isn't read at all.
pub async fn a_window_finds_what_may_count_in_it(backend: impl Backend) {
    let store = backend.open().await;
    for (id, from) in [("甲1", 1), ("乙2", 100), ("丙3", 200)] {
        store.commit(done(id, from).commit()).await.unwrap();
    }
    let found = async |filter: FactsFilter| store.find_facts(&filter).await.unwrap();
    assert_eq!(found(window(11, 100)).await, [] as [CaseId; 0]);
    assert_eq!(
        found(window(10, 101)).await,
        [case_id("乙2"), case_id("甲1")]
    );
    let elsewhere = FactsFilter {
        division: Some(division("980000000000")),
        ..window(0, 999)
    };
    assert_eq!(found(elsewhere).await, [] as [CaseId; 0]);
    let here = FactsFilter {
        division: Some(division(VILLAGE)),
        ..window(0, 999)
    };
    assert_eq!(found(here).await.len(), 3);
}

/// An old system may correct what it sent, and never what is ours.
pub async fn an_import_replaces_an_import_and_nothing_of_our_own(backend: impl Backend) {
    let store = backend.open().await;
    store.commit(done("甲1", 1).commit()).await.unwrap();
    for visits in [1, 2] {
        let old = old_case(&store, "旧-1", visits).await;
        store
            .import_facts(&[old], &division(VILLAGE))
            .await
            .unwrap();
    }
    let kept = store.facts(&[case_id("旧-1")]).await.unwrap();
    assert_eq!(kept[0].facts.visits, 2);
    let both = [
        old_case(&store, "旧-2", 1).await,
        old_case(&store, "甲1", 9).await,
    ];
    let refused = store.import_facts(&both, &division(VILLAGE)).await;
    assert!(matches!(refused, Err(ImportError::OurOwn(id)) if id == case_id("甲1")));
    assert_eq!(store.facts(&[case_id("旧-2")]).await.unwrap(), []);
    assert_eq!(store.find_facts(&window(0, 999)).await.unwrap().len(), 2);
}

/// Neither is it moved, nor is anything else of the import taken.
pub async fn an_import_replaces_nothing_of_another_division(backend: impl Backend) {
    let store = backend.open().await;
    store.commit(done("甲1", 1).commit()).await.unwrap();
    let here = division(VILLAGE);
    let theirs = old_case(&store, "旧-1", 1).await;
    store
        .import_facts(std::slice::from_ref(&theirs), &here)
        .await
        .unwrap();
    let there = division("980000000000");
    let mut moved = theirs.clone();
    moved.facts.place = there.clone();
    let mut own = old_case(&store, "旧-2", 1).await;
    own.facts.place = there.clone();
    let refused = store.import_facts(&[own, moved], &there).await;
    assert!(matches!(refused, Err(ImportError::Elsewhere(id)) if id == case_id("旧-1")));
    let kept = store.facts(&[case_id("旧-1"), case_id("旧-2")]).await;
    assert_eq!(kept.unwrap(), [theirs]);
}

/// Whatever stops the process, a request that comes again finds both or neither.
pub async fn a_record_and_the_answer_to_it_are_written_together_or_not_at_all(
    backend: impl Backend,
) {
    let store = backend.open().await;
    let commit = |key: &str, name: &str| {
        let answer = Answer {
            request: "r".to_owned(),
            status: 201,
            body: "{}".to_owned(),
            version: None,
            at: at(5),
        };
        Commit {
            answer: Some((a_key(key), answer)),
            assessment: Some(AssessmentRecord {
                kind: AssessmentKind::Appeal,
                name: name.to_owned(),
                division: division(VILLAGE),
                at: at(5),
                record: "{}".to_owned(),
            }),
            at: Some(at(5)),
            ..Commit::default()
        }
    };
    store.commit(commit("a", "one")).await.unwrap();
    let repeated = store.commit(commit("a", "two")).await;
    assert!(matches!(repeated, Err(CommitError::KeyTaken)));
    let taken = store.commit(commit("b", "one")).await;
    assert!(matches!(taken, Err(CommitError::RecordTaken)));
    let named = ["one".to_owned(), "two".to_owned()];
    let kept = store.assessments_named(AssessmentKind::Appeal, &named);
    assert_eq!(kept.await.unwrap().len(), 1);
    let answer = async |key: &str| store.answer(&a_key(key)).await.unwrap();
    assert!(answer("a").await.is_some());
    assert!(answer("b").await.is_none());
}

/// Also where nothing is counted on it yet.
pub async fn a_units_docket_is_kept_for_counting(backend: impl Backend) {
    let store = backend.open().await;
    let unit = Draft::on_unit("unit", Docket::default()).then(1, task(1, VILLAGE, 1));
    store.commit(unit.commit()).await.unwrap();
    let accounts = store.unit_facts().await.unwrap();
    assert_eq!(accounts.len(), 1);
    assert_eq!(
        (&accounts[0].unit, accounts[0].procedures.len()),
        (&unit_id("unit"), 0)
    );
}

/// Whoever comes second with a name hears so, and what was recorded stays.
pub async fn a_record_of_an_assessment_is_kept_once_under_its_name(backend: impl Backend) {
    let store = backend.open().await;
    let row = |name: &str, of: &str, record: &str| AssessmentRecord {
        kind: AssessmentKind::Sheet,
        name: name.to_owned(),
        division: division(of),
        at: at(5),
        record: record.to_owned(),
    };
    assert!(
        store
            .put_assessment(&row("one", VILLAGE, "{\"a\":1}"))
            .await
            .unwrap()
    );
    assert!(
        !store
            .put_assessment(&row("one", VILLAGE, "{\"a\":2}"))
            .await
            .unwrap()
    );
    assert!(
        store
            .put_assessment(&row("two", "980000000000", "{}"))
            .await
            .unwrap()
    );
    let kept = store
        .assessment(AssessmentKind::Sheet, "one")
        .await
        .unwrap();
    assert_eq!(kept, Some(row("one", VILLAGE, "{\"a\":1}")));
    let none = store
        .assessment(AssessmentKind::Bulletin, "one")
        .await
        .unwrap();
    assert_eq!(none, None);
    let page = |after, limit| Page { after, limit };
    let first = store
        .assessments(AssessmentKind::Sheet, None, &page(None, 1))
        .await
        .unwrap();
    assert_eq!(first[0].record.name, "two");
    let next = page(Some(first[0].cursor.clone()), 9);
    let rest = store
        .assessments(AssessmentKind::Sheet, None, &next)
        .await
        .unwrap();
    assert_eq!(rest.len(), 1);
    let there = division("980000000000");
    let there = store
        .assessments(AssessmentKind::Sheet, Some(&there), &page(None, 9))
        .await
        .unwrap();
    assert_eq!(there.len(), 1);
}
