//! The tiers as a centre would tell them.

use fengqiao_sdk::case::{AssignmentRole, ClockState, Subject};
use fengqiao_sdk::directory::Unit;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing::{self, Fixture};

use crate::TieredHandling;
use crate::config::Config;

const COUNTY: &str = "990101000000";
const TOWN: &str = "990101001000";
const VILLAGE: &str = "990101001001";
const GRID: &str = "990101001001001";

fn config() -> Config {
    let sure = serde_json::json!({ "mark": "S", "source": "t" });
    serde_json::from_value(serde_json::json!({
        "catalogue": "matters",
        "centre": { "unit-kind": "centre", "role": "dispatcher" },
        "emergency": { "mark": "emergency", "route": "110", "provenance": sure },
        "handed-up": { "village": "village", "township": "centre", "county": "centre" },
        "repeat-guard": { "count": { "value": 2, "provenance": sure }, "level": "township", "flag": "hazard", "supervise-level": "county" },
        "beyond": { "mark": "beyond", "provenance": sure },
        "joint": { "departments": { "value": 2, "provenance": sure }, "level": "township", "flags": ["joint"] },
        "route": [
            { "because": "distress", "natures": ["distress"], "marks": ["distress"], "unit-kind": "room" },
            { "because": "village", "natures": ["village"], "unit-kind": "village" },
            { "because": "grid", "natures": ["routine"], "unit-kind": "grid-officer" },
            { "because": "department", "natures": ["professional"], "by": "portfolio" }
        ],
        "hurry": [ { "marks": ["urgent"], "clocks": [ { "name": "report", "spec": "same-day", "provenance": sure } ] } ],
        "inspection": { "channels": ["inspection"], "supervise-level": "county", "provenance": sure },
        "common-problem": {
            "count": { "value": 5, "provenance": sure }, "level": "county",
            "within-days": { "value": 30, "provenance": sure }, "kind": "common-problem", "label": "共性问题",
            "move-by": [ { "role": "dispatcher" } ], "check-by": [ { "role": "supervisor" } ],
            "clocks": {
                "cause": { "name": "find-cause", "spec": "5wd", "provenance": sure },
                "measures": { "name": "take-measures", "spec": "5wd", "provenance": sure },
                "source": { "name": "done-at-source", "spec": "20wd", "provenance": sure },
                "check": { "name": "check", "spec": "5wd", "provenance": sure }
            }
        },
        "home-visit": { "flag": "home-visit", "role": "secretary", "clock": { "name": "home-visit", "spec": "3wd", "provenance": sure }, "care": { "provenance": sure } }
    }))
    .unwrap()
}

fn of_kind(id: &str, division: &str, kind: &str) -> Unit {
    Unit {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: kind.to_owned(),
        division: division.to_owned(),
        portfolios: Vec::new(),
        parent: None,
        business_parent: None,
    }
}

fn install() {
    Fixture::default()
        .with_unit(of_kind("county-centre", COUNTY, "centre"))
        .with_unit(of_kind("town-centre", TOWN, "centre"))
        .with_unit(of_kind("village", VILLAGE, "village"))
        .with_unit(of_kind("officer", GRID, "grid-officer"))
        .with_unit(of_kind("room", TOWN, "room"))
        .unit("housing", COUNTY, &["住建"])
        .unit("planning", COUNTY, &["自规"])
        .catalogue(
            "matters",
            &["category"],
            &["category", "nature", "portfolio"],
            &[
                &["村务", "village", ""],
                &["井盖", "routine", ""],
                &["房产", "professional", "住建"],
            ],
        )
        .install();
}

fn case(place: &str, category: Option<&str>, marks: &[&str]) -> Case {
    let mut case = testing::case();
    let mut matter = testing::matter("complaint", category);
    matter.marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
    case.matter = Some(matter);
    case.place = Some(testing::place(place));
    case.ext = vec![testing::care(false)];
    case
}

fn ask(case: &Case) -> Answer {
    install();
    TieredHandling::triage(&config(), case).unwrap()
}

#[track_caller]
fn accepted(answer: Answer) -> Acceptance {
    match answer {
        Answer::Accept(acceptance) => acceptance,
        other => panic!("没有派单：{other:?}"),
    }
}

#[track_caller]
fn led_by(case: &Case, lead: &str) {
    assert_eq!(accepted(ask(case)).lead, lead);
}

#[test]
fn an_emergency_is_referred_at_once() {
    assert_eq!(
        ask(&case(VILLAGE, None, &["emergency"])),
        Answer::Refer("110".to_owned())
    );
}

#[test]
fn the_nature_of_the_matter_says_who() {
    led_by(&case(VILLAGE, Some("村务"), &[]), "village");
    led_by(&case(GRID, Some("井盖"), &[]), "officer");
    led_by(&case(VILLAGE, Some("房产"), &[]), "housing");
    led_by(&case(VILLAGE, None, &["distress"]), "room");
}

#[test]
fn what_no_rule_knows_is_passed_on() {
    assert_eq!(ask(&case(VILLAGE, Some("没有的类别"), &[])), Answer::Pass);
    assert_eq!(ask(&case(TOWN, Some("村务"), &[])), Answer::Pass);
}

#[test]
fn two_departments_work_together_under_the_town_centre() {
    let mut case = case(VILLAGE, Some("房产"), &[]);
    case.matter.as_mut().unwrap().portfolios = vec!["住建".to_owned(), "自规".to_owned()];
    let acceptance = accepted(ask(&case));
    assert_eq!(
        (acceptance.lead.as_str(), acceptance.level.as_deref()),
        ("town-centre", Some(TOWN))
    );
    let helpers: Vec<&str> = acceptance
        .others
        .iter()
        .map(|other| other.unit.as_str())
        .collect();
    assert_eq!(helpers, ["housing", "planning"]);
    assert_eq!(acceptance.flags, ["joint"]);
}

#[test]
fn one_department_is_not_joint_however_often_it_is_named() {
    let mut case = case(VILLAGE, Some("房产"), &[]);
    case.matter.as_mut().unwrap().portfolios = vec!["住建".to_owned(), "住建".to_owned()];
    led_by(&case, "housing");
}

#[test]
fn what_is_beyond_the_village_goes_one_level_up() {
    let acceptance = accepted(ask(&case(VILLAGE, Some("村务"), &["beyond"])));
    assert_eq!(
        (acceptance.lead.as_str(), acceptance.level.as_deref()),
        ("town-centre", Some(TOWN))
    );
}

#[test]
fn what_was_handed_up_is_led_by_that_levels_centre() {
    for (handled_by, lead) in [(TOWN, "town-centre"), (COUNTY, "county-centre")] {
        let mut case = case(VILLAGE, Some("村务"), &[]);
        case.place.as_mut().unwrap().handled_by = handled_by.to_owned();
        led_by(&case, lead);
    }
}

#[test]
fn the_second_unsolved_report_in_a_village_goes_to_the_town_with_a_hazard_mark() {
    let mut again = case(VILLAGE, Some("村务"), &[]);
    again.history.as_mut().unwrap().related = vec![("repeats".to_owned(), 1)];
    let acceptance = accepted(ask(&again));
    assert_eq!(
        (acceptance.lead.as_str(), acceptance.flags.as_slice()),
        ("town-centre", &["hazard".to_owned()][..])
    );
    let above: Vec<_> = acceptance
        .others
        .iter()
        .map(|other| (other.unit.as_str(), other.role))
        .collect();
    assert_eq!(above, [("county-centre", AssignmentRole::Supervise)]);
}

#[test]
fn a_repetition_in_the_town_itself_is_not_handed_up() {
    let mut again = case(TOWN, Some("房产"), &[]);
    again.history.as_mut().unwrap().related = vec![("repeats".to_owned(), 3)];
    led_by(&again, "housing");
}

#[test]
fn an_urgent_matter_has_shorter_clocks() {
    let acceptance = accepted(ask(&case(VILLAGE, Some("房产"), &["urgent"])));
    let clocks: Vec<_> = acceptance
        .clocks
        .iter()
        .map(|clock| (clock.name.as_str(), clock.spec.as_str()))
        .collect();
    assert_eq!(clocks, [("report", "same-day")]);
}

fn react(case: Case, events: &[(&str, &str)], related: &[(&str, u64)]) -> Vec<Proposal> {
    install();
    let events = events
        .iter()
        .map(|(code, document)| testing::happened(code, document))
        .collect();
    let mut reaction = testing::reaction(Subject::Case("C1".to_owned()), case, events);
    reaction.related = related
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect();
    TieredHandling::react(&config(), &reaction).unwrap()
}

fn names(proposals: &[Proposal]) -> Vec<&'static str> {
    proposals
        .iter()
        .map(|proposal| proposal.command.name())
        .collect()
}

#[test]
fn an_inspection_is_supervised_by_the_county_and_nothing_else_is() {
    let mut handed_in = case(VILLAGE, Some("村务"), &[]);
    handed_in.source = Some(testing::source("inspection"));
    assert_eq!(
        names(&react(handed_in, &[("registered", "{}")], &[])),
        ["assign"]
    );
    assert_eq!(
        names(&react(
            case(VILLAGE, Some("村务"), &[]),
            &[("registered", "{}")],
            &[]
        )),
        [""; 0]
    );
}

#[test]
fn the_fifth_case_alike_opens_one_record_in_the_county() {
    for (before, records) in [(3, 0), (4, 1), (5, 0)] {
        let proposals = react(
            case(TOWN, Some("房产"), &[]),
            &[("registered", "{}")],
            &[("same-category", before)],
        );
        assert_eq!(proposals.len(), records, "已有 {before} 件");
        if let Some(record) = proposals.first() {
            assert_eq!(record.subject, Subject::Division(COUNTY.to_owned()));
        }
    }
}

#[test]
fn a_leaders_flag_starts_a_clock_and_a_task_and_being_there_stops_it() {
    let flagged = [("flagged", r#"{"flag":"home-visit"}"#)];
    assert_eq!(
        names(&react(case(VILLAGE, Some("村务"), &[]), &flagged, &[])),
        ["start-clock", "raise-task"]
    );
    let other = [("flagged", r#"{"flag":"joint"}"#)];
    assert_eq!(
        names(&react(case(VILLAGE, Some("村务"), &[]), &other, &[])),
        [""; 0]
    );
    let mut there = case(VILLAGE, Some("村务"), &[]);
    there.clocks = Some(vec![testing::clock(
        7,
        "home-visit",
        "village",
        ClockState::Running,
    )]);
    assert_eq!(
        names(&react(there, &[("arrived", "{}")], &[])),
        ["stop-clock"]
    );
}

#[test]
fn somebody_on_a_care_list_comes_to_the_hubs_desk_and_gets_no_flag() {
    let mut cared_for = case(VILLAGE, Some("村务"), &[]);
    cared_for.ext = vec![testing::care(true)];
    let registered = [("registered", "{}")];
    let first = names(&react(cared_for.clone(), &registered, &[]));
    assert_eq!(first, ["raise-task"]);
    let later = [("signed", "{}")];
    assert_eq!(names(&react(cared_for, &later, &[])), [""; 0]);
    let other = case(VILLAGE, Some("村务"), &[]);
    assert_eq!(names(&react(other, &registered, &[])), [""; 0]);
}
