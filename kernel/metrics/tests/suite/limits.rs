//! Every limit is reached, and what lies beyond it is refused.

use fengqiao_metrics::limits::{
    MAX_BULLETIN_COLUMNS, MAX_BULLETIN_UNITS, MAX_GRADE_STEPS, MAX_NAMED_RATES, MAX_REASON_CHARS,
    MAX_SCORE_LINES,
};
use fengqiao_metrics::{
    AppealError, AppealOutcome, Appeals, BulletinError, Column, Formula, FormulaId, Grades, Kind,
    NamedRate, NamedRates, NamedRatesError, ScoreError,
};

use super::appeals::appeal;
use super::bulletins::draft;
use super::cohort::{at, code};
use super::scores::{line, sheet, step};

#[test]
fn a_public_reason_may_be_as_long_as_its_limit() {
    let with = |chars: usize| {
        let mut long = appeal(1, FormulaId::ClosingRate, AppealOutcome::Granted);
        long.decision.as_mut().unwrap().public_reason = "因".repeat(chars);
        Appeals::new(vec![long])
    };
    assert!(with(MAX_REASON_CHARS).is_ok());
    assert!(matches!(
        with(MAX_REASON_CHARS + 1),
        Err(AppealError::Reason(_))
    ));
}

#[test]
fn a_jurisdiction_names_no_more_rates_than_the_limit() {
    let cohorts = Formula::ALL
        .iter()
        .filter(|formula| formula.kind == Kind::Cohort);
    let rates = cohorts.map(|formula| NamedRate {
        formula: formula.id,
        name: None,
    });
    let rates: Vec<NamedRate> = rates.take(MAX_NAMED_RATES + 1).collect();
    assert!(NamedRates::new(rates[..MAX_NAMED_RATES].to_vec()).is_ok());
    assert_eq!(NamedRates::new(rates), Err(NamedRatesError::HowMany));
    assert_eq!(NamedRates::new(Vec::new()), Err(NamedRatesError::HowMany));
}

#[test]
fn a_score_sheet_has_no_more_lines_than_the_limit() {
    let lines = |count: usize| {
        (0..count)
            .map(|number| line(&format!("l{number}"), 1))
            .collect()
    };
    assert_eq!(sheet(lines(MAX_SCORE_LINES)).check(), Ok(()));
    assert_eq!(
        sheet(lines(MAX_SCORE_LINES + 1)).check(),
        Err(ScoreError::TooManyLines)
    );
}

#[test]
fn a_scale_has_no_more_grades_than_the_limit() {
    let steps = |count: usize| (0..count).map(|place| step(&format!("g{place}"), -(place as i64)));
    assert!(Grades::new(steps(MAX_GRADE_STEPS).collect()).is_ok());
    assert_eq!(
        Grades::new(steps(MAX_GRADE_STEPS + 1).collect()),
        Err(ScoreError::Scale)
    );
}

#[test]
fn a_bulletin_has_no_more_columns_than_the_limit() {
    let with = |count: usize| {
        let mut wide = draft(&["town-a"]);
        wide.columns = (0..count)
            .map(|place| Column {
                code: code(&format!("c{place}")),
                label: String::new(),
            })
            .collect();
        wide.lines[0].counts = wide.columns.iter().map(|it| (it.code.clone(), 0)).collect();
        wide.issue(at(30, 9))
    };
    assert!(with(MAX_BULLETIN_COLUMNS).is_ok());
    assert_eq!(with(MAX_BULLETIN_COLUMNS + 1), Err(BulletinError::Columns));
    assert_eq!(with(0), Err(BulletinError::Columns));
}

#[test]
fn a_bulletin_has_no_more_units_than_the_limit() {
    let with = |count: usize| {
        let names: Vec<String> = (0..count).map(|place| format!("u{place}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        draft(&names).issue(at(30, 9))
    };
    assert!(with(MAX_BULLETIN_UNITS).is_ok());
    assert_eq!(with(MAX_BULLETIN_UNITS + 1), Err(BulletinError::Units));
    assert_eq!(with(0), Err(BulletinError::Units));
}
