//! Elapsed times by nearest rank, in whole seconds, with the cases that took longest first.

use fengqiao_metrics::{Book, Elapsed, Replied, Reported, Span, elapsed, elapsed_by_unit};
use jiff::ToSpan;

use super::cohort::{accepted, at, closed, may, question, unit};

fn of(elapsed: &[Elapsed], span: Span) -> Option<&Elapsed> {
    elapsed.iter().find(|it| it.span == span)
}

#[test]
fn the_median_and_the_ninetieth_are_times_that_some_case_took() {
    let cases = (1..=10).map(|number| {
        let mut case = accepted(number);
        case.instants.accepted_at = Some(at(2, 0));
        case.instants.reported_at = Some(at(2, 0) + (number as i64 * 100).seconds());
        case
    });
    let book = Book::new(cases.collect()).unwrap();
    let elapsed = elapsed(&book, &question(may()));
    let resolution = of(&elapsed, Span::Resolution).unwrap();
    assert_eq!(
        (resolution.median_s, resolution.p90_s, resolution.longest_s),
        (500, 900, 1_000)
    );
    assert_eq!(resolution.cases[0].as_str(), "C-000010");
    assert_eq!(resolution.cases.len(), 10);
}

#[test]
fn one_case_is_its_own_median() {
    let book = Book::new(vec![closed(1, at(1, 11))]).unwrap();
    let elapsed = elapsed(&book, &question(may()));
    let closing = of(&elapsed, Span::Closing).unwrap();
    assert_eq!((closing.median_s, closing.p90_s), (3_600, 3_600));
}

#[test]
fn the_five_firsts_follow_each_other_from_the_post_to_the_answer() {
    let mut case = accepted(1);
    case.instants.posted_at = Some(at(13, 22));
    case.instants.detected_at = Some(at(13, 22) + 30.minutes());
    case.instants.registered_at = at(13, 22) + 32.minutes();
    case.instants.accepted_at = Some(at(13, 22) + 35.minutes());
    case.instants.reported_at = Some(at(13, 23) + 35.minutes());
    case.instants.confirmed_at = Some(at(14, 8));
    case.instants.replied_at = Some(at(14, 9));
    let book = Book::new(vec![case]).unwrap();
    let elapsed = elapsed(&book, &question(may()));
    let seconds = |span| of(&elapsed, span).unwrap().median_s;
    assert_eq!(seconds(Span::Detection), 30 * 60);
    assert_eq!(seconds(Span::Registration), 2 * 60);
    assert_eq!(seconds(Span::Acceptance), 5 * 60);
    assert_eq!(seconds(Span::Resolution), 60 * 60);
    assert_eq!(seconds(Span::Confirmation), 505 * 60);
    assert_eq!(seconds(Span::Feedback), 60 * 60);
}

#[test]
fn a_report_is_confirmed_by_the_answer_that_follows_from_it_and_counts_while_it_stands() {
    let mut case = accepted(1);
    case.reports = vec![Reported {
        at: at(10, 9),
        confirmed_at: Some(at(10, 11)),
        taken_back_at: Some(at(20, 9)),
    }];
    case.replies = vec![Replied {
        at: at(10, 11),
        digest: None,
    }];
    let book = Book::new(vec![case]).unwrap();
    let as_of = |as_of| fengqiao_metrics::Period { as_of, ..may() };
    let then = elapsed(&book, &question(as_of(at(19, 9))));
    let seconds = |span| of(&then, span).unwrap().median_s;
    assert_eq!(seconds(Span::Confirmation), 2 * 3_600);
    assert_eq!(seconds(Span::Feedback), 2 * 3_600);
    let later = elapsed(&book, &question(as_of(at(21, 9))));
    assert_eq!(of(&later, Span::Confirmation), None);
}

#[test]
fn a_stretch_that_ends_before_it_begins_is_not_counted() {
    let mut case = accepted(1);
    case.instants.posted_at = Some(at(2, 9));
    case.instants.detected_at = Some(at(2, 8));
    let book = Book::new(vec![case]).unwrap();
    assert_eq!(of(&elapsed(&book, &question(may())), Span::Detection), None);
}

#[test]
fn every_unit_has_its_own_times() {
    let mut other = closed(2, at(1, 12));
    other.turns[0].unit = unit("unit-b");
    let book = Book::new(vec![closed(1, at(1, 11)), other]).unwrap();
    let units = elapsed_by_unit(&book, &question(may()));
    let seconds = |name| of(&units[&unit(name)], Span::Closing).unwrap().median_s;
    assert_eq!((seconds("unit-a"), seconds("unit-b")), (3_600, 7_200));
}
