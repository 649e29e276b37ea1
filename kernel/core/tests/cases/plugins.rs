//! What bindings may propose, and the walls around it.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::GuardVerdict;
use fengqiao_core::clock::Mark;
use fengqiao_core::command::{Command, Recipient};
use fengqiao_core::docket::{Grant, GrantTerms, Verdict};
use fengqiao_core::ids::BindingId;
use fengqiao_core::matter::{AssignmentRole, Protection};
use fengqiao_core::proceeding::Fields;
use fengqiao_core::stage::StageName;

use crate::office::*;

fn assist(of: &str) -> Command {
    Command::Assign {
        appointment: appointment(of, AssignmentRole::Assist),
    }
}

fn start(name: &str) -> Command {
    Command::StartClock {
        rule: clock_rule(name, "8h"),
        owner: Some(unit("roads")),
    }
}

fn task(desk: &str, note: &str) -> Command {
    Command::RaiseTask {
        code: code("look"),
        desk: division(desk),
        role: Role::Supervisor,
        note: note.to_owned(),
    }
}

fn notify(to: Recipient) -> Command {
    Command::Notify {
        notice: code("hazard-seen"),
        to,
    }
}

fn open() -> Command {
    Command::OpenProceeding {
        kind: code("mediation"),
        addressee: None,
        about: None,
        fields: Fields::new(),
    }
}

fn ask(what: Command) -> Command {
    Command::AskApproval {
        what: Box::new(what),
        role: Role::Supervisor,
    }
}

#[test]
fn a_plugin_adds_units_of_its_own_divisions_only() {
    check(handling(), &plugin(), assist("water"), &["assigned"]);
    refuses(
        handling(),
        &plugin_of(TOWN),
        assist("water"),
        "outside-division",
    );
    refuses(
        handling(),
        &plugin_of(OTHER_TOWN),
        assist("town-hall"),
        "outside-division",
    );
    refuses(handling(), &plugin(), assist("nobody"), "unknown-unit");
    let mut granted = handling();
    granted.grants.push(Grant {
        id: 1,
        terms: GrantTerms {
            grantor: unit("county-office"),
            grantee: unit("town-hall"),
            kind: code("mediation"),
            addressees: vec![unit("far-roads")],
            scope: division(COUNTY),
            from: "2024-01-01T00:00:00Z".parse().unwrap(),
            until: "2025-01-01T00:00:00Z".parse().unwrap(),
        },
        revoked_at: None,
    });
    let mut request = granted.clone();
    assert!(request.grants.pop().is_some());
    refuses(request, &plugin(), assist("far-roads"), "outside-division");
}

#[test]
fn a_plugin_dispatches_only_an_accepted_case() {
    check(
        Office::with_case(),
        &plugin(),
        dispatch("roads"),
        &["assigned", "stage-moved"],
    );
    refuses(
        Office::with_case(),
        &plugin_of(TOWN),
        dispatch("roads"),
        "outside-division",
    );
    refuses(handling(), &plugin(), dispatch("water"), "wrong-stage");
}

#[test]
fn a_plugin_takes_no_step_of_the_loop() {
    for command in [
        Command::Accept {},
        Command::Sign {},
        report(),
        reply(),
        rate("satisfied"),
        Command::Close {},
        Command::Archive {},
        Command::Resume {},
        Command::Rework { text: text() },
        Command::Terminate {
            ground: code("x"),
            text: text(),
        },
        Command::Merge {
            into: case_id("c2"),
        },
        Command::HandDown {
            to: division(VILLAGE),
            lead: None,
            reason: code("x"),
        },
        Command::Extend {
            clock: 1,
            by: spec("1wd"),
            text: text(),
        },
        Command::Breach { clock: 1 },
    ] {
        refuses(handling(), &plugin(), command, "not-for-plugins");
    }
}

#[test]
fn a_plugin_hands_up_to_an_ancestor() {
    let up = |to: &str, lead: Option<&str>| Command::HandUp {
        to: division(to),
        lead: lead.map(unit),
        reason: code("hazard"),
    };
    let office = check(
        handling(),
        &plugin_of(TOWN),
        up(COUNTY, None),
        &["level-moved"],
    );
    assert_eq!(office.stage(), StageName::Accepted);
    refuses(
        handling(),
        &plugin_of(TOWN),
        up(COUNTY, Some("roads")),
        "outside-division",
    );
    refuses(
        handling(),
        &plugin_of(TOWN),
        up(OTHER_TOWN, None),
        "not-an-ancestor",
    );
}

#[test]
fn a_plugins_clock_is_its_own_to_stop() {
    let office = check(
        handling(),
        &plugin(),
        start("hazard-check"),
        &["clock-started"],
    );
    let clock = office.c1().docket.clocks.last().unwrap().id;
    let stop = Command::StopClock { clock };
    let other = Actor::Plugin {
        binding: BindingId::parse("b2").unwrap(),
        division: division(COUNTY),
        component: fengqiao_core::ids::Digest::parse("abc").unwrap(),
    };
    refuses(office.clone(), &other, stop.clone(), "not-yours");
    refuses(
        office.clone(),
        &plugin(),
        Command::StopClock { clock: 1 },
        "not-yours",
    );
    refuses(
        office.clone(),
        &plugin(),
        Command::StopClock { clock: 999 },
        "not-found",
    );
    let office = check(office, &plugin(), stop.clone(), &["clock-met"]);
    refuses(office, &plugin(), stop, "clock-over");

    refuses(handling(), &plugin(), start("report"), "field-invalid");
    let mut law = clock_rule("own-law", "8h");
    law.provenance.mark = Mark::L;
    let law = Command::StartClock {
        rule: law,
        owner: None,
    };
    refuses(handling(), &plugin(), law, "field-invalid");
    refuses(
        handling(),
        &plugin_of(TOWN),
        start("hazard-check"),
        "outside-division",
    );
    refuses(handling(), &hub(), start("hazard-check"), "not-yours");
    refuses(closed(), &plugin(), start("hazard-check"), "wrong-stage");
}

#[test]
fn a_plugin_flags_notifies_and_raises_tasks() {
    let flag = || Command::Flag {
        flag: code("hazard"),
    };
    let mut office = check(handling(), &plugin(), flag(), &["flagged"]);
    assert!(office.send(&plugin(), "c1", &flag()).unwrap().is_empty());
    for n in 0..63 {
        let flag = code(&format!("f{n}"));
        office
            .send(&plugin(), "c1", &Command::Flag { flag })
            .unwrap();
    }
    let one_more = Command::Flag { flag: code("more") };
    refuses(office, &plugin(), one_more, "too-many");

    check(
        handling(),
        &plugin(),
        notify(Recipient::Citizen),
        &["notified"],
    );
    let roads = Recipient::Unit(unit("roads"));
    refuses(
        handling(),
        &plugin_of(TOWN),
        notify(roads),
        "outside-division",
    );
    let desk = |place| Recipient::Desk(division(place));
    check(
        handling(),
        &plugin_of(TOWN),
        notify(desk(COUNTY)),
        &["notified"],
    );
    refuses(
        handling(),
        &plugin_of(TOWN),
        notify(desk(OTHER_TOWN)),
        "outside-division",
    );

    check(
        handling(),
        &plugin_of(TOWN),
        task(COUNTY, "看一看"),
        &["task-raised"],
    );
    refuses(
        handling(),
        &plugin_of(TOWN),
        task(OTHER_TOWN, "看一看"),
        "outside-division",
    );
    refuses(
        handling(),
        &plugin(),
        task(COUNTY, &"长".repeat(501)),
        "too-many",
    );
    refuses(
        handling(),
        &plugin(),
        task(COUNTY, "请拨打13800001234"),
        "field-invalid",
    );
    let mut office = handling();
    while office.c1().docket.tasks.len() < 200 {
        office
            .send(&plugin(), "c1", &task(COUNTY, "看一看"))
            .unwrap();
    }
    refuses(office, &plugin(), task(COUNTY, "看一看"), "too-many");
}

#[test]
fn a_plugin_urges_only_its_own_units() {
    let urge = || Command::Urge { text: no_text() };
    check(handling(), &plugin(), urge(), &["urged"]);
    refuses(handling(), &plugin_of(TOWN), urge(), "outside-division");
}

#[test]
fn a_plugin_never_loosens_protection() {
    let tight = Command::Protect {
        protection: Protection::Confidential,
    };
    let office = check(handling(), &plugin(), tight, &["protected"]);
    let loose = Command::Protect {
        protection: Protection::Open,
    };
    refuses(office, &plugin(), loose, "not-for-plugins");
}

#[test]
fn what_has_weight_waits_for_a_named_role() {
    let office = check(handling(), &plugin(), ask(open()), &["approval-asked"]);
    assert!(office.c1().docket.proceedings.is_empty());
    let approval = office.c1().docket.approvals[0].id;
    let decide = |verdict| Command::Decide {
        approval,
        verdict,
        text: None,
    };
    refuses(
        office.clone(),
        &hub(),
        decide(Verdict::Approved),
        "wrong-approver",
    );
    let supervisor = as_role(Role::Supervisor);
    check(
        office,
        &supervisor,
        decide(Verdict::Approved),
        &["approval-decided", "proceeding-opened"],
    );
    refuses(
        handling(),
        &plugin(),
        ask(Command::Breach { clock: 1 }),
        "not-for-plugins",
    );
    refuses(handling(), &plugin(), ask(ask(open())), "not-for-plugins");
    refuses(handling(), &hub(), ask(open()), "not-yours");
}

#[test]
fn an_approval_lends_nobody_a_right_that_they_do_not_have() {
    let asked = |role| {
        let ask = Command::AskApproval {
            what: Box::new(dispatch("roads")),
            role,
        };
        let office = Office::with_case().given(plugin_of(TOWN), ask);
        let yes = Command::Decide {
            approval: office.c1().docket.approvals[0].id,
            verdict: Verdict::Approved,
            text: None,
        };
        (office, yes)
    };
    let (office, yes) = asked(Role::Supervisor);
    refuses(office, &as_role(Role::Supervisor), yes, "not-yours");
    let (office, yes) = asked(Role::Dispatcher);
    check(office, &hub(), yes, &["approval-decided", "assigned"]);
}

#[test]
fn a_guard_may_say_why_a_procedure_does_not_offer_a_move_now() {
    let mut office = handling();
    office.send(&handler("roads"), "c1", &open()).unwrap();
    let dance = Command::MoveProceeding {
        proceeding: office.c1().docket.proceedings[0].id,
        code: code("dance"),
        fields: Fields::new(),
    };
    let mut told = |verdict: GuardVerdict| {
        let advice = guards(verdict);
        let refusal = office.send_advised(&handler("roads"), "c1", &dance, &advice);
        refusal.unwrap_err().code().to_owned()
    };
    let too_late = GuardVerdict::Refuse {
        code: code("too-late"),
        text: "已过期".to_owned(),
    };
    assert_eq!(told(too_late), "too-late");
    assert_eq!(told(GuardVerdict::Permit), "no-such-move");
}

#[test]
fn a_proceeding_is_opened_and_moved_by_its_graph() {
    let office = check(
        handling(),
        &handler("roads"),
        open(),
        &["proceeding-opened", "clock-started"],
    );
    let step = |by: &str| Command::MoveProceeding {
        proceeding: office.c1().docket.proceedings[0].id,
        code: code(by),
        fields: Fields::new(),
    };
    check(
        office.clone(),
        &handler("roads"),
        step("agree"),
        &["clock-met", "proceeding-moved"],
    );
    refuses(
        office.clone(),
        &handler("roads"),
        step("dance"),
        "no-such-move",
    );
    refuses(office.clone(), &hub(), step("agree"), "not-yours");
    let unknown = Command::OpenProceeding {
        kind: code("duel"),
        addressee: None,
        about: None,
        fields: Fields::new(),
    };
    refuses(handling(), &handler("roads"), unknown, "unknown-proceeding");
    refuses(closed(), &hub(), open(), "wrong-stage");
}

#[test]
fn a_grant_is_given_on_a_division_and_not_on_a_case() {
    let revoke = Command::RevokeGrant { grant: 1 };
    refuses(handling(), &hub(), revoke, "not-yours");
}

#[test]
fn an_allowance_is_set_on_a_division_and_not_on_a_case() {
    let set = Command::SetAllowance {
        kind: code("fund"),
        year: 2024,
        ceiling_fen: 100,
        text: text(),
    };
    refuses(handling(), &hub(), set, "not-yours");
}
