//! What waits for a second person's word: who asks, who grants, what the guards say then, and when it falls away.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::{Advice, GuardVerdict};
use fengqiao_core::command::{Command, FollowUpResult, NamedSpec, Ruling, Waivable};
use fengqiao_core::docket::Verdict;
use fengqiao_core::event::Event;
use fengqiao_core::matter::Protection;
use fengqiao_core::proceeding::{Fields, Mover};
use fengqiao_core::profile::CloseOn;
use fengqiao_core::stage::StageName;

use crate::office::*;

fn extend(office: &Office) -> Command {
    let mut clocks = office.c1().docket.clocks.iter();
    let report = clocks.rfind(|c| c.name.as_str() == "report").unwrap();
    Command::Extend {
        clock: report.id,
        by: spec("5wd"),
        text: text(),
    }
}

fn suspend() -> Command {
    Command::Suspend {
        review_at: "2024-03-08T00:00:00Z".parse().unwrap(),
        text: text(),
    }
}

fn terminate() -> Command {
    Command::Terminate {
        ground: code("no-cooperation"),
        text: text(),
    }
}

fn yes(office: &Office) -> Command {
    Command::Decide {
        approval: office.c1().docket.approvals.last().unwrap().id,
        verdict: Verdict::Approved,
        text: None,
    }
}

/// A dispatcher whose own unit is this one.
fn hub_of(of: &str) -> Actor {
    match as_role(Role::Dispatcher) {
        Actor::Official {
            principal,
            role,
            division,
            ..
        } => Actor::Official {
            principal,
            role,
            unit: Some(unit(of)),
            division,
        },
        other => other,
    }
}

#[test]
fn a_hub_whose_own_unit_leads_asks_like_a_lead() {
    let office = check(handling(), &hub_of("roads"), suspend(), &["approval-asked"]);
    assert_eq!(office.c1().suspended_until, None);
    let granted = yes(&office);
    check(office, &hub(), granted, &["approval-decided", "suspended"]);
    check(handling(), &hub_of("water"), suspend(), &["suspended"]);
}

#[test]
fn nobody_of_the_unit_that_asked_or_leads_grants() {
    for wanted in [extend(&handling()), suspend(), terminate()] {
        let asked = handling().given(handler("roads"), wanted.clone());
        let granted = yes(&asked);
        refuses(
            asked.clone(),
            &hub_of("roads"),
            granted.clone(),
            "same-person",
        );
        check(asked, &hub_of("water"), granted, &["approval-decided"]);

        let asked = handling().given(hub_of("water"), wanted);
        if let Some(approval) = asked.c1().docket.approvals.last() {
            assert!(approval.waits());
            let granted = yes(&asked);
            for who in [hub_of("water"), hub_of("roads")] {
                refuses(asked.clone(), &who, granted.clone(), "same-person");
            }
            check(asked, &hub(), granted, &["approval-decided"]);
        }
    }
}

#[test]
fn a_lead_does_not_open_the_reporters_name_to_itself() {
    let tight = Command::Protect {
        protection: Protection::Confidential,
    };
    let loose = Command::Protect {
        protection: Protection::Open,
    };
    let asked = handling().given(citizen(), tight).given(citizen(), loose);
    let granted = yes(&asked);
    refuses(
        asked.clone(),
        &hub_of("roads"),
        granted.clone(),
        "same-person",
    );
    check(asked, &hub(), granted, &["protected"]);
}

#[test]
fn nobody_rules_on_the_objection_of_their_own_unit() {
    let asked = dispatched().given(handler("roads"), Command::Object { text: text() });
    let rule = Command::Rule {
        ruling: Ruling::Upheld,
        text: text(),
    };
    refuses(asked.clone(), &hub_of("roads"), rule.clone(), "same-person");
    check(asked, &hub_of("water"), rule, &["ruled"]);
}

#[test]
fn nobody_waives_what_their_own_unit_owes() {
    let waive = |what| Command::Waive { what, text: text() };
    let roads = hub_of("roads");
    refuses(handling(), &roads, waive(Waivable::Report), "not-yours");
    refuses(reported(), &roads, waive(Waivable::Reply), "not-yours");
    refuses(replied(), &roads, waive(Waivable::Rating), "not-yours");
    let open = Command::OpenProceeding {
        kind: code("mediation"),
        addressee: Some(unit("water")),
        about: None,
        fields: Fields::new(),
    };
    let ordered = handling().given(handler("roads"), open);
    let id = ordered.c1().docket.proceedings[0].id;
    let waive = waive(Waivable::Proceeding(id));
    refuses(
        ordered.clone(),
        &hub_of("water"),
        waive.clone(),
        "not-yours",
    );
    check(ordered, &hub(), waive, &["waived", "proceeding-moved"]);
}

#[test]
fn a_guard_that_refuses_what_is_approved_leaves_it_waiting() {
    let mut asked = handling().given(handler("roads"), terminate());
    let before = asked.clone();
    let refusing = guards(GuardVerdict::Refuse {
        code: code("explain-first"),
        text: "请先向诉求人说明".to_owned(),
    });
    let granted = yes(&asked);
    let refused = asked.send_advised(&hub(), "c1", &granted, &refusing);
    assert_eq!(refused.unwrap_err().code(), "explain-first");
    assert_eq!(asked.cases, before.cases);
    let permitted = guards(GuardVerdict::Permit);
    asked
        .send_advised(&hub(), "c1", &granted, &permitted)
        .unwrap();
    assert_eq!(asked.stage(), StageName::Ended);
}

#[test]
fn a_guard_has_no_word_on_a_no() {
    let mut asked = handling().given(handler("roads"), terminate());
    let refusing = guards(GuardVerdict::Refuse {
        code: code("never"),
        text: "从不".to_owned(),
    });
    let no = Command::Decide {
        approval: asked.c1().docket.approvals[0].id,
        verdict: Verdict::Rejected,
        text: Some(text()),
    };
    asked.send_advised(&hub(), "c1", &no, &refusing).unwrap();
    assert_eq!(asked.stage(), StageName::Handling);
}

#[test]
fn an_approval_is_the_persons_word_that_a_held_move_waits_for() {
    let mut office = handling();
    office.rules_mut().holds.insert(code("report"));
    let silent = silent_guard();
    office
        .send_advised(&handler("roads"), "c1", &report(), &silent)
        .unwrap();
    let granted = yes(&office);
    office
        .send_advised(&hub(), "c1", &granted, &silent)
        .unwrap();
    assert_eq!(office.stage(), StageName::Reported);
}

fn lapsed(events: &[Event]) -> Vec<(String, String)> {
    let lapsed = events.iter().filter_map(|event| match event {
        Event::ApprovalLapsed {
            command, ground, ..
        } => Some((command.to_string(), ground.to_string())),
        _ => None,
    });
    lapsed.collect()
}

fn pair(command: &str, ground: &str) -> (String, String) {
    (command.to_owned(), ground.to_owned())
}

#[test]
fn what_a_lead_asked_for_falls_away_with_its_part() {
    let wanted = extend(&handling());
    let mut office = handling()
        .given(handler("roads"), wanted)
        .given(handler("roads"), terminate());
    let up = Command::HandUp {
        to: division(TOWN),
        lead: Some(unit("town-hall")),
        reason: code("beyond-competence"),
    };
    let events = office.send(&hub(), "c1", &up).unwrap();
    let both = ["extend", "terminate"].map(|command| pair(command, "asker-without-part"));
    assert_eq!(lapsed(&events), both);
    let late = Command::Decide {
        approval: office.c1().docket.approvals[0].id,
        verdict: Verdict::Approved,
        text: None,
    };
    refuses(office.clone(), &hub(), late, "nothing-to-decide");
    let wanted = extend(&office);
    check(office, &handler("town-hall"), wanted, &["approval-asked"]);
}

#[test]
fn what_a_recused_unit_asked_for_falls_away() {
    let mut office = handling().given(handler("roads"), terminate());
    let recuse = Command::Recuse {
        unit: unit("roads"),
        text: text(),
    };
    let events = office.send(&hub(), "c1", &recuse).unwrap();
    assert_eq!(lapsed(&events), [pair("terminate", "asker-without-part")]);
}

#[test]
fn what_the_hub_asked_for_outlives_a_lead() {
    let mut office = handling().given(hub(), terminate());
    let up = Command::HandUp {
        to: division(TOWN),
        lead: None,
        reason: code("beyond-competence"),
    };
    let events = office.send(&handler("roads"), "c1", &up).unwrap();
    assert_eq!(lapsed(&events), []);
    assert!(office.c1().docket.approvals[0].waits());
}

#[test]
fn nothing_waits_for_a_word_once_the_case_is_over() {
    let wanted = extend(&handling());
    let mut office = handling().given(handler("roads"), wanted);
    let withdraw = Command::Withdraw { text: text() };
    let events = office.send(&citizen(), "c1", &withdraw).unwrap();
    assert_eq!(lapsed(&events), [pair("extend", "case-over")]);
}

#[test]
fn an_opening_that_is_only_asked_for_holds_nobodys_number_either() {
    let open = |value: &str| Command::OpenProceeding {
        kind: code("mediation"),
        addressee: None,
        about: None,
        fields: Fields::from([(code("contact"), value.to_owned())]),
    };
    let ask = |what| Command::AskApproval {
        what: Box::new(what),
        role: Role::Supervisor,
    };
    refuses(
        handling(),
        &plugin(),
        ask(open("请联系13800138000")),
        "field-invalid",
    );
    check(
        handling(),
        &plugin(),
        ask(open("请联系村委")),
        &["approval-asked"],
    );
}

#[test]
fn a_dispatch_that_is_only_asked_for_holds_nobodys_number_either() {
    let mut provenance = assumed();
    provenance.source = "来电13800138000".to_owned();
    let dispatch = Command::Dispatch {
        lead: Some(unit("roads")),
        others: Vec::new(),
        clocks: vec![NamedSpec {
            name: code("report"),
            spec: spec("2wd"),
            provenance,
        }],
    };
    let ask = Command::AskApproval {
        what: Box::new(dispatch),
        role: Role::Dispatcher,
    };
    refuses(Office::with_case(), &plugin(), ask, "field-invalid");
}

/// A case that the reply closed, so that its citizen may still rate it.
fn closed_unrated() -> Office {
    let mut office = Office::closing_on(CloseOn::Reply);
    office
        .take_in("c1", registration(), &Advice::default())
        .unwrap();
    office
        .given(hub(), dispatch("roads"))
        .given(handler("roads"), Command::Sign {})
        .given(handler("roads"), report())
        .given(handler("roads"), reply())
}

/// A case that is closed, with a mediation that goes on.
fn closed_in_session() -> (Office, Command) {
    let mut office = handling().given(handler("roads"), mediate());
    let graph = office.rules_mut().proceedings.get_mut(&code("mediation"));
    graph.unwrap().moves[0].by = vec![Mover::Role(Role::Dispatcher)];
    let agree = Command::MoveProceeding {
        proceeding: office.c1().docket.proceedings[0].id,
        code: code("agree"),
        fields: Fields::new(),
    };
    let office = office
        .given(handler("roads"), report())
        .given(handler("roads"), reply())
        .given(citizen(), rate("satisfied"));
    (office, agree)
}

fn mediate() -> Command {
    Command::OpenProceeding {
        kind: code("mediation"),
        addressee: None,
        about: None,
        fields: Fields::new(),
    }
}

/// A case with an instruction that nobody answered, and its answer.
fn closed_instructed() -> (Office, Command) {
    let instruct = Command::Instruct {
        text: text(),
        answer_within: None,
    };
    let office = handling()
        .given(as_role(Role::Supervisor), instruct)
        .given(handler("roads"), report())
        .given(handler("roads"), reply())
        .given(citizen(), rate("satisfied"));
    let answer = Command::Answer {
        instruction: office.c1().instructions[0].id,
        text: text(),
    };
    (office, answer)
}

/// An archived case with a task at the hub's desk, and its being done.
fn archived_with_task() -> (Office, Command) {
    let task = Command::RaiseTask {
        code: code("look-again"),
        desk: division(COUNTY),
        role: Role::Dispatcher,
        note: "请复核".to_owned(),
    };
    let office = closed()
        .given(plugin(), task)
        .given(hub(), Command::Archive {});
    let done = Command::FinishTask {
        task: office.c1().docket.tasks.last().unwrap().id,
    };
    (office, done)
}

fn withdrawn() -> Office {
    handling().given(citizen(), Command::Withdraw { text: text() })
}

#[test]
fn what_a_case_that_is_over_still_allows_waits_for_its_word_and_is_carried_out() {
    let follow_up = Command::FollowUp {
        result: FollowUpResult::Unsolved,
        by: code("phone"),
        text: None,
    };
    let waive = Command::Waive {
        what: Waivable::Rating,
        text: text(),
    };
    let flag = Command::Flag {
        flag: code("seen-again"),
    };
    let (in_session, agree) = closed_in_session();
    let (instructed, answer) = closed_instructed();
    let (with_task, done) = archived_with_task();
    let table = [
        (
            closed(),
            hub(),
            Command::Rework { text: text() },
            "reworked",
        ),
        (closed(), hub(), Command::Archive {}, "stage-moved"),
        (closed_unrated(), citizen(), rate("satisfied"), "rated"),
        (closed_unrated(), hub(), waive, "waived"),
        (closed(), hub(), follow_up, "followed-up"),
        (closed(), hub(), flag, "flagged"),
        (in_session, hub(), agree, "proceeding-moved"),
        (instructed, hub(), answer, "answered"),
        (with_task, hub(), done, "task-done"),
    ];
    for (mut office, who, command, then) in table {
        let word = code(command.name());
        office.rules_mut().holds.insert(word);
        let events = office
            .send_advised(&who, "c1", &command, &silent_guard())
            .unwrap();
        assert!(events.iter().any(|e| name(e) == "approval-asked"));
        assert_eq!(lapsed(&events), [], "{}", command.name());
        let granted = yes(&office);
        check(office, &second(), granted, &["approval-decided", then]);
    }
}

#[test]
fn a_looser_protection_of_a_case_that_is_over_waits_for_its_word() {
    let protect = |protection| Command::Protect { protection };
    for (office, who) in [
        (closed(), citizen()),
        (archived(), hub()),
        (withdrawn(), citizen()),
    ] {
        let mut office = office.given(citizen(), protect(Protection::Confidential));
        let loose = protect(Protection::Open);
        let events = office.send(&who, "c1", &loose).unwrap();
        assert_eq!(lapsed(&events), []);
        let granted = yes(&office);
        check(office, &second(), granted, &["protected"]);
    }
}

#[test]
fn an_opening_that_was_asked_for_waits_until_the_case_is_archived() {
    let ask = Command::AskApproval {
        what: Box::new(mediate()),
        role: Role::Dispatcher,
    };
    let waiting = handling()
        .given(plugin(), ask)
        .given(handler("roads"), report())
        .given(handler("roads"), reply());
    let mut office = waiting.given(citizen(), rate("satisfied"));
    let granted = yes(&office);
    check(office.clone(), &hub(), granted, &["proceeding-opened"]);
    let events = office.send(&hub(), "c1", &Command::Archive {}).unwrap();
    assert_eq!(lapsed(&events), [pair("open-proceeding", "case-over")]);
}

#[test]
fn what_a_closed_case_allows_no_more_falls_away() {
    for what in [
        Command::Attach {
            evidence: vec![photo(1)],
        },
        terminate(),
    ] {
        let word = what.name();
        let ask = Command::AskApproval {
            what: Box::new(what),
            role: Role::Dispatcher,
        };
        let mut office = handling()
            .given(plugin(), ask)
            .given(handler("roads"), report())
            .given(handler("roads"), reply());
        let rated = office.send(&citizen(), "c1", &rate("satisfied")).unwrap();
        assert_eq!(lapsed(&rated), [pair(word, "case-over")]);
    }
}
