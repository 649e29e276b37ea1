//! Scores from tallies counted by hand.

use fengqiao_sdk::prelude::*;
use serde_json::json;

use super::ThreeRates;
use super::config::Config;

fn config() -> Config {
    let rate = |code: &str, above: &str, below: &str, excluded: &[&str], weight: i64| {
        let mut rate = json!({
            "code": code, "label": code, "above": [above], "below": [below],
            "weight-hundredths": weight, "provenance": { "mark": "A", "source": "假定" },
        });
        if !excluded.is_empty() {
            rate["excluded"] = json!(excluded);
        }
        rate
    };
    serde_json::from_value(json!({
        "rates": [
            rate("response", "contacted-in-time", "contact-owed", &[], 3_000),
            rate("solved", "solved", "follow-ups", &["unreached"], 4_000),
            rate("satisfaction", "satisfied-or-basically", "ratings", &["ratings-invalid"], 3_000),
        ],
        "grades": [
            { "code": "excellent", "label": "优秀", "at-least-hundredths": 9_000,
              "consequence": "通报表扬", "provenance": { "mark": "A", "source": "假定" } },
            { "code": "passed", "label": "合格", "at-least-hundredths": 6_000,
              "provenance": { "mark": "A", "source": "假定" } },
        ],
    }))
    .unwrap()
}

fn sheet(config: &Config, own: &[(&str, u64)], group: &[(&str, u64)]) -> ScoreSheet {
    let tallies = |codes: &[(&str, u64)]| codes.iter().copied().collect::<Tallies>();
    let unit = Subject::Unit("unit".to_owned());
    ThreeRates::assess(config, &unit, "2026", &tallies(own), &tallies(group)).unwrap()
}

fn points(sheet: &ScoreSheet) -> Vec<(&str, i64)> {
    let lines = sheet.lines.iter();
    lines
        .map(|line| (line.code.as_str(), line.points_hundredths))
        .collect()
}

#[test]
fn each_rate_gives_its_part_of_its_weight_half_up() {
    let own = [
        ("contacted-in-time", 2),
        ("contact-owed", 3),
        ("solved", 3),
        ("follow-ups", 5),
        ("unreached", 1),
        ("satisfied-or-basically", 1),
        ("ratings", 1),
    ];
    let sheet = sheet(&config(), &own, &[]);
    // 2/3 × 30 = 20; 3/(5−1) × 40 = 30; 1/1 × 30 = 30.
    let expected = [
        ("response", 2_000),
        ("solved", 3_000),
        ("satisfaction", 3_000),
        ("grade", 0),
    ];
    assert_eq!(points(&sheet), expected);
    assert_eq!(
        (sheet.total_hundredths, sheet.grade.as_deref()),
        (8_000, Some("passed"))
    );
}

#[test]
fn who_had_nothing_to_count_stands_like_everybody_together() {
    let group = [
        ("contacted-in-time", 1),
        ("contact-owed", 2),
        ("solved", 1),
        ("follow-ups", 1),
    ];
    let sheet = sheet(&config(), &[], &group);
    let expected = [
        ("response", 1_500),
        ("solved", 4_000),
        ("satisfaction", 3_000),
        ("grade", 0),
    ];
    assert_eq!(points(&sheet), expected);
    assert!(sheet.lines[0].explanation.contains("按全体 1 ÷ 2"));
}

#[test]
fn a_grade_names_its_consequence() {
    let all = [
        ("contacted-in-time", 1),
        ("contact-owed", 1),
        ("solved", 1),
        ("follow-ups", 1),
        ("satisfied-or-basically", 1),
        ("ratings", 1),
    ];
    let sheet = sheet(&config(), &all, &[]);
    assert_eq!(sheet.grade.as_deref(), Some("excellent"));
    assert!(sheet.lines[3].explanation.contains("通报表扬"));
}

#[test]
fn a_month_has_points_and_no_grade() {
    let all: Tallies = [("contacted-in-time", 1), ("contact-owed", 1)]
        .into_iter()
        .collect();
    let unit = Subject::Unit("unit".to_owned());
    let of = |period| ThreeRates::assess(&config(), &unit, period, &all, &all).unwrap();
    let (month, year) = (of("2026-05"), of("2026"));
    assert_eq!(month.total_hundredths, year.total_hundredths);
    assert_eq!(
        (month.grade, year.grade.as_deref()),
        (None, Some("excellent"))
    );
}

#[test]
fn below_the_lowest_bound_there_is_no_grade() {
    let sheet = sheet(
        &config(),
        &[("contact-owed", 1), ("follow-ups", 1), ("ratings", 1)],
        &[],
    );
    assert_eq!((sheet.total_hundredths, sheet.grade), (0, None));
}

#[test]
fn grades_that_do_not_fall_are_refused() {
    let mut config = config();
    config.grades.reverse();
    let unit = Subject::Unit("unit".to_owned());
    let nothing = Tallies::default();
    let answer = ThreeRates::assess(&config, &unit, "2026-05", &nothing, &nothing);
    assert!(answer.is_err());
}
