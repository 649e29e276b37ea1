//! A score sheet adds up, and a grade is the best that the points reach.

use fengqiao_metrics::{GradeStep, Grades, ScoreError, ScoreLine, ScoreSheet};

use super::cohort::code;

pub(crate) fn line(name: &str, points_hundredths: i64) -> ScoreLine {
    ScoreLine {
        code: code(name),
        label: name.to_owned(),
        points_hundredths,
        explanation: String::new(),
    }
}

pub(crate) fn sheet(lines: Vec<ScoreLine>) -> ScoreSheet {
    let total_hundredths = lines.iter().map(|line| line.points_hundredths).sum();
    ScoreSheet {
        lines,
        total_hundredths,
        grade: None,
    }
}

pub(crate) fn step(name: &str, at_least_hundredths: i64) -> GradeStep {
    GradeStep {
        code: code(name),
        label: name.to_owned(),
        at_least_hundredths,
    }
}

#[test]
fn a_sheet_whose_lines_do_not_add_up_is_refused() {
    let mut wrong = sheet(vec![line("on-time", 200), line("late", -300)]);
    assert_eq!(wrong.check(), Ok(()));
    wrong.total_hundredths = 0;
    assert_eq!(
        wrong.check(),
        Err(ScoreError::Sum {
            told: 0,
            summed: -100
        })
    );
}

#[test]
fn the_largest_points_do_not_overflow_into_a_right_sum() {
    let mut wrong = sheet(vec![line("a", 0), line("b", 0)]);
    wrong.lines[0].points_hundredths = i64::MAX;
    wrong.lines[1].points_hundredths = i64::MAX;
    wrong.total_hundredths = -2;
    assert!(matches!(
        wrong.check(),
        Err(ScoreError::Sum { told: -2, .. })
    ));
}

#[test]
fn a_code_stands_once_on_a_sheet() {
    let twice = sheet(vec![line("late", -1), line("late", -1)]);
    assert_eq!(twice.check(), Err(ScoreError::Twice(code("late"))));
}

#[test]
fn a_grade_is_reached_at_its_very_points() {
    let grades = Grades::new(vec![step("good", 9_000), step("fair", 6_000)]).unwrap();
    let of = |points| grades.of(points).map(|grade| grade.label.as_str());
    assert_eq!(of(9_000), Some("good"));
    assert_eq!(of(8_999), Some("fair"));
    assert_eq!(of(5_999), None);
}

#[test]
fn a_scale_falls_from_grade_to_grade() {
    assert_eq!(Grades::new(Vec::new()), Err(ScoreError::Scale));
    let level = vec![step("good", 6_000), step("fair", 6_000)];
    assert_eq!(Grades::new(level), Err(ScoreError::Scale));
}
