//! Review and re-review as the petition office would tell them.

use fengqiao_sdk::case::{AssignmentRole, Proceeding};
use fengqiao_sdk::guard::{ActorRole, Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing::{self, Fixture};
use serde_json::json;

use crate::PetitionReview;
use crate::config::Config;

fn config() -> Config {
    let clock = |name: &str| json!({ "name": name, "spec": "30cd", "roll": "law", "provenance": { "mark": "L", "source": "t" } });
    serde_json::from_value(json!({
        "kind": "petition-review", "label": "复查复核", "kinds": ["petition"],
        "ask-by": [{ "role": "dispatcher" }], "decide-by": [{ "role": "supervisor" }],
        "clocks": {
            "request": clock("review-request"), "decision": clock("review-decision"),
            "re-request": clock("re-review-request"), "re-decision": clock("re-review-decision"),
        }
    }))
    .unwrap()
}

/// A town's office leads; a county's bureau, another county's bureau.
fn install() {
    Fixture::default()
        .unit("town", "990101001000", &[])
        .unit("bureau", "990101000000", &[])
        .unit("government", "990100000000", &[])
        .unit("neighbour", "990102000000", &[])
        .install();
}

fn review(state: &str, organ: Option<&str>) -> Proceeding {
    let mut own = testing::proceeding(1, "petition-review", state);
    own.fields = organ
        .map(|organ| ("review-organ".to_owned(), organ.to_owned()))
        .into_iter()
        .collect();
    own
}

fn refused(review: Option<Proceeding>, wanted: &Move) -> Option<String> {
    install();
    let mut case = testing::case();
    case.assignments = Some(vec![testing::assignment(1, "town", AssignmentRole::Lead)]);
    case.proceedings = Some(review.into_iter().collect());
    match PetitionReview::guard(&config(), &case, wanted).unwrap() {
        Verdict::Refuse(refusal) => Some(refusal.code),
        _ => None,
    }
}

fn asks(step: &str, field: &str, organ: &str) -> Move {
    let document = json!({ "fields": { field: organ } }).to_string();
    testing::move_by(
        ActorRole::Citizen,
        &format!("petition-review/{step}"),
        &document,
    )
}

fn decides(step: &str, unit: &str) -> Move {
    let mut wanted = testing::move_by(
        ActorRole::Official("supervisor".to_owned()),
        &format!("petition-review/{step}"),
        "{}",
    );
    wanted.actor_unit = Some(unit.to_owned());
    wanted
}

#[test]
fn a_review_is_asked_of_the_organ_above_the_lead_and_of_no_other() {
    let ask = |organ: &str| asks("ask", "review-organ", organ);
    let served = || Some(review("served", None));
    assert_eq!(refused(served(), &ask("bureau")), None);
    for (organ, code) in [
        ("town", "same-organ"),
        ("neighbour", "not-above"),
        ("government", "not-above"),
        ("nobody", "unknown-organ"),
    ] {
        assert_eq!(
            refused(served(), &ask(organ)).as_deref(),
            Some(code),
            "{organ}"
        );
    }
    for (state, code) in [
        ("asked", "under-way"),
        ("reviewed", "already-reviewed"),
        ("asked-again", "under-way"),
        ("concluded", "concluded"),
        ("lapsed", "out-of-window"),
    ] {
        let again = refused(Some(review(state, None)), &ask("bureau"));
        assert_eq!(again.as_deref(), Some(code), "{state}");
    }
    assert_eq!(refused(None, &ask("bureau")).as_deref(), Some("not-served"));
}

#[test]
fn a_re_review_comes_after_a_review_in_time_and_from_above_it() {
    let again = |organ: &str| asks("ask-again", "re-review-organ", organ);
    let reviewed = || Some(review("reviewed", Some("bureau")));
    assert_eq!(refused(reviewed(), &again("government")), None);
    for organ in ["bureau", "town"] {
        let code = refused(reviewed(), &again(organ));
        assert_eq!(code.as_deref(), Some("same-organ"), "{organ}");
    }
    assert_eq!(
        refused(reviewed(), &again("neighbour")).as_deref(),
        Some("not-above")
    );
    for (state, organ, code) in [
        ("served", None, "no-review"),
        ("asked", Some("bureau"), "no-review"),
        ("asked-again", Some("bureau"), "under-way"),
        ("concluded", Some("bureau"), "concluded"),
    ] {
        let refusal = refused(Some(review(state, organ)), &again("government"));
        assert_eq!(refusal.as_deref(), Some(code), "{state}");
    }
    for organ in [None, Some("bureau")] {
        let code = refused(Some(review("lapsed", organ)), &again("government"));
        assert_eq!(code.as_deref(), Some("out-of-window"));
    }
}

#[test]
fn only_the_organ_that_was_asked_decides() {
    let asked = || Some(review("asked", Some("bureau")));
    assert_eq!(refused(asked(), &decides("decide", "bureau")), None);
    for (step, unit) in [("decide", "town"), ("decide-again", "bureau")] {
        let code = refused(asked(), &decides(step, unit));
        assert_eq!(code.as_deref(), Some("not-the-organ"), "{step}");
    }
}

fn follows(kind: &str, delivery: &str, before: Option<Proceeding>) -> Vec<String> {
    let mut case = testing::case();
    case.matter = Some(testing::matter(kind, None));
    case.proceedings = Some(before.into_iter().collect());
    let document = json!({ "delivery": { "delivery": delivery } }).to_string();
    let replied = testing::happened("replied", &document);
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, vec![replied]);
    let proposals = PetitionReview::react(&config(), &reaction).unwrap();
    proposals
        .into_iter()
        .map(|proposal| match proposal.command {
            Command::OpenProceeding(_) => "open-proceeding".to_owned(),
            Command::MoveProceeding(_) => "move-proceeding".to_owned(),
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn the_time_to_ask_runs_from_the_reply_that_reached_the_requester() {
    assert_eq!(follows("petition", "delivered", None), ["open-proceeding"]);
    assert_eq!(
        follows("petition", "delivered", Some(review("served", None))),
        ["move-proceeding"]
    );
    let open = Some(review("asked", Some("bureau")));
    assert_eq!(follows("petition", "delivered", open), [""; 0]);
    assert_eq!(follows("petition", "undeliverable", None), [""; 0]);
    assert_eq!(follows("complaint", "delivered", None), [""; 0]);
}

#[test]
fn a_closed_case_still_knows_whose_opinion_it_was() {
    install();
    let mut case = testing::case();
    let mut lead = testing::assignment(1, "town", AssignmentRole::Lead);
    lead.state = AssignmentState::Done;
    case.assignments = Some(vec![lead]);
    case.proceedings = Some(vec![review("served", None)]);
    let own = asks("ask", "review-organ", "town");
    let verdict = PetitionReview::guard(&config(), &case, &own).unwrap();
    assert!(matches!(verdict, Verdict::Refuse(refusal) if refusal.code == "same-organ"));
}
