//! Notices of holidays that were brought: deadlines are reckoned by them, also those that run already.

use fengqiao_core::docket::Docket;
use fengqiao_core::event::Event;
use fengqiao_core::ids::Subject;
use fengqiao_service::ReferenceError;

use super::*;

/// An invented notice for the year after the last one that ships.
const NOTICE: &str = "year = 2027\nworking = []\noff = [\n\
    { date = 2027-01-01, name = \"元旦\" },\n{ date = 2027-01-04, name = \"元旦\" },\n]\n";

async fn put(kernel: &Kernel, reach: &str, text: &str) -> Result<String, ReferenceError> {
    let reach = reach.parse().unwrap();
    let text = text.to_owned();
    kernel
        .put_reference("calendar", "2027.toml", text, &reach)
        .await
}

/// A case of the last day of 2026, whose clocks run into a year of which no holidays are known.
async fn of_new_years_eve(kernel: &Kernel, clock: &Standing) -> Subject {
    clock.pass("2026-12-31T01:00:00Z".parse().unwrap());
    let case = register(kernel, "路坏了").await;
    work(kernel, &case, hub(), dispatch("roads")).await;
    Subject::Case(case)
}

async fn docket(kernel: &Kernel, subject: &Subject) -> Docket {
    let Subject::Case(id) = subject else {
        panic!("{subject:?} is no case");
    };
    let case = kernel.store().case(id).await.unwrap().unwrap();
    case.docket.clone()
}

async fn moved(kernel: &Kernel, subject: &Subject) -> usize {
    let history = kernel.history(subject).await.unwrap();
    let events = history.iter().map(|recorded| &recorded.event);
    events
        .filter(|event| matches!(event, Event::ClockRecomputed { .. }))
        .count()
}

/// A kernel whose county has five working days for a report.
async fn opened(files: &Files, clock: &Standing, first: u32) -> Kernel {
    use fengqiao_store::conformance::Backend as _;
    let report = json!({
        "name": "report", "spec": "5wd", "provenance": { "mark": "A", "source": "测试" },
        "pause-article": "测试",
    });
    let advisor = Proposing {
        profile: serde_json::from_value(json!({ "clocks": [report] })).unwrap(),
        ..Proposing::default()
    };
    let kernel = kernel_of(files.open().await, advisor, clock.clone(), first).await;
    bind(&kernel, COUNTY, "county").await.unwrap();
    kernel
}

#[tokio::test]
async fn deadlines_that_run_are_moved_once_by_a_newer_notice() {
    let (files, clock) = (Files::new(), Standing::new());
    let kernel = opened(&files, &clock, 0).await;
    let case = of_new_years_eve(&kernel, &clock).await;
    let before = docket(&kernel, &case).await;
    assert!(before.clocks.iter().any(|clock| clock.deadline.provisional));
    put(&kernel, ALL, NOTICE).await.unwrap();
    kernel.sweep_clocks(1).await.unwrap();
    let after = docket(&kernel, &case).await;
    for (old, new) in before.clocks.iter().zip(&after.clocks) {
        assert!(!new.deadline.provisional, "{:?}", new.deadline);
        assert!(new.deadline.due >= old.deadline.due);
    }
    let later = |(old, new): (&fengqiao_core::clock::Clock, &fengqiao_core::clock::Clock)| {
        new.deadline.due > old.deadline.due
    };
    assert!(before.clocks.iter().zip(&after.clocks).any(later));
    let moves = moved(&kernel, &case).await;
    assert!(moves > 0);
    kernel.sweep_clocks(1).await.unwrap();
    assert_eq!(moved(&kernel, &case).await, moves);
}

#[tokio::test]
async fn a_kernel_that_stopped_before_it_moved_them_moves_them_when_it_opens_again() {
    let (files, clock) = (Files::new(), Standing::new());
    let kernel = opened(&files, &clock, 0).await;
    let case = of_new_years_eve(&kernel, &clock).await;
    put(&kernel, ALL, NOTICE).await.unwrap();
    drop(kernel);
    let kernel = opened(&files, &clock, 1_000).await;
    assert_eq!(moved(&kernel, &case).await, 0);
    kernel.sweep_clocks(1).await.unwrap();
    assert!(moved(&kernel, &case).await > 0);
}

#[tokio::test]
async fn a_clock_that_stood_still_while_a_notice_came_goes_on_by_it() {
    let (files, clock) = (Files::new(), Standing::new());
    let kernel = opened(&files, &clock, 0).await;
    let subject = of_new_years_eve(&kernel, &clock).await;
    let Subject::Case(case) = &subject else {
        panic!("{subject:?} is no case");
    };
    let suspend = json!({ "do": "suspend", "review-at": "2027-02-01T01:00:00Z", "text": "等材料" });
    work(&kernel, case, hub(), suspend).await;
    put(&kernel, ALL, NOTICE).await.unwrap();
    kernel.sweep_clocks(1).await.unwrap();
    // It stood still at the end of one working day, the last of 2026.
    clock.pass("2027-01-01T01:00:00Z".parse().unwrap());
    work(&kernel, case, hub(), json!({ "do": "resume" })).await;
    let docket = docket(&kernel, &subject).await;
    let mut own = docket.clocks.iter();
    let report = own.find(|clock| clock.name.as_str() == "report").unwrap();
    // 5, 6, 7, 8 and 11 January are the five days by the notice, and the 12th makes up for the day of standing still.
    assert_eq!(report.deadline.due.to_string(), "2027-01-12T15:59:59.999Z");
    let before = moved(&kernel, &subject).await;
    drop(kernel);
    let kernel = opened(&files, &clock, 1_000).await;
    kernel.sweep_clocks(1).await.unwrap();
    assert_eq!(moved(&kernel, &subject).await, before);
}

#[tokio::test]
async fn a_notice_makes_an_edition_of_its_own() {
    let (files, clock) = (Files::new(), Standing::new());
    let kernel = opened(&files, &clock, 0).await;
    let before = kernel.reference().version().to_owned();
    let after = put(&kernel, ALL, NOTICE).await.unwrap();
    assert_ne!(before, after);
    let edition = kernel.store().edition(Some(&after)).await.unwrap().unwrap();
    assert!(edition.files.contains_key("calendar:2027.toml"));
    drop(kernel);
    let kernel = opened(&files, &clock, 1_000).await;
    assert_eq!(kernel.reference().version(), after);
}

#[tokio::test]
async fn what_is_no_notice_or_known_already_is_refused_and_nothing_changes() {
    let (files, clock) = (Files::new(), Standing::new());
    let kernel = opened(&files, &clock, 0).await;
    let before = kernel.reference().version().to_owned();
    for wrong in [
        "year = 2026\noff = []\nworking = []\n",
        "year = 2029\noff = []\nworking = []\n",
        "year = 2027\noff = [{ date = 2025-05-01, name = \"劳动节\" }]\nworking = []\n",
        "no notice",
    ] {
        let refused = put(&kernel, ALL, wrong).await;
        let is_refused = matches!(refused, Err(ReferenceError::Calendar(_)));
        assert!(is_refused, "{wrong}: {refused:?}");
    }
    assert_eq!(kernel.reference().version(), before);
}

#[tokio::test]
async fn holidays_are_for_whoever_reaches_all_divisions() {
    let (files, clock) = (Files::new(), Standing::new());
    let kernel = opened(&files, &clock, 0).await;
    let refused = put(&kernel, COUNTY, NOTICE).await;
    let is_refused = matches!(refused, Err(ReferenceError::Everybodys { .. }));
    assert!(is_refused, "{refused:?}");
}
