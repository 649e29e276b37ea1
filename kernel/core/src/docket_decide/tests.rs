//! Commands on a unit's or a division's docket: what is decided, by whom, and what is refused.

use fengqiao_calendar::Spec;

use crate::actor::{Actor, Role};
use crate::clock::ClockState;
use crate::command::{Command, Recipient, Waivable};
use crate::docket::{Docket, Verdict};
use crate::docket_decide::{MAX_OPEN_TASKS, MAX_OWN_CLOCKS, decide_docket};
use crate::event::Event;
use crate::fixture::*;
use crate::ids::{CaseId, Subject, TextId, TextRef};
use crate::proceeding::{End, Fields};
use crate::refusal::Refusal;

fn bureau() -> Subject {
    Subject::Unit(unit("bureau"))
}

fn words(chars: u32) -> TextRef {
    TextRef {
        id: TextId::parse("t1").unwrap(),
        chars,
    }
}

fn decide(
    actor: &Actor,
    docket: &Docket,
    command: &Command,
    at: i64,
) -> Result<(Docket, Vec<Event>), Refusal> {
    let world = World::new(&[order(), card()]);
    let decision = decide_docket(&bureau(), docket, command, &world.ctx(actor, hour(at)))?;
    assert!(
        decision
            .events
            .iter()
            .all(|(subject, _)| *subject == bureau())
    );
    let events: Vec<Event> = decision
        .events
        .into_iter()
        .map(|(_, event)| event)
        .collect();
    Ok((folded(docket, &bureau(), &events, hour(at)), events))
}

fn open_card() -> Command {
    Command::OpenProceeding {
        kind: code("card"),
        addressee: None,
        about: Some(CaseId::parse("SQ1").unwrap()),
        fields: Fields::new(),
    }
}

fn carded() -> Docket {
    decide(&plugin(COUNTY), &empty(), &open_card(), 0)
        .unwrap()
        .0
}

fn supervisor() -> Actor {
    official(
        "supervisor",
        Role::Supervisor,
        Some("petition-office"),
        COUNTY,
    )
}

#[test]
fn a_card_goes_its_way_until_a_named_person_refers_it() {
    let docket = carded();
    let breach = Command::Breach { clock: 2 };
    let early = decide(&Actor::Kernel, &docket, &breach, 24).unwrap_err();
    assert_eq!(early, Refusal::NotDue { clock: 2 });
    let (docket, _) = decide(&Actor::Kernel, &docket, &breach, 30).unwrap();
    let nominal = ClockState::Breached {
        at: hour(24),
        done_at: None,
    };
    assert_eq!(docket.clocks[0].state, nominal);
    assert_eq!(docket.proceedings[0].state.as_str(), "raised");
    let again = decide(&Actor::Kernel, &docket, &breach, 31).unwrap_err();
    assert_eq!(again, Refusal::ClockOver { clock: 2 });

    let approve = Command::Decide {
        approval: 3,
        verdict: Verdict::Approved,
        text: None,
    };
    let wrong = decide(&supervisor(), &docket, &approve, 40).unwrap_err();
    assert_eq!(wrong.code(), "wrong-approver");
    let discipline = official("discipline", Role::Discipline, None, COUNTY);
    let (docket, _) = decide(&discipline, &docket, &approve, 40).unwrap();
    assert_eq!(docket.proceedings[0].state.as_str(), "referred");
    assert_eq!(
        docket.clocks[0].state, nominal,
        "a referral isn't an answer"
    );
}

#[test]
fn an_answer_after_the_breach_is_done_late() {
    let docket = carded();
    let (docket, _) = decide(&Actor::Kernel, &docket, &Command::Breach { clock: 2 }, 25).unwrap();
    let handler = official("handler", Role::UnitHandler, Some("bureau"), COUNTY);
    let answer = Command::MoveProceeding {
        proceeding: 1,
        code: code("answer"),
        fields: Fields::new(),
    };
    let (docket, _) = decide(&handler, &docket, &answer, 26).unwrap();
    let late = ClockState::Breached {
        at: hour(24),
        done_at: Some(hour(26)),
    };
    assert_eq!(docket.clocks[0].state, late);
    assert_eq!(docket.proceedings[0].end, End::Ends);
}

#[test]
fn the_addressee_of_a_proceeding_is_told() {
    let world = World::new(&[card()]);
    let rule = plugin(COUNTY);
    let decision = decide_docket(
        &bureau(),
        &empty(),
        &open_card(),
        &world.ctx(&rule, hour(0)),
    )
    .unwrap();
    let told: Vec<_> = decision.effects.iter().map(|effect| &effect.to).collect();
    assert_eq!(told, [&Recipient::Unit(unit("bureau"))]);
}

#[test]
fn a_plugin_leaves_other_divisions_dockets_alone() {
    let foreign = plugin(OTHER_COUNTY);
    let refused = decide(&foreign, &empty(), &open_card(), 0).unwrap_err();
    assert_eq!(refused.code(), "outside-division");
    let task = Command::RaiseTask {
        code: code("look"),
        desk: division(OTHER_COUNTY),
        role: Role::Dispatcher,
        note: "请核对".to_owned(),
    };
    assert_eq!(
        decide(&foreign, &empty(), &task, 0).unwrap_err().code(),
        "outside-division"
    );
    let own = plugin(COUNTY);
    assert_eq!(
        decide(&own, &empty(), &task, 0).unwrap_err().code(),
        "outside-division"
    );
}

#[test]
fn a_plugin_turns_upward_to_an_ancestors_desk() {
    let task = Command::RaiseTask {
        code: code("look"),
        desk: division(PROVINCE),
        role: Role::Dispatcher,
        note: "请核对".to_owned(),
    };
    let (docket, _) = decide(&plugin(COUNTY), &empty(), &task, 0).unwrap();
    let finish = Command::FinishTask { task: 1 };
    let below = official("d", Role::Dispatcher, None, COUNTY);
    assert_eq!(
        decide(&below, &docket, &finish, 1).unwrap_err().code(),
        "not-yours"
    );
    let above = official("d", Role::Dispatcher, None, PROVINCE);
    let (docket, _) = decide(&above, &docket, &finish, 1).unwrap();
    assert_eq!(docket.tasks[0].done_at, Some(hour(1)));
    assert_eq!(
        decide(&above, &docket, &finish, 2).unwrap_err().code(),
        "not-found"
    );
}

#[test]
fn a_task_names_no_persons_number() {
    let task = Command::RaiseTask {
        code: code("look"),
        desk: division(COUNTY),
        role: Role::Dispatcher,
        note: "请致电 13800138000".to_owned(),
    };
    let refused = decide(&plugin(COUNTY), &empty(), &task, 0).unwrap_err();
    assert_eq!(refused.code(), "field-invalid");
}

#[test]
fn a_binding_stops_only_the_clock_that_it_started() {
    let start = Command::StartClock {
        rule: rule("own", Spec::Hours(2)),
        owner: Some(unit("bureau")),
    };
    let (docket, _) = decide(&plugin(COUNTY), &empty(), &start, 0).unwrap();
    let stop = Command::StopClock { clock: 1 };
    let mut other = plugin(COUNTY);
    if let Actor::Plugin { binding, .. } = &mut other {
        *binding = crate::ids::BindingId::parse("binding-2").unwrap();
    }
    assert_eq!(
        decide(&other, &docket, &stop, 1).unwrap_err().code(),
        "not-yours"
    );
    let (met, _) = decide(&plugin(COUNTY), &docket, &stop, 1).unwrap();
    assert_eq!(met.clocks[0].state, ClockState::Met { at: hour(1) });
    let (late, _) = decide(&plugin(COUNTY), &docket, &stop, 3).unwrap();
    let nominal = ClockState::Breached {
        at: hour(2),
        done_at: Some(hour(3)),
    };
    assert_eq!(late.clocks[0].state, nominal);
}

#[test]
fn a_binding_never_claims_to_be_law() {
    let mut claimed = rule("own", Spec::Hours(2));
    claimed.provenance.mark = crate::clock::Mark::L;
    let start = Command::StartClock {
        rule: claimed,
        owner: None,
    };
    let refused = decide(&plugin(COUNTY), &empty(), &start, 0).unwrap_err();
    assert_eq!(refused.code(), "field-invalid");
}

#[test]
fn a_supervisor_waives_and_the_unit_itself_does_not() {
    let docket = carded();
    let waive = |chars| Command::Waive {
        what: Waivable::Proceeding(1),
        text: words(chars),
    };
    let own = official("own", Role::Supervisor, Some("bureau"), COUNTY);
    assert_eq!(
        decide(&own, &docket, &waive(4), 1).unwrap_err().code(),
        "not-yours"
    );
    let silent = decide(&supervisor(), &docket, &waive(0), 1).unwrap_err();
    assert_eq!(silent, Refusal::TextMissing);
    let (docket, _) = decide(&supervisor(), &docket, &waive(4), 1).unwrap();
    assert_eq!(docket.proceedings[0].end, End::Ends);
    assert_eq!(
        docket.clocks[0].state,
        ClockState::Cancelled { at: hour(1) }
    );
}

#[test]
fn a_clock_of_law_is_not_waived() {
    let mut docket = carded();
    docket.clocks[0].rule.provenance.mark = crate::clock::Mark::L;
    for what in [Waivable::Clock(2), Waivable::Proceeding(1)] {
        let waive = Command::Waive {
            what,
            text: words(4),
        };
        let refused = decide(&supervisor(), &docket, &waive, 1).unwrap_err();
        assert_eq!(refused, Refusal::Statutory { clock: 2 });
    }
}

#[test]
fn what_belongs_to_a_case_is_refused_on_a_docket() {
    for command in [Command::Sign {}, Command::Close {}, Command::Archive {}] {
        let refused = decide(&supervisor(), &empty(), &command, 0).unwrap_err();
        assert_eq!(refused.code(), "not-for-this-subject");
    }
    let citizen = Command::Notify {
        notice: code("hello"),
        to: Recipient::Citizen,
    };
    let refused = decide(&plugin(COUNTY), &empty(), &citizen, 0).unwrap_err();
    assert_eq!(refused.code(), "not-for-this-subject");
}

#[test]
fn unknown_subjects_are_refused() {
    let world = World::new(&[]);
    let actor = supervisor();
    let ctx = world.ctx(&actor, hour(0));
    let command = Command::FinishTask { task: 1 };
    let nobody = Subject::Unit(unit("nobody"));
    let refused = decide_docket(&nobody, &empty(), &command, &ctx).unwrap_err();
    assert_eq!(refused.code(), "unknown-unit");
    let nowhere = Subject::Division(division("990199000000"));
    let refused = decide_docket(&nowhere, &empty(), &command, &ctx).unwrap_err();
    assert_eq!(refused.code(), "unknown-division");
    let case = Subject::Case(CaseId::parse("SQ1").unwrap());
    let refused = decide_docket(&case, &empty(), &command, &ctx).unwrap_err();
    assert_eq!(refused.code(), "not-for-this-subject");
}

#[test]
fn tasks_and_clocks_on_a_docket_are_limited() {
    let task = Command::RaiseTask {
        code: code("look"),
        desk: division(COUNTY),
        role: Role::Dispatcher,
        note: String::new(),
    };
    let (mut docket, _) = decide(&plugin(COUNTY), &empty(), &task, 0).unwrap();
    docket.tasks = vec![docket.tasks[0].clone(); MAX_OPEN_TASKS];
    assert_eq!(
        decide(&plugin(COUNTY), &docket, &task, 0)
            .unwrap_err()
            .code(),
        "too-many"
    );
    let start = Command::StartClock {
        rule: rule("own", Spec::Hours(2)),
        owner: None,
    };
    let (mut docket, _) = decide(&plugin(COUNTY), &empty(), &start, 0).unwrap();
    docket.clocks = vec![docket.clocks[0].clone(); MAX_OWN_CLOCKS];
    assert_eq!(
        decide(&plugin(COUNTY), &docket, &start, 0)
            .unwrap_err()
            .code(),
        "too-many"
    );
}

#[test]
fn nothing_moves_when_the_calendar_says_the_same() {
    let (_, events) = decide(
        &Actor::Kernel,
        &carded(),
        &Command::Recompute { clock: 2 },
        1,
    )
    .unwrap();
    assert_eq!(events, []);
    let refused = decide(
        &supervisor(),
        &carded(),
        &Command::Recompute { clock: 2 },
        1,
    );
    assert_eq!(refused.unwrap_err().code(), "not-yours");
}
