//! Mediation as a mediator would tell it.

use fengqiao_sdk::guard::{ActorRole, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing;

use crate::Mediation;
use crate::config::Config;

fn config() -> Config {
    let clock = |name: &str, spec: &str| serde_json::json!({ "name": name, "spec": spec, "roll": "law", "provenance": { "mark": "L", "source": "t" } });
    serde_json::from_value(serde_json::json!({
        "kind": "mediation", "label": "调解",
        "open-on": { "event": "signed", "flag": "mediation", "kinds": ["dispute"] },
        "open-by": ["lead"], "mediate-by": ["lead", { "role": "mediator" }],
        "report-while-open": "refused", "confirmation": "both-parties",
        "labels": { "state.agreed": "谈拢了" },
        "clocks": { "consent": clock("c", "3wd"), "in-session": clock("m", "30cd"), "agreed": clock("j", "30cd") }
    }))
    .unwrap()
}

fn refused(code: &str, document: &str, state: Option<&str>) -> Option<String> {
    let mut case = testing::case();
    case.proceedings = Some(
        state
            .map(|state| testing::proceeding(1, "mediation", state))
            .into_iter()
            .collect(),
    );
    let wanted = testing::move_by(ActorRole::Official("mediator".to_owned()), code, document);
    match Mediation::guard(&config(), &case, &wanted).unwrap() {
        Verdict::Refuse(refusal) => Some(refusal.code),
        _ => None,
    }
}

#[test]
fn both_sides_must_want_it() {
    let both = r#"{"fields":{"applicant":"同意","respondent":"同意"}}"#;
    let one = r#"{"fields":{"applicant":"同意","respondent":" "}}"#;
    assert_eq!(refused("mediation/consent", both, None), None);
    assert_eq!(
        refused("mediation/consent", one, None).as_deref(),
        Some("both-parties")
    );
    assert_eq!(
        refused("mediation/prolong", one, None).as_deref(),
        Some("both-parties")
    );
}

#[test]
fn confirmation_is_asked_for_by_both_together() {
    let one = r#"{"fields":{"applicant":"申请"}}"#;
    assert_eq!(
        refused("mediation/file", one, None).as_deref(),
        Some("both-parties")
    );
    assert_eq!(refused("other/file", one, None), None);
}

#[test]
fn nothing_is_reported_before_mediation_has_come_to_an_end() {
    for state in ["consent", "assigned", "in-session"] {
        assert_eq!(
            refused("report", "{}", Some(state)).as_deref(),
            Some("mediation-open"),
            "{state}"
        );
    }
    for state in [Some("agreed"), Some("failed"), None] {
        assert_eq!(refused("report", "{}", state), None, "{state:?}");
    }
}

fn react(kind: &str, flag: &str, begun: bool) -> usize {
    let mut case = testing::case();
    case.matter = Some(testing::matter(kind, None));
    case.history.as_mut().unwrap().flags = vec![flag.to_owned()];
    if begun {
        case.proceedings = Some(vec![testing::proceeding(1, "mediation", "consent")]);
    }
    let signed = testing::happened("signed", r#"{"assignment":1}"#);
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, vec![signed]);
    Mediation::react(&config(), &reaction).unwrap().len()
}

#[test]
fn a_dispute_sent_to_mediation_begins_with_it_once() {
    assert_eq!(react("dispute", "mediation", false), 1);
    assert_eq!(react("dispute", "mediation", true), 0);
    assert_eq!(react("complaint", "mediation", false), 0);
    assert_eq!(react("dispute", "other", false), 0);
}

#[test]
fn a_place_gives_the_steps_its_own_words() {
    let graph = Mediation::profile(&config()).unwrap().proceedings.remove(0);
    let agreed = graph
        .states
        .iter()
        .find(|state| state.code == "agreed")
        .unwrap();
    assert_eq!(agreed.label, "谈拢了");
}

fn with_roster() -> Config {
    let mut config = config();
    config.mediators = serde_json::from_value(serde_json::json!({
        "catalogue": "mediators", "suggest-to": "mediator", "provenance": { "mark": "S", "source": "t" }
    }))
    .unwrap();
    let rows: &[&[&str]] = &[
        &["990101001001", "老范", "familiar", "工作站十九年"],
        &["990101001002", "老陈", "familiar", ""],
        &["990101000000", "李律师", "", "律师"],
    ];
    let columns = ["place", "name", "tie", "about"];
    testing::Fixture::default()
        .catalogue("mediators", &["place", "name"], &columns, rows)
        .install();
    config
}

fn appointed(name: &str) -> Verdict {
    let config = with_roster();
    let document = serde_json::json!({ "fields": { "mediator": name } }).to_string();
    let wanted = testing::move_by(
        ActorRole::Official("mediator".to_owned()),
        "mediation/appoint",
        &document,
    );
    Mediation::guard(&config, &testing::case(), &wanted).unwrap()
}

#[test]
fn a_mediator_is_somebody_of_the_place_or_of_a_division_above_it() {
    assert!(matches!(appointed("老范"), Verdict::Permit));
    assert!(matches!(appointed("李律师"), Verdict::Permit));
    assert!(matches!(appointed("老陈"), Verdict::Refuse(_)));
}

#[test]
fn whoever_names_a_stranger_is_told_the_familiar_faces() {
    let Verdict::Refuse(refusal) = appointed("生面孔") else {
        unreachable!("a stranger isn't on the roster")
    };
    assert_eq!(refusal.code, "mediator-unknown");
    assert!(
        refusal.text.contains("老范（工作站十九年）"),
        "{}",
        refusal.text
    );
}

#[test]
fn the_chief_of_a_portfolio_mediates_what_needs_it() {
    let mut config = with_roster();
    let chiefs = serde_json::json!({ "provenance": { "mark": "S", "source": "t" } });
    config.mediators.as_mut().unwrap().chiefs = serde_json::from_value(chiefs).unwrap();
    let columns = ["place", "name", "tie", "portfolio"];
    let rows: &[&[&str]] = &[
        &["990101000000", "老李", "chief", "土地"],
        &["990101001001", "老范", "familiar", ""],
    ];
    testing::Fixture::default()
        .catalogue("mediators", &["place", "name"], &columns, rows)
        .install();
    let appoint = |config: &Config, name: &str, portfolio: &str| {
        let mut case = testing::case();
        case.matter.as_mut().unwrap().portfolios = vec![portfolio.to_owned()];
        let document = serde_json::json!({ "fields": { "mediator": name } }).to_string();
        let mediator = ActorRole::Official("mediator".to_owned());
        let wanted = testing::move_by(mediator, "mediation/appoint", &document);
        match Mediation::guard(config, &case, &wanted).unwrap() {
            Verdict::Refuse(refusal) => Some(refusal.code),
            _ => None,
        }
    };
    assert_eq!(appoint(&config, "老李", "土地"), None);
    let first = Some("chief-first".to_owned());
    assert_eq!(appoint(&config, "老范", "土地"), first);
    assert_eq!(appoint(&config, "老范", "劳动"), None);
    config.mediators.as_mut().unwrap().chiefs = None;
    assert_eq!(appoint(&config, "老范", "土地"), None);
}

#[test]
fn at_most_five_familiar_faces_are_named() {
    let mut config = with_roster();
    let names = ["甲", "乙", "丙", "丁", "戊", "己"];
    let rows = names.map(|name| ["990101001001", name, "familiar", ""]);
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 4]>::as_slice).collect();
    testing::Fixture::default()
        .catalogue(
            "mediators",
            &["place", "name"],
            &["place", "name", "tie", "about"],
            &rows,
        )
        .install();
    config.mediators.as_mut().unwrap().suggest_to = Some(Role::Secretary);
    let mut case = testing::case();
    case.proceedings = Some(vec![testing::proceeding(1, "mediation", "assigned")]);
    let moved = testing::happened("proceeding-moved", r#"{"proceeding":1,"code":"consent"}"#);
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, vec![moved]);
    let proposals = Mediation::react(&config, &reaction).unwrap();
    let task = serde_json::to_string(&proposals[0].command).unwrap();
    let named = |name: &&&str| task.contains(**name);
    assert_eq!(names.iter().filter(named).count(), 5, "{task}");
}

#[test]
fn familiar_faces_are_suggested_once_both_sides_want_mediation() {
    let config = with_roster();
    let tasks = |code: &str| {
        let mut case = testing::case();
        case.proceedings = Some(vec![testing::proceeding(1, "mediation", "assigned")]);
        let document = format!(r#"{{"proceeding":1,"code":"{code}"}}"#);
        let moved = testing::happened("proceeding-moved", &document);
        let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, vec![moved]);
        Mediation::react(&config, &reaction).unwrap().len()
    };
    assert_eq!(tasks("consent"), 1);
    assert_eq!(tasks("decline"), 0);
}
