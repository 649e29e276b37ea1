//! Units that aren't at the centre.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing;
use serde_json::json;

use super::{about, after, config, document, refused, when_led_by};
use crate::config::Config;
use crate::graphs;

#[test]
fn each_mode_brings_the_unit_to_the_citizen_in_its_way() {
    let follows = |unit: &str, category: &str| {
        let commands = when_led_by(unit, about(category, &[]));
        let words = commands.iter().map(|own| own["do"].clone());
        words.collect::<Vec<_>>()
    };
    assert_eq!(follows("legal", "法律/咨询"), [""; 0]);
    assert_eq!(follows("shift", "公证/遗嘱"), [""; 0]);
    assert_eq!(follows("caller", "仲裁/劳动"), ["start-clock"]);
    assert_eq!(follows("booked", "心理/疏导"), ["open-proceeding"]);
    assert_eq!(follows("away", "鉴定/伤残"), ["raise-task"]);
    assert_eq!(follows("citizens", "政务/社保"), [""; 0]);
}

#[test]
fn off_its_shift_a_unit_comes_by_appointment() {
    let mut case = about("公证/遗嘱", &[]);
    case.as_of += 86_400_000;
    let commands = when_led_by("shift", case.clone());
    assert_eq!(
        (&commands[0]["kind"], &commands[0]["addressee"]),
        (&json!("appointment"), &json!("shift"))
    );
    let mut asked = testing::proceeding(1, "appointment", "asked");
    asked.addressee = Some("shift".to_owned());
    case.proceedings = Some(vec![asked]);
    assert_eq!(when_led_by("shift", case).len(), 0);
}

/// A case with an appointment of this unit.
fn booked(unit: &str, state: &str) -> Case {
    let mut case = about("心理/疏导", &[]);
    let mut appointment = testing::proceeding(3, "appointment", state);
    appointment.addressee = Some(unit.to_owned());
    case.proceedings = Some(vec![appointment]);
    case
}

#[test]
fn a_date_is_one_of_the_units_days() {
    let fix = |unit: &str, date: &str| {
        let document = json!({ "proceeding": 3, "fields": { "date": date } });
        refused(&booked(unit, "asked"), "appointment/fix", &document)
    };
    assert_eq!(fix("shift", "2024-01-04"), None);
    assert_eq!(fix("shift", "2024-01-03").as_deref(), Some("off-shift"));
    assert_eq!(fix("booked", "2024-01-04"), None);
    assert_eq!(fix("booked", "明天").as_deref(), Some("not-a-date"));
    let other = json!({ "proceeding": 3, "fields": { "date": "明天" } });
    assert_eq!(
        refused(&booked("booked", "asked"), "other/fix", &other),
        None
    );
}

#[test]
fn no_date_lies_beyond_the_day_on_which_its_clock_ends() {
    let on = |code: &str, date: &str| {
        let document = json!({ "proceeding": 3, "fields": { "date": date } });
        refused(&booked("booked", "fixed"), code, &document)
    };
    assert_eq!(on("appointment/change", "2024-01-04"), None);
    for code in ["appointment/fix", "appointment/change"] {
        assert_eq!(on(code, "2024-01-05").as_deref(), Some("too-late"));
    }
}

#[test]
fn a_date_is_changed_as_often_as_the_place_says_and_no_oftener() {
    let changes = |config: &Config| {
        let graph = graphs::appointment(config.appointment.as_ref().unwrap());
        let changes = graph.moves.iter().filter(|step| step.code == "change");
        changes
            .map(|step| format!("{}→{}", step.from, step.to))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        changes(&config()),
        ["fixed→changed-1", "changed-1→changed-2"]
    );
    let mut never = document();
    never["appointment"]
        .as_object_mut()
        .unwrap()
        .remove("changes");
    let never: Config = serde_json::from_value(never).unwrap();
    assert_eq!(changes(&never), [""; 0]);
}

#[test]
fn a_date_that_nobody_kept_is_the_desks() {
    let moved = |to: &str| {
        let document = json!({ "proceeding": 3, "to": to });
        after("proceeding-moved", &document, booked("booked", to))
    };
    assert_eq!(moved("missed")[0]["code"], "appointment-missed");
    assert_eq!(moved("kept").len(), 0);
}

/// A case whose unit on call has this clock.
fn called(name: &str, state: ClockState) -> Case {
    let mut case = about("仲裁/劳动", &[]);
    case.clocks = Some(vec![testing::clock(5, name, "caller", state)]);
    case
}

#[test]
fn whoever_arrives_or_reports_is_waited_for_no_more() {
    let stops = |event: &str, unit: &str, state: ClockState| {
        let case = called("arrive-on-call", state);
        after(event, &json!({ "unit": unit }), case).len()
    };
    assert_eq!(stops("arrived", "caller", ClockState::Running), 1);
    assert_eq!(stops("arrived", "caller", ClockState::Breached), 1);
    assert_eq!(stops("reported", "caller", ClockState::Running), 1);
    assert_eq!(stops("reported", "caller", ClockState::Breached), 0);
    assert_eq!(stops("arrived", "caller", ClockState::Met), 0);
    assert_eq!(stops("arrived", "legal", ClockState::Running), 0);
}

#[test]
fn whoever_is_late_is_urged() {
    let late = |name: &str| {
        let case = called(name, ClockState::Breached);
        after("clock-breached", &json!({ "clock": 5 }), case)
    };
    assert_eq!(late("arrive-on-call")[0]["do"], "urge");
    assert_eq!(late("report").len(), 0);
}
