//! Each formula by the smallest cases that tell it from its neighbours.

use fengqiao_core::ids::CaseId;
use fengqiao_metrics::{
    Asked, Basis, Book, CaseFacts, Countable, FormulaId, NotARate, Order, Places, Reason,
    Satisfied, Turn, Validity, Value, metric,
};

use super::cohort::{
    accepted, answer, at, clock, closed, closing, counts, follow_up, instant, may, question,
    rating, report_due, unit,
};

pub(crate) fn turn(of: &str, given_at: jiff::Timestamp) -> Turn {
    Turn {
        unit: unit(of),
        given_at,
        let_go_at: None,
        returned_at: None,
        contact_clock: None,
    }
}

#[test]
fn a_response_counts_dispatches_and_takes_out_returns_and_whom_nobody_may_contact() {
    let mut in_time = accepted(1);
    in_time.turns[0].contact_clock = Some(clock(at(2, 11), Some(at(2, 11))));
    let mut late = accepted(2);
    late.turns[0].contact_clock = Some(clock(at(2, 11), Some(at(2, 12))));
    let never_owed = accepted(3);
    let mut returned = accepted(4);
    returned.turns[0].returned_at = Some(at(2, 9));
    returned.turns[0].contact_clock = Some(clock(at(2, 11), None));
    returned.turns.push(turn("unit-b", at(2, 10)));
    returned.turns[1].contact_clock = Some(clock(at(3, 10), Some(at(2, 15))));

    let metric = answer(
        vec![in_time, late, never_owed, returned],
        FormulaId::ResponseRate,
    );
    assert_eq!(counts(&metric), (2, 3, 2));
    let out: Vec<String> = metric
        .lineage
        .excluded
        .iter()
        .map(|it| it.reason.to_string())
        .collect();
    assert_eq!(out, ["无需联系", "联系期限前已离手"]);
    assert_eq!(metric.lineage.numerator[1].to_string(), "C-000004#2");
}

#[test]
fn a_contact_that_is_not_due_yet_is_nobodys_fault() {
    let mut case = accepted(1);
    case.turns[0].contact_clock = Some(clock(instant("2024-07-01T00:00:00+08:00"), None));
    let metric = answer(vec![case], FormulaId::ResponseRate);
    assert_eq!(counts(&metric), (0, 0, 1));
    let fact = Countable::ContactRunning;
    assert_eq!(metric.lineage.excluded[0].reason, Reason::Rule { fact });
}

#[test]
fn a_closing_rate_follows_the_accepted_cases_wherever_their_closing_falls() {
    let later = closed(1, instant("2024-06-20T09:00:00+08:00"));
    let open = accepted(2);
    let mut earlier = closed(3, at(10, 9));
    earlier.instants.accepted_at = Some(instant("2024-04-30T23:59:59+08:00"));
    let cases = vec![later, open, earlier];
    let rate = answer(cases.clone(), FormulaId::ClosingRate);
    assert_eq!(counts(&rate), (1, 2, 0));
    let throughput = answer(cases, FormulaId::ClosingThroughput);
    assert_eq!(throughput.lineage.numerator[0].to_string(), "C-000003");
    assert_eq!(counts(&throughput), (1, 2, 0));
}

#[test]
fn a_closing_that_was_taken_back_does_not_count_and_the_next_one_does() {
    let mut reopened = closed(1, at(10, 9));
    reopened.closings[0].taken_back_at = Some(at(11, 9));
    let mut again = reopened.clone();
    again.case = CaseId::parse("C-000002").unwrap();
    again.closings.push(closing(at(15, 9), "999901001001"));
    let metric = answer(vec![reopened, again], FormulaId::ClosingRate);
    assert_eq!(metric.lineage.numerator.len(), 1);
    assert_eq!(metric.lineage.numerator[0].to_string(), "C-000002");
}

#[test]
fn a_case_that_ended_otherwise_is_not_closed_whatever_came_before() {
    let mut ended = closed(1, at(10, 9));
    ended.instants.ended_at = Some(at(11, 9));
    let cases = vec![ended, closed(2, at(10, 9))];
    assert_eq!(
        counts(&answer(cases.clone(), FormulaId::ClosingRate)),
        (1, 2, 0)
    );
    assert_eq!(
        counts(&answer(cases, FormulaId::ClosingThroughput)),
        (1, 2, 0)
    );
}

#[test]
fn on_time_is_by_the_due_instant_itself_and_an_ended_case_owes_nothing() {
    let due = |mut case: CaseFacts| {
        case.total_clock = Some(clock(at(20, 23), None));
        case
    };
    let at_the_last_moment = due(closed(1, at(20, 23)));
    let late = due(closed(2, at(21, 0)));
    let mut ended = due(accepted(3));
    ended.instants.ended_at = Some(at(20, 22));
    let open = due(accepted(4));
    let metric = answer(
        vec![at_the_last_moment, late, ended, open],
        FormulaId::OnTimeClosing,
    );
    assert_eq!(counts(&metric), (1, 3, 1));
    assert_eq!(
        metric.lineage.excluded[0].reason.to_string(),
        "期限前已终结"
    );
}

#[test]
fn in_the_middle_of_the_month_what_is_due_later_is_neither_on_time_nor_late() {
    let mut case = accepted(1);
    case.total_clock = Some(clock(at(20, 23), None));
    let book = Book::new(vec![case]).unwrap();
    let ask = |as_of| {
        let period = fengqiao_metrics::Period { as_of, ..may() };
        metric(
            &book,
            &Default::default(),
            FormulaId::OnTimeClosing,
            &question(period),
        )
    };
    assert_eq!(counts(&ask(at(20, 23))), (0, 0, 1));
    assert_eq!(counts(&ask(at(21, 0))), (0, 1, 0));
}

#[test]
fn a_report_is_on_time_by_its_own_clock() {
    let report = |number, done| {
        let mut case = accepted(number);
        case.report_clocks.push(report_due(at(8, 23), done));
        case
    };
    let cases = vec![
        report(1, Some(at(8, 20))),
        report(2, Some(at(9, 9))),
        report(3, None),
    ];
    assert_eq!(
        counts(&answer(cases, FormulaId::OnTimeReporting)),
        (1, 3, 0)
    );
}

#[test]
fn solved_is_the_citizens_word_in_each_follow_up_that_reached_them() {
    let mut case = accepted(1);
    case.follow_ups = vec![
        follow_up(Asked::Unreached),
        follow_up(Asked::Unsolved),
        follow_up(Asked::Solved),
    ];
    let metric = answer(vec![case], FormulaId::SolvedRate);
    assert_eq!(counts(&metric), (1, 2, 1));
    assert_eq!(metric.lineage.numerator[0].to_string(), "C-000001#3");
}

#[test]
fn a_follow_up_can_be_asked_for_by_who_asked() {
    let mut case = accepted(1);
    case.follow_ups = vec![follow_up(Asked::Solved), follow_up(Asked::Unsolved)];
    case.follow_ups[1].by = super::cohort::code("township");
    let mut of_township = question(may());
    let by = fengqiao_metrics::Trait::FollowedUpBy(super::cohort::code("township"));
    of_township.selection = of_township.selection.with(by);
    let book = Book::new(vec![case]).unwrap();
    let metric = metric(
        &book,
        &Default::default(),
        FormulaId::SolvedRate,
        &of_township,
    );
    assert_eq!(counts(&metric), (0, 1, 0));
}

#[test]
fn satisfaction_has_a_strict_reading_beside_it_and_leaves_out_what_does_not_count() {
    let rated = |number, satisfied| {
        let mut case = accepted(number);
        case.ratings.push(rating(satisfied));
        case
    };
    let mut invalid = rated(4, Satisfied::No);
    invalid.ratings[0].validity = Validity::Invalid;
    let cases = vec![
        rated(1, Satisfied::Yes),
        rated(2, Satisfied::Basically),
        rated(3, Satisfied::No),
        invalid,
    ];
    assert_eq!(
        counts(&answer(cases.clone(), FormulaId::Satisfaction)),
        (2, 3, 1)
    );
    assert_eq!(
        counts(&answer(cases, FormulaId::SatisfactionStrict)),
        (1, 3, 1)
    );
}

#[test]
fn participation_is_over_those_who_were_asked() {
    let mut rated = accepted(1);
    rated.instants.ratable_at.push(at(19, 9));
    rated.ratings.push(rating(Satisfied::No));
    let mut silent = accepted(2);
    silent.instants.ratable_at.push(at(19, 9));
    let never_asked = accepted(3);
    assert_eq!(
        counts(&answer(
            vec![rated, silent, never_asked],
            FormulaId::Participation
        )),
        (1, 2, 0)
    );
}

#[test]
fn one_visit_and_no_rework_is_a_first_visit_closing() {
    let once = closed(1, at(2, 9));
    let mut twice = closed(2, at(2, 9));
    twice.visits = 2;
    let mut reworked = closed(3, at(2, 9));
    reworked.closings[0].taken_back_at = Some(at(3, 9));
    reworked.closings.push(closing(at(4, 9), "999901001001"));
    let mut a_crowd = closed(4, at(2, 9));
    a_crowd.attendances = 40;
    let mut repeat = closed(5, at(2, 9));
    repeat.repeats = Some(CaseId::parse("C-000001").unwrap());
    let metric = answer(
        vec![once, twice, reworked, a_crowd, repeat],
        FormulaId::FirstVisitClosing,
    );
    assert_eq!(counts(&metric), (2, 5, 0));
}

#[test]
fn a_return_counts_against_the_dispatches_it_is_one_of() {
    let mut case = accepted(1);
    case.turns[0].returned_at = Some(at(2, 9));
    case.turns.push(turn("unit-b", at(2, 10)));
    assert_eq!(
        counts(&answer(vec![case], FormulaId::ReturnRate)),
        (1, 2, 0)
    );
}

fn order(
    due: Option<u32>,
    signed: Option<u32>,
    arrived: Option<u32>,
    recalled: Option<u32>,
) -> Order {
    let hour = |hour: Option<u32>| hour.map(|hour| at(3, hour));
    Order {
        issuer: Some(unit("community")),
        addressee: unit("department"),
        issued_at: at(3, 8),
        due_at: hour(due),
        signed_at: hour(signed),
        arrived_at: hour(arrived),
        recalled_at: hour(recalled),
    }
}

#[test]
fn an_order_is_answered_by_signing_or_arriving_within_its_limit() {
    let mut case = accepted(1);
    case.orders = vec![
        order(Some(10), Some(10), None, None),
        order(Some(10), Some(11), Some(9), None),
        order(Some(10), Some(11), None, None),
        order(Some(10), None, None, None),
        order(None, Some(20), None, None),
        order(None, None, None, None),
    ];
    let metric = answer(vec![case], FormulaId::OrderResponseAddressee);
    assert_eq!(counts(&metric), (3, 6, 0));
}

#[test]
fn an_order_taken_back_in_time_is_out_and_one_taken_back_too_late_was_missed() {
    let mut case = accepted(1);
    case.orders = vec![
        order(Some(10), None, None, Some(9)),
        order(Some(10), None, None, Some(11)),
    ];
    let metric = answer(vec![case], FormulaId::OrderResponseIssuer);
    assert_eq!(counts(&metric), (0, 1, 1));
}

#[test]
fn a_level_share_counts_the_level_and_everything_below() {
    let by = |number, division| {
        let mut case = accepted(number);
        case.closings.push(closing(at(9, 9), division));
        case
    };
    let cases = vec![
        by(1, "999901001001007"),
        by(2, "999901001001"),
        by(3, "999901001000"),
        by(4, "999901000000"),
        by(5, "999900000000"),
        by(6, "990000000000"),
    ];
    let share = |formula| counts(&answer(cases.clone(), formula)).0;
    assert_eq!(share(FormulaId::LevelShareGrid), 1);
    assert_eq!(share(FormulaId::LevelShareVillage), 2);
    assert_eq!(share(FormulaId::LevelShareTownship), 3);
    assert_eq!(share(FormulaId::LevelShareCounty), 4);
    assert_eq!(share(FormulaId::LevelSharePrefecture), 5);
}

#[test]
fn a_repeat_is_a_share_of_the_accepted() {
    let mut repeat = accepted(2);
    repeat.repeats = Some(CaseId::parse("C-000001").unwrap());
    assert_eq!(
        counts(&answer(vec![accepted(1), repeat], FormulaId::RepeatShare)),
        (1, 2, 0)
    );
}

#[test]
fn merged_cases_are_counted_raw_and_once_a_matter() {
    let mut follower = closed(2, at(9, 9));
    follower.merged_into = Some(CaseId::parse("C-000001").unwrap());
    let book = Book::new(vec![closed(1, at(9, 9)), follower]).unwrap();
    let formula = FormulaId::ClosingRate;
    let mut asked = question(may());
    let raw = metric(&book, &Default::default(), formula, &asked);
    assert_eq!(counts(&raw), (2, 2, 0));
    asked.basis = Basis::Deduplicated;
    let once = metric(&book, &Default::default(), formula, &asked);
    assert_eq!(counts(&once), (1, 1, 1));
    assert_eq!(
        once.lineage.excluded[0].reason.to_string(),
        "已并入 C-000001"
    );
}

#[test]
fn nothing_over_nothing_has_no_value() {
    for formula in fengqiao_metrics::Formula::ALL {
        let metric = answer(Vec::new(), formula.id);
        assert_eq!(
            metric.value,
            Value::None(NotARate::NoDenominator),
            "{}",
            formula.name
        );
        assert_eq!(metric.value.shown(Places::Two), "—");
    }
}

#[test]
fn what_happened_after_the_sheet_was_made_does_not_change_it() {
    let period = fengqiao_metrics::Period {
        as_of: at(31, 12),
        ..may()
    };
    let mut late = closed(1, instant("2024-06-02T09:00:00+08:00"));
    late.ratings.push(rating(Satisfied::Yes));
    late.ratings[0].at = at(31, 13);
    let before = accepted(1);
    for formula in fengqiao_metrics::Formula::ALL {
        let ask = |case: &CaseFacts| {
            let book = Book::new(vec![case.clone()]).unwrap();
            metric(&book, &Default::default(), formula.id, &question(period))
        };
        assert_eq!(ask(&late), ask(&before), "{}", formula.name);
    }
}

#[test]
fn a_case_told_twice_is_refused() {
    let refused = Book::new(vec![accepted(1), accepted(2), accepted(1)]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "案件 C-000001 的统计事实给了两次，请只给一次"
    );
}

#[test]
fn facts_are_small_words_in_json_and_come_back_the_same() {
    let case = closed(1, at(9, 9));
    let json = serde_json::to_string(&case).unwrap();
    assert!(json.len() < 700, "{json}");
    assert!(json.contains("\"accepted-at\""), "{json}");
    assert!(!json.contains("null"), "{json}");
    assert_eq!(serde_json::from_str::<CaseFacts>(&json).unwrap(), case);
}
