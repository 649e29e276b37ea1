//! Conferences and their money as a secretary would tell them.

use fengqiao_sdk::case::{AssignmentRole, ClockState};
use fengqiao_sdk::guard::{ActorRole, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing::{self, Fixture};

use crate::Conference;
use crate::config::Config;

const COUNTY: &str = "990101000000";

fn config() -> Config {
    let assumed = serde_json::json!({ "mark": "A", "source": "t" });
    let count = |value: u32| serde_json::json!({ "value": value, "provenance": assumed });
    let clock = serde_json::json!({ "name": "c", "spec": "3wd", "provenance": assumed });
    let secretary = serde_json::json!([{ "role": "secretary" }]);
    let level = |code: &str, next: Option<&str>| serde_json::json!({ "code": code, "label": code, "convene-by": secretary, "clock": clock, "remitted-to": next });
    serde_json::from_value(serde_json::json!({
        "kind": "conference", "report-while-open": "refused", "attend": count(2),
        "level": [level("3", Some("2")), level("2", Some("1")), level("1", None)],
        "spans": { "level": "3", "dimensions": count(2), "departments": count(2), "areas": count(2), "trade-mark": "cross-trade" },
        "ground": [
            { "level": "2", "reason": "refused", "proceeding": "order", "state": "refused", "provenance": assumed },
            { "level": "2", "reason": "expired", "clock": "order-sign", "provenance": assumed },
            { "level": "2", "reason": "disputed", "flag": "disputed", "after": "object", "provenance": assumed },
            { "level": "1", "reason": "major", "mark": "major", "provenance": assumed },
        ],
        "funding": {
            "kind": "funding", "label": "经费", "allowance": "fund", "marks": ["public-good", "not-budgeted"], "levels": ["2", "1"],
            "ask-by": ["lead"], "decide-by": secretary, "spend-by": ["lead"], "clock": clock, "provenance": assumed
        }
    }))
    .unwrap()
}

fn install() {
    Fixture::default()
        .unit("water", COUNTY, &["水务"])
        .unit("land", COUNTY, &["土地"])
        .unit("this-town", "990101001000", &[])
        .unit("other-town", "990101002000", &[])
        .install();
}

fn working(units: &[&str]) -> Case {
    let mut case = testing::case();
    let parts = units.iter().zip(1..);
    let parts = parts.map(|(unit, id)| testing::assignment(id, unit, AssignmentRole::Assist));
    case.assignments = Some(parts.collect());
    case
}

fn marked(mut case: Case, marks: &[&str]) -> Case {
    case.matter.as_mut().unwrap().marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
    case
}

fn with(mut case: Case, kind: &str, state: &str) -> Case {
    let all = case.proceedings.as_mut().unwrap();
    let mut proceeding = testing::proceeding(all.len() as u32 + 1, kind, state);
    if ["refused", "remitted-up", "closed"].contains(&state) {
        proceeding.end = fengqiao_sdk::case::ProceedingEnd::Ends;
    }
    all.push(proceeding);
    case
}

/// The levels whose conferences are called.
fn called(case: Case, event: &str, document: &str) -> Vec<String> {
    install();
    let events = vec![testing::happened(event, document)];
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, events);
    let proposals = Conference::react(&config(), &reaction).unwrap();
    let commands = proposals.iter();
    commands
        .map(|proposal| serde_json::to_value(&proposal.command).unwrap())
        .map(|command| {
            let kind = command["kind"].as_str().unwrap().to_owned();
            format!("{kind}:{}", command["fields"]["reason"].as_str().unwrap())
        })
        .collect()
}

fn refused(case: &Case, code: &str, document: &str) -> Option<String> {
    install();
    let by = ActorRole::Official("secretary".to_owned());
    let wanted = testing::move_by(by, code, document);
    match Conference::guard(&config(), case, &wanted).unwrap() {
        Verdict::Refuse(refusal) => Some(refusal.code),
        _ => None,
    }
}

const ASSIGNED: (&str, &str) = ("assigned", "{}");

#[test]
fn what_spans_two_of_departments_trades_and_areas_is_talked_over_at_the_third_level() {
    let (event, document) = ASSIGNED;
    let spans = |units: &[&str], marks: &[&str]| {
        called(marked(working(units), marks), event, document) == ["conference-3:spans"]
    };
    assert!(spans(&["water", "land", "other-town"], &[]));
    assert!(spans(&["water", "land"], &["cross-trade"]));
    assert!(spans(&["water", "other-town"], &["cross-trade"]));
    assert!(!spans(&["water", "land", "this-town"], &[]));
    assert!(!spans(&["water", "this-town", "other-town"], &[]));
    assert!(!spans(&["water"], &["cross-trade"]));
}

#[test]
fn it_is_called_once_for_what_it_spans() {
    let again = with(
        working(&["water", "land", "other-town"]),
        "conference-3",
        "closed",
    );
    assert_eq!(called(again, "assigned", "{}"), [""; 0]);
}

#[test]
fn a_refused_order_and_one_that_ran_out_are_talked_over_at_the_second_level() {
    let order = with(testing::case(), "order", "refused");
    let moved = r#"{"proceeding":1,"code":"refuse","to":"refused"}"#;
    assert_eq!(
        called(order, "proceeding-moved", moved),
        ["conference-2:refused"]
    );
    let mut silent = testing::case();
    silent.clocks = Some(vec![testing::clock(
        7,
        "order-sign",
        "water",
        ClockState::Breached,
    )]);
    let breached = r#"{"clock":7}"#;
    assert_eq!(
        called(silent, "clock-breached", breached),
        ["conference-2:expired"]
    );
}

#[test]
fn a_dispute_is_talked_over_when_the_time_for_objections_is_over() {
    let flag = r#"{"flag":"disputed"}"#;
    let mut case = testing::case();
    let clock = |state| vec![testing::clock(7, "object", "water", state)];
    case.clocks = Some(clock(ClockState::Running));
    assert_eq!(
        refused(&case, "flag", flag).as_deref(),
        Some("object-first")
    );
    case.clocks = Some(clock(ClockState::Breached));
    assert_eq!(refused(&case, "flag", flag), None);
    assert_eq!(called(case, "flagged", flag), ["conference-2:disputed"]);
}

#[test]
fn a_major_matter_begins_at_the_first_level() {
    let major = marked(testing::case(), &["major"]);
    assert_eq!(called(major, "registered", "{}"), ["conference-1:major"]);
    assert_eq!(called(testing::case(), "registered", "{}"), [""; 0]);
}

#[test]
fn what_a_level_cannot_settle_goes_one_level_up() {
    let moved = r#"{"proceeding":1,"code":"remit","to":"remitted-up"}"#;
    let remitted = |kind| {
        let case = with(testing::case(), kind, "remitted-up");
        called(case, "proceeding-moved", moved)
    };
    assert_eq!(remitted("conference-3"), ["conference-2:remitted"]);
    assert_eq!(remitted("conference-2"), ["conference-1:remitted"]);
    assert_eq!(remitted("conference-1"), [""; 0]);
}

#[test]
fn an_open_conference_is_not_called_again() {
    let order = with(testing::case(), "order", "refused");
    let moved = r#"{"proceeding":1,"code":"refuse","to":"refused"}"#;
    let open = with(order, "conference-2", "held");
    assert_eq!(called(open, "proceeding-moved", moved), [""; 0]);
}

#[test]
fn nobody_calls_a_conference_without_a_ground() {
    let ground = |case: &Case, kind: &str| refused(case, &format!("{kind}/open"), "{}");
    let plain = working(&["water"]);
    for kind in ["conference-3", "conference-2", "conference-1"] {
        assert_eq!(ground(&plain, kind).as_deref(), Some("no-ground"), "{kind}");
    }
    let wide = working(&["water", "land", "other-town"]);
    assert_eq!(ground(&wide, "conference-3"), None);
    let order = with(plain.clone(), "order", "refused");
    assert_eq!(ground(&order, "conference-2"), None);
    let failed = with(plain, "conference-2", "remitted-up");
    assert_eq!(ground(&failed, "conference-1"), None);
}

#[test]
fn several_attend_and_nothing_is_reported_before_it_is_decided() {
    let case = with(testing::case(), "conference-2", "called");
    let hold = |attended: &str| {
        let document = format!(r#"{{"fields":{{"attended":"{attended}"}}}}"#);
        refused(&case, "conference-2/hold", &document)
    };
    assert_eq!(hold("水务局").as_deref(), Some("too-few-attended"));
    assert_eq!(hold("水务局、自规局"), None);
    let report = |case: &Case| refused(case, "report", "{}");
    assert_eq!(report(&case).as_deref(), Some("conference-open"));
    let decided = with(testing::case(), "conference-2", "decided");
    assert_eq!(report(&decided), None);
}

#[test]
fn money_is_for_public_good_out_of_the_budget_that_a_high_conference_decided() {
    let open = |case: &Case| refused(case, "funding/open", "{}");
    let both = ["public-good", "not-budgeted"];
    let decided =
        |kind: &str, marks: &[&str]| with(marked(testing::case(), marks), kind, "decided");
    assert_eq!(open(&decided("conference-2", &both)), None);
    assert_eq!(open(&decided("conference-1", &both)), None);
    assert_eq!(
        open(&decided("conference-3", &both)).as_deref(),
        Some("not-decided")
    );
    assert_eq!(
        open(&decided("conference-2", &both[1..])).as_deref(),
        Some("not-fundable")
    );
    assert_eq!(
        open(&decided("conference-2", &both[..1])).as_deref(),
        Some("not-fundable")
    );
    let remitted = with(
        marked(testing::case(), &both),
        "conference-2",
        "remitted-up",
    );
    assert_eq!(open(&remitted).as_deref(), Some("not-decided"));
}

#[test]
fn the_declared_moves_draw_on_the_allowance() {
    let rules = Conference::profile(&config()).unwrap();
    let kinds: Vec<&str> = rules.proceedings.iter().map(|g| g.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["conference-3", "conference-2", "conference-1", "funding"]
    );
    let funding = rules.proceedings.last().unwrap();
    let draws: Vec<&str> = funding
        .moves
        .iter()
        .filter(|step| step.draw.is_some())
        .map(|step| step.code.as_str())
        .collect();
    assert_eq!(draws, ["approve", "spend", "give-back"]);
}
