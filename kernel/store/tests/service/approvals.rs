//! What the bindings are asked when a person approves.

use super::*;

fn terminate() -> Value {
    json!({ "do": "terminate", "ground": "no-cooperation", "text": "多次联系不上" })
}

fn approve(case: &fengqiao_core::case::Case) -> Value {
    let approval = case.docket.approvals.last().unwrap().id;
    json!({ "do": "decide", "approval": approval, "verdict": "approved" })
}

/// A case in hand at the roads department, which its lead asks to end.
async fn asked(kernel: &Kernel) -> (CaseId, Value) {
    let case = register(kernel, "路坏了").await;
    work(kernel, &case, hub(), dispatch("roads")).await;
    let roads = official_named("lead", Role::UnitHandler, Some("roads"));
    work(kernel, &case, roads.clone(), json!({ "do": "sign" })).await;
    let asked = work(kernel, &case, roads, terminate()).await;
    let approve = approve(&asked.case.unwrap());
    (case, approve)
}

#[tokio::test]
async fn a_guard_is_asked_about_what_is_approved_and_its_no_leaves_it_waiting() {
    let files = Files::new();
    let advisor = Proposing {
        // The lead may ask; the move isn't to be made.
        refused: vec!["terminate/unit-handler"],
        ..Proposing::default()
    };
    let kernel = advised(&files, advisor).await;
    let (case, approve) = asked(&kernel).await;
    // Bound only now, so that the lead could ask at all.
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let set = kernel.rules_at(&VILLAGE.parse().unwrap()).await.unwrap();
    let migrate = json!({ "do": "migrate", "bindings": set.id, "text": "启用新规则" });
    work(&kernel, &case, official(Role::SystemAdmin, None), migrate).await;

    let target = || Target::Case(case.clone());
    let refused = send(&kernel, target(), hub(), approve.clone()).await;
    let Err(SubmitError::Refused(refusal)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refusal.code(), "never");
    let stands = kernel.store().case(&case).await.unwrap().unwrap();
    assert!(stands.docket.approvals[0].waits());
    assert_eq!(stands.stage.name(), StageName::Handling);
    let mut reject = approve;
    reject["verdict"] = json!("rejected");
    reject["text"] = json!("请再联系一次");
    let rejected = send(&kernel, target(), hub(), reject).await.unwrap();
    assert!(!rejected.case.unwrap().docket.approvals[0].waits());
}

#[tokio::test]
async fn a_guard_that_permits_lets_the_approved_move_happen() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let (case, approve) = asked(&kernel).await;
    let ended = work(&kernel, &case, hub(), approve).await.case.unwrap();
    assert_eq!(ended.stage.name(), StageName::Ended);
}

#[tokio::test]
async fn a_dispatch_without_a_lead_asks_the_local_rule() {
    let files = Files::new();
    let advisor = Proposing {
        leads: vec![("b1", "water")],
        ..Proposing::default()
    };
    let kernel = advised(&files, advisor).await;
    let case = register(&kernel, "水管坏了").await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let set = kernel.rules_at(&VILLAGE.parse().unwrap()).await.unwrap();
    let migrate = json!({ "do": "migrate", "bindings": set.id, "text": "启用新规则" });
    work(&kernel, &case, official(Role::SystemAdmin, None), migrate).await;
    let sent = work(&kernel, &case, hub(), json!({ "do": "dispatch" })).await;
    let lead = sent.case.unwrap().stage.lead().cloned();
    assert_eq!(lead, Some(UnitId::parse("water").unwrap()));
}

#[tokio::test]
async fn a_guard_is_asked_about_what_a_citizen_wanted_as_the_citizens_move() {
    let files = Files::new();
    let advisor = Proposing {
        refused: vec!["protect/citizen"],
        ..Proposing::default()
    };
    let kernel = advised(&files, advisor).await;
    let case = register(&kernel, "路坏了").await;
    let citizen = || Actor::Citizen { principal: None };
    let protect = |protection: &str| json!({ "do": "protect", "protection": protection });
    work(&kernel, &case, citizen(), protect("confidential")).await;
    let asked = work(&kernel, &case, citizen(), protect("open")).await;
    let approve = approve(&asked.case.unwrap());
    // Bound only now, so that the citizen could ask at all.
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let set = kernel.rules_at(&VILLAGE.parse().unwrap()).await.unwrap();
    let migrate = json!({ "do": "migrate", "bindings": set.id, "text": "启用新规则" });
    work(&kernel, &case, official(Role::SystemAdmin, None), migrate).await;
    let refused = send(&kernel, Target::Case(case), hub(), approve).await;
    let Err(SubmitError::Refused(refusal)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refusal.code(), "never");
}
