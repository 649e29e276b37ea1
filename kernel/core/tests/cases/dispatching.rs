//! Dispatch, assign, release, and what clocks a dispatch starts.

use fengqiao_core::actor::Actor;
use fengqiao_core::advice::{Advice, Triage};
use fengqiao_core::command::{Command, NamedSpec, ReleaseHow};
use fengqiao_core::matter::{AssignmentRole, AssignmentState};
use fengqiao_core::stage::StageName;

use crate::office::*;

fn assign(of: &str, role: AssignmentRole) -> Command {
    Command::Assign {
        appointment: appointment(of, role),
    }
}

fn release(assignment: u32, how: ReleaseHow) -> Command {
    Command::Release {
        assignment,
        how,
        text: text(),
    }
}

#[test]
fn a_dispatch_gives_one_lead_and_starts_its_clocks() {
    let office = dispatched();
    assert_eq!(office.stage(), StageName::Dispatched);
    let live = office.c1().docket.clocks.iter();
    let live: Vec<_> = live
        .filter(|c| c.state.is_live())
        .map(|c| c.name.as_str())
        .collect();
    let wanted = [
        "handle-total",
        "sign",
        "contact",
        "arrive",
        "report",
        "object",
    ];
    assert_eq!(live, wanted);
}

#[test]
fn a_dispatch_needs_a_known_lead_that_may_act() {
    let none = Command::Dispatch {
        lead: None,
        others: vec![],
        clocks: vec![],
    };
    refuses(Office::with_case(), &hub(), none, "lead-missing");
    refuses(
        Office::with_case(),
        &hub(),
        dispatch("nobody"),
        "unknown-unit",
    );
    refuses(dispatched(), &hub(), dispatch("water"), "wrong-stage");
    refuses(
        Office::with_case(),
        &clerk(),
        dispatch("roads"),
        "not-yours",
    );
    refuses(
        Office::with_case(),
        &far_hub(),
        dispatch("roads"),
        "not-yours",
    );
    let twice = Command::Dispatch {
        lead: Some(unit("roads")),
        others: vec![appointment("roads", AssignmentRole::Assist)],
        clocks: vec![],
    };
    refuses(Office::with_case(), &hub(), twice, "already-assigned");
    let two_leads = Command::Dispatch {
        lead: Some(unit("roads")),
        others: vec![appointment("water", AssignmentRole::Lead)],
        clocks: vec![],
    };
    refuses(Office::with_case(), &hub(), two_leads, "field-invalid");
}

#[test]
fn a_dispatch_without_a_lead_follows_the_local_rule() {
    let mut office = Office::with_case();
    let command = Command::Dispatch {
        lead: None,
        others: vec![],
        clocks: vec![],
    };
    let advice = triage_of(COUNTY, accept_with("water"));
    office
        .send_advised(&hub(), "c1", &command, &advice)
        .unwrap();
    assert_eq!(office.c1().stage.lead(), Some(&unit("water")));
}

#[test]
fn a_named_length_only_shortens() {
    let with = |words: &str| {
        let command = Command::Dispatch {
            lead: Some(unit("roads")),
            others: vec![],
            clocks: vec![NamedSpec {
                name: code("report"),
                spec: spec(words),
                provenance: assumed(),
            }],
        };
        let office = Office::with_case().given(hub(), command);
        let report = office.c1().docket.clocks.iter();
        let mut report = report.filter(|c| c.name.as_str() == "report");
        report.next().unwrap().rule.spec
    };
    assert_eq!(with("2wd"), spec("2wd"));
    assert_eq!(with("20wd"), spec("5wd"));
}

#[test]
fn a_named_length_says_whose_word_it_is_in_few_words_without_numbers() {
    let named = |source: String| {
        let mut provenance = assumed();
        provenance.source = source;
        Command::Dispatch {
            lead: Some(unit("roads")),
            others: vec![],
            clocks: vec![NamedSpec {
                name: code("report"),
                spec: spec("1wd"),
                provenance,
            }],
        }
    };
    let long = named("长".repeat(501));
    refuses(Office::with_case(), &hub(), long, "too-many");
    let number = named("来电 13800138000".to_owned());
    refuses(Office::with_case(), &hub(), number, "field-invalid");
}

#[test]
fn a_named_total_shortens_the_running_one_from_its_own_start() {
    let command = Command::Dispatch {
        lead: Some(unit("roads")),
        others: vec![],
        clocks: vec![NamedSpec {
            name: code("handle-total"),
            spec: spec("48h"),
            provenance: assumed(),
        }],
    };
    let mut office = Office::with_case();
    let start = office.now;
    office.pass("3h");
    let office = office.given(hub(), command);
    let mut total = office.c1().docket.clocks.iter();
    let total = total.rfind(|c| c.name.as_str() == "handle-total").unwrap();
    assert_eq!(total.deadline.start, start);
    assert_eq!(total.rule.spec, spec("48h"));
}

#[test]
fn a_triage_brings_its_bundle_and_its_own_clocks() {
    let mut answer = accept_with("roads");
    if let Triage::Accept {
        others,
        clocks,
        flags,
        ..
    } = &mut answer
    {
        others.push(appointment("water", AssignmentRole::Assist));
        others.push(appointment("town-hall", AssignmentRole::Supervise));
        clocks.push(NamedSpec {
            name: code("site-visit"),
            spec: spec("8h"),
            provenance: assumed(),
        });
        flags.push(code("hazard"));
    }
    let mut office = Office::new();
    let advice = triage_of(COUNTY, answer);
    office.take_in("c1", registration(), &advice).unwrap();
    assert_eq!(office.c1().assignments.len(), 3);
    assert!(office.c1().flags.contains(&code("hazard")));
    let clocks = &office.c1().docket.clocks;
    assert!(clocks.iter().any(|c| c.name.as_str() == "site-visit"));
}

#[test]
fn other_units_are_added_and_let_go() {
    let office = check(
        dispatched(),
        &hub(),
        assign("water", AssignmentRole::Assist),
        &["assigned"],
    );
    let assist = office.c1().assignments[1].id;
    refuses(
        office.clone(),
        &hub(),
        assign("water", AssignmentRole::Inform),
        "already-assigned",
    );
    check(
        office.clone(),
        &handler("water"),
        release(assist, ReleaseHow::Done),
        &["released"],
    );
    refuses(
        office.clone(),
        &handler("housing"),
        release(assist, ReleaseHow::Done),
        "not-yours",
    );
    refuses(
        office.clone(),
        &handler("water"),
        release(assist, ReleaseHow::Excused),
        "not-yours",
    );
    let silent = Command::Release {
        assignment: assist,
        how: ReleaseHow::Excused,
        text: no_text(),
    };
    refuses(office.clone(), &hub(), silent, "text-missing");
    let office = office.given(hub(), release(assist, ReleaseHow::Excused));
    assert_eq!(office.c1().assignments[1].state, AssignmentState::Excused);
    refuses(
        office.clone(),
        &hub(),
        release(assist, ReleaseHow::Excused),
        "not-found",
    );
    let lead = office.c1().assignments[0].id;
    refuses(
        office,
        &hub(),
        release(lead, ReleaseHow::Excused),
        "field-invalid",
    );
    refuses(
        closed(),
        &hub(),
        release(lead, ReleaseHow::Excused),
        "wrong-stage",
    );
}

#[test]
fn an_assignment_is_checked_like_a_lead() {
    let lead = assign("water", AssignmentRole::Lead);
    refuses(dispatched(), &hub(), lead, "field-invalid");
    let nobody = assign("nobody", AssignmentRole::Assist);
    refuses(dispatched(), &hub(), nobody, "unknown-unit");
    let water = || assign("water", AssignmentRole::Assist);
    refuses(replied(), &hub(), water(), "wrong-stage");
    refuses(dispatched(), &clerk(), water(), "not-yours");
}

#[test]
fn one_case_has_at_most_sixty_four_parts() {
    let mut office = dispatched();
    for _ in 0..63 {
        office
            .send(&hub(), "c1", &assign("water", AssignmentRole::Inform))
            .unwrap();
        let id = office.c1().assignments.last().unwrap().id;
        office
            .send(&hub(), "c1", &release(id, ReleaseHow::Excused))
            .unwrap();
    }
    refuses(
        office,
        &hub(),
        assign("water", AssignmentRole::Inform),
        "too-many",
    );
}

#[test]
fn the_kernel_asks_nobody_and_takes_no_step_of_the_loop() {
    refuses(handling(), &Actor::Kernel, report(), "not-yours");
    let mut office = dispatched();
    let advice = Advice::default();
    let sign = Command::Sign {};
    assert!(
        office
            .send_advised(&Actor::Kernel, "c1", &sign, &advice)
            .is_err()
    );
}
