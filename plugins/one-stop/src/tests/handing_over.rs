//! Whoever was asked first, until the case is taken over.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing;
use serde_json::json;

use super::{about, accepted, after, at, refused, when_led_by};

/// A case that the legal desk was asked for first, and that is the mediators'.
fn asked_first() -> Case {
    let mut case = at("legal", about("纠纷/土地", &[]));
    case.history.as_mut().unwrap().flags = vec!["asked-first".to_owned()];
    let lead = testing::assignment(1, "legal", AssignmentRole::Lead);
    case.assignments = Some(vec![lead]);
    case
}

#[test]
fn whoever_was_asked_first_leads_and_offers_the_case_to_whom_it_belongs() {
    let acceptance = accepted(&at("legal", about("纠纷/土地", &[])));
    assert_eq!(acceptance.lead, "legal");
    assert_eq!(acceptance.flags, ["asked-first", "mediation", "whistled"]);
    let offers = when_led_by("legal", asked_first());
    assert_eq!(offers.len(), 1);
    assert_eq!(
        (&offers[0]["kind"], &offers[0]["addressee"]),
        (&json!("hand-over"), &json!("mediators"))
    );
}

#[test]
fn whoever_was_asked_first_and_is_the_one_to_do_it_simply_leads() {
    let acceptance = accepted(&at("legal", about("法律/咨询", &[])));
    assert_eq!(acceptance.flags, ["spot"]);
    assert_eq!(
        accepted(&at("nobody", about("法律/咨询", &[]))).flags,
        ["spot"]
    );
}

#[test]
fn a_partner_hands_over_and_is_handed_over_to_in_the_same_way() {
    assert_eq!(
        accepted(&at("legal", about("政务/社保", &[]))).lead,
        "legal"
    );
    assert_eq!(
        accepted(&at("citizens", about("法律/咨询", &[]))).lead,
        "citizens"
    );
    assert_eq!(accepted(&about("政务/社保", &[])).lead, "citizens");
}

#[test]
fn a_case_is_offered_once() {
    let mut case = asked_first();
    case.proceedings = Some(vec![testing::proceeding(1, "hand-over", "returned")]);
    assert_eq!(when_led_by("legal", case).len(), 0);
}

#[test]
fn whoever_accepts_leads_and_what_is_returned_or_unanswered_is_the_desks() {
    let answered = |code: &str| {
        let mut case = asked_first();
        let mut offer = testing::proceeding(4, "hand-over", "x");
        offer.addressee = Some("mediators".to_owned());
        case.proceedings = Some(vec![offer]);
        after(
            "proceeding-moved",
            &json!({ "proceeding": 4, "code": code }),
            case,
        )
    };
    let taken = answered("accept");
    assert_eq!(
        (&taken[0]["do"], &taken[0]["lead"]),
        (&json!("hand-over"), &json!("mediators"))
    );
    assert_eq!(answered("return")[0]["code"], "hand-over-returned");
    assert_eq!(answered("withdraw").len(), 0);

    let mut case = asked_first();
    case.clocks = Some(vec![testing::clock(
        7,
        "hand-over",
        "mediators",
        ClockState::Breached,
    )]);
    let late = after("clock-breached", &json!({ "clock": 7 }), case);
    assert_eq!(late[0]["code"], "hand-over-overdue");
}

#[test]
fn whoever_was_asked_first_does_not_send_the_case_back() {
    let mut case = asked_first();
    assert_eq!(
        refused(&case, "object", &json!({})).as_deref(),
        Some("asked-first")
    );
    let taken = testing::assignment(2, "mediators", AssignmentRole::Lead);
    case.assignments = Some(vec![taken]);
    assert_eq!(refused(&case, "object", &json!({})), None);
}
