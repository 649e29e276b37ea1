//! The rules of triage as a platform's desk would tell them.

use fengqiao_sdk::case::AssignmentRole;
use fengqiao_sdk::directory::Unit;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing::{self, Fixture};

use crate::CatalogueDispatch;
use crate::config::Config;

const COUNTY: &str = "990101000000";
const TOWN: &str = "990101001000";
const VILLAGE: &str = "990101001001";

fn config() -> Config {
    let assumed = serde_json::json!({ "mark": "A", "source": "t" });
    serde_json::from_value(serde_json::json!({
        "platform": { "unit-kind": "platform", "role": "dispatcher" },
        "catalogue": { "code": "items", "provenance": assumed },
        "emergency": { "mark": "emergency", "route": "110", "routes": { "消防": "119" }, "provenance": assumed },
        "base": { "mark": "found-below", "flag": "base", "provenance": assumed },
        "pass-down": { "flag": "pass-down", "provenance": assumed },
        "hurry": [{ "marks": ["danger"], "flag": "hurry", "clocks": [{ "name": "report", "spec": "same-day", "provenance": assumed }] }]
    }))
    .unwrap()
}

fn platform(id: &str, division: &str, portfolios: &[&str]) -> Unit {
    Unit {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: "platform".to_owned(),
        division: division.to_owned(),
        portfolios: portfolios.iter().map(|p| (*p).to_owned()).collect(),
        parent: None,
        business_parent: None,
    }
}

fn install() {
    Fixture::default()
        .with_unit(platform("city", COUNTY, &[]))
        .with_unit(platform("town", TOWN, &["属地"]))
        .with_unit(platform("village", VILLAGE, &[]))
        .unit("housing", COUNTY, &["住建"])
        .unit("holding", COUNTY, &["国投"])
        .catalogue(
            "items",
            &["category", "item"],
            &["category", "item", "lead", "assists", "level", "limit"],
            &[
                &["市政", "井盖", "住建", "国投;国投;住建", "county", "1cd"],
                &["市政", "路灯", "住建", "属地", "county", "2wd"],
                &["房产", "甲", "住建", "", "county", "5wd"],
                &["房产", "乙", "住建", "", "county", "5wd"],
                &["村务", "公开", "村务", "", "village", "5wd"],
                &["环境", "垃圾", "属地", "", "township", "2wd"],
                &["外事", "侨务", "外事", "", "county", "5wd"],
            ],
        )
        .install();
}

fn about(category: &str, marks: &[&str]) -> Case {
    let mut case = testing::case();
    let mut matter = testing::matter("complaint", Some(category).filter(|c| !c.is_empty()));
    matter.marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
    case.matter = Some(matter);
    case
}

/// After so many moves of the level, it is handled there.
fn moved(mut case: Case, handled_by: &str, moves: u32) -> Case {
    case.place.as_mut().unwrap().handled_by = handled_by.to_owned();
    case.history.as_mut().unwrap().level_moves = moves;
    case
}

fn ask(case: &Case) -> Answer {
    install();
    CatalogueDispatch::triage(&config(), case).unwrap()
}

#[track_caller]
fn accepted(case: &Case) -> Acceptance {
    match ask(case) {
        Answer::Accept(acceptance) => acceptance,
        other => panic!("没有派单：{other:?}"),
    }
}

#[track_caller]
fn leads(case: &Case, lead: &str, level: &str) {
    let acceptance = accepted(case);
    assert_eq!(
        (acceptance.lead.as_str(), acceptance.level.as_deref()),
        (lead, Some(level))
    );
}

fn limits(acceptance: &Acceptance) -> Vec<(&str, &str)> {
    let clocks = acceptance.clocks.iter();
    clocks
        .map(|clock| (clock.name.as_str(), clock.spec.as_str()))
        .collect()
}

#[test]
fn an_emergency_is_referred_at_once_by_its_category() {
    let refer = |category| ask(&about(category, &["emergency"]));
    assert_eq!(refer("市政/井盖"), Answer::Refer("110".to_owned()));
    assert_eq!(refer("消防/火情"), Answer::Refer("119".to_owned()));
}

#[test]
fn an_item_says_who_leads_who_assists_and_how_fast() {
    let case = about("市政/井盖", &[]);
    leads(&case, "housing", COUNTY);
    let acceptance = accepted(&case);
    let helpers: Vec<_> = acceptance
        .others
        .iter()
        .map(|other| (other.unit.as_str(), other.role))
        .collect();
    assert_eq!(helpers, [("holding", AssignmentRole::Assist)]);
    assert_eq!(limits(&acceptance), [("report", "1cd")]);
}

#[test]
fn an_assist_is_looked_for_from_the_town_upward() {
    let others = accepted(&about("市政/路灯", &[])).others;
    let helpers: Vec<&str> = others.iter().map(|other| other.unit.as_str()).collect();
    assert_eq!(helpers, ["town"]);
}

#[test]
fn who_has_a_part_already_is_not_asked_for_it_again() {
    let mut case = moved(about("市政/井盖", &[]), COUNTY, 1);
    case.assignments = Some(vec![testing::assignment(
        1,
        "holding",
        AssignmentRole::Assist,
    )]);
    assert_eq!(accepted(&case).others, []);
}

#[test]
fn a_category_without_an_item_is_dispatched_where_its_items_agree() {
    leads(&about("房产", &[]), "housing", COUNTY);
    assert!(matches!(ask(&about("市政", &[])), Answer::NeedHuman(_)));
}

#[test]
fn what_the_catalogue_does_not_know_is_decided_at_the_platform_from_the_town_upward() {
    for category in ["", "市政/没有的事项", "没有的类别", "外事/侨务"] {
        let Answer::NeedHuman(need) = ask(&about(category, &[])) else {
            panic!("{category}")
        };
        assert_eq!(
            (need.desk.as_str(), need.role.as_str()),
            (TOWN, "dispatcher"),
            "{category}"
        );
    }
    let Answer::NeedHuman(need) = ask(&moved(about("", &[]), COUNTY, 1)) else {
        panic!()
    };
    assert_eq!(need.desk, COUNTY);
}

#[test]
fn what_the_base_found_is_tried_there_first() {
    let found = about("市政/井盖", &["found-below"]);
    leads(&found, "village", VILLAGE);
    assert_eq!(accepted(&found).flags, ["base"]);
}

#[test]
fn what_was_whistled_up_is_the_towns_and_then_the_citys_by_the_catalogue() {
    let found = about("市政/井盖", &["found-below"]);
    leads(&moved(found.clone(), TOWN, 1), "town", TOWN);
    leads(&moved(found, COUNTY, 2), "housing", COUNTY);
}

#[test]
fn a_towns_matter_goes_to_the_town() {
    leads(&about("环境/垃圾", &[]), "town", TOWN);
}

#[test]
fn a_villages_matter_goes_through_its_town() {
    let case = about("村务/公开", &[]);
    leads(&case, "town", TOWN);
    assert_eq!(accepted(&case).flags, ["pass-down"]);
    leads(&moved(case, VILLAGE, 2), "village", VILLAGE);
}

#[test]
fn after_a_move_upward_nobody_below_is_asked_again() {
    let case = moved(about("环境/垃圾", &[]), COUNTY, 2);
    assert!(matches!(ask(&case), Answer::NeedHuman(_)));
}

#[test]
fn a_danger_shortens_the_clock() {
    let acceptance = accepted(&about("市政/路灯", &["danger"]));
    assert_eq!(
        limits(&acceptance),
        [("report", "2wd"), ("report", "same-day")]
    );
    assert_eq!(acceptance.flags, ["hurry"]);
}
