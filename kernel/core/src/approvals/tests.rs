//! The named role within the named division, another person, once.

use serde_json::{Value, json};

use crate::actor::{Actor, Role};
use crate::approvals::{MAX_PENDING_APPROVALS, ask, may_ask, propose, settle};
use crate::command::Command;
use crate::docket::{Approval, ApprovalCause, Docket, Verdict};
use crate::event::Event;
use crate::fixture::*;
use crate::ids::{CaseId, Subject};
use crate::proceedings::Scene;

fn subject() -> Subject {
    Subject::Case(CaseId::parse("SQ1").unwrap())
}

fn waiting() -> Docket {
    waiting_because(ApprovalCause::Command)
}

fn waiting_because(because: ApprovalCause) -> Docket {
    let world = World::new(&[]);
    let asker = official("asker", Role::UnitHandler, Some("bureau"), COUNTY);
    let ctx = world.ctx(&asker, hour(0));
    let what = Command::Resume {};
    let asked = ask(
        &empty(),
        what,
        because,
        Role::Dispatcher,
        &division(TOWN),
        &ctx,
    );
    let docket = Docket::default();
    let docket = Docket { next: 1, ..docket };
    folded(&docket, &Subject::Unit(unit("bureau")), &[asked], hour(0))
}

fn word(actor: &crate::actor::Actor, docket: &Docket) -> Result<bool, String> {
    let world = World::new(&[]);
    let ctx = world.ctx(actor, hour(1));
    settle(docket, 1, Verdict::Approved, None, &ctx)
        .map(|(_, follows)| follows.is_some())
        .map_err(|refusal| refusal.code().to_owned())
}

#[test]
fn the_named_role_within_the_named_division_decides() {
    let docket = waiting();
    let hub = official("hub", Role::Dispatcher, None, TOWN);
    assert_eq!(word(&hub, &docket), Ok(true));
    let above = official("hub", Role::Dispatcher, None, COUNTY);
    assert_eq!(word(&above, &docket), Ok(true));
    let below = official("hub", Role::Dispatcher, None, VILLAGE);
    assert_eq!(word(&below, &docket), Err("wrong-approver".to_owned()));
    let other_role = official("hub", Role::Secretary, None, TOWN);
    assert_eq!(word(&other_role, &docket), Err("wrong-approver".to_owned()));
    assert_eq!(
        word(&plugin(COUNTY), &docket),
        Err("wrong-approver".to_owned())
    );
}

#[test]
fn whoever_asked_does_not_decide_even_in_another_role() {
    let docket = waiting();
    let same = official("asker", Role::Dispatcher, None, TOWN);
    assert_eq!(word(&same, &docket), Err("same-person".to_owned()));
}

#[test]
fn a_colleague_of_whoever_asked_decides_only_where_a_graph_names_the_role() {
    let colleague = official("colleague", Role::Dispatcher, Some("bureau"), TOWN);
    for because in [ApprovalCause::Command, ApprovalCause::GuardUnavailable] {
        let docket = waiting_because(because);
        assert_eq!(word(&colleague, &docket), Err("same-person".to_owned()));
    }
    for because in [ApprovalCause::Move, ApprovalCause::Proposal] {
        assert_eq!(word(&colleague, &waiting_because(because)), Ok(true));
    }
}

#[test]
fn a_word_is_given_once() {
    let world = World::new(&[]);
    let hub = official("hub", Role::Dispatcher, None, TOWN);
    let ctx = world.ctx(&hub, hour(1));
    let docket = waiting();
    let (decided, follows) = settle(&docket, 1, Verdict::Rejected, None, &ctx).unwrap();
    assert_eq!(follows, None);
    let subject = Subject::Unit(unit("bureau"));
    let docket = folded(&docket, &subject, &[decided], hour(1));
    assert_eq!(word(&hub, &docket), Err("nothing-to-decide".to_owned()));
}

#[test]
fn a_limited_number_of_approvals_waits() {
    let mut docket = waiting();
    docket.approvals = vec![docket.approvals[0].clone(); MAX_PENDING_APPROVALS];
    assert_eq!(
        may_ask(&docket, &Command::Sign {}).unwrap_err().code(),
        "too-many"
    );
    docket.approvals.pop();
    assert!(may_ask(&docket, &Command::Sign {}).is_ok());
}

#[test]
fn a_binding_proposes_proceedings_and_nothing_else() {
    let world = World::new(&[card()]);
    let scene = Scene {
        lead: None,
        place: division(VILLAGE),
        division: division(TOWN),
    };
    let rule = plugin(COUNTY);
    let ctx = world.ctx(&rule, hour(0));
    let refused = propose(
        &subject(),
        &empty(),
        &Command::Close {},
        Role::Supervisor,
        &scene,
        &ctx,
    );
    assert_eq!(refused.unwrap_err().code(), "not-for-plugins");
    let what = Command::OpenProceeding {
        kind: code("card"),
        addressee: Some(unit("elsewhere")),
        about: None,
        fields: Default::default(),
    };
    let refused = propose(&subject(), &empty(), &what, Role::Supervisor, &scene, &ctx);
    assert_eq!(refused.unwrap_err().code(), "outside-division");
    let person = official("person", Role::Supervisor, None, COUNTY);
    let ctx = world.ctx(&person, hour(0));
    let refused = propose(&subject(), &empty(), &what, Role::Supervisor, &scene, &ctx);
    assert_eq!(refused.unwrap_err().code(), "not-yours");
}

#[test]
fn who_asked_is_recorded_as_what_they_asked_and_older_records_are_read() {
    let world = World::new(&[]);
    let asked = |by: &Actor| {
        let ctx = world.ctx(by, hour(0));
        let because = ApprovalCause::Command;
        let hub = Role::Dispatcher;
        let what = Command::Resume {};
        let Event::ApprovalAsked { approval } =
            ask(&empty(), what, because, hub, &division(TOWN), &ctx)
        else {
            panic!("it asks");
        };
        approval
    };
    let read = |approval: &Approval, as_what: Value| {
        let mut record = serde_json::to_value(approval).unwrap();
        record["asked-as"] = as_what;
        serde_json::from_value::<Approval>(record).unwrap().asker()
    };
    let asker = official("asker", Role::UnitHandler, Some("bureau"), COUNTY);
    let by_official = asked(&asker);
    assert_eq!(by_official.asker(), Some(asker.clone()));
    let older = json!({ "role": "unit-handler", "division": COUNTY });
    assert_eq!(serde_json::to_value(&by_official.asked_as).unwrap(), older);
    assert_eq!(read(&by_official, older), Some(asker));
    let citizen = Actor::Citizen { principal: None };
    let by_citizen = asked(&citizen);
    assert_eq!(by_citizen.asker(), Some(citizen.clone()));
    assert_eq!(read(&by_citizen, json!("citizen")), Some(citizen));
    assert_eq!(read(&by_citizen, Value::Null), None);
}
