//! The rules of triage as a desk would tell them.

use fengqiao_sdk::case::Party;
use fengqiao_sdk::directory::Unit;
use fengqiao_sdk::guard::ActorRole;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing::{self, Fixture};

use crate::OneThreeX;
use crate::config::Config;

const COUNTY: &str = "990101000000";
const TOWN: &str = "990101001000";
const VILLAGE: &str = "990101001001";

fn config() -> Config {
    serde_json::from_value(serde_json::json!({
        "hub": { "unit-kind": "hub", "role": "dispatcher" },
        "catalogue": "matters",
        "other-categories": ["其他"],
        "decline": "refused",
        "emergency": { "mark": "emergency", "route": "110", "routes": { "火情": "119" }, "provenance": { "mark": "A", "source": "t" } },
        "in-place": { "mark": "in-grid", "unit-kind": "village-centre", "flags": ["in-grid"], "provenance": { "mark": "S", "source": "t" } },
        "sub-centre": [
            { "because": "pre-suit", "unit-kind": "settlement", "reach": "nearest", "marks": ["pre-suit"], "categories": ["借款纠纷"], "parties": "private", "flags": ["mediation"], "provenance": { "mark": "S", "source": "t" } },
            { "because": "legal", "unit-kind": "legal", "reach": "nearest", "categories": ["法律咨询"], "provenance": { "mark": "S", "source": "t" } },
            { "because": "petition", "unit-kind": "petition", "reach": "highest", "kinds": ["petition"], "marks": ["legacy"], "provenance": { "mark": "S", "source": "t" },
              "bundle": [ { "marks": ["legacy", "distress"], "assist-portfolios": ["心理", "调解", "法援"], "flags": ["bundle"], "provenance": { "mark": "S", "source": "t" } } ] }
        ]
    }))
    .unwrap()
}

fn of_kind(id: &str, division: &str, kind: &str, portfolios: &[&str]) -> Unit {
    Unit {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: kind.to_owned(),
        division: division.to_owned(),
        portfolios: portfolios.iter().map(|p| (*p).to_owned()).collect(),
        parent: None,
        business_parent: None,
    }
}

fn install() {
    Fixture::default()
        .with_unit(of_kind("county-hub", COUNTY, "hub", &[]))
        .with_unit(of_kind("town-hub", TOWN, "hub", &[]))
        .with_unit(of_kind("village-centre", VILLAGE, "village-centre", &[]))
        .with_unit(of_kind("settlement", COUNTY, "settlement", &[]))
        .with_unit(of_kind("legal-room", VILLAGE, "legal", &[]))
        .with_unit(of_kind("legal-station", TOWN, "legal", &[]))
        .with_unit(of_kind("petition", COUNTY, "petition", &[]))
        .unit("town-sweep", TOWN, &["市容"])
        .unit("county-sweep", COUNTY, &["市容", "执法"])
        .unit("county-mind", COUNTY, &["心理"])
        .unit("town-mediators", TOWN, &["调解"])
        .unit("county-aid", COUNTY, &["法援"])
        .catalogue(
            "matters",
            &["category"],
            &["category", "portfolio", "level"],
            &[
                &["违建", "执法", "county"],
                &["占道", "市容", "township"],
                &["市容", "市容", "county"],
            ],
        )
        .install();
}

fn ask(change: impl FnOnce(&mut Case)) -> Answer {
    install();
    let mut case = testing::case();
    change(&mut case);
    OneThreeX::triage(&config(), &case).unwrap()
}

fn about(kind: &str, category: Option<&str>, marks: &[&str]) -> impl FnOnce(&mut Case) {
    let mut matter = testing::matter(kind, category);
    matter.marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
    move |case| case.matter = Some(matter)
}

#[track_caller]
fn leads(answer: &Answer, lead: &str, level: &str) {
    let Answer::Accept(acceptance) = answer else {
        panic!("没有派单：{answer:?}")
    };
    assert_eq!(
        (acceptance.lead.as_str(), acceptance.level.as_deref()),
        (lead, Some(level))
    );
}

#[test]
fn an_emergency_is_referred_at_once_by_its_category() {
    assert_eq!(
        ask(about("complaint", None, &["emergency"])),
        Answer::Refer("110".to_owned())
    );
    assert_eq!(
        ask(about("complaint", Some("火情"), &["emergency"])),
        Answer::Refer("119".to_owned())
    );
}

#[test]
fn what_the_grid_can_solve_stays_in_the_village() {
    leads(
        &ask(about("dispute", Some("借款纠纷"), &["in-grid"])),
        "village-centre",
        VILLAGE,
    );
}

#[test]
fn a_private_dispute_goes_to_the_settlement_centre() {
    let answer = ask(about("dispute", Some("借款纠纷"), &[]));
    leads(&answer, "settlement", COUNTY);
    let Answer::Accept(acceptance) = answer else {
        unreachable!()
    };
    assert_eq!(acceptance.flags, ["mediation"]);
}

#[test]
fn a_dispute_with_a_unit_is_not_private_unless_the_court_diverted_it() {
    let with_unit = |marks: &'static [&'static str]| {
        move |case: &mut Case| {
            about("dispute", Some("借款纠纷"), marks)(case);
            case.parties = Some(vec![Party {
                role: "respondent".to_owned(),
                unit: Some("town-sweep".to_owned()),
            }]);
        }
    };
    assert!(matches!(ask(with_unit(&[])), Answer::NeedHuman(_)));
    leads(&ask(with_unit(&["pre-suit"])), "settlement", COUNTY);
}

#[test]
fn legal_advice_is_given_as_near_as_possible() {
    leads(
        &ask(about("consultation", Some("法律咨询"), &[])),
        "legal-room",
        VILLAGE,
    );
    let in_town = |case: &mut Case| {
        about("consultation", Some("法律咨询"), &[])(case);
        case.place = Some(testing::place(TOWN));
    };
    leads(&ask(in_town), "legal-station", TOWN);
}

#[test]
fn a_petition_has_no_helpers_and_an_old_one_with_distress_has_three() {
    let Answer::Accept(plain) = ask(about("petition", None, &[])) else {
        panic!()
    };
    assert_eq!((plain.lead.as_str(), plain.others.len()), ("petition", 0));
    let Answer::Accept(hard) = ask(about("petition", None, &["legacy", "distress"])) else {
        panic!()
    };
    let helpers: Vec<&str> = hard
        .others
        .iter()
        .map(|other| other.unit.as_str())
        .collect();
    assert_eq!(helpers, ["county-mind", "town-mediators", "county-aid"]);
    assert_eq!(hard.flags, ["bundle"]);
}

#[test]
fn a_known_category_goes_to_the_unit_in_charge_from_the_level_of_the_table() {
    leads(
        &ask(about("report", Some("违建"), &[])),
        "county-sweep",
        COUNTY,
    );
    leads(
        &ask(about("complaint", Some("占道"), &[])),
        "town-sweep",
        TOWN,
    );
    leads(
        &ask(about("complaint", Some("市容"), &[])),
        "county-sweep",
        COUNTY,
    );
}

#[test]
fn what_no_rule_knows_is_looked_at_in_the_town_first() {
    for category in [None, Some("其他"), Some("没有的类别")] {
        let Answer::NeedHuman(need) = ask(about("complaint", category, &[])) else {
            panic!("{category:?}")
        };
        assert_eq!(
            (need.desk.as_str(), need.role.as_str()),
            (TOWN, "dispatcher"),
            "{category:?}"
        );
    }
}

#[test]
fn after_a_move_upward_nobody_below_is_asked_again() {
    let handed_up = |category: Option<&'static str>| {
        move |case: &mut Case| {
            about("complaint", category, &[])(case);
            let mut place = testing::place(VILLAGE);
            place.handled_by = COUNTY.to_owned();
            case.place = Some(place);
        }
    };
    leads(&ask(handed_up(Some("占道"))), "county-sweep", COUNTY);
    let Answer::NeedHuman(need) = ask(handed_up(None)) else {
        panic!()
    };
    assert_eq!(need.desk, COUNTY);
}

#[test]
fn nothing_is_turned_away() {
    install();
    let wanted = testing::move_by(
        ActorRole::Official("dispatcher".to_owned()),
        "decline",
        "{}",
    );
    let verdict = OneThreeX::guard(&config(), &testing::case(), &wanted).unwrap();
    assert!(
        matches!(verdict, fengqiao_sdk::guard::Verdict::Refuse(refusal) if refusal.code == "never-declined")
    );
    let wanted = testing::move_by(ActorRole::Official("dispatcher".to_owned()), "refer", "{}");
    assert_eq!(
        OneThreeX::guard(&config(), &testing::case(), &wanted),
        Ok(fengqiao_sdk::guard::Verdict::Permit)
    );
}
