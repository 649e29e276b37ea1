//! Whose figure it is when a case changes hands or is worked on again: turns, reports, ratings, closings on the spot.

use fengqiao_metrics::{
    Book, CaseFacts, Countable, FormulaId, OwnedClock, Satisfied, Scope, Settled, members, metric,
};

use super::cohort::{
    accepted, answer, at, clock, closed, closing, counts, may, question, rating, report_due, unit,
};
use super::formulas::turn;

#[test]
fn a_contact_that_was_missed_is_missed_also_where_the_case_changed_hands_later() {
    let left = |number, due_hour, let_go: bool, returned: bool| {
        let mut case = accepted(number);
        case.turns[0].contact_clock = Some(clock(at(2, due_hour), None));
        case.turns[0].let_go_at = let_go.then(|| at(2, 12));
        case.turns[0].returned_at = returned.then(|| at(2, 12));
        case
    };
    let cases = vec![
        left(1, 11, true, false),
        left(2, 11, true, true),
        left(3, 12, true, false),
        left(4, 12, true, true),
    ];
    let metric = answer(cases.clone(), FormulaId::ResponseRate);
    assert_eq!(counts(&metric), (0, 2, 2));
    assert_eq!(
        counts(&answer(cases, FormulaId::ReturnRate)),
        (2, 4, 0),
        "only what was given back is a return"
    );
}

#[test]
fn a_case_is_nobodys_between_two_units_and_the_lasts_afterwards() {
    let mut case = accepted(1);
    case.turns[0].let_go_at = Some(at(2, 12));
    assert_eq!(case.lead_as_of(at(2, 11)), Some(&unit("unit-a")));
    assert_eq!(case.lead_as_of(at(2, 12)), None);
    case.turns.push(turn("unit-b", at(2, 13)));
    assert_eq!(case.lead_as_of(at(30, 9)), Some(&unit("unit-b")));
}

#[test]
fn every_report_is_held_against_the_unit_whose_deadline_it_was() {
    let mut case = accepted(1);
    let owed = |of: &str, due, done| OwnedClock {
        unit: Some(unit(of)),
        clock: clock(due, done),
    };
    case.report_clocks = vec![
        owed("unit-b", at(8, 9), None),
        owed("unit-a", at(20, 9), Some(at(19, 9))),
    ];
    let book = Book::new(vec![case]).unwrap();
    let of = |name: &str| {
        let mut asked = question(may());
        asked.selection.scope = Scope::Unit(unit(name));
        let formula = FormulaId::OnTimeReporting;
        counts(&metric(&book, &Default::default(), formula, &asked))
    };
    assert_eq!((of("unit-a"), of("unit-b")), ((1, 1, 0), (0, 1, 0)));
}

#[test]
fn an_old_rating_does_not_answer_a_new_asking() {
    let mut case = accepted(1);
    case.instants.ratable_at = vec![at(10, 9), at(25, 9)];
    case.ratings.push(rating(Satisfied::No));
    let asked = answer(vec![case.clone()], FormulaId::Participation);
    assert_eq!(counts(&asked), (1, 2, 0));
    assert_eq!(asked.lineage.numerator[0].to_string(), "C-000001#1");
    let mut again = rating(Satisfied::Yes);
    again.at = at(26, 9);
    case.ratings.push(again);
    assert_eq!(
        counts(&answer(vec![case], FormulaId::Satisfaction)),
        (1, 2, 0)
    );
}

#[test]
fn on_the_spot_is_what_was_so_done_and_not_what_was_meant_to_be() {
    let meant = |number| {
        let mut case = closed(number, at(1, 12));
        case.settled = Settled::OnTheSpot;
        case.report_clocks = vec![report_due(at(1, 12), Some(at(1, 12)))];
        case
    };
    let mut late = meant(2);
    late.report_clocks = vec![report_due(at(1, 12), Some(at(1, 13)))];
    let mut passed_on = meant(3);
    passed_on.turns.push(turn("unit-b", at(1, 11)));
    let mut taken_back = meant(4);
    taken_back.closings[0].taken_back_at = Some(at(2, 9));
    taken_back.closings.push(closing(at(3, 9), "999901001001"));
    let book = Book::new(vec![meant(1), late, passed_on, taken_back]).unwrap();
    let fact = Countable::ClosedOnTheSpot;
    let counted = members(&book, &Default::default(), fact, &question(may()));
    let counted: Vec<String> = counted.iter().map(ToString::to_string).collect();
    assert_eq!(counted, ["C-000001"]);
}

#[test]
fn what_an_older_record_tells_of_one_is_read_as_a_list_of_one() {
    let mut told = serde_json::to_value(accepted(1)).unwrap();
    told["rating"] = serde_json::to_value(rating(Satisfied::Yes)).unwrap();
    told["report-clock"] = serde_json::to_value(clock(at(8, 23), None)).unwrap();
    told["instants"]["ratable-at"] = serde_json::to_value(at(19, 9)).unwrap();
    let case: CaseFacts = serde_json::from_value(told).unwrap();
    assert_eq!(case.ratings, [rating(Satisfied::Yes)]);
    assert_eq!(case.report_clocks, [report_due(at(8, 23), None)]);
    assert_eq!(case.instants.ratable_at, [at(19, 9)]);
}
