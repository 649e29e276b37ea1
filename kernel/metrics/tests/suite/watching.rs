//! Each pattern that a good rate may hide is shown with its cases, and what is ordinary isn't.

use fengqiao_core::ids::Digest;
use fengqiao_metrics::{
    AppealOutcome, Appeals, Asked, Book, CaseFacts, Concern, Finding, FormulaId, Replied,
    Satisfied, WatchRules, watch,
};
use jiff::ToSpan;

use super::appeals::appeal;
use super::cohort::{accepted, at, closed, cohort, follow_up, instant, may, rating};

fn found_in(cases: Vec<CaseFacts>) -> Vec<Finding> {
    let book = Book::new(cases).unwrap();
    watch(&book, &Appeals::default(), &may(), &WatchRules::default())
}

/// The only pattern found, with its cases.
fn only(found: Vec<Finding>) -> (Concern, Vec<String>) {
    let [finding] = found.try_into().unwrap();
    let cases = finding.cases.iter().map(|case| case.to_string());
    (finding.concern, cases.collect())
}

#[test]
fn a_closing_that_was_soon_taken_back_is_shown() {
    let mut soon = closed(1, at(9, 9));
    soon.closings[0].taken_back_at = Some(at(12, 9));
    let mut later = closed(2, at(9, 9));
    later.closings[0].taken_back_at = Some(at(12, 10));
    let found = only(found_in(vec![soon, later, closed(3, at(9, 9))]));
    assert_eq!(
        found,
        (Concern::ClosedThenReopened, vec!["C-000001".to_owned()])
    );
}

fn exclusions(count: usize, decided_at: &str) -> Vec<Finding> {
    let granted = (0..count).map(|number| {
        let mut granted = appeal(number, FormulaId::ClosingRate, AppealOutcome::Granted);
        let decision = granted.decision.as_mut().unwrap();
        decision.at = instant(decided_at);
        granted.asked_at = decision.at;
        granted
    });
    let appeals = Appeals::new(granted.collect()).unwrap();
    watch(&Book::default(), &appeals, &may(), &WatchRules::default())
}

#[test]
fn many_exclusions_right_before_the_end_are_shown() {
    let (concern, cases) = only(exclusions(5, "2024-05-29T00:00:00+08:00"));
    assert_eq!((concern, cases.len()), (Concern::MassExclusion, 5));
    assert_eq!(exclusions(4, "2024-05-29T00:00:00+08:00"), []);
    assert_eq!(exclusions(5, "2024-05-28T23:59:59+08:00"), []);
}

#[test]
fn a_follow_up_within_minutes_of_the_report_is_shown() {
    let asked_after = |number, minutes: i64| {
        let mut case = accepted(number);
        case.instants.reported_at = Some(at(20, 9) - minutes.minutes());
        case.follow_ups.push(follow_up(Asked::Solved));
        case
    };
    let found = only(found_in(vec![asked_after(1, 5), asked_after(2, 6)]));
    assert_eq!(found, (Concern::HastyFollowUp, vec!["C-000001".to_owned()]));
}

fn replied(number: usize, words: &str) -> CaseFacts {
    let mut case = accepted(number);
    case.instants.replied_at = Some(at(15, 9));
    case.reply_digest = Some(Digest::parse(words).unwrap());
    case
}

#[test]
fn the_same_words_to_several_citizens_are_shown() {
    let same = |count: usize| {
        let mut cases: Vec<CaseFacts> = (0..count).map(|number| replied(number, "aa")).collect();
        cases.push(replied(8, "bb"));
        cases
    };
    let (concern, cases) = only(found_in(same(3)));
    assert_eq!((concern, cases.len()), (Concern::IdenticalReplies, 3));
    assert_eq!(found_in(same(2)), []);
}

#[test]
fn the_same_words_are_found_in_whichever_answer_of_a_case_they_stand() {
    let answered = |number: usize| {
        let mut case = accepted(number);
        let reply = |day, words: &str| Replied {
            at: at(day, 9),
            digest: Some(Digest::parse(words).unwrap()),
        };
        case.replies = vec![reply(15, "aa"), reply(16, "aa")];
        case.replies.push(reply(20, &format!("b{number}")));
        case
    };
    let (concern, cases) = only(found_in((0..3).map(answered).collect()));
    assert_eq!((concern, cases.len()), (Concern::IdenticalReplies, 3));
    assert_eq!(found_in((0..2).map(answered).collect()), []);
}

#[test]
fn merged_cases_get_the_same_words_and_are_not_shown_for_it() {
    let mut cases: Vec<CaseFacts> = (0..3).map(|number| replied(number, "aa")).collect();
    cases[2].merged_into = Some(cases[0].case.clone());
    assert_eq!(found_in(cases), []);
}

fn rated(satisfied: usize, of_ratable: usize) -> Vec<CaseFacts> {
    cohort(satisfied, of_ratable, |number, rates| {
        let mut case = accepted(number);
        case.instants.ratable_at.push(at(19, 9));
        case.ratings.extend(rates.then(|| rating(Satisfied::Yes)));
        case
    })
}

#[test]
fn high_satisfaction_on_low_participation_is_shown_with_those_who_rated() {
    let (concern, cases) = only(found_in(rated(3, 20)));
    assert_eq!((concern, cases.len()), (Concern::FewSatisfied, 3));
    assert_eq!(found_in(rated(4, 20)), []);
    assert_eq!(found_in(rated(3, 19)), []);
    let mut one_unhappy = rated(3, 20);
    one_unhappy[0].ratings[0] = rating(Satisfied::No);
    assert_eq!(found_in(one_unhappy), []);
}

#[test]
fn every_pattern_has_its_words_and_a_place_sets_its_own_numbers() {
    let rules: WatchRules = serde_json::from_str(r#"{"same-words-at-least":2}"#).unwrap();
    let book = Book::new(vec![replied(1, "aa"), replied(2, "aa")]).unwrap();
    let (concern, _) = only(watch(&book, &Appeals::default(), &may(), &rules));
    assert_eq!(concern.label(), "答复内容雷同");
}
