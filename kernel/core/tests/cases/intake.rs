//! Taking in: register, accept, decline, refer.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::{Advice, RuleFailure, Triage};
use fengqiao_core::command::{Command, Naming, Recipient, Registration};
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::ids::{BindingId, PrincipalId};
use fengqiao_core::matter::{
    Assistance, AssistanceMode, Consent, MatterKind, PartyRole, Protection,
};
use fengqiao_core::stage::{Stage, StageName};

use crate::office::*;

fn advised(advice: &Advice) -> Office {
    let mut office = Office::new();
    office.take_in("c1", registration(), advice).unwrap();
    office
}

#[track_caller]
fn refused(registration: Registration, code: &str) {
    let mut office = Office::new();
    let refusal = office.take_in("c1", registration, &Advice::default());
    assert_eq!(refusal.unwrap_err().code(), code);
    assert!(office.cases.is_empty());
}

fn open_tasks(office: &Office) -> Vec<&str> {
    let tasks = office.c1().docket.tasks.iter();
    let open = tasks.filter(|t| t.done_at.is_none());
    open.map(|t| t.code.as_str()).collect()
}

#[test]
fn a_matter_without_a_local_rule_is_accepted_and_waits_for_a_person() {
    let office = advised(&Advice::default());
    assert_eq!(office.stage(), StageName::Accepted);
    assert_eq!(open_tasks(&office), ["needs-dispatch"]);
    assert!(office.c1().accepted_at.is_some());
    let clocks = &office.c1().docket.clocks;
    let names: Vec<_> = clocks.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["accept", "handle-total"]);
    assert!(!clocks[0].state.is_live());
}

#[test]
fn triage_that_accepts_dispatches_in_the_same_decision() {
    let office = advised(&triage_of(COUNTY, accept_with("roads")));
    assert_eq!(office.c1().stage.lead(), Some(&unit("roads")));
    assert_eq!(office.stage(), StageName::Dispatched);
    assert!(open_tasks(&office).is_empty());
    let told = |e: &&fengqiao_core::decision::Effect| e.to == Recipient::Unit(unit("roads"));
    assert_eq!(office.effects.iter().filter(told).count(), 1);
}

#[test]
fn triage_that_declines_or_refers_ends_the_case_and_tells_the_citizen() {
    let ground = code("not-government");
    let office = advised(&triage_of(COUNTY, Triage::Decline { ground }));
    assert_eq!(office.stage(), StageName::Ended);
    let route = code("court");
    let office = advised(&triage_of(COUNTY, Triage::Refer { route }));
    assert_eq!(office.stage(), StageName::Ended);
    assert!(
        office
            .log
            .iter()
            .any(|r| matches!(r.event, Event::Told { .. }))
    );
    let clocks = &office.c1().docket.clocks;
    assert!(clocks.iter().all(|c| !c.state.is_live()));
}

#[test]
fn triage_that_wants_a_person_gives_that_desk_a_task() {
    let office = advised(&triage_of(
        COUNTY,
        Triage::NeedHuman {
            desk: division(TOWN),
            role: Role::Dispatcher,
            because: code("other"),
        },
    ));
    assert_eq!(office.stage(), StageName::Accepted);
    assert_eq!(office.c1().docket.tasks[0].desk, division(TOWN));
}

#[test]
fn a_triage_that_names_a_unit_that_does_not_exist_never_loses_the_registration() {
    let office = advised(&triage_of(COUNTY, accept_with("nobody")));
    assert_eq!(office.stage(), StageName::Accepted);
    assert!(open_tasks(&office).contains(&"local-rule-unavailable"));
    assert!(office.c1().flags.contains(&code("local-rule-unavailable")));
}

#[test]
fn a_triage_that_reaches_outside_its_division_is_refused_and_a_person_decides() {
    let office = advised(&triage_of(TOWN, accept_with("roads")));
    assert_eq!(office.stage(), StageName::Accepted);
    assert!(open_tasks(&office).contains(&"proposal-refused"));
    let refused = |e: &Event| matches!(e, Event::ProposalRefused { code, .. } if code.as_str() == "outside-division");
    assert!(office.log.iter().any(|r| refused(&r.event)));
}

#[test]
fn a_triage_may_hand_up_to_an_ancestor_but_not_sideways() {
    let with_level = |level: &str| {
        let mut answer = accept_with("town-hall");
        if let Triage::Accept { level: l, .. } = &mut answer {
            *l = Some(division(level));
        }
        advised(&triage_of(TOWN, answer))
    };
    let up = with_level(COUNTY);
    assert_eq!(up.c1().division, division(COUNTY));
    assert_eq!(up.stage(), StageName::Dispatched);
    let sideways = with_level(OTHER_COUNTY);
    assert_eq!(sideways.c1().division, division(VILLAGE));
    assert_eq!(sideways.stage(), StageName::Accepted);
}

#[test]
fn an_accused_unit_never_receives_the_report_about_it() {
    let mut about = registration();
    about.matter.kind = MatterKind::Report;
    about.source.first_receiver = Some(unit("roads"));
    let mut accused = party(PartyRole::Accused);
    accused.unit = Some(unit("roads"));
    about.parties.push(accused);
    let mut office = Office::new();
    let advice = triage_of(COUNTY, accept_with("roads"));
    office.take_in("c1", about.clone(), &advice).unwrap();
    assert_eq!(office.stage(), StageName::Accepted);
    let mut office = Office::new();
    office.take_in("c1", about, &Advice::default()).unwrap();
    assert_eq!(office.stage(), StageName::Accepted);
    assert_eq!(office.c1().protection, Protection::ReporterHidden);
    refuses(office, &hub(), dispatch("roads"), "recused");
}

#[test]
fn a_triage_that_fails_sends_the_case_to_a_person_with_its_mark() {
    let advice = Advice {
        triage_failures: vec![RuleFailure {
            binding: BindingId::parse("b1").unwrap(),
            failure: code("trap"),
        }],
        ..Advice::default()
    };
    let mut first = registration();
    first.source.first_receiver = Some(unit("roads"));
    let mut office = Office::new();
    office.take_in("c1", first, &advice).unwrap();
    assert_eq!(office.stage(), StageName::Accepted);
    assert_eq!(
        open_tasks(&office),
        ["local-rule-unavailable", "needs-dispatch"]
    );
}

#[test]
fn whom_a_citizen_says_to_have_asked_first_does_not_lead_by_that() {
    let mut first = registration();
    first.source.first_receiver = Some(unit("town-hall"));
    let mut office = Office::new();
    office
        .send_advised(&citizen(), "c1", &register(first), &Advice::default())
        .unwrap();
    assert_eq!(office.stage(), StageName::Accepted);
}

#[test]
fn whoever_was_asked_first_leads_where_no_rule_has_a_word() {
    let mut first = registration();
    first.source.first_receiver = Some(unit("town-hall"));
    let mut office = Office::new();
    office
        .take_in("c1", first.clone(), &Advice::default())
        .unwrap();
    assert_eq!(office.c1().stage.lead(), Some(&unit("town-hall")));
    first.matter.marks.insert(code("emergency"));
    let mut office = Office::new();
    office.take_in("c1", first, &Advice::default()).unwrap();
    assert_eq!(
        office.stage(),
        StageName::Accepted,
        "an emergency goes to a person"
    );
}

#[test]
fn who_gives_no_name_is_guarded_and_not_contacted() {
    let mut anonymous = registration();
    anonymous.naming = Naming::Anonymous;
    let mut office = Office::new();
    let advice = triage_of(COUNTY, accept_with("roads"));
    office.take_in("c1", anonymous, &advice).unwrap();
    assert_eq!(office.c1().protection, Protection::ReporterHidden);
    let clocks = &office.c1().docket.clocks;
    assert!(!clocks.iter().any(|c| c.name.as_str() == "contact"));
    let told = |e: &&fengqiao_core::decision::Effect| e.to == Recipient::Citizen;
    assert_eq!(office.effects.iter().filter(told).count(), 0);
}

#[test]
fn a_profile_says_how_many_facts_may_be_ticked() {
    let ticked = |count: usize| {
        let mut office = Office::new();
        office.rules_mut().limits.ticks = Some(2);
        let mut registration = registration();
        registration.matter.marks = ["a", "b", "c"].into_iter().take(count).map(code).collect();
        let taken = office.take_in("c1", registration, &Advice::default());
        taken.map(drop).map_err(|refusal| refusal.code().to_owned())
    };
    assert_eq!(ticked(2), Ok(()));
    assert_eq!(ticked(3), Err("too-many".to_owned()));
}

#[test]
fn what_cannot_be_registered_is_refused_with_its_reason() {
    let mut nowhere = registration();
    nowhere.matter.place = division("880101001001");
    refused(nowhere, "unknown-division");

    let mut unknown = registration();
    unknown.source.first_receiver = Some(unit("nobody"));
    refused(unknown, "unknown-unit");

    let mut crowd = registration();
    crowd.parties = vec![party(PartyRole::Representative); 6];
    refused(crowd, "too-many-representatives");

    let mut many = registration();
    many.parties = vec![party(PartyRole::Respondent); 65];
    refused(many, "too-many");

    let mut behalf = registration();
    behalf.source.assistance = Some(Assistance {
        mode: AssistanceMode::Delegated,
        consent: Consent::Withheld,
    });
    refused(behalf, "consent-missing");

    let mut silent = registration();
    silent.matter.text = no_text();
    refused(silent, "text-missing");
}

#[test]
fn an_auditor_takes_nothing_in() {
    let mut office = Office::new();
    let command = register(registration());
    let refusal = office.send(&as_role(Role::Auditor), "c1", &command);
    assert_eq!(refusal.unwrap_err().code(), "not-yours");
    let refusal = office.send(&plugin(), "c1", &command);
    assert_eq!(refusal.unwrap_err().code(), "not-yours");
}

#[test]
fn a_case_is_registered_once() {
    refuses(
        Office::with_case(),
        &clerk(),
        register(registration()),
        "not-yours",
    );
}

/// A case as an import leaves it: registered, nothing else.
fn only_registered() -> Office {
    let mut office = Office::with_case();
    let first = Recorded::clone(&office.log[0]);
    let case = fengqiao_core::evolve::evolve(None, &first).unwrap();
    office.cases.insert(case_id("c1"), case);
    office
}

#[test]
fn the_hub_accepts_a_registered_case_and_it_waits_for_a_lead() {
    let office = check(
        only_registered(),
        &hub(),
        Command::Accept {},
        &["stage-moved", "clock-started", "task-raised"],
    );
    refuses(office, &hub(), Command::Accept {}, "wrong-stage");
    refuses(
        only_registered(),
        &far_hub(),
        Command::Accept {},
        "not-yours",
    );
}

#[test]
fn declining_and_referring_tell_the_citizen_and_stop_everything() {
    let decline = |text| Command::Decline {
        ground: code("repeated"),
        text,
    };
    let office = check(
        Office::with_case(),
        &hub(),
        decline(text()),
        &["told", "stage-moved", "clock-cancelled", "task-done"],
    );
    assert!(matches!(office.c1().stage, Stage::Ended { .. }));
    refuses(
        Office::with_case(),
        &hub(),
        decline(no_text()),
        "text-missing",
    );
    refuses(dispatched(), &hub(), decline(text()), "wrong-stage");
    refuses(Office::with_case(), &clerk(), decline(text()), "not-yours");

    let refer = |text| Command::Refer {
        route: code("110"),
        text,
    };
    check(
        Office::with_case(),
        &hub(),
        refer(text()),
        &["told", "stage-moved"],
    );
    refuses(
        Office::with_case(),
        &hub(),
        refer(no_text()),
        "text-missing",
    );
    refuses(handling(), &hub(), refer(text()), "wrong-stage");
    refuses(Office::with_case(), &clerk(), refer(text()), "not-yours");
}

#[test]
fn an_emergency_is_referred_at_once_by_whoever_takes_it_in() {
    let mut urgent = registration();
    urgent.matter.marks.insert(code("emergency"));
    let mut office = Office::new();
    office.take_in("c1", urgent, &Advice::default()).unwrap();
    let refer = Command::Refer {
        route: code("119"),
        text: no_text(),
    };
    check(office, &clerk(), refer, &["told", "stage-moved"]);
}

#[test]
fn an_accused_official_cannot_act() {
    let mut about = registration();
    let mut accused = party(PartyRole::Accused);
    accused.principal = Some(PrincipalId::parse("hub-1").unwrap());
    about.parties.push(accused);
    let mut office = Office::new();
    office.take_in("c1", about, &Advice::default()).unwrap();
    refuses(office.clone(), &hub(), dispatch("roads"), "not-yours");
    check(office, &second(), dispatch("roads"), &["assigned"]);
}

#[test]
fn a_signed_in_stranger_is_not_the_requester() {
    let stranger = Actor::Citizen {
        principal: Some(PrincipalId::parse("stranger").unwrap()),
    };
    let withdraw = Command::Withdraw { text: text() };
    refuses(Office::with_case(), &stranger, withdraw, "not-yours");
}
