//! Two ways of approval, supervision and the promise for simple matters, as a community's secretary would tell them.

use fengqiao_sdk::case::{AssignmentRole, ClockState};
use fengqiao_sdk::guard::{ActorRole, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;
use fengqiao_sdk::propose::Command;
use fengqiao_sdk::testing::{self, Fixture};
use serde_json::json;

use super::clock;
use crate::UpwardOrder;
use crate::config::Config;

fn config() -> Config {
    serde_json::from_value(written()).unwrap()
}

fn written() -> serde_json::Value {
    let provenance = json!({ "mark": "A", "source": "t" });
    let count = |value: u64| json!({ "value": value, "provenance": provenance });
    json!({
        "kind": "upward-order", "label": "发令", "open-by": [{ "role": "grid-officer" }], "grant": "required",
        "only": { "kinds": ["dispute"], "marks": ["early-sign"], "provenance": provenance },
        "paths": {
            "simple": { "approval": "information-officer", "close": clock("order-close", "2cd") },
            "complex": { "approval": "secretary", "deliver-by": { "role": "dispatcher" }, "deliver": clock("order-deliver", "10min") },
            "complex-if": {
                "people": count(10), "amount-yuan": count(100_000), "departments": count(3),
                "marks": [{ "mark": "legacy", "label": "历史遗留", "provenance": provenance }]
            }
        },
        "supervise": { "portfolio": "督查", "provenance": provenance },
        "clocks": { "sign": clock("order-sign", "1h"), "contact": clock("order-contact", "30min"), "arrive": clock("order-arrive", "3wd") }
    })
}

fn dispute() -> Case {
    let mut case = testing::case();
    case.matter = Some(testing::matter("dispute", None));
    case
}

fn with(change: impl FnOnce(&mut Case)) -> Case {
    let mut case = dispute();
    change(&mut case);
    case
}

fn refused(case: &Case, step: &str) -> Option<String> {
    let officer = ActorRole::Official("grid-officer".to_owned());
    let wanted = testing::move_by(officer, &format!("upward-order/{step}"), "{}");
    match UpwardOrder::guard(&config(), case, &wanted).unwrap() {
        Verdict::Refuse(refusal) => Some(refusal.code),
        _ => None,
    }
}

#[test]
fn only_a_dispute_or_an_early_sign_is_ordered_about() {
    let complaint = |marks: &[&str]| {
        with(|case| {
            case.matter = Some(testing::matter("complaint", None));
            case.matter.as_mut().unwrap().marks = marks.iter().map(|m| (*m).to_owned()).collect();
        })
    };
    assert_eq!(refused(&dispute(), "open"), None);
    assert_eq!(refused(&complaint(&["early-sign"]), "open"), None);
    assert_eq!(
        refused(&complaint(&[]), "open").as_deref(),
        Some("not-for-orders")
    );
}

#[test]
fn a_simple_matter_is_not_sent_up_and_a_complex_one_not_waved_through() {
    let people = |people| with(|case| case.matter.as_mut().unwrap().people = people);
    assert_eq!(refused(&people(9), "issue-simple"), None);
    assert_eq!(
        refused(&people(9), "issue-complex").as_deref(),
        Some("simple-matter")
    );
    assert_eq!(
        refused(&people(10), "issue-simple").as_deref(),
        Some("complex-matter")
    );
    assert_eq!(refused(&people(10), "issue-complex"), None);
}

#[test]
fn each_of_five_things_makes_a_matter_complex() {
    let complex = |change: fn(&mut Case)| refused(&with(change), "issue-complex").is_none();
    assert!(complex(|case| case.matter.as_mut().unwrap().people = 10));
    assert!(complex(
        |case| case.matter.as_mut().unwrap().amount_fen = Some(10_000_000)
    ));
    assert!(complex(
        |case| case.matter.as_mut().unwrap().portfolios = vec![String::new(); 3]
    ));
    assert!(complex(
        |case| case.matter.as_mut().unwrap().marks = vec!["legacy".to_owned()]
    ));
    assert!(complex(
        |case| case.history.as_mut().unwrap().flags = vec!["legacy".to_owned()]
    ));
    assert!(!complex(
        |case| case.matter.as_mut().unwrap().amount_fen = Some(9_999_900)
    ));
}

fn proposed(case: Case, code: &str, document: &str) -> Vec<Command> {
    Fixture::default()
        .unit("supervision", "990101000000", &["督查"])
        .install();
    let events = vec![testing::happened(code, document)];
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, events);
    let proposals = UpwardOrder::react(&config(), &reaction).unwrap();
    proposals.into_iter().map(|own| own.command).collect()
}

fn order(case: &mut Case, state: &str) {
    case.proceedings = Some(vec![testing::proceeding(3, "upward-order", state)]);
}

fn code(command: &Command) -> String {
    serde_json::to_value(command).unwrap()["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_draft_goes_to_the_right_approver_by_itself() {
    let opened = r#"{"proceeding":{"id":3}}"#;
    let simple = with(|case| order(case, "draft"));
    let complex = with(|case| {
        order(case, "draft");
        case.matter.as_mut().unwrap().people = 30;
    });
    let asked = |case| proposed(case, "proceeding-opened", opened);
    assert_eq!(
        asked(simple).iter().map(code).collect::<Vec<_>>(),
        ["issue-simple"]
    );
    assert_eq!(
        asked(complex).iter().map(code).collect::<Vec<_>>(),
        ["issue-complex"]
    );
}

fn moved(step: &str) -> Vec<&'static str> {
    let document = format!(r#"{{"proceeding":3,"code":"{step}"}}"#);
    let case = with(|case| order(case, "issued"));
    let commands = proposed(case, "proceeding-moved", &document);
    commands.iter().map(Command::name).collect()
}

#[test]
fn an_order_that_goes_out_is_supervised_and_a_simple_one_has_its_promise() {
    assert_eq!(moved("issue-simple"), ["assign", "start-clock"]);
    assert_eq!(moved("issue-complex"), ["assign"]);
    assert_eq!(moved("deliver"), [""; 0]);
}

#[test]
fn whoever_supervises_already_is_not_asked_twice() {
    let case = with(|case| {
        order(case, "issued");
        let part = testing::assignment(1, "supervision", AssignmentRole::Supervise);
        case.assignments = Some(vec![part]);
    });
    let document = r#"{"proceeding":3,"code":"issue-complex"}"#;
    assert!(proposed(case, "proceeding-moved", document).is_empty());
}

#[test]
fn closing_the_case_keeps_the_promise() {
    let case = with(|case| {
        case.clocks = Some(vec![testing::clock(
            7,
            "order-close",
            "u1",
            ClockState::Running,
        )]);
    });
    let commands = proposed(case, "closed", "{}");
    assert_eq!(
        commands.iter().map(Command::name).collect::<Vec<_>>(),
        ["stop-clock"]
    );
}

#[test]
fn a_late_order_becomes_a_task_of_the_supervisor() {
    let late = |name: &str| {
        let case = with(|case| {
            case.clocks = Some(vec![testing::clock(7, name, "u1", ClockState::Breached)]);
        });
        proposed(case, "clock-breached", r#"{"clock":7}"#).len()
    };
    assert_eq!(late("order-deliver"), 1);
    assert_eq!(late("order-contact"), 1);
    assert_eq!(late("report"), 0);
}

#[test]
fn nobody_approves_what_they_may_order() {
    let mut own = written();
    own["open-by"] = json!([{ "role": "secretary" }]);
    let profile = |config: serde_json::Value| -> Result<LocalRules, PluginError> {
        UpwardOrder::profile(&serde_json::from_value(config).unwrap())
    };
    assert!(matches!(profile(own), Err(PluginError::BadConfig(_))));
    let mut both = written();
    both["approvals"] = json!(["secretary"]);
    assert!(matches!(profile(both), Err(PluginError::BadConfig(_))));
    assert_eq!(profile(written()).unwrap().proceedings[0].initial, "draft");
}
