//! Urge, instruct, answer, protect, recuse, tasks, guards and approvals.

use fengqiao_core::actor::Role;
use fengqiao_core::advice::{Advice, GuardVerdict};
use fengqiao_core::clock::ClockState;
use fengqiao_core::command::Command;
use fengqiao_core::docket::{ApprovalCause, Verdict};
use fengqiao_core::matter::{AssignmentRole, MatterKind, Protection};
use fengqiao_core::stage::StageName;

use crate::office::*;

fn urge() -> Command {
    Command::Urge { text: text() }
}

fn instruct(within: Option<&str>) -> Command {
    Command::Instruct {
        text: text(),
        answer_within: within.map(spec),
    }
}

fn recuse(of: &str) -> Command {
    Command::Recuse {
        unit: unit(of),
        text: text(),
    }
}

fn protect(protection: Protection) -> Command {
    Command::Protect { protection }
}

#[test]
fn a_supervisor_urges_with_words() {
    let supervisor = as_role(Role::Supervisor);
    let office = check(handling(), &supervisor, urge(), &["urged"]);
    assert_eq!(office.c1().urges, 1);
    check(handling(), &head("county-office"), urge(), &["urged"]);
    refuses(
        handling(),
        &supervisor,
        Command::Urge { text: no_text() },
        "text-missing",
    );
    refuses(handling(), &handler("water"), urge(), "not-yours");
    refuses(closed(), &supervisor, urge(), "wrong-stage");
}

#[test]
fn an_instruction_has_its_own_clock_and_answer() {
    let leader = as_role(Role::Secretary);
    let office = handling().given(leader.clone(), instruct(Some("24h")));
    let office = check(
        office,
        &leader,
        instruct(Some("48h")),
        &["instructed", "clock-started"],
    );
    let [first, second] = [0, 1].map(|n| office.c1().instructions[n].id);
    let answer = |instruction| Command::Answer {
        instruction,
        text: text(),
    };
    let office = check(
        office,
        &handler("roads"),
        answer(second),
        &["answered", "clock-met"],
    );
    let clocks = office.c1().docket.clocks.iter();
    let states: Vec<_> = clocks
        .filter(|c| c.name.as_str() == "instruction")
        .map(|c| c.state.clone())
        .collect();
    assert_eq!(states[0], ClockState::Running);
    assert!(matches!(states[1], ClockState::Met { .. }));
    refuses(
        office.clone(),
        &handler("roads"),
        answer(second),
        "not-found",
    );
    refuses(
        office.clone(),
        &handler("water"),
        answer(first),
        "not-yours",
    );
    let silent = Command::Answer {
        instruction: first,
        text: no_text(),
    };
    refuses(office, &handler("roads"), silent, "text-missing");
    refuses(handling(), &handler("roads"), instruct(None), "not-yours");
    refuses(closed(), &leader, instruct(None), "wrong-stage");
    refuses(archived(), &hub(), answer(1), "wrong-stage");
    let silent = Command::Instruct {
        text: no_text(),
        answer_within: None,
    };
    refuses(handling(), &leader, silent, "text-missing");
}

#[test]
fn a_case_has_at_most_sixty_four_instructions() {
    let leader = as_role(Role::Secretary);
    let mut office = handling();
    for _ in 0..64 {
        office.send(&leader, "c1", &instruct(None)).unwrap();
    }
    refuses(office, &leader, instruct(None), "too-many");
}

#[test]
fn protection_is_tightened_at_once_and_loosened_by_two() {
    let office = check(
        handling(),
        &citizen(),
        protect(Protection::Confidential),
        &["protected"],
    );
    let office = check(
        office,
        &citizen(),
        protect(Protection::Open),
        &["approval-asked"],
    );
    assert_eq!(office.c1().protection, Protection::Confidential);
    let approval = office.c1().docket.approvals[0].id;
    let yes = Command::Decide {
        approval,
        verdict: Verdict::Approved,
        text: None,
    };
    let office = check(office, &hub(), yes, &["approval-decided", "protected"]);
    assert_eq!(office.c1().protection, Protection::Open);
    refuses(
        office,
        &handler("roads"),
        protect(Protection::Confidential),
        "not-yours",
    );

    let mut report = registration();
    report.matter.kind = MatterKind::Report;
    let mut office = Office::new();
    office.take_in("c1", report, &Advice::default()).unwrap();
    refuses(office, &hub(), protect(Protection::Open), "field-invalid");
}

#[test]
fn a_recused_lead_loses_the_case_and_its_people_cannot_act() {
    let office = check(
        handling(),
        &hub(),
        recuse("roads"),
        &["recused", "released", "stage-moved", "task-raised"],
    );
    assert_eq!(office.stage(), StageName::Accepted);
    refuses(office.clone(), &hub(), dispatch("roads"), "recused");
    let attach = Command::Attach { evidence: vec![] };
    refuses(office.clone(), &handler("roads"), attach, "recused");
    refuses(office, &hub(), recuse("roads"), "recused");

    let assist = Command::Assign {
        appointment: appointment("water", AssignmentRole::Assist),
    };
    let office = handling().given(hub(), assist);
    let office = check(
        office,
        &handler("water"),
        recuse("water"),
        &["recused", "released"],
    );
    assert_eq!(office.stage(), StageName::Handling);
    refuses(handling(), &handler("water"), recuse("roads"), "not-yours");
    refuses(handling(), &hub(), recuse("nobody"), "unknown-unit");
    let silent = Command::Recuse {
        unit: unit("roads"),
        text: no_text(),
    };
    refuses(handling(), &hub(), silent, "text-missing");
    refuses(closed(), &hub(), recuse("roads"), "wrong-stage");
}

#[test]
fn a_task_is_ticked_off_by_whom_it_is_for() {
    let mut office = handling()
        .given(
            hub(),
            Command::Suspend {
                review_at: "2024-03-08T00:00:00Z".parse().unwrap(),
                text: text(),
            },
        )
        .after("5cd");
    office.notice_breaches();
    let mut tasks = office.c1().docket.tasks.iter();
    let task = tasks.rfind(|t| t.code.as_str() == "review").unwrap().id;
    let done = Command::FinishTask { task };
    refuses(office.clone(), &handler("roads"), done.clone(), "not-yours");
    let office = check(office, &hub(), done.clone(), &["task-done"]);
    refuses(office, &hub(), done, "not-found");

    let waiting = Office::with_case();
    let task = waiting.c1().docket.tasks[0].id;
    refuses(
        waiting,
        &hub(),
        Command::FinishTask { task },
        "field-invalid",
    );
}

#[test]
fn a_guard_that_refuses_refuses_with_its_own_rule() {
    let mut office = handling();
    let advice = guards(GuardVerdict::Refuse {
        code: code("visit-first"),
        text: "请先上门".to_owned(),
    });
    let refusal = office
        .send_advised(&handler("roads"), "c1", &report(), &advice)
        .unwrap_err();
    assert_eq!(refusal.code(), "visit-first");
    assert_eq!(office.stage(), StageName::Handling);
}

#[test]
fn a_guard_that_cannot_answer_is_neither_a_yes_nor_a_no() {
    let mut office = handling();
    office
        .send_advised(&handler("roads"), "c1", &report(), &silent_guard())
        .unwrap();
    assert_eq!(office.stage(), StageName::Reported);
    assert!(office.c1().flags.contains(&code("local-rule-unavailable")));
    let tasks = office.c1().docket.tasks.iter();
    assert!(
        tasks
            .clone()
            .any(|t| t.code.as_str() == "local-rule-unavailable")
    );
}

#[test]
fn a_held_move_waits_for_a_person_when_its_rule_cannot_answer() {
    let mut office = handling();
    office.rules_mut().holds.insert(code("report"));
    let roads = handler("roads");
    office
        .send_advised(&roads, "c1", &report(), &silent_guard())
        .unwrap();
    assert_eq!(office.stage(), StageName::Handling);
    let approval = &office.c1().docket.approvals[0];
    assert_eq!(approval.because, ApprovalCause::GuardUnavailable);
    let yes = Command::Decide {
        approval: approval.id,
        verdict: Verdict::Approved,
        text: None,
    };
    let office = check(office, &hub(), yes, &["approval-decided", "reported"]);
    assert_eq!(office.c1().reports[0].unit, unit("roads"));
}

#[test]
fn a_held_move_that_the_loop_refuses_is_refused_and_not_asked() {
    let mut office = dispatched();
    office.rules_mut().holds.insert(code("report"));
    let refusal = office.send_advised(&handler("roads"), "c1", &report(), &silent_guard());
    assert_eq!(refusal.unwrap_err().code(), "wrong-stage");
}

#[test]
fn a_guard_refuses_no_breach() {
    let mut office = dispatched().after("9h");
    let clocks = office.c1().docket.clocks.iter();
    let clock = clocks
        .clone()
        .find(|c| c.name.as_str() == "sign")
        .unwrap()
        .id;
    let advice = guards(GuardVerdict::Refuse {
        code: code("never"),
        text: "从不".to_owned(),
    });
    let breach = Command::Breach { clock };
    let kernel = fengqiao_core::actor::Actor::Kernel;
    office
        .send_advised(&kernel, "c1", &breach, &advice)
        .unwrap();
}
