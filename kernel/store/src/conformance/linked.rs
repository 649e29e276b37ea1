//! Linked platforms: what goes out is numbered without gaps, what they say is kept once, and both are compared.

use std::collections::BTreeSet;

use fengqiao_core::ids::{Code, Digest, UnitId};
use fengqiao_service::ports::store::{
    Commit, LinkedChange, LinkedOrder, LinkedOutcome, LinkedState, LinkedStatus, OpenList, Page,
    Store,
};

use super::Backend;
use super::draft::{at, case_id, code};

/// One platform's numbers follow each other whatever goes to another, and a row is acknowledged once.
pub async fn what_goes_out_is_numbered_by_platform_without_gaps(backend: impl Backend) {
    let store = backend.open().await;
    for (millis, number, platform) in [(1, "甲1/1", "p"), (2, "甲2/1", "q"), (3, "甲1/2", "p")] {
        let told = (order(platform, number), LinkedChange::Given);
        store.commit(telling(millis, vec![told])).await.unwrap();
    }
    let both = vec![
        (order("p", "甲1/1"), LinkedChange::Urged),
        (order("p", "甲1/2"), LinkedChange::TakenBack),
    ];
    store.commit(telling(4, both)).await.unwrap();
    let rows = store.linked_outbox(&code("p"), 0, 10).await.unwrap();
    let seen: Vec<_> = rows
        .iter()
        .map(|row| (row.seq, row.order.number.as_str(), row.change, row.at))
        .collect();
    let expected = [
        (1, "甲1/1", LinkedChange::Given, at(1)),
        (2, "甲1/2", LinkedChange::Given, at(3)),
        (3, "甲1/1", LinkedChange::Urged, at(4)),
        (4, "甲1/2", LinkedChange::TakenBack, at(4)),
    ];
    assert_eq!(seen, expected);
    assert_eq!(
        rows.first().map(|row| &row.order),
        Some(&order("p", "甲1/1"))
    );
    let later = store.linked_outbox(&code("p"), 2, 1).await.unwrap();
    assert_eq!(later.iter().map(|row| row.seq).collect::<Vec<_>>(), [3]);
    let has = |through, at| {
        let store = &store;
        async move {
            store
                .acknowledge_linked(&code("p"), through, at)
                .await
                .unwrap()
        }
    };
    assert_eq!(has(2, at(5)).await, 2);
    assert_eq!(has(3, at(6)).await, 1);
    let rows = store.linked_outbox(&code("p"), 0, 10).await.unwrap();
    let acknowledged: Vec<_> = rows.iter().map(|row| row.acknowledged_at).collect();
    assert_eq!(acknowledged, [Some(at(5)), Some(at(5)), Some(at(6)), None]);
}

/// The first word under a number stands; an order shows what was said last, and since when something waits.
pub async fn what_a_platform_says_is_kept_once_and_stands_beside_its_order(backend: impl Backend) {
    let store = backend.open().await;
    let given = |number| (order("p", number), LinkedChange::Given);
    store
        .commit(telling(1, vec![given("甲1/1"), given("甲2/1")]))
        .await
        .unwrap();
    store
        .acknowledge_linked(&code("p"), 1, at(2))
        .await
        .unwrap();
    let signed = status("s1", "甲1/1", LinkedState::Signed, LinkedOutcome::Done);
    let reported = LinkedStatus {
        refusal: Some(code("evidence-missing")),
        ..status("s2", "甲1/1", LinkedState::Reported, LinkedOutcome::Refused)
    };
    let unknown = status("s3", "乙9/1", LinkedState::Signed, LinkedOutcome::Unknown);
    for said in [&signed, &reported, &unknown] {
        store.put_linked_status(said).await.unwrap();
    }
    let other = status("s1", "甲2/1", LinkedState::Returned, LinkedOutcome::Done);
    store.put_linked_status(&other).await.unwrap();
    let found = store.linked_status(&code("p"), &code("s1")).await.unwrap();
    assert_eq!(found.as_ref(), Some(&signed));
    let page = Page {
        after: None,
        limit: 10,
    };
    let stands = store.linked_stands(&code("p"), &page).await.unwrap();
    let [first, second] = stands.as_slice() else {
        panic!("{stands:?}");
    };
    assert_eq!((&first.last, first.is_worked_on), (&Some(reported), true));
    assert_eq!((&second.last, second.is_worked_on), (&None, false));
    assert_eq!(
        (first.unacknowledged_since, second.unacknowledged_since),
        (None, Some(at(1)))
    );
    let kept = store.linked_unknown(&code("p"), &page).await.unwrap();
    let kept: Vec<_> = kept.into_iter().map(|kept| kept.record).collect();
    assert_eq!(kept, [unknown]);
    assert_eq!(
        store
            .linked_order(&code("p"), &code("乙9/1"))
            .await
            .unwrap(),
        None
    );
    let sent = store
        .linked_order(&code("p"), &code("甲2/1"))
        .await
        .unwrap();
    assert_eq!(sent, Some(order("p", "甲2/1")));
}

/// A platform's list takes the place of its last one.
pub async fn a_platforms_newest_list_of_open_numbers_counts(backend: impl Backend) {
    let store = backend.open().await;
    assert_eq!(store.linked_open(&code("p")).await.unwrap(), None);
    for (millis, numbers) in [(1, vec!["甲1/1", "甲2/1"]), (2, vec!["甲2/1"])] {
        let numbers: BTreeSet<Code> = numbers.into_iter().map(code).collect();
        let list = OpenList {
            at: at(millis),
            numbers,
        };
        store.put_linked_open(&code("p"), &list).await.unwrap();
        let kept = store.linked_open(&code("p")).await.unwrap();
        assert_eq!(kept, Some(list));
    }
}

fn order(platform: &str, number: &str) -> LinkedOrder {
    LinkedOrder {
        platform: code(platform),
        number: code(number),
        case: case_id("甲1"),
        assignment: 1,
        unit: UnitId::parse("housing").unwrap(),
    }
}

fn telling(millis: i64, linked: Vec<(LinkedOrder, LinkedChange)>) -> Commit {
    Commit {
        linked,
        at: Some(at(millis)),
        ..Commit::default()
    }
}

fn status(id: &str, number: &str, state: LinkedState, outcome: LinkedOutcome) -> LinkedStatus {
    LinkedStatus {
        platform: code("p"),
        id: code(id),
        digest: Digest::parse("d").unwrap(),
        number: code(number),
        theirs: Some(code("P-1")),
        state,
        outcome,
        refusal: None,
        at: at(9),
    }
}
