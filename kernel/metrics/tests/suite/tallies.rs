//! What a scoring rule is told of a unit, a division and a group.

use std::collections::BTreeMap;

use fengqiao_core::ids::CaseId;
use fengqiao_metrics::{
    Appeals, Basis, Book, Card, CaseFacts, Countable, Counting, Order, Sheets, Trait,
};

use super::cohort::{accepted, at, clock, closed, code, division, may, unit};

fn count(cases: Vec<CaseFacts>, cards: &[Card]) -> Sheets {
    Sheets::count(
        &Book::new(cases).unwrap(),
        cards,
        &Appeals::default(),
        may(),
    )
}

fn card(of: &str, step: &str, day: u32) -> Card {
    Card {
        unit: unit(of),
        code: code(step),
        at: at(day, 9),
        taken_back_at: None,
        case: None,
    }
}

#[test]
fn a_tally_lists_every_code_once_also_those_of_which_there_are_none() {
    let sheets = count(vec![accepted(1)], &[]);
    let tallies = sheets.unit(&unit("unit-a")).tallies(Basis::Raw);
    let by_code: BTreeMap<&str, u64> = tallies
        .iter()
        .map(|(it, count)| (it.as_str(), *count))
        .collect();
    assert_eq!(by_code.len(), tallies.len());
    assert_eq!(tallies.len(), Countable::ALL.len() + 3);
    assert_eq!(
        (by_code["accepted"], by_code["closed"], by_code["visits"]),
        (1, 0, 1)
    );
}

#[test]
fn both_ends_of_an_order_are_told_of_it() {
    let mut case = accepted(1);
    case.orders.push(Order {
        issuer: Some(unit("community")),
        addressee: unit("department"),
        issued_at: at(3, 9),
        due_at: Some(at(3, 10)),
        signed_at: None,
        arrived_at: None,
        recalled_at: None,
    });
    let sheets = count(vec![case], &[]);
    let of = |name, fact| sheets.unit(&unit(name)).fact(fact, Basis::Raw);
    assert_eq!(of("community", Countable::OrdersIssued), 1);
    assert_eq!(of("community", Countable::OrdersReceived), 0);
    assert_eq!(of("department", Countable::OrdersReceivedMissed), 1);
    assert_eq!(of("department", Countable::OrdersIssued), 0);
}

#[test]
fn an_order_that_a_rule_opened_counts_for_its_addressee_and_for_the_place() {
    let mut case = accepted(1);
    case.orders.push(Order {
        issuer: None,
        addressee: unit("department"),
        issued_at: at(3, 9),
        due_at: Some(at(3, 10)),
        signed_at: Some(at(3, 10)),
        arrived_at: None,
        recalled_at: None,
    });
    let sheets = count(vec![case], &[]);
    let department = sheets.unit(&unit("department"));
    assert_eq!(
        department.fact(Countable::OrdersReceivedAnswered, Basis::Raw),
        1
    );
    let place = sheets.division(&super::cohort::division("999901001001"));
    assert_eq!(place.fact(Countable::OrdersIssued, Basis::Raw), 1);
}

#[test]
fn a_case_that_was_passed_on_is_the_new_leads_and_its_return_the_old_ones() {
    let mut case = closed(1, at(9, 9));
    case.turns[0].returned_at = Some(at(2, 9));
    let mut second = case.turns[0].clone();
    (second.unit, second.given_at, second.returned_at) = (unit("unit-b"), at(2, 10), None);
    case.turns.push(second);
    let sheets = count(vec![case], &[]);
    let of = |name, fact| sheets.unit(&unit(name)).fact(fact, Basis::Raw);
    assert_eq!(
        (
            of("unit-a", Countable::Closed),
            of("unit-b", Countable::Closed)
        ),
        (0, 1)
    );
    assert_eq!(
        (
            of("unit-a", Countable::Returned),
            of("unit-b", Countable::Returned)
        ),
        (1, 0)
    );
}

#[test]
fn who_gave_a_case_back_owed_its_citizen_no_contact() {
    let mut case = accepted(1);
    case.turns[0].contact_clock = Some(clock(at(2, 11), None));
    let kept = count(vec![case.clone()], &[]).unit(&unit("unit-a"));
    assert_eq!(kept.fact(Countable::ContactMissed, Basis::Raw), 1);
    case.turns[0].returned_at = Some(at(2, 10));
    let returned = count(vec![case], &[]).unit(&unit("unit-a"));
    assert_eq!(returned.fact(Countable::ContactMissed, Basis::Raw), 0);
    assert_eq!(returned.fact(Countable::ContactOwed, Basis::Raw), 0);
}

#[test]
fn cards_are_counted_by_step_in_the_window_unless_they_were_taken_back() {
    let mut taken_back = card("unit-a", "second", 4);
    taken_back.taken_back_at = Some(at(5, 9));
    let mut earlier = card("unit-a", "first", 2);
    earlier.at = super::cohort::instant("2024-04-30T09:00:00+08:00");
    let cards = [
        card("unit-a", "first", 2),
        card("unit-a", "first", 3),
        taken_back,
        earlier,
    ];
    let sheets = count(Vec::new(), &cards);
    let tallies = sheets.unit(&unit("unit-a")).tallies(Basis::Raw);
    assert_eq!(tallies.last().unwrap(), &("card.first".to_owned(), 2));
    assert_eq!(sheets.whole.cards()[&code("first")], 2);
}

#[test]
fn a_group_is_the_sum_of_its_units() {
    let mut other = closed(2, at(9, 9));
    other.turns[0].unit = unit("unit-b");
    let mut outside = closed(3, at(9, 9));
    outside.turns[0].unit = unit("unit-z");
    let sheets = count(vec![closed(1, at(9, 9)), other, outside], &[]);
    let group = sheets.group(&[unit("unit-a"), unit("unit-b"), unit("unit-idle")]);
    assert_eq!(group.fact(Countable::Closed, Basis::Raw), 2);
    assert_eq!(sheets.whole.fact(Countable::Closed, Basis::Raw), 3);
}

#[test]
fn a_division_counts_everything_below_it() {
    let mut elsewhere = accepted(2);
    elsewhere.place = division("999901002003");
    let sheets = count(vec![accepted(1), elsewhere], &[]);
    let of = |code| {
        sheets
            .division(&division(code))
            .fact(Countable::Accepted, Basis::Raw)
    };
    assert_eq!(of("999901001001"), 1);
    assert_eq!(of("999901001000"), 1);
    assert_eq!(of("999901000000"), 2);
    assert_eq!(of("999902000000"), 0);
}

#[test]
fn a_tally_is_given_with_and_without_merged_cases() {
    let mut follower = accepted(2);
    follower.merged_into = Some(CaseId::parse("C-000001").unwrap());
    let sheets = count(vec![accepted(1), follower], &[]);
    let of = |basis| {
        let tallies = sheets.whole.tallies(basis);
        let of = |code: &str| tallies.iter().find(|(it, _)| it == code).unwrap().1;
        (of("accepted"), of("dispatched"), of("visits"))
    };
    assert_eq!(of(Basis::Raw), (2, 2, 2));
    assert_eq!(of(Basis::Deduplicated), (1, 1, 1));
}

#[test]
fn a_count_can_be_of_one_kind_of_matter_only() {
    let mut dispute = accepted(1);
    dispute.kind = code("dispute");
    let appeals = Appeals::default();
    let mut counting = Counting::new(may(), &appeals, vec![Trait::Kind(code("dispute"))]);
    counting.case(&dispute);
    counting.case(&accepted(2));
    let sheets = counting.finish();
    assert_eq!(sheets.whole.fact(Countable::Accepted, Basis::Raw), 1);
}
