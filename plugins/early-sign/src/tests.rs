//! Early signs as the dispatcher on duty would tell them.

use fengqiao_sdk::case::{AssignmentRole, ClockState, ProceedingEnd};
use fengqiao_sdk::guard::{ActorRole, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing::{self, Fixture};
use serde_json::json;

use crate::EarlySign;
use crate::config::Config;

fn config() -> Config {
    serde_json::from_value(json!({
        "kind": "early-sign", "label": "苗头预警", "mark": "early-sign", "catalogue": "early-signs",
        "desk": { "level": "county", "role": "dispatcher" }, "passed-above": "village",
        "passed-by": { "proceeding": "upward-order", "states": ["issued"] },
        "late": { "role": "supervisor" },
        "clock": { "name": "early-sign", "spec": "same-day", "provenance": { "mark": "S", "source": "t" } }
    }))
    .unwrap()
}

fn install() {
    let rows: &[&[&str]] = &[&["区级", "市政服务", "环境卫生"]];
    Fixture::default()
        .unit("committee", "990101001001", &[])
        .unit("cleaning", "990101001000", &["环境卫生"])
        .catalogue(
            "early-signs",
            &["level", "category"],
            &["level", "category", "portfolio"],
            rows,
        )
        .install();
}

fn sign(category: Option<&str>) -> Case {
    let mut case = testing::case();
    let mut matter = testing::matter("complaint", category);
    matter.marks = vec!["early-sign".to_owned()];
    case.matter = Some(matter);
    case
}

fn on_record(state: &str) -> Case {
    let mut case = sign(None);
    let mut own = testing::proceeding(2, "early-sign", state);
    if state == "classified" {
        own.fields = vec![
            ("level".to_owned(), "区级".to_owned()),
            ("category".to_owned(), "市政服务".to_owned()),
        ];
    }
    if ["passed", "settled", "dismissed"].contains(&state) {
        own.end = ProceedingEnd::Ends;
    }
    case.proceedings = Some(vec![own]);
    case
}

fn route(case: &Case) -> Answer {
    install();
    EarlySign::triage(&config(), case).unwrap()
}

#[test]
fn a_sign_without_a_class_waits_at_the_desk() {
    let Answer::NeedHuman(need) = route(&sign(None)) else {
        unreachable!("the desk decides first")
    };
    assert_eq!(need.desk, "990101000000");
    assert_eq!(need.role, "dispatcher");
}

#[test]
fn what_is_no_sign_or_has_a_category_is_left_to_others() {
    assert!(matches!(route(&testing::case()), Answer::Pass));
    assert!(matches!(route(&sign(Some("噪声"))), Answer::Pass));
}

#[test]
fn a_classified_sign_goes_to_whoever_answers_for_its_class() {
    let Answer::Accept(acceptance) = route(&on_record("classified")) else {
        unreachable!("the class says who")
    };
    assert_eq!(acceptance.lead, "cleaning");
    assert_eq!(acceptance.level.as_deref(), Some("990101001000"));
}

#[test]
fn the_desk_writes_a_class_that_the_table_knows() {
    install();
    let refused = |level: &str, category: &str| {
        let document = json!({ "fields": { "level": level, "category": category } }).to_string();
        let actor = ActorRole::Official("dispatcher".to_owned());
        let wanted = testing::move_by(actor, "early-sign/classify", &document);
        match EarlySign::guard(&config(), &sign(None), &wanted).unwrap() {
            Verdict::Refuse(refusal) => Some(refusal.text),
            _ => None,
        }
    };
    assert_eq!(refused("区级", "市政服务"), None);
    assert!(refused("区级", "天气").unwrap().contains("市政服务"));
    assert!(refused("部级", "市政服务").unwrap().contains("核对级别"));
}

fn follows(case: Case, code: &str, document: &str) -> Vec<&'static str> {
    install();
    let events = vec![testing::happened(code, document)];
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, events);
    let proposals = EarlySign::react(&config(), &reaction).unwrap();
    proposals.iter().map(|own| own.command.name()).collect()
}

#[test]
fn a_marked_matter_is_put_on_record_and_has_until_the_clock() {
    assert_eq!(follows(sign(None), "registered", "{}"), ["open-proceeding"]);
    assert_eq!(follows(testing::case(), "registered", "{}"), [""; 0]);
    let opened = r#"{"proceeding":{"id":2}}"#;
    assert_eq!(
        follows(on_record("found"), "proceeding-opened", opened),
        ["start-clock"]
    );
}

fn led_by(unit: &str) -> Case {
    let mut case = on_record("found");
    case.assignments = Some(vec![testing::assignment(1, unit, AssignmentRole::Lead)]);
    case
}

#[test]
fn it_is_passed_on_when_somebody_above_the_place_leads() {
    assert_eq!(
        follows(led_by("cleaning"), "assigned", "{}"),
        ["move-proceeding"]
    );
    assert_eq!(follows(led_by("committee"), "assigned", "{}"), [""; 0]);
}

#[test]
fn it_is_passed_on_when_an_order_has_reached_its_addressee() {
    let ordered = |state: &str| {
        let mut case = led_by("committee");
        let order = testing::proceeding(5, "upward-order", state);
        case.proceedings.as_mut().unwrap().push(order);
        follows(case, "proceeding-moved", r#"{"proceeding":5}"#)
    };
    assert_eq!(ordered("relayed"), [""; 0]);
    assert_eq!(ordered("issued"), ["move-proceeding"]);
}

#[test]
fn passed_on_or_settled_it_has_kept_its_clock() {
    for state in ["passed", "settled", "dismissed"] {
        let mut case = on_record(state);
        let clock = testing::clock(9, "early-sign", "u1", ClockState::Running);
        case.clocks = Some(vec![clock]);
        assert_eq!(
            follows(case, "proceeding-moved", r#"{"proceeding":2}"#),
            ["stop-clock"],
            "{state}"
        );
    }
}

#[test]
fn a_sign_that_was_not_passed_on_in_time_is_somebodys_task() {
    let mut case = on_record("found");
    let clock = testing::clock(9, "early-sign", "u1", ClockState::Breached);
    case.clocks = Some(vec![clock]);
    assert_eq!(
        follows(case, "clock-breached", r#"{"clock":9}"#),
        ["raise-task"]
    );
}
