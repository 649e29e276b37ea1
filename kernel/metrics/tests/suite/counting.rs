//! What of a place's procedures counts is the place's word, and the facts stay what they are.

use fengqiao_metrics::limits::MAX_COUNTING_RULES;
use fengqiao_metrics::{
    CardRule, CaseAccount, CountingRules, CountingRulesError, MediationOutcome, MediationRule,
    OrderRule, Procedure, StateReached, UnitAccount,
};
use jiff::Timestamp;

use super::cohort::{accepted, at, code, unit};

fn procedure(kind: &str, steps: &[(&str, Timestamp)]) -> Procedure {
    Procedure {
        kind: code(kind),
        issuer: Some(unit("village")),
        addressee: Some(unit("bureau")),
        about: None,
        steps: steps
            .iter()
            .map(|(state, at)| StateReached {
                state: code(state),
                at: *at,
                due_at: None,
            })
            .collect(),
    }
}

fn states(words: &[&str]) -> std::collections::BTreeSet<fengqiao_core::ids::Code> {
    words.iter().map(|word| code(word)).collect()
}

fn order_rule(kind: &str) -> OrderRule {
    OrderRule {
        proceeding: code(kind),
        issued: states(&["issued"]),
        signed: states(&["signed"]),
        arrived: states(&["arrived"]),
        recalled: states(&["recalled"]),
    }
}

fn account(procedures: Vec<Procedure>) -> CaseAccount {
    CaseAccount {
        facts: accepted(1),
        procedures,
    }
}

#[test]
fn an_order_counts_from_where_it_was_issued() {
    let mut upward = procedure(
        "upward",
        &[
            ("draft", at(2, 8)),
            ("issued", at(2, 9)),
            ("signed", at(2, 10)),
        ],
    );
    upward.steps[1].due_at = Some(at(2, 11));
    let rules = CountingRules {
        orders: vec![order_rule("upward")],
        ..CountingRules::default()
    };
    let facts = rules.read(account(vec![upward]));
    let order = &facts.orders[0];
    assert_eq!((order.issued_at, order.due_at), (at(2, 9), Some(at(2, 11))));
    assert_eq!((order.signed_at, order.arrived_at), (Some(at(2, 10)), None));
}

#[test]
fn a_draft_is_no_order_yet() {
    let rules = CountingRules {
        orders: vec![order_rule("upward")],
        ..CountingRules::default()
    };
    let facts = rules.read(account(vec![procedure("upward", &[("draft", at(2, 8))])]));
    assert_eq!(facts.orders, []);
}

#[test]
fn what_no_rule_names_counts_as_nothing() {
    let facts =
        CountingRules::default().read(account(vec![procedure("upward", &[("issued", at(2, 8))])]));
    assert_eq!(facts.orders, []);
}

#[test]
fn an_agreement_closes_a_mediation_whatever_came_of_it_later() {
    let rules = CountingRules {
        mediations: vec![MediationRule {
            proceeding: code("mediation"),
            accepted: states(&["consent"]),
            agreed: states(&["agreed"]),
            failed: states(&["failed", "defaulted"]),
        }],
        ..CountingRules::default()
    };
    let steps = [
        ("consent", at(2, 8)),
        ("agreed", at(3, 8)),
        ("defaulted", at(9, 8)),
    ];
    let facts = rules.read(account(vec![procedure("mediation", &steps)]));
    let mediation = &facts.mediations[0];
    assert_eq!(mediation.outcome, Some(MediationOutcome::Agreed));
    assert_eq!(mediation.closed_at, Some(at(3, 8)));
    assert_eq!(mediation.unit, unit("bureau"));
}

#[test]
fn every_step_of_a_ladder_is_a_card_of_its_own() {
    let rules = CountingRules {
        cards: vec![CardRule {
            proceeding: code("warning"),
            steps: states(&["first", "second"]),
            taken_back: states(&["annulled"]),
        }],
        ..CountingRules::default()
    };
    let ladder = [
        ("first", at(2, 8)),
        ("second", at(3, 8)),
        ("annulled", at(4, 8)),
    ];
    let docket = UnitAccount {
        unit: unit("bureau"),
        procedures: vec![procedure("warning", &ladder)],
    };
    let cards = rules.cards(&docket);
    let told: Vec<(&str, Option<Timestamp>)> = cards
        .iter()
        .map(|card| (card.code.as_str(), card.taken_back_at))
        .collect();
    assert_eq!(
        told,
        [("first", Some(at(4, 8))), ("second", Some(at(4, 8)))]
    );
}

#[test]
fn two_rules_about_one_kind_would_count_twice() {
    let rules = CountingRules {
        orders: vec![order_rule("upward"), order_rule("upward")],
        ..CountingRules::default()
    };
    assert_eq!(
        rules.check(),
        Err(CountingRulesError::Twice(code("upward")))
    );
}

#[test]
fn a_place_has_no_more_counting_rules_than_the_limit() {
    let kinds = |count: usize| (0..count).map(|number| order_rule(&format!("kind-{number}")));
    let rules = |count| CountingRules {
        orders: kinds(count).collect(),
        ..CountingRules::default()
    };
    assert_eq!(rules(MAX_COUNTING_RULES).check(), Ok(()));
    let one_more = rules(MAX_COUNTING_RULES + 1).check();
    assert_eq!(one_more, Err(CountingRulesError::TooMany));
}

#[test]
fn a_case_spans_from_its_first_to_its_last_instant() {
    let mut case = account(vec![procedure("upward", &[("issued", at(9, 8))])]);
    case.facts.total_clock = Some(super::cohort::clock(at(28, 9), None));
    assert_eq!(case.span(), (at(1, 9), at(28, 9)));
}
