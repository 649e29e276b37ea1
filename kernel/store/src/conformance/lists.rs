//! Lists: filters, pages, what is due, what lies on a desk, what is related.

use fengqiao_core::clock::ClockState;
use fengqiao_core::event::Event;
use fengqiao_core::ids::{Level, Subject};
use fengqiao_core::stage::StageName;
use fengqiao_service::ports::advisor::{Query, Same, Which};
use fengqiao_service::ports::store::{CaseFilter, MAX_PAGE_ROWS, Page, Store, StoreError};

use super::Backend;
use super::draft::{
    Draft, VILLAGE, accepted, approval, assigned, at, case_id, clock, closed, code, division,
    released, solved, task, unit_id,
};

const OTHER_VILLAGE: &str = "990101001002";
const OTHER_TOWNSHIP: &str = "990101002001";
const GRID: &str = "990101001001007";
const DAY: i64 = 86_400_000;

/// Paused, met and future ones aren't.
pub async fn only_running_clocks_are_due_the_earliest_first(backend: impl Backend) {
    let store = backend.open().await;
    let first = Draft::registered("甲1", 1)
        .then(1, clock(1, 300))
        .then(1, clock(2, 200))
        .then(1, clock(3, 100))
        .then(1, clock(4, 5000))
        .then(2, Event::ClockPaused { clock: 2 })
        .then(2, Event::ClockMet { clock: 3 });
    assert!(matches!(
        first.case().docket.clocks[1].state,
        ClockState::Paused { .. }
    ));
    store.commit(first.commit()).await.unwrap();
    let second = Draft::registered("甲2", 1).then(1, clock(1, 250));
    store.commit(second.commit()).await.unwrap();
    let due = store.due_clocks(at(1000), None, 10).await.unwrap();
    let due: Vec<_> = due
        .into_iter()
        .map(|row| (row.subject, row.clock, row.due))
        .collect();
    let of = |id: &str| Subject::Case(case_id(id));
    assert_eq!(due, [(of("甲2"), 1, at(250)), (of("甲1"), 1, at(300))]);
    assert_eq!(store.due_clocks(at(1000), None, 1).await.unwrap().len(), 1);
    let breached = Event::ClockBreached {
        clock: 1,
        at: at(250),
    };
    store
        .commit(Draft::on(second.case()).then(1000, breached).commit())
        .await
        .unwrap();
    assert_eq!(store.due_clocks(at(1000), None, 10).await.unwrap().len(), 1);
}

/// Many of one instant, of several subjects.
pub async fn due_clocks_are_read_on_from_the_last_one(backend: impl Backend) {
    let store = backend.open().await;
    for id in ["甲1", "甲2", "甲3"] {
        let case = Draft::registered(id, 1)
            .then(1, clock(1, 300))
            .then(1, clock(2, 300))
            .then(1, clock(3, 200));
        store.commit(case.commit()).await.unwrap();
    }
    let all = store.due_clocks(at(1000), None, 100).await.unwrap();
    assert_eq!(all.len(), 9);
    let mut seen = Vec::new();
    loop {
        let next = store.due_clocks(at(1000), seen.last(), 2).await.unwrap();
        if next.is_empty() {
            break;
        }
        seen.extend(next);
    }
    assert_eq!(seen, all);
}

/// The due time itself is in time.
pub async fn a_clock_is_not_due_at_its_last_instant(backend: impl Backend) {
    let store = backend.open().await;
    store
        .commit(Draft::registered("甲1", 1).then(1, clock(1, 300)).commit())
        .await
        .unwrap();
    assert_eq!(store.due_clocks(at(300), None, 10).await.unwrap(), []);
    assert_eq!(store.due_clocks(at(301), None, 10).await.unwrap().len(), 1);
}

/// Newest first, many of them registered in the same millisecond.
pub async fn paging_visits_every_case_once_while_new_ones_arrive(backend: impl Backend) {
    let store = backend.open().await;
    let mut there = Vec::new();
    for number in 0..50 {
        let id = format!("{number:02}");
        store
            .commit(Draft::registered(&id, i64::from(number / 7)).commit())
            .await
            .unwrap();
        there.push(id);
    }
    there.reverse();
    let mut visited = Vec::new();
    let mut page = Page {
        after: None,
        limit: 8,
    };
    loop {
        let rows = store.cases(&CaseFilter::default(), &page).await.unwrap();
        let Some(last) = rows.last() else { break };
        page.after = Some(last.cursor.clone());
        visited.extend(rows.iter().map(|row| row.case.id.to_string()));
        let new = format!("new-{}", visited.len());
        store
            .commit(Draft::registered(&new, 100).commit())
            .await
            .unwrap();
    }
    assert_eq!(visited, there);
}

/// 0 is 1; a million is the most.
pub async fn a_page_has_between_one_and_the_most_rows(backend: impl Backend) {
    let store = backend.open().await;
    for number in 0..=MAX_PAGE_ROWS {
        store
            .commit(Draft::registered(&format!("甲{number}"), 1).commit())
            .await
            .unwrap();
    }
    let all = CaseFilter::default();
    let mut page = Page {
        after: None,
        limit: 0,
    };
    assert_eq!(store.cases(&all, &page).await.unwrap().len(), 1);
    page.limit = 1_000_000;
    assert_eq!(
        store.cases(&all, &page).await.unwrap().len(),
        MAX_PAGE_ROWS as usize
    );
}

/// It is told, not taken for the first page.
pub async fn a_cursor_of_somebody_else_is_refused(backend: impl Backend) {
    let store = backend.open().await;
    for cursor in ["", "12", "x.y", "null"] {
        let page = Page {
            after: Some(cursor.to_owned()),
            limit: 5,
        };
        let cases = store
            .cases(&CaseFilter::default(), &page)
            .await
            .unwrap_err();
        let desk = store.desk(&division(VILLAGE), &page).await.unwrap_err();
        assert!(matches!(cases, StoreError::Cursor(_)), "{cases}");
        assert!(matches!(desk, StoreError::Cursor(_)), "{desk}");
    }
}

/// A grid lies below its village, a village below its township; the next township doesn't.
pub async fn a_filter_by_division_reaches_all_below_it_and_no_other(backend: impl Backend) {
    let store = backend.open().await;
    for (number, place) in [VILLAGE, OTHER_VILLAGE, OTHER_TOWNSHIP, GRID]
        .iter()
        .enumerate()
    {
        let draft = Draft::registered_as(&format!("{number}"), number as i64, place, None);
        store.commit(draft.commit()).await.unwrap();
    }
    let by = |code: &str| CaseFilter {
        division: Some(division(code)),
        ..CaseFilter::default()
    };
    assert_eq!(found(&store, by(GRID)).await, ["3"]);
    assert_eq!(found(&store, by(VILLAGE)).await, ["3", "0"]);
    assert_eq!(found(&store, by("990101001000")).await, ["3", "1", "0"]);
    assert_eq!(
        found(&store, by("990000000000")).await,
        ["3", "2", "1", "0"]
    );
    assert_eq!(found(&store, by("990200000000")).await, [""; 0]);
}

/// One at a time and together.
pub async fn a_filter_finds_by_stage_unit_category_place_and_time(backend: impl Backend) {
    let store = backend.open().await;
    let first = Draft::registered_as("1", 1, VILLAGE, Some("noise")).then(1, accepted());
    let second = Draft::registered_as("2", 2, VILLAGE, Some("noise")).then(2, assigned("unit", 2));
    let third = Draft::registered_as("3", 3, OTHER_TOWNSHIP, Some("waste"));
    for draft in [first, second, third] {
        store.commit(draft.commit()).await.unwrap();
    }
    let all = CaseFilter::default;
    let stage = CaseFilter {
        stage: Some(StageName::Accepted),
        ..all()
    };
    let unit = CaseFilter {
        unit: Some(unit_id("unit")),
        ..all()
    };
    let category = CaseFilter {
        category: Some(code("noise")),
        ..all()
    };
    let place = CaseFilter {
        place: Some(division("990101002000")),
        ..all()
    };
    let since = CaseFilter {
        since: Some(at(2)),
        ..all()
    };
    let until = CaseFilter {
        until: Some(at(2)),
        ..all()
    };
    let both = CaseFilter {
        since: Some(at(2)),
        category: Some(code("noise")),
        ..all()
    };
    assert_eq!(found(&store, stage).await, ["1"]);
    assert_eq!(found(&store, unit).await, ["2"]);
    assert_eq!(found(&store, category).await, ["2", "1"]);
    assert_eq!(found(&store, place).await, ["3"]);
    assert_eq!(found(&store, since).await, ["3", "2"]);
    assert_eq!(found(&store, until).await, ["1"]);
    assert_eq!(found(&store, both).await, ["2"]);
}

/// Only active assignments count.
pub async fn a_unit_that_was_released_no_longer_finds_the_case(backend: impl Backend) {
    let store = backend.open().await;
    let case = Draft::registered("1", 1).then(1, assigned("unit", 1));
    store.commit(case.commit()).await.unwrap();
    store
        .commit(Draft::on(case.case()).then(2, released()).commit())
        .await
        .unwrap();
    let unit = CaseFilter {
        unit: Some(unit_id("unit")),
        ..CaseFilter::default()
    };
    assert_eq!(found(&store, unit).await, [""; 0]);
}

/// What has lain longest comes first; what is done is gone.
pub async fn the_desk_shows_open_tasks_and_approvals_of_a_division(backend: impl Backend) {
    let store = backend.open().await;
    let case = Draft::registered("甲1", 1)
        .then(1, task(1, VILLAGE, 30))
        .then(1, approval(2, "990101001000", 20))
        .then(1, task(3, OTHER_TOWNSHIP, 10))
        .then(1, task(4, VILLAGE, 5))
        .then(2, Event::TaskDone { task: 4 });
    store.commit(case.commit()).await.unwrap();
    let desk = division("990101001000");
    let mut page = Page {
        after: None,
        limit: 1,
    };
    let mut seen = Vec::new();
    while let Some(row) = store.desk(&desk, &page).await.unwrap().pop() {
        page.after = Some(row.cursor);
        seen.push((row.kind, row.id, row.role, row.code, row.since));
    }
    let row = |kind: &str, id, role: &str, code: &str, since| {
        (
            kind.to_owned(),
            id,
            role.to_owned(),
            code.to_owned(),
            at(since),
        )
    };
    assert_eq!(
        seen,
        [
            row("approval", 2, "secretary", "close", 20),
            row("task", 1, "dispatcher", "needs-dispatch", 30),
        ]
    );
}

/// The case itself never counts, nor what came after it or long before.
pub async fn related_cases_are_counted_by_what_is_the_same(backend: impl Backend) {
    let store = backend.open().await;
    let noise = |id: &str, day: i64| Draft::registered_as(id, day * DAY, VILLAGE, Some("noise"));
    let case = noise("self", 40);
    let others = [
        noise("open", 39),
        noise("old", 9),
        noise("later", 41),
        noise("unsolved", 38).then(38 * DAY, closed()),
        noise("solved", 37)
            .then(37 * DAY, solved())
            .then(37 * DAY, closed()),
        Draft::registered_as("waste", 36 * DAY, VILLAGE, Some("waste")),
        Draft::registered_as("elsewhere", 36 * DAY, OTHER_TOWNSHIP, Some("noise")),
    ];
    for draft in others.iter().chain([&case]) {
        store.commit(draft.commit()).await.unwrap();
    }
    let here = [Same::Place, Same::Category];
    let case = case.case();
    let count = async |same: &[Same], only| {
        store
            .related(&case, &query(same, None, only))
            .await
            .unwrap()
    };
    assert_eq!(count(&here, Which::All).await, 3);
    assert_eq!(count(&here, Which::Unsolved).await, 2);
    assert_eq!(count(&here, Which::Open).await, 1);
    assert_eq!(count(&[Same::Category], Which::All).await, 4);
    assert_eq!(count(&[Same::Place], Which::All).await, 4);
    assert_eq!(count(&[Same::Kind], Which::All).await, 5);
    let unclassified = Draft::registered("nothing", 40 * DAY).case();
    let none = store
        .related(&unclassified, &query(&here, None, Which::All))
        .await
        .unwrap();
    assert_eq!(none, 0);
}

/// A case in a grid, compared by grid, village, township; one that is only known by township is compared by that.
pub async fn related_places_are_compared_at_the_level_asked_for(backend: impl Backend) {
    let store = backend.open().await;
    for place in [GRID, VILLAGE, OTHER_VILLAGE, OTHER_TOWNSHIP] {
        store
            .commit(Draft::registered_as(place, 0, place, None).commit())
            .await
            .unwrap();
    }
    let related = async |place: &str, level| {
        let case = Draft::registered_as("self", 1, place, None).case();
        store
            .related(&case, &query(&[Same::Place], level, Which::All))
            .await
            .unwrap()
    };
    assert_eq!(related(GRID, None).await, 1);
    assert_eq!(related(GRID, Some(Level::Grid)).await, 1);
    assert_eq!(related(GRID, Some(Level::Village)).await, 2);
    assert_eq!(related(GRID, Some(Level::Township)).await, 3);
    assert_eq!(related(GRID, Some(Level::Province)).await, 4);
    assert_eq!(related("990101001000", Some(Level::Village)).await, 3);
}

fn query(same: &[Same], at: Option<Level>, only: Which) -> Query {
    Query {
        name: code("repeats"),
        same: same.to_vec(),
        at,
        within_days: 30,
        only,
    }
}

async fn found(store: &impl Store, filter: CaseFilter) -> Vec<String> {
    let page = Page {
        after: None,
        limit: 100,
    };
    let rows = store.cases(&filter, &page).await.unwrap();
    rows.iter().map(|row| row.case.id.to_string()).collect()
}
