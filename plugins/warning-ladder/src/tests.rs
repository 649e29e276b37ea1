//! The ladder as a supervisor would tell it.

use fengqiao_sdk::case::{ClockState, Proceeding};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing;

use crate::WarningLadder;
use crate::config::Config;

fn config(within: &str) -> Config {
    let sure = serde_json::json!({ "mark": "X", "source": "t" });
    let clock = |name: &str| serde_json::json!({ "name": name, "spec": "5wd", "provenance": sure });
    serde_json::from_value(serde_json::json!({
        "kind": "warning", "label": "警示", "open-by": [{ "role": "supervisor" }], "clear-by": [{ "role": "supervisor" }],
        "repeat": { "count": { "value": 2, "provenance": sure }, "within": within },
        "violation": [
            { "ground": "late-report", "label": "逾期反馈", "clock": "report" },
            { "ground": "refused-order", "label": "拒收", "proceeding": "upward-order", "move": "refuse" },
            { "ground": "false-report", "label": "虚假反馈", "by-hand": "supervisor" }
        ],
        "step": [
            { "code": "first", "label": "一级", "clock": clock("first-answer"), "urge": "请答复" },
            { "code": "second", "label": "二级", "approval": "supervisor", "clock": clock("second-answer") },
            { "code": "discipline", "label": "移送", "approval": "discipline", "end": "ends" }
        ]
    }))
    .unwrap()
}

fn react(within: &str, subject: Subject, case: Case, event: (&str, &str)) -> Vec<Proposal> {
    let reaction = testing::reaction(subject, case, vec![testing::happened(event.0, event.1)]);
    WarningLadder::react(&config(within), &reaction).unwrap()
}

fn names(proposals: &[Proposal]) -> Vec<&'static str> {
    proposals
        .iter()
        .map(|proposal| proposal.command.name())
        .collect()
}

#[test]
fn a_breached_clock_warns_whoever_owed_it() {
    let mut case = testing::case();
    case.clocks = Some(vec![
        testing::clock(4, "report", "u1", ClockState::Breached),
        testing::clock(5, "rate", "u1", ClockState::Breached),
    ]);
    let on_case = || Subject::Case("C1".to_owned());
    let proposals = react(
        "calendar-month",
        on_case(),
        case.clone(),
        ("clock-breached", r#"{"clock":4}"#),
    );
    assert_eq!(names(&proposals), ["open-proceeding", "urge"]);
    assert_eq!(proposals[0].subject, Subject::Unit("u1".to_owned()));
    assert_eq!(
        names(&react(
            "calendar-month",
            on_case(),
            case,
            ("clock-breached", r#"{"clock":5}"#)
        )),
        [""; 0]
    );
}

#[test]
fn a_refused_order_warns_its_addressee() {
    let mut case = testing::case();
    let mut order = testing::proceeding(2, "upward-order", "refused");
    order.addressee = Some("u2".to_owned());
    case.proceedings = Some(vec![order]);
    let moved = |code: &str| format!(r#"{{"proceeding":2,"code":"{code}"}}"#);
    let on_case = || Subject::Case("C1".to_owned());
    let proposals = react(
        "calendar-month",
        on_case(),
        case.clone(),
        ("proceeding-moved", &moved("refuse")),
    );
    assert_eq!(proposals[0].subject, Subject::Unit("u2".to_owned()));
    assert!(
        react(
            "calendar-month",
            on_case(),
            case,
            ("proceeding-moved", &moved("sign"))
        )
        .is_empty()
    );
}

/// A warning opened on 2024-07-01 plus some days, about a case.
fn warning(id: u32, days: i64, about: &str) -> Proceeding {
    let mut warning = testing::proceeding(id, "warning", "first");
    warning.opened_at = 1_719_795_600_000 + days * 86_400_000;
    warning.about = Some(about.to_owned());
    warning
}

fn further(within: &str, earlier: Proceeding, newest: Proceeding) -> Vec<&'static str> {
    let opened = format!(r#"{{"proceeding":{{"id":{}}}}}"#, newest.id);
    let mut docket = testing::docket();
    docket.proceedings = Some(vec![earlier, newest]);
    names(&react(
        within,
        Subject::Unit("u1".to_owned()),
        docket,
        ("proceeding-opened", &opened),
    ))
}

#[test]
fn the_second_warning_of_a_month_is_proposed_for_the_next_step() {
    assert_eq!(
        further("calendar-month", warning(1, 0, "C1"), warning(2, 30, "C2")),
        ["move-proceeding"]
    );
    assert_eq!(
        further("calendar-month", warning(1, 0, "C1"), warning(2, 31, "C2")),
        [""; 0]
    );
}

#[test]
fn the_second_warning_in_one_case_takes_the_first_along() {
    assert_eq!(
        further("case", warning(1, 0, "C1"), warning(2, 90, "C1")),
        ["move-proceeding", "move-proceeding"]
    );
    assert_eq!(
        further("case", warning(1, 0, "C1"), warning(2, 1, "C2")),
        [""; 0]
    );
}

#[test]
fn no_step_of_the_ladder_can_be_left_out() {
    let graph = WarningLadder::profile(&config("case"))
        .unwrap()
        .proceedings
        .remove(0);
    assert_eq!(graph.initial, "first");
    let into = |state: &str| -> Vec<&str> {
        graph
            .moves
            .iter()
            .filter(|step| step.to == state)
            .map(|step| step.from.as_str())
            .collect()
    };
    assert_eq!(into("second"), ["first-answered", "first"]);
    assert_eq!(into("discipline"), ["second-answered", "second"]);
}

#[test]
fn every_step_upward_waits_for_a_named_person() {
    let graph = WarningLadder::profile(&config("case"))
        .unwrap()
        .proceedings
        .remove(0);
    assert!(
        graph
            .moves
            .iter()
            .filter(|step| step.code == "raise")
            .all(|step| step.approval.is_some())
    );
}
