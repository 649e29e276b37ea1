//! Close, rework, archive, withdraw, terminate, waive, breach.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::Advice;
use fengqiao_core::clock::ClockState;
use fengqiao_core::command::{Command, Waivable};
use fengqiao_core::docket::Verdict;
use fengqiao_core::matter::MatterKind;
use fengqiao_core::proceeding::Fields;
use fengqiao_core::profile::CloseOn;
use fengqiao_core::stage::StageName;

use crate::office::*;

fn rework() -> Command {
    Command::Rework { text: text() }
}

fn waive(what: Waivable) -> Command {
    Command::Waive { what, text: text() }
}

fn terminate() -> Command {
    Command::Terminate {
        ground: code("no-cooperation"),
        text: text(),
    }
}

fn approve(approval: u32) -> Command {
    Command::Decide {
        approval,
        verdict: Verdict::Approved,
        text: None,
    }
}

fn live(office: &Office, name: &str) -> Option<u32> {
    let mut clocks = office.c1().docket.clocks.iter();
    let clock = clocks.find(|c| c.name.as_str() == name && c.state.is_live());
    clock.map(|c| c.id)
}

#[test]
fn a_person_closes_only_what_the_rule_allows() {
    refuses(replied(), &hub(), Command::Close {}, "not-closable");
    refuses(reported(), &hub(), Command::Close {}, "wrong-stage");
    refuses(replied(), &handler("roads"), Command::Close {}, "not-yours");
    refuses(closed(), &hub(), Command::Close {}, "wrong-stage");
    let mut office = replied();
    office.rules_mut().close_on = CloseOn::Reply;
    let office = check(
        office,
        &hub(),
        Command::Close {},
        &["closed", "stage-moved", "released"],
    );
    assert_eq!(live(&office, "handle-total"), None);
}

#[test]
fn rework_takes_the_closing_back_and_keeps_the_totals_first_start() {
    let before = closed();
    let clocks = before.c1().docket.clocks.iter();
    let first = clocks
        .clone()
        .find(|c| c.name.as_str() == "handle-total")
        .unwrap();
    let first = first.deadline.clone();
    let office = check(
        before.after("24h"),
        &hub(),
        rework(),
        &["reworked", "assigned", "stage-moved", "clock-started"],
    );
    assert_eq!(office.stage(), StageName::Handling);
    assert!(office.c1().outcome.closed.is_none());
    assert_eq!(office.c1().reworks, 1);
    let mut clocks = office.c1().docket.clocks.iter();
    let total = clocks.rfind(|c| c.name.as_str() == "handle-total").unwrap();
    assert_eq!(total.deadline, first);
    assert_eq!(total.state, ClockState::Running);
    let office = office
        .given(handler("roads"), report())
        .given(handler("roads"), reply());
    check(office, &citizen(), rate("satisfied"), &["rated", "closed"]);
}

#[test]
fn rework_has_rounds_a_window_and_words() {
    let mut office = replied();
    for _ in 0..2 {
        office = office
            .given(hub(), rework())
            .given(handler("roads"), report())
            .given(handler("roads"), reply());
    }
    refuses(office, &hub(), rework(), "reworks-exhausted");
    refuses(
        closed().after("40cd"),
        &hub(),
        rework(),
        "rework-window-over",
    );
    refuses(
        closed(),
        &hub(),
        Command::Rework { text: no_text() },
        "text-missing",
    );
    refuses(handling(), &hub(), rework(), "wrong-stage");
    refuses(closed(), &handler("roads"), rework(), "not-yours");
}

#[test]
fn a_case_is_archived_when_nothing_is_left() {
    let office = check(closed(), &hub(), Command::Archive {}, &["stage-moved"]);
    assert_eq!(office.stage(), StageName::Archived);
    check(
        closed(),
        &Actor::Kernel,
        Command::Archive {},
        &["stage-moved"],
    );
    refuses(replied(), &hub(), Command::Archive {}, "wrong-stage");
    refuses(
        closed(),
        &handler("roads"),
        Command::Archive {},
        "not-yours",
    );
    refuses(archived(), &hub(), rework(), "wrong-stage");
}

#[test]
fn a_case_is_not_archived_unrated_nor_with_a_clock_or_proceeding() {
    let closing_on_reply = || {
        let mut office = Office::closing_on(CloseOn::Reply);
        office
            .take_in("c1", registration(), &Advice::default())
            .unwrap();
        office
            .given(hub(), dispatch("roads"))
            .given(handler("roads"), Command::Sign {})
    };
    let office = closing_on_reply()
        .given(handler("roads"), report())
        .given(handler("roads"), reply());
    refuses(
        office.clone(),
        &hub(),
        Command::Archive {},
        "not-archivable",
    );
    let office = check(
        office,
        &hub(),
        waive(Waivable::Rating),
        &["waived", "clock-cancelled"],
    );
    check(office, &hub(), Command::Archive {}, &["stage-moved"]);

    let open = Command::OpenProceeding {
        kind: code("mediation"),
        addressee: None,
        about: None,
        fields: Fields::new(),
    };
    let office = closing_on_reply()
        .given(handler("roads"), open)
        .given(handler("roads"), report())
        .given(handler("roads"), reply())
        .given(hub(), waive(Waivable::Rating));
    refuses(
        office.clone(),
        &hub(),
        Command::Archive {},
        "not-archivable",
    );
    let id = office.c1().docket.proceedings[0].id;
    let office = check(
        office,
        &hub(),
        waive(Waivable::Proceeding(id)),
        &["waived", "proceeding-moved", "clock-cancelled"],
    );
    refuses(
        office.clone(),
        &hub(),
        waive(Waivable::Proceeding(id)),
        "no-such-move",
    );
    check(office, &hub(), Command::Archive {}, &["stage-moved"]);
}

#[test]
fn a_closed_case_with_an_unanswered_instruction_is_not_archived() {
    let instruct = Command::Instruct {
        text: text(),
        answer_within: Some(spec("240h")),
    };
    let office = handling()
        .given(as_role(Role::Secretary), instruct)
        .given(handler("roads"), report())
        .given(handler("roads"), reply())
        .given(citizen(), rate("satisfied"));
    refuses(
        office.clone(),
        &hub(),
        Command::Archive {},
        "not-archivable",
    );
    let answer = Command::Answer {
        instruction: office.c1().instructions[0].id,
        text: text(),
    };
    let office = office.given(hub(), answer);
    check(office, &hub(), Command::Archive {}, &["stage-moved"]);
}

#[test]
fn the_requester_withdraws_unless_the_public_is_concerned() {
    let withdraw = || Command::Withdraw { text: no_text() };
    let office = check(
        handling(),
        &citizen(),
        withdraw(),
        &["told", "stage-moved", "clock-cancelled", "released"],
    );
    assert_eq!(office.stage(), StageName::Ended);
    refuses(closed(), &citizen(), withdraw(), "wrong-stage");
    refuses(handling(), &hub(), withdraw(), "not-yours");

    let mut public = registration();
    public.matter.marks.insert(code("public-interest"));
    let mut office = Office::new();
    office.take_in("c1", public, &Advice::default()).unwrap();
    let office = check(office, &citizen(), withdraw(), &["flagged", "told"]);
    assert_eq!(office.stage(), StageName::Accepted);
}

#[test]
fn a_termination_takes_two_people() {
    for proposer in [handler("roads"), hub()] {
        let office = check(handling(), &proposer, terminate(), &["approval-asked"]);
        assert_eq!(office.stage(), StageName::Handling);
        let approval = office.c1().docket.approvals[0].id;
        if proposer == hub() {
            refuses(office.clone(), &hub(), approve(approval), "same-person");
        }
        let office = check(
            office,
            &second(),
            approve(approval),
            &["approval-decided", "told", "stage-moved"],
        );
        assert_eq!(office.stage(), StageName::Ended);
        refuses(office, &second(), approve(approval), "nothing-to-decide");
    }
    let silent = Command::Terminate {
        ground: code("no-cooperation"),
        text: no_text(),
    };
    refuses(handling(), &hub(), silent, "text-missing");
    refuses(Office::with_case(), &hub(), terminate(), "wrong-stage");
    refuses(handling(), &handler("water"), terminate(), "not-yours");
    let asked = handling().given(hub(), terminate());
    refuses(asked, &hub(), terminate(), "too-many");
}

#[test]
fn a_termination_can_be_refused_with_a_reason() {
    let office = handling().given(handler("roads"), terminate());
    let approval = office.c1().docket.approvals[0].id;
    let reject = |text| Command::Decide {
        approval,
        verdict: Verdict::Rejected,
        text,
    };
    refuses(office.clone(), &hub(), reject(None), "text-missing");
    let wrong = as_role(Role::Supervisor);
    refuses(
        office.clone(),
        &wrong,
        reject(Some(text())),
        "wrong-approver",
    );
    let office = check(office, &hub(), reject(Some(text())), &["approval-decided"]);
    assert_eq!(office.stage(), StageName::Handling);
}

#[test]
fn an_end_stops_proceedings_too() {
    let open = Command::OpenProceeding {
        kind: code("mediation"),
        addressee: None,
        about: None,
        fields: Fields::new(),
    };
    let office = handling().given(handler("roads"), open);
    let withdraw = Command::Withdraw { text: no_text() };
    let office = check(
        office,
        &citizen(),
        withdraw,
        &["stage-moved", "waived", "proceeding-moved"],
    );
    assert!(office.c1().docket.clocks.iter().all(|c| !c.state.is_live()));
}

#[test]
fn a_report_and_a_reply_are_waived_only_by_name_and_reason() {
    let office = check(
        dispatched(),
        &hub(),
        waive(Waivable::Report),
        &["waived", "stage-moved"],
    );
    assert_eq!(office.stage(), StageName::Reported);
    let office = check(
        office,
        &hub(),
        waive(Waivable::Reply),
        &["waived", "stage-moved"],
    );
    assert_eq!(office.stage(), StageName::Replied);
    let office = check(
        office,
        &hub(),
        waive(Waivable::Rating),
        &["waived", "closed"],
    );
    refuses(office, &hub(), waive(Waivable::Rating), "already-rated");
    refuses(
        Office::with_case(),
        &hub(),
        waive(Waivable::Report),
        "wrong-stage",
    );
    refuses(handling(), &hub(), waive(Waivable::Reply), "wrong-stage");
    refuses(handling(), &hub(), waive(Waivable::FollowUp), "wrong-stage");
    refuses(
        handling(),
        &handler("roads"),
        waive(Waivable::Report),
        "not-yours",
    );
    let silent = Command::Waive {
        what: Waivable::Report,
        text: no_text(),
    };
    refuses(handling(), &hub(), silent, "text-missing");
}

#[test]
fn a_clock_of_law_is_never_waived() {
    let office = handling();
    let total = live(&office, "handle-total").unwrap();
    check(
        office.clone(),
        &hub(),
        waive(Waivable::Clock(total)),
        &["waived", "clock-cancelled"],
    );
    refuses(
        office.clone(),
        &hub(),
        waive(Waivable::Clock(999)),
        "not-found",
    );
    let office = office.given(hub(), waive(Waivable::Clock(total)));
    refuses(office, &hub(), waive(Waivable::Clock(total)), "clock-over");

    let mut petition = registration();
    petition.matter.kind = MatterKind::Petition;
    let mut office = Office::new();
    office.rules_mut().clocks.retain(|r| r.division.is_none());
    office.take_in("c1", petition, &Advice::default()).unwrap();
    let total = live(&office, "handle-total").unwrap();
    refuses(office, &hub(), waive(Waivable::Clock(total)), "statutory");
}

#[test]
fn a_clock_is_breached_once_at_its_nominal_time() {
    let breach = |clock| Command::Breach { clock };
    let office = dispatched();
    let sign = live(&office, "sign").unwrap();
    refuses(office.clone(), &Actor::Kernel, breach(sign), "not-due");
    refuses(office.clone(), &Actor::Kernel, breach(999), "not-found");
    let late = office.after("9h");
    refuses(late.clone(), &hub(), breach(sign), "not-yours");
    let late = check(late, &Actor::Kernel, breach(sign), &["clock-breached"]);
    refuses(late, &Actor::Kernel, breach(sign), "clock-over");
}

#[test]
fn a_breach_in_a_proceeding_makes_the_move_that_its_state_names() {
    let open = Command::OpenProceeding {
        kind: code("mediation"),
        addressee: None,
        about: None,
        fields: Fields::new(),
    };
    let mut office = handling().given(handler("roads"), open).after("31cd");
    office.notice_breaches();
    assert_eq!(office.c1().docket.proceedings[0].state, code("failed"));
}

#[test]
fn a_case_that_nobody_touches_comes_back_to_a_desk_again_and_again() {
    let mut office = Office::with_case();
    for _ in 0..4 {
        office.pass("40cd");
        office.notice_breaches();
        let clocks = &office.c1().docket.clocks;
        assert!(clocks.iter().any(|c| c.state == ClockState::Running));
    }
    let tasks = &office.c1().docket.tasks;
    assert!(tasks.iter().any(|t| t.code.as_str() == "review"));
}
