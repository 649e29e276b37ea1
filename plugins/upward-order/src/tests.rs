//! Orders as a grid officer would tell them.

use fengqiao_sdk::guard::{ActorRole, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::Mover;
use fengqiao_sdk::testing::{self, Fixture};

use crate::UpwardOrder;
use crate::config::Config;

mod paths;

fn clock(name: &str, spec: &str) -> serde_json::Value {
    serde_json::json!({ "name": name, "spec": spec, "provenance": { "mark": "X", "source": "t" } })
}

fn config(level: &str, approvals: &[&str]) -> Config {
    serde_json::from_value(serde_json::json!({
        "kind": "upward-order", "label": "发令", "open-by": [{ "role": "grid-officer" }], "grant": "not-needed",
        "beyond": "village", "on-sign": { "assign": "assist", "level": level }, "approvals": approvals,
        "clocks": { "sign": clock("s", "1h"), "contact": clock("c", "24h"), "arrive": clock("a", "3wd") }
    }))
    .unwrap()
}

fn install() {
    Fixture::default()
        .unit("committee", "990101001001", &["村务"])
        .unit("traffic", "990101000000", &["交通"])
        .unit("water", "990101000000", &["水务"])
        .install();
}

fn refused(addressee: &str, portfolios: &[&str]) -> Option<String> {
    install();
    let mut case = testing::case();
    case.matter.as_mut().unwrap().portfolios = portfolios.iter().map(|p| (*p).to_owned()).collect();
    let document = format!(r#"{{"addressee":"{addressee}"}}"#);
    let wanted = testing::move_by(
        ActorRole::Official("grid-officer".to_owned()),
        "upward-order/open",
        &document,
    );
    match UpwardOrder::guard(&config("stay", &[]), &case, &wanted).unwrap() {
        Verdict::Refuse(refusal) => Some(refusal.code),
        _ => None,
    }
}

#[test]
fn an_order_goes_to_a_department_outside_the_village_that_the_matter_needs() {
    assert_eq!(refused("traffic", &["村务", "交通"]), None);
    assert_eq!(
        refused("water", &["交通"]).as_deref(),
        Some("no-outside-department")
    );
    assert_eq!(
        refused("committee", &["村务"]).as_deref(),
        Some("no-outside-department")
    );
    assert_eq!(
        refused("nobody", &["交通"]).as_deref(),
        Some("addressee-missing")
    );
}

fn react(level: &str, code: &str) -> Vec<&'static str> {
    install();
    let mut case = testing::case();
    let mut order = testing::proceeding(3, "upward-order", "signed");
    order.addressee = Some("traffic".to_owned());
    case.proceedings = Some(vec![order]);
    let moved = testing::happened(
        "proceeding-moved",
        &format!(r#"{{"proceeding":3,"code":"{code}"}}"#),
    );
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, vec![moved]);
    let proposals = UpwardOrder::react(&config(level, &[]), &reaction).unwrap();
    proposals
        .iter()
        .map(|proposal| proposal.command.name())
        .collect()
}

#[test]
fn whoever_signs_an_order_assists_from_then_on() {
    assert_eq!(react("stay", "sign"), ["assign"]);
    assert_eq!(react("stay", "contact"), [""; 0]);
}

#[test]
fn where_the_place_says_so_an_accepted_order_moves_the_case_up() {
    assert_eq!(react("hand-up", "sign"), ["assign", "hand-up"]);
}

#[test]
fn an_order_that_needs_approval_begins_as_a_draft() {
    let initial = |config: Config| {
        UpwardOrder::profile(&config)
            .unwrap()
            .proceedings
            .remove(0)
            .initial
    };
    assert_eq!(initial(config("stay", &[])), "issued");
    assert_eq!(initial(config("stay", &["secretary"])), "draft");
}

#[test]
fn where_a_rule_opens_orders_somebody_else_than_the_issuer_concludes_them() {
    let movers = |config: Config| {
        let graph = UpwardOrder::profile(&config).unwrap().proceedings.remove(0);
        let mut moves = graph.moves.into_iter();
        moves.find(|step| step.code == "conclude").unwrap().by
    };
    assert_eq!(movers(config("stay", &[])), [Mover::Issuer]);
    let mut by_lead = config("stay", &[]);
    by_lead.run_by = vec![Mover::Lead];
    assert_eq!(movers(by_lead), [Mover::Lead]);
}

/// A place whose platforms whistle level by level, and where whoever signs takes the case over.
fn by_platforms() -> Config {
    let mut config = config("hand-up", &[]);
    config.platform_kind = Some("platform".to_owned());
    config.on_sign = Some(crate::config::OnSign {
        assign: crate::config::Assign::Lead,
        level: crate::config::LevelThen::HandUp,
    });
    let platform = |id: &str, division: &str| fengqiao_sdk::directory::Unit {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: "platform".to_owned(),
        division: division.to_owned(),
        portfolios: Vec::new(),
        parent: None,
        business_parent: None,
    };
    Fixture::default()
        .with_unit(platform("town-platform", "990101001000"))
        .with_unit(platform("county-platform", "990101000000"))
        .unit("traffic", "990101000000", &["交通"])
        .install();
    config
}

#[test]
fn platforms_are_ordered_level_by_level() {
    let config = by_platforms();
    let open = |addressee: &str, handled_by: &str| {
        let mut case = testing::case();
        case.place.as_mut().unwrap().handled_by = handled_by.to_owned();
        let document = format!(r#"{{"addressee":"{addressee}"}}"#);
        let dispatcher = ActorRole::Official("dispatcher".to_owned());
        let wanted = testing::move_by(dispatcher, "upward-order/open", &document);
        match UpwardOrder::guard(&config, &case, &wanted).unwrap() {
            Verdict::Refuse(refusal) => Some(refusal.code),
            _ => None,
        }
    };
    let refused = Some("one-level-at-a-time".to_owned());
    assert_eq!(open("town-platform", "990101001001"), None);
    assert_eq!(open("county-platform", "990101001001"), refused);
    assert_eq!(open("county-platform", "990101001000"), None);
    assert_eq!(open("town-platform", "990101001000"), refused);
}

#[test]
fn whoever_signs_takes_the_case_over_a_platform_by_the_rule_of_its_level() {
    let config = by_platforms();
    let signed = |addressee: &str| {
        let mut case = testing::case();
        let mut order = testing::proceeding(3, "upward-order", "signed");
        order.addressee = Some(addressee.to_owned());
        case.proceedings = Some(vec![order]);
        let moved = testing::happened("proceeding-moved", r#"{"proceeding":3,"code":"sign"}"#);
        let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, vec![moved]);
        let proposals = UpwardOrder::react(&config, &reaction).unwrap();
        let commands = proposals.iter();
        commands
            .map(|proposal| serde_json::to_value(&proposal.command).unwrap())
            .map(|command| (command["to"].clone(), command["lead"].clone()))
            .collect::<Vec<_>>()
    };
    let town = (serde_json::json!("990101001000"), serde_json::json!(null));
    assert_eq!(signed("town-platform"), [town]);
    let county = (
        serde_json::json!("990101000000"),
        serde_json::json!("traffic"),
    );
    assert_eq!(signed("traffic"), [county]);
}
