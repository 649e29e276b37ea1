//! An appeal changes the assessment's entry, in public, and never the case.

use fengqiao_core::ids::PrincipalId;
use fengqiao_metrics::{
    Appeal, AppealDecision, AppealError, AppealOutcome, Appeals, Basis, Book, Countable, FormulaId,
    Period, Reason, Sheets, members, metric,
};

use super::cohort::{accepted, at, clock, closed, counts, may, question, unit};

pub(crate) fn appeal(number: usize, formula: FormulaId, outcome: AppealOutcome) -> Appeal {
    Appeal {
        case: accepted(number).case,
        unit: unit("unit-a"),
        formulas: [formula].into(),
        asked_at: at(28, 9),
        decision: Some(AppealDecision {
            outcome,
            by: PrincipalId::parse("assessor").unwrap(),
            at: at(29, 9),
            public_reason: "当事人出国，无法按期办理".to_owned(),
        }),
    }
}

fn late(number: usize) -> fengqiao_metrics::CaseFacts {
    let mut case = closed(number, at(21, 9));
    case.total_clock = Some(clock(at(20, 9), None));
    case
}

fn book() -> Book {
    Book::new(vec![late(1), late(2)]).unwrap()
}

#[test]
fn a_granted_appeal_takes_the_entry_out_with_its_public_reason() {
    let formula = FormulaId::OnTimeClosing;
    let appeals = Appeals::new(vec![appeal(1, formula, AppealOutcome::Granted)]).unwrap();
    let metric = metric(&book(), &appeals, formula, &question(may()));
    assert_eq!(counts(&metric), (0, 1, 1));
    let excluded = &metric.lineage.excluded[0];
    assert_eq!(excluded.member.to_string(), "C-000001");
    assert!(matches!(&excluded.reason, Reason::Appeal { at: when, .. } if *when == at(29, 9)));
    assert_eq!(
        excluded.reason.to_string(),
        "申诉剔除：当事人出国，无法按期办理"
    );
}

#[test]
fn a_denied_or_undecided_appeal_changes_nothing() {
    let formula = FormulaId::OnTimeClosing;
    let mut undecided = appeal(2, formula, AppealOutcome::Granted);
    undecided.decision = None;
    let denied = appeal(1, formula, AppealOutcome::Denied);
    let appeals = Appeals::new(vec![denied, undecided]).unwrap();
    let with = metric(&book(), &appeals, formula, &question(may()));
    let without = metric(&book(), &Appeals::default(), formula, &question(may()));
    assert_eq!(with, without);
}

#[test]
fn an_appeal_reaches_its_formula_and_its_unit_only() {
    let granted = appeal(1, FormulaId::OnTimeClosing, AppealOutcome::Granted);
    let mut others = granted.clone();
    others.case = accepted(2).case;
    others.unit = unit("unit-b");
    let appeals = Appeals::new(vec![granted, others]).unwrap();
    let of = |formula| metric(&book(), &appeals, formula, &question(may()));
    assert_eq!(counts(&of(FormulaId::ClosingRate)), (2, 2, 0));
    assert_eq!(counts(&of(FormulaId::OnTimeClosing)), (0, 1, 1));
}

#[test]
fn an_appeal_decided_later_does_not_change_an_earlier_sheet() {
    let formula = FormulaId::OnTimeClosing;
    let appeals = Appeals::new(vec![appeal(1, formula, AppealOutcome::Granted)]).unwrap();
    let earlier = Period {
        as_of: at(28, 12),
        ..may()
    };
    assert_eq!(
        counts(&metric(&book(), &appeals, formula, &question(earlier))),
        (0, 2, 0)
    );
}

#[test]
fn what_a_scoring_rule_is_told_has_the_entry_taken_out_and_the_case_stays() {
    let formula = FormulaId::OnTimeClosing;
    let appeals = Appeals::new(vec![appeal(1, formula, AppealOutcome::Granted)]).unwrap();
    let book = book();
    let before = book.clone();
    let sheets = Sheets::count(&book, &[], &appeals, may());
    let counts = sheets.unit(&unit("unit-a"));
    assert_eq!(counts.fact(Countable::Due, Basis::Raw), 1);
    assert_eq!(counts.fact(Countable::ClosingMissed, Basis::Raw), 1);
    assert_eq!(counts.fact(Countable::Accepted, Basis::Raw), 2);
    assert_eq!(counts.split(formula, Basis::Raw).excluded, 1);
    let listed = members(&book, &appeals, Countable::ClosingMissed, &question(may()));
    assert_eq!(listed.len(), 1);
    assert_eq!(book, before);
}

#[test]
fn an_appeal_names_a_formula_and_is_decided_in_public_and_after_it_was_asked() {
    let good = appeal(1, FormulaId::ClosingRate, AppealOutcome::Granted);
    let refused = |change: &dyn Fn(&mut Appeal)| {
        let mut bad = good.clone();
        change(&mut bad);
        Appeals::new(vec![bad]).unwrap_err()
    };
    let case = good.case.clone();
    assert_eq!(
        refused(&|it| it.formulas.clear()),
        AppealError::NoFormula(case.clone())
    );
    let silent = refused(&|it| it.decision.as_mut().unwrap().public_reason = "  ".to_owned());
    assert_eq!(silent, AppealError::Reason(case.clone()));
    let early = refused(&|it| it.decision.as_mut().unwrap().at = at(27, 9));
    assert_eq!(early, AppealError::TooEarly(case));
}
