//! What the SDK writes as JSON is what the kernel reads.

use std::collections::BTreeSet;

use fengqiao_core::actor;
use fengqiao_core::command::{Command, Registration};
use fengqiao_core::profile::Profile;
use fengqiao_sdk::intake::Person;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{
    AllowanceRule, ClockRule, CloseOn, DrawHow, End, ExtendRule, Form, Grade, LocalRules, Mark,
    Move, Mover, ProceedingGraph, Provenance, Roll, Satisfied, State,
};
use fengqiao_service::ports::store;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[test]
fn a_profile_with_everything_in_it_is_read_as_it_was_written() {
    let written = serde_json::to_value(everything()).unwrap();
    let read: Profile = read(&written);
    assert_eq!(serde_json::to_value(&read).unwrap(), written);
}

#[test]
fn an_empty_profile_is_the_kernels_empty_profile() {
    let written = serde_json::to_value(LocalRules::default()).unwrap();
    assert_eq!(read::<Profile>(&written), Profile::default());
}

#[test]
fn every_proposal_is_a_command_of_the_same_name() {
    for command in proposals() {
        let written = serde_json::to_value(&command).unwrap();
        let read: Command<String, store::Person> = read(&written);
        assert_eq!(read.name(), command.name());
        assert_eq!(serde_json::to_value(&read).unwrap(), written);
    }
}

#[test]
fn a_submission_is_a_registration() {
    let submission = Submission::new("hotline", "dispute", "990101001001", "邻里纠纷")
        .category("neighbour")
        .amount_fen(120_000)
        .people(2)
        .portfolio("justice")
        .mark("pre-suit")
        .first_receiver("u1")
        .external("W-1")
        .posted_at("2026-02-14T09:30:00+08:00")
        .reporter(Person {
            name: "张三".to_owned(),
            phone: Some("13800001234".to_owned()),
            ..Person::default()
        })
        .respondent("u2")
        .accused("u3");
    let read: Registration<String, store::Person> =
        read(&serde_json::to_value(submission).unwrap());
    assert_eq!(read.matter.text, "邻里纠纷");
    assert_eq!(read.parties.len(), 3);
    assert_eq!(
        read.parties
            .first()
            .and_then(|p| p.person.as_ref())
            .map(|p| p.name.as_str()),
        Some("张三")
    );
}

#[test]
fn a_submission_without_a_name_is_anonymous() {
    let submission = Submission::new("box", "suggestion", "990101001001", "修路灯");
    let read: Registration<String, store::Person> =
        read(&serde_json::to_value(submission).unwrap());
    assert_eq!(read.naming, fengqiao_core::command::Naming::Anonymous);
    assert!(read.parties.is_empty());
}

#[test]
fn the_sdk_knows_every_role_that_handles_cases() {
    for role in ROLES {
        let read: actor::Role = read(&Value::from(role.as_str()));
        assert_eq!(
            serde_json::to_value(read).unwrap(),
            serde_json::to_value(role).unwrap()
        );
    }
    assert_eq!(ROLES.iter().collect::<BTreeSet<_>>().len(), ROLES.len());
}

const ROLES: [Role; 11] = [
    Role::Clerk,
    Role::GridOfficer,
    Role::Dispatcher,
    Role::UnitHandler,
    Role::UnitHead,
    Role::Secretary,
    Role::InformationOfficer,
    Role::Mediator,
    Role::Supervisor,
    Role::Assessor,
    Role::Discipline,
];

fn read<T: DeserializeOwned>(written: &Value) -> T {
    serde_json::from_value(written.clone()).unwrap_or_else(|error| panic!("{error}: {written}"))
}

fn clock(name: &str) -> ClockRule {
    ClockRule {
        roll: Roll::Law,
        kinds: vec!["dispute".to_owned()],
        categories: vec!["neighbour".to_owned()],
        pause_article: Some("某办法第九条".to_owned()),
        extend: Some(ExtendRule {
            article: "某办法第十条".to_owned(),
            by: "15cd".to_owned(),
            times: 1,
        }),
        ..ClockRule::new(name, "30cd", Provenance::new(Mark::Law, "某办法第八条"))
    }
}

fn everything() -> LocalRules {
    let movers = [
        Mover::Issuer,
        Mover::Addressee,
        Mover::Requester,
        Mover::Lead,
        Mover::Plugin,
        Mover::Clock,
        Mover::Role(Role::Supervisor),
    ];
    let graph = ProceedingGraph::new("warning", "警示", "raised")
        .opened_by(movers)
        .under_a_grant()
        .asks(["reason"])
        .state(
            State::new("raised", "已发出", Mover::Addressee)
                .within(clock("answer"))
                .or_else("expire"),
        )
        .state(State::last("cleared", "已解除"))
        .step(
            Move::new("clear", "解除", "raised", "cleared")
                .by([Mover::Role(Role::Supervisor)])
                .asks(["measures"])
                .approved_by(Role::Secretary)
                .draws(DrawHow::Reserve, "fund", "amount-fen"),
        )
        .step(Move::new("expire", "逾期", "raised", "cleared").by([Mover::Clock]));
    assert_eq!(graph.states.last().map(|state| state.end), Some(End::Ends));
    let grades = [Satisfied::Yes, Satisfied::Basically, Satisfied::No];
    let mut rules = LocalRules::default()
        .label("stage.accepted", "接办")
        .notice("accepted", "您的诉求 {number} 已受理")
        .form(Form {
            code: "visit".to_owned(),
            title: "走访单".to_owned(),
            fields: vec![("who".to_owned(), "走访人".to_owned())],
        })
        .rated_by(grades.map(|grade| Grade::new("g", "等次", grade)))
        .clock(clock("report"))
        .proceeding(graph)
        .closed_on(CloseOn::FollowUp)
        .allowance(AllowanceRule {
            kind: "fund".to_owned(),
            label: "经费".to_owned(),
            level: "county".to_owned(),
            at_least_fen: Some(1),
            at_most_fen: Some(2),
            provenance: Provenance::new(Mark::Stated, "某办法"),
        })
        .hold("report");
    rules.limits.objections = Some(1);
    rules.limits.reworks = Some(2);
    rules.limits.rework_window = Some("30cd".to_owned());
    rules.limits.representatives = Some(5);
    rules.photo_categories.insert("on-site".to_owned());
    rules.follow_up_levels.insert("township".to_owned());
    rules.escalations.insert("breach.report".to_owned());
    rules
}

fn proposals() -> Vec<fengqiao_sdk::propose::Command> {
    use fengqiao_sdk::propose::{
        Relation, ask_approval, assign, flag, hand_up, link, move_proceeding, notify_citizen,
        notify_desk, notify_unit, open_proceeding, raise_task, start_clock, stop_clock, urge,
    };
    vec![
        open_proceeding("warning")
            .addressee("u1")
            .about("C1")
            .field("reason", "逾期")
            .into(),
        move_proceeding(3, "clear")
            .field("measures", "已整改")
            .into(),
        assign("u2", AssignmentRole::Assist),
        assign("u3", AssignmentRole::Supervise),
        assign("u4", AssignmentRole::Inform),
        start_clock(clock("answer"), Some("u1")),
        stop_clock(4),
        hand_up("990101000000", None, "beyond-competence"),
        flag("hazard"),
        notify_unit("u1", "warned"),
        notify_citizen("warned"),
        notify_desk("990101000000", "warned"),
        urge("请尽快反馈"),
        raise_task("review", "990101000000", Role::Dispatcher, "请复核"),
        ask_approval(Role::Discipline, move_proceeding(3, "refer")),
        link("C2", Relation::Repeats),
    ]
}
