//! Points as whoever picks the best window would count them.

use fengqiao_sdk::prelude::*;

use crate::config::Config;
use crate::{Points, written};

fn item(code: &str, dimension: &str, tally: &str, points: i64) -> serde_json::Value {
    serde_json::json!({
        "code": code, "label": code, "dimension": dimension, "tally": tally, "points-hundredths": points,
        "provenance": { "mark": "A", "source": "t" }
    })
}

fn config(items: &[serde_json::Value]) -> Config {
    let dimension = |code: &str, label: &str| serde_json::json!({ "code": code, "label": label, "provenance": { "mark": "S", "source": "t" } });
    serde_json::from_value(serde_json::json!({
        "dimension": [dimension("attitude", "态度"), dimension("speed", "速度"), dimension("difficulty", "难度")],
        "item": items
    }))
    .unwrap()
}

fn usual() -> Config {
    config(&[
        item("on-the-spot", "speed", "closed-on-the-spot", 300),
        item("on-time", "speed", "closed-on-time", 200),
        item("late", "speed", "closing-missed", -300),
        item("attended", "difficulty", "orders-received-answered", 200),
        item("missed", "difficulty", "orders-received-missed", -500),
        item("satisfied", "attitude", "satisfied", 100),
        item("dissatisfied", "attitude", "dissatisfied", -200),
    ])
}

fn score(config: &Config, own: &[(&str, u64)]) -> ScoreSheet {
    let own: Tallies = own.iter().copied().collect();
    let unit = Subject::Unit("u1".to_owned());
    Points::assess(config, &unit, "2021-11", &own, &Tallies::default()).unwrap()
}

fn points(sheet: &ScoreSheet) -> Vec<(&str, i64)> {
    let lines = sheet.lines.iter();
    lines
        .map(|line| (line.code.as_str(), line.points_hundredths))
        .collect()
}

#[test]
fn each_thing_is_worth_its_points_and_the_dimensions_stand_together() {
    let tallies = [
        ("closed-on-the-spot", 12),
        ("closed-on-time", 20),
        ("closing-missed", 2),
        ("orders-received-answered", 4),
        ("orders-received-missed", 1),
        ("satisfied", 15),
        ("dissatisfied", 3),
        ("registered", 1_000),
    ];
    let sheet = score(&usual(), &tallies);
    let expected = [
        ("attitude-satisfied", 1_500),
        ("attitude-dissatisfied", -600),
        ("speed-on-the-spot", 3_600),
        ("speed-on-time", 4_000),
        ("speed-late", -600),
        ("difficulty-attended", 800),
        ("difficulty-missed", -500),
    ];
    assert_eq!(points(&sheet), expected);
    assert_eq!(sheet.total_hundredths, 8_200);
    assert_eq!(sheet.grade, None);
}

#[test]
fn a_line_says_how_its_points_came_about() {
    let sheet = score(&usual(), &[("orders-received-missed", 2)]);
    let line = sheet.lines.last().unwrap();
    assert_eq!(line.label, "难度：missed");
    assert_eq!(line.explanation, "missed 2 件 × -5 分");
}

#[test]
fn what_never_happened_has_its_line_and_no_points() {
    let sheet = score(&usual(), &[]);
    assert_eq!((sheet.lines.len(), sheet.total_hundredths), (7, 0));
}

#[test]
fn a_number_that_nobody_has_does_not_turn_round() {
    let sheet = score(&usual(), &[("closing-missed", u64::MAX)]);
    assert_eq!(sheet.total_hundredths, i64::MIN);
}

#[test]
fn points_are_written_as_people_write_them() {
    let all = [300, -500, 150, 125, -50, 0].map(written);
    assert_eq!(all, ["3", "-5", "1.5", "1.25", "-0.5", "0"]);
}

#[test]
fn an_item_without_its_dimension_or_twice_is_no_configuration() {
    let one = item("a", "speed", "closed", 100);
    for items in [
        vec![item("a", "colour", "closed", 100)],
        vec![one.clone(), one],
    ] {
        let refused = Points::assess(
            &config(&items),
            &Subject::Unit("u1".to_owned()),
            "2021",
            &Tallies::default(),
            &Tallies::default(),
        );
        assert!(matches!(refused, Err(PluginError::BadConfig(_))));
    }
}
