//! The lead's work: sign, object, rule, contact, arrive, progress, attach.

use fengqiao_core::actor::Role;
use fengqiao_core::clock::ClockState;
use fengqiao_core::command::{Command, Ruling, Waivable};
use fengqiao_core::matter::AssignmentRole;
use fengqiao_core::stage::StageName;

use crate::office::*;

fn object() -> Command {
    Command::Object { text: text() }
}

fn rule(ruling: Ruling) -> Command {
    Command::Rule {
        ruling,
        text: text(),
    }
}

fn state_of(office: &Office, clock: &str) -> ClockState {
    let mut clocks = office.c1().docket.clocks.iter();
    let clock = clocks.rfind(|c| c.name.as_str() == clock);
    clock.unwrap().state.clone()
}

#[test]
fn the_leads_signature_begins_the_handling() {
    let office = check(
        dispatched(),
        &handler("roads"),
        Command::Sign {},
        &["signed", "stage-moved", "clock-met", "clock-started"],
    );
    assert_eq!(office.stage(), StageName::Handling);
    refuses(office, &handler("roads"), Command::Sign {}, "wrong-stage");
    refuses(
        dispatched(),
        &handler("water"),
        Command::Sign {},
        "not-yours",
    );
    refuses(
        Office::with_case(),
        &handler("roads"),
        Command::Sign {},
        "not-yours",
    );
}

#[test]
fn an_assist_signs_for_its_own_part() {
    let assist = Command::Assign {
        appointment: appointment("water", AssignmentRole::Assist),
    };
    let office = dispatched().given(hub(), assist);
    let office = check(office, &handler("water"), Command::Sign {}, &["signed"]);
    assert_eq!(office.stage(), StageName::Dispatched);
    refuses(
        office,
        &handler("water"),
        Command::Sign {},
        "already-assigned",
    );
}

#[test]
fn a_signature_that_comes_late_is_breached_at_its_nominal_time_and_done_late() {
    let office = dispatched();
    let due = office.now + jiff::SignedDuration::from_hours(2);
    let office = office.after("5h").given(handler("roads"), Command::Sign {});
    let ClockState::Breached { at, done_at } = state_of(&office, "sign") else {
        panic!("not breached");
    };
    assert_eq!(at, due);
    assert_eq!(done_at, Some(office.now));
}

#[test]
fn an_objection_waits_for_a_ruling() {
    let office = check(
        dispatched(),
        &handler("roads"),
        object(),
        &["objected", "clock-met", "task-raised"],
    );
    refuses(
        office.clone(),
        &handler("roads"),
        object(),
        "objection-pending",
    );
    let task = office.c1().docket.tasks.last().unwrap().id;
    refuses(
        office.clone(),
        &hub(),
        Command::FinishTask { task },
        "field-invalid",
    );

    let upheld = check(
        office.clone(),
        &hub(),
        rule(Ruling::Upheld),
        &[
            "ruled",
            "task-done",
            "released",
            "stage-moved",
            "task-raised",
        ],
    );
    assert_eq!(upheld.stage(), StageName::Accepted);

    let denied = check(
        office,
        &hub(),
        rule(Ruling::Denied),
        &["ruled", "task-done"],
    );
    assert_eq!(denied.stage(), StageName::Dispatched);
    assert!(denied.c1().locked);
    refuses(denied, &handler("roads"), object(), "objection-closed");
    refuses(dispatched(), &hub(), rule(Ruling::Denied), "no-objection");
    refuses(
        dispatched(),
        &handler("roads"),
        rule(Ruling::Denied),
        "not-yours",
    );
    refuses(reported(), &hub(), rule(Ruling::Denied), "wrong-stage");
}

#[test]
fn a_common_superior_may_rule() {
    let office = dispatched().given(handler("roads"), object());
    check(
        office,
        &head("county-office"),
        rule(Ruling::Denied),
        &["ruled"],
    );
}

#[test]
fn an_objection_has_its_window_its_words_and_its_place() {
    let late = dispatched().after("4cd");
    refuses(late, &handler("roads"), object(), "objection-closed");
    let silent = Command::Object { text: no_text() };
    refuses(dispatched(), &handler("roads"), silent, "text-missing");
    refuses(dispatched(), &handler("water"), object(), "not-yours");
    refuses(reported(), &handler("roads"), object(), "wrong-stage");
}

#[test]
fn the_second_objection_to_a_case_is_one_too_many() {
    let office = dispatched()
        .given(handler("roads"), object())
        .given(hub(), rule(Ruling::Upheld))
        .given(hub(), dispatch("water"));
    refuses(office, &handler("water"), object(), "objection-closed");
}

#[test]
fn nothing_is_reported_while_an_objection_waits() {
    let office = handling().given(handler("roads"), object());
    refuses(office, &handler("roads"), report(), "objection-pending");
}

#[test]
fn contact_and_arrival_stop_their_clocks() {
    let contact = Command::Contact { text: text() };
    let office = check(
        dispatched(),
        &handler("roads"),
        contact.clone(),
        &["contacted", "clock-met"],
    );
    assert_eq!(office.c1().contacted_at, Some(office.now));
    let arrive = Command::Arrive {
        evidence: vec![photo(1)],
    };
    let office = check(
        office,
        &handler("roads"),
        arrive.clone(),
        &["arrived", "attached", "clock-met"],
    );
    assert_eq!(office.c1().evidence.len(), 1);
    let silent = Command::Contact { text: no_text() };
    refuses(dispatched(), &handler("roads"), silent, "text-missing");
    refuses(
        dispatched(),
        &handler("water"),
        contact.clone(),
        "not-yours",
    );
    refuses(dispatched(), &hub(), arrive.clone(), "not-yours");
    refuses(reported(), &handler("roads"), contact, "wrong-stage");
    refuses(reported(), &handler("roads"), arrive, "wrong-stage");
}

#[test]
fn news_starts_the_wait_for_the_next_news() {
    let progress = || Command::Progress { text: text() };
    let office = check(
        handling(),
        &handler("roads"),
        progress(),
        &["progressed", "clock-met", "clock-started"],
    );
    let count = office.c1().docket.clocks.iter();
    assert_eq!(count.filter(|c| c.name.as_str() == "progress").count(), 2);
    refuses(dispatched(), &handler("roads"), progress(), "wrong-stage");
    refuses(handling(), &hub(), progress(), "not-yours");
    let silent = Command::Progress { text: no_text() };
    refuses(handling(), &handler("roads"), silent, "text-missing");
}

#[test]
fn a_case_has_at_most_five_hundred_clocks() {
    let mut office = handling();
    let progress = Command::Progress { text: text() };
    let refusal = loop {
        if let Err(refusal) = office.send(&handler("roads"), "c1", &progress) {
            break refusal;
        }
    };
    assert_eq!(refusal.code(), "too-many");
    assert_eq!(office.c1().docket.clocks.len(), 500);
}

#[test]
fn evidence_is_added_once_by_whoever_has_a_part() {
    let attach = |n| Command::Attach {
        evidence: vec![photo(n)],
    };
    let office = check(Office::with_case(), &citizen(), attach(1), &["attached"])
        .given(citizen(), attach(1))
        .given(clerk(), attach(2));
    assert_eq!(office.c1().evidence.len(), 2);
    refuses(office, &handler("water"), attach(3), "not-yours");
    refuses(closed(), &citizen(), attach(3), "wrong-stage");
    let flood = Command::Attach {
        evidence: (0..201).map(photo).collect(),
    };
    refuses(Office::with_case(), &citizen(), flood, "too-many");
    refuses(
        Office::with_case(),
        &as_role(Role::Assessor),
        attach(1),
        "not-yours",
    );
}

#[test]
fn no_report_is_waived_while_an_objection_waits() {
    let waive = Command::Waive {
        what: Waivable::Report,
        text: text(),
    };
    let objected = dispatched().given(handler("roads"), object());
    refuses(objected, &hub(), waive.clone(), "objection-pending");
    check(dispatched(), &hub(), waive, &["waived", "stage-moved"]);
}

#[test]
fn a_return_is_what_was_upheld_and_an_end_takes_the_case_from_nobody() {
    let returned = dispatched()
        .given(handler("roads"), object())
        .given(hub(), rule(Ruling::Upheld));
    let trail = &returned.c1().trail;
    let part = returned.c1().assignments[0].id;
    assert_eq!(trail.returned, [part]);
    assert_eq!(trail.released, [(part, returned.now)]);

    let handed_on = dispatched().given(
        hub(),
        Command::HandOver {
            lead: unit("water"),
            text: text(),
        },
    );
    let trail = &handed_on.c1().trail;
    assert_eq!((trail.returned.len(), trail.released.len()), (0, 1));

    let ended = dispatched().given(citizen(), Command::Withdraw { text: text() });
    assert_eq!(ended.stage(), StageName::Ended);
    let trail = &ended.c1().trail;
    assert_eq!((trail.returned.len(), trail.released.len()), (0, 0));
}
