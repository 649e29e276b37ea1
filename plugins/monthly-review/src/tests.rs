//! Scores from tallies counted by hand.

use fengqiao_sdk::prelude::*;
use serde_json::json;

use super::MonthlyReview;
use super::config::Config;

fn config() -> Config {
    let assumed = json!({ "mark": "A", "source": "假定" });
    let share = |code: &str, above: &str, below: &str, weight: i64| {
        json!({
            "code": code, "label": code, "above": [above], "below": [below],
            "weight-hundredths": weight, "provenance": assumed,
        })
    };
    let card = |code: &str, takes: i64| json!({ "code": code, "label": code, "takes-hundredths": takes, "provenance": assumed });
    serde_json::from_value(json!({
        "quantity": {
            "code": "quantity", "label": "数量", "tally": "closed", "enough": 10,
            "weight-hundredths": 2_000, "provenance": assumed,
        },
        "shares": [
            share("efficiency", "closed-on-time", "due", 3_000),
            share("satisfaction", "satisfied-or-basically", "ratings", 2_000),
        ],
        "cards": [card("first", 200), card("second", 500)],
    }))
    .unwrap()
}

fn sheet(own: &[(&str, u64)], group: &[(&str, u64)]) -> ScoreSheet {
    let tallies = |codes: &[(&str, u64)]| codes.iter().copied().collect::<Tallies>();
    let unit = Subject::Unit("unit".to_owned());
    MonthlyReview::assess(&config(), &unit, "2026-05", &tallies(own), &tallies(group)).unwrap()
}

fn points(sheet: &ScoreSheet) -> Vec<(&str, i64)> {
    let lines = sheet.lines.iter();
    lines
        .map(|line| (line.code.as_str(), line.points_hundredths))
        .collect()
}

#[test]
fn every_item_gives_its_part_and_every_card_takes() {
    let own = [
        ("closed", 5),
        ("closed-on-time", 2),
        ("due", 3),
        ("satisfied-or-basically", 1),
        ("ratings", 2),
        ("card.first", 2),
        ("card.second", 1),
    ];
    let sheet = sheet(&own, &[]);
    // 5/10 × 20 = 10; 2/3 × 30 = 20; 1/2 × 20 = 10; −2 × 2; −1 × 5.
    assert_eq!(
        points(&sheet),
        [
            ("quantity", 1_000),
            ("efficiency", 2_000),
            ("satisfaction", 1_000),
            ("card-first", -400),
            ("card-second", -500),
        ]
    );
    assert_eq!(sheet.total_hundredths, 3_100);
}

#[test]
fn more_than_enough_gives_no_more() {
    let sheet = sheet(&[("closed", 1_000)], &[]);
    assert_eq!(points(&sheet)[0], ("quantity", 2_000));
}

#[test]
fn who_had_nothing_to_count_stands_like_everybody_together() {
    let sheet = sheet(&[], &[("closed-on-time", 1), ("due", 3)]);
    assert_eq!(points(&sheet)[1], ("efficiency", 1_000));
    assert!(sheet.lines[1].explanation.contains("按全体 1 ÷ 3"));
    assert_eq!(points(&sheet)[2], ("satisfaction", 2_000));
}

#[test]
fn a_share_is_rounded_half_up() {
    let sheet = sheet(&[("closed-on-time", 1), ("due", 16)], &[]);
    // 1/16 × 30 = 1.875.
    assert_eq!(points(&sheet)[1], ("efficiency", 188));
}
