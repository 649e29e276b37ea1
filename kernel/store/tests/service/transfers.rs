//! A case that goes to another place takes its own rules along and gets those of the other.

use super::*;
use fengqiao_core::ids::{BindingId, Subject};

const PREFECTURE: &str = "990100000000";

fn transfer(to: &str) -> Value {
    json!({ "do": "transfer", "to": to, "text": "属乙县管辖" })
}

async fn set_of(kernel: &Kernel, case: &CaseId) -> (Vec<String>, String) {
    let case = kernel.store().case(case).await.unwrap().unwrap();
    let set = kernel.rules_of(&case).await.unwrap();
    let ids = set.bindings.iter().map(|binding| binding.id.to_string());
    (ids.collect(), case.bindings.to_string())
}

#[tokio::test]
async fn a_transfer_adds_the_other_places_bindings_and_says_so_in_an_event() {
    let files = Files::new();
    let advisor = Proposing {
        leads: vec![("here", "roads"), ("there", "far-roads")],
        ..Proposing::default()
    };
    let kernel = advised(&files, advisor).await;
    bind(&kernel, COUNTY, "here").await.unwrap();
    bind(&kernel, OTHER_COUNTY, "there").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    let (before, old) = set_of(&kernel, &case).await;
    assert_eq!(before, ["here"]);

    work(&kernel, &case, hub(), transfer(OTHER_COUNTY)).await;
    let (after, new) = set_of(&kernel, &case).await;
    assert_eq!(after, ["here", "there"]);
    assert_ne!(old, new);
    let history = kernel.history(&Subject::Case(case.clone())).await.unwrap();
    let recorded = history.iter().find_map(|recorded| match &recorded.event {
        fengqiao_core::event::Event::BindingsChanged { bindings, .. } => Some(bindings.to_string()),
        _ => None,
    });
    assert_eq!(recorded, Some(new));

    // The other place's rule is asked before the one that came along.
    let Actor::Official {
        principal, role, ..
    } = hub()
    else {
        panic!("the hub is an official");
    };
    let far_hub = Actor::Official {
        principal,
        role,
        unit: None,
        division: OTHER_COUNTY.parse().unwrap(),
    };
    let sent = work(&kernel, &case, far_hub, json!({ "do": "dispatch" })).await;
    let lead = sent.case.unwrap().stage.lead().cloned();
    assert_eq!(lead, Some(UnitId::parse("far-roads").unwrap()));
}

#[tokio::test]
async fn a_transfer_keeps_the_rules_that_a_case_was_registered_under() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    bind(&kernel, COUNTY, "here").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    bind(&kernel, COUNTY, "here-anew").await.unwrap();
    bind(&kernel, OTHER_COUNTY, "there").await.unwrap();
    work(&kernel, &case, hub(), transfer(OTHER_COUNTY)).await;
    assert_eq!(set_of(&kernel, &case).await.0, ["here", "there"]);
    let fresh = register(&kernel, "又一处").await;
    let newest = [BindingId::parse("here-anew").unwrap().to_string()];
    assert_eq!(set_of(&kernel, &fresh).await.0, newest);
}

#[tokio::test]
async fn a_place_that_passed_a_case_on_is_not_asked_who_leads_it() {
    let files = Files::new();
    let advisor = Proposing {
        leads: vec![("there", "far-roads")],
        ..Proposing::default()
    };
    let kernel = advised(&files, advisor).await;
    bind(&kernel, COUNTY, "here").await.unwrap();
    bind(&kernel, OTHER_COUNTY, "there").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    work(&kernel, &case, hub(), transfer(OTHER_COUNTY)).await;
    work(&kernel, &case, hub(), transfer(PREFECTURE)).await;
    let target = Target::Case(case);
    let sent = send(&kernel, target, hub(), json!({ "do": "dispatch" })).await;
    let Err(SubmitError::Refused(refusal)) = sent else {
        panic!("{sent:?}");
    };
    assert_eq!(refusal.code(), "lead-missing");
}

/// The set that a transfer of the case would pin it to, if it is in the store.
async fn joined_in_store(kernel: &Kernel, case: &CaseId, to: &str) -> Option<String> {
    let store = kernel.store();
    let case = store.case(case).await.unwrap().unwrap();
    let own = kernel.rules_of(&case).await.unwrap();
    let in_force = store.bindings().await.unwrap();
    let joined = own.transferred(&to.parse().unwrap(), &in_force).unwrap();
    store.binding_set(&joined.id).await.unwrap()
}

#[tokio::test]
async fn a_transfer_that_is_only_tried_moves_nothing_and_keeps_no_set() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    bind(&kernel, OTHER_COUNTY, "there").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    let before = set_of(&kernel, &case).await;
    let request = Request {
        target: Target::Case(case.clone()),
        command: serde_json::from_value(transfer(OTHER_COUNTY)).unwrap(),
        actor: hub(),
        expected: None,
        key: None,
        mode: Mode::DryRun,
        message: None,
    };
    kernel
        .submit(request, &|_| (200, String::new()))
        .await
        .unwrap();
    assert_eq!(set_of(&kernel, &case).await, before);
    let kept = joined_in_store(&kernel, &case, OTHER_COUNTY).await;
    assert!(kept.is_none());
}

#[tokio::test]
async fn a_transfer_that_is_refused_keeps_no_set_and_one_that_is_made_does() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    bind(&kernel, OTHER_COUNTY, "there").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    let target = || Target::Case(case.clone());
    let wordless = json!({ "do": "transfer", "to": OTHER_COUNTY, "text": "" });
    let refused = send(&kernel, target(), hub(), wordless).await;
    assert!(
        matches!(refused, Err(SubmitError::Refused(_))),
        "{refused:?}"
    );
    let kept = joined_in_store(&kernel, &case, OTHER_COUNTY).await;
    assert!(kept.is_none());
    work(&kernel, &case, hub(), transfer(OTHER_COUNTY)).await;
    let pinned = kernel
        .store()
        .case(&case)
        .await
        .unwrap()
        .unwrap()
        .bindings
        .clone();
    let kept = kernel.store().binding_set(&pinned).await.unwrap();
    assert!(kept.is_some_and(|json| json.contains("there")));
}
