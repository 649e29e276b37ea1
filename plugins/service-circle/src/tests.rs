//! Circles as a station's keeper would tell them.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing;
use serde_json::json;

use crate::ServiceCircle;
use crate::config::Config;

fn config() -> Config {
    serde_json::from_value(json!({
        "service": [
            { "code": "counselling", "label": "社会心理服务", "marks": ["distress"] },
            { "code": "legal", "label": "公共法律服务", "categories": ["法律咨询"] },
            { "code": "appeal", "label": "群众诉求服务" }
        ],
        "except": ["emergency"],
        "gap": { "role": "dispatcher" }
    }))
    .unwrap()
}

fn station(unit: Option<&str>, services: &[&str], metres: u32) -> Station {
    Station {
        id: "s".to_owned(),
        kind: "site".to_owned(),
        division: "990101001001".to_owned(),
        unit: unit.map(str::to_owned),
        services: services.iter().map(|own| (*own).to_owned()).collect(),
        metres,
    }
}

/// A case with these stations around it, and these services within their radius.
fn around(stations: &[Station], covered: &[(&str, bool)]) -> Case {
    let covered = covered.iter();
    let nearby = Nearby {
        stations: stations.to_vec(),
        covered: covered
            .map(|(service, covered)| ((*service).to_owned(), *covered))
            .collect(),
    };
    let mut case = testing::case();
    case.ext = vec![testing::nearby(Some(&nearby))];
    case
}

/// A case whose point nobody knows.
fn nowhere() -> Case {
    let mut case = testing::case();
    case.ext = vec![testing::nearby(None)];
    case
}

fn lead(mut case: Case, category: Option<&str>, marks: &[&str]) -> Option<String> {
    let mut matter = testing::matter("complaint", category);
    matter.marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
    case.matter = Some(matter);
    match ServiceCircle::triage(&config(), &case).unwrap() {
        Answer::Accept(acceptance) => Some(acceptance.lead),
        _ => None,
    }
}

#[test]
fn the_nearest_station_that_offers_the_service_takes_the_matter() {
    let stations = [
        station(Some("site"), &["appeal"], 40),
        station(Some("near"), &["appeal", "legal"], 300),
        station(Some("far"), &["legal"], 480),
    ];
    let case = || around(&stations, &[("legal", true), ("counselling", false)]);
    assert_eq!(lead(case(), Some("法律咨询"), &[]).as_deref(), Some("near"));
    assert_eq!(lead(case(), None, &["distress"]), None);
}

#[test]
fn a_station_outside_the_circle_takes_nothing() {
    let far = [station(Some("far"), &["legal"], 501)];
    let case = around(&far, &[("legal", false)]);
    assert_eq!(lead(case, Some("法律咨询"), &[]), None);
}

#[test]
fn a_station_where_nobody_handles_cases_takes_nothing() {
    let mute = [station(None, &["legal"], 10)];
    let case = around(&mute, &[("legal", true)]);
    assert_eq!(lead(case, Some("法律咨询"), &[]), None);
}

#[test]
fn what_is_anothers_in_any_case_is_left_to_them() {
    let stations = [station(Some("s"), &["counselling"], 10)];
    let case = || around(&stations, &[("counselling", true)]);
    assert_eq!(lead(case(), None, &["distress"]).as_deref(), Some("s"));
    assert_eq!(lead(case(), None, &["distress", "emergency"]), None);
}

#[test]
fn what_needs_nothing_particular_or_lies_nowhere_known_is_left_to_others() {
    let stations = [station(Some("s"), &["appeal", "legal"], 10)];
    let case = around(&stations, &[("appeal", true), ("legal", true)]);
    assert_eq!(lead(case, Some("噪音"), &[]), None);
    assert_eq!(lead(nowhere(), Some("法律咨询"), &[]), None);
}

fn follows(case: Case) -> Vec<&'static str> {
    let registered = testing::happened("registered", "{}");
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, vec![registered]);
    let proposals = ServiceCircle::react(&config(), &reaction).unwrap();
    proposals.iter().map(|own| own.command.name()).collect()
}

#[test]
fn a_point_is_covered_when_each_service_is_within_its_radius() {
    let all = [("appeal", true), ("legal", true), ("counselling", true)];
    assert_eq!(follows(around(&[], &all)), [""; 0]);
}

#[test]
fn each_service_that_is_lacking_is_a_fact_and_all_of_them_one_task() {
    let one = [("appeal", true), ("legal", false), ("counselling", false)];
    assert_eq!(follows(around(&[], &one)), ["flag", "flag", "raise-task"]);
    assert_eq!(follows(nowhere()), [""; 0]);
}

#[test]
fn a_document_of_another_form_is_the_inputs_fault() {
    let mut case = testing::case();
    case.ext = vec![("nearby".to_owned(), "[]".to_owned())];
    let answer = ServiceCircle::triage(&config(), &case);
    assert!(matches!(answer, Err(PluginError::BadInput(_))));
}
