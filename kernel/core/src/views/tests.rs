//! Non-interference, the accused, masking, and what each reader gets.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::actor::{Actor, Role};
use crate::command::Command;
use crate::event::Event;
use crate::fixture::story::{
    DEEDS, Deed, INTERNAL, PHONE, Reporter, SIGN_IN, STATEMENT, Story, any_deeds, any_reporter,
};
use crate::fixture::*;
use crate::ids::{PersonId, PrincipalId, TextId};
use crate::matter::{Party, PartyRole, Protection};
use crate::views::citizen::Proof;
use crate::views::handler::HandlerView;
use crate::views::{UNCONFIRMED, citizen, handler, supervisor};

fn guarded() -> impl Strategy<Value = Protection> {
    proptest::sample::select(&[Protection::ReporterHidden, Protection::Confidential][..])
}

fn any_protection() -> impl Strategy<Value = Protection> {
    prop_oneof![Just(Protection::Open), guarded()]
}

fn lead(story: &Story) -> Option<HandlerView> {
    handler::view(&story.sheet(), &unit("bureau"), None)
}

fn supervise(story: &Story) -> String {
    let actor = official("supervisor", Role::Supervisor, None, COUNTY);
    json(&supervisor::view(&story.sheet(), &actor, &BTreeSet::new()).unwrap())
}

fn json(view: &impl serde::Serialize) -> String {
    serde_json::to_string(view).unwrap()
}

proptest! {
    #[test]
    fn what_a_handler_sees_of_a_guarded_case_does_not_depend_on_who_reported(
        one in any_reporter(), other in any_reporter(), protection in guarded(), deeds in any_deeds()
    ) {
        let (one, other) = (
            Story::tell(&one, protection, &deeds),
            Story::tell(&other, protection, &deeds),
        );
        for name in ["bureau", "town-centre", "petition-office"] {
            let see = |story: &Story| handler::view(&story.sheet(), &unit(name), None);
            prop_assert_eq!(see(&one), see(&other));
        }
        prop_assert!(lead(&one).is_some());
    }

    #[test]
    fn the_accused_never_see_anything(
        reporter in any_reporter(), protection in any_protection(), deeds in any_deeds(), part in 0u8..3
    ) {
        let accused = Party {
            role: PartyRole::Accused,
            person: None,
            unit: (part != 1).then(|| unit("bureau")),
            principal: (part != 0).then(|| PrincipalId::parse("the-accused").unwrap()),
        };
        let also_reporter = Party { role: PartyRole::Reporter, ..accused.clone() };
        let parties = vec![also_reporter, accused];
        let story = Story::with_parties(&reporter, parties, protection, &deeds);
        let sheet = story.sheet();
        let principal = PrincipalId::parse("the-accused").unwrap();
        let both = (part != 1, part != 0);
        if both.0 {
            prop_assert!(handler::view(&sheet, &unit("bureau"), None).is_none());
            let boss = official("boss", Role::Supervisor, Some("bureau"), PROVINCE);
            prop_assert!(supervisor::view(&sheet, &boss, &BTreeSet::new()).is_none());
        }
        if both.1 {
            prop_assert!(handler::view(&sheet, &unit("town-centre"), Some(&principal)).is_none());
            prop_assert!(citizen::view(&sheet, Proof::SignedIn(&principal)).is_none());
            let person = official("the-accused", Role::Supervisor, None, PROVINCE);
            prop_assert!(supervisor::view(&sheet, &person, &BTreeSet::new()).is_none());
        }
    }

    #[test]
    fn no_official_reads_a_phone_number_or_a_citizens_sign_in(
        reporter in any_reporter(), protection in any_protection(), deeds in any_deeds()
    ) {
        let story = Story::tell(&reporter, protection, &deeds);
        for seen in [json(&lead(&story).unwrap()), supervise(&story)] {
            prop_assert!(!seen.contains(PHONE), "{}", seen);
            prop_assert!(!seen.contains(SIGN_IN), "{}", seen);
        }
    }

    #[test]
    fn a_citizen_never_reads_what_offices_write_to_each_other(
        reporter in any_reporter(), deeds in any_deeds()
    ) {
        let deeds: Vec<Deed> = deeds.into_iter().filter(|deed| *deed != Deed::Progress).collect();
        let story = Story::tell(&reporter, Protection::Open, &deeds);
        let seen = json(&citizen::view(&story.sheet(), Proof::QueryCode).unwrap());
        prop_assert!(!seen.contains(INTERNAL), "{}", seen);
        prop_assert!(seen.contains(STATEMENT));
    }
}

#[test]
fn an_open_case_shows_its_reporter_masked() {
    let story = Story::tell(&Reporter::plain(), Protection::Open, &DEEDS);
    let view = lead(&story).unwrap();
    let person = view.parties[0].person.as_ref().unwrap();
    assert_eq!(view.parties[0].role, PartyRole::Reporter);
    assert_eq!(person.name, "钱*");
    assert_eq!(person.phone.as_deref(), Some("138****8001"));
    assert_eq!(person.address.as_deref(), Some("某镇解放路***"));
    assert_eq!(view.channel, Some(code("channel-0")));
}

#[test]
fn a_guarded_case_shows_the_statement_with_its_numbers_masked() {
    let story = Story::tell(&Reporter::plain(), Protection::ReporterHidden, &[]);
    let text = lead(&story).unwrap().summary.matter.text.unwrap();
    assert_eq!(text, "楼顶加建，联系电话 138****8099");
}

#[test]
fn only_the_lead_reads_the_statement_of_a_confidential_case() {
    let story = Story::tell(&Reporter::plain(), Protection::Confidential, &[]);
    assert!(lead(&story).unwrap().summary.matter.text.is_some());
    let assist = handler::view(&story.sheet(), &unit("town-centre"), None).unwrap();
    assert_eq!(assist.summary.matter.text, None);
}

#[test]
fn a_unit_without_a_part_sees_nothing() {
    let story = Story::tell(&Reporter::plain(), Protection::Open, &[]);
    assert!(handler::view(&story.sheet(), &unit("petition-office"), None).is_none());
    let story = Story::tell(&Reporter::plain(), Protection::Open, &[Deed::Open]);
    assert!(handler::view(&story.sheet(), &unit("petition-office"), None).is_some());
}

#[test]
fn a_recused_unit_sees_nothing() {
    let mut story = Story::tell(&Reporter::plain(), Protection::Open, &[]);
    story.case.recused.insert(unit("bureau"));
    assert!(lead(&story).is_none());
}

#[test]
fn a_stranger_who_signs_in_sees_nothing() {
    let story = Story::tell(&Reporter::plain(), Protection::Open, &[]);
    let stranger = PrincipalId::parse("stranger").unwrap();
    assert!(citizen::view(&story.sheet(), Proof::SignedIn(&stranger)).is_none());
    let own = Reporter::plain().sign_in().unwrap();
    assert!(citizen::view(&story.sheet(), Proof::SignedIn(&own)).is_some());
}

#[test]
fn a_citizen_reads_the_replies_and_their_own_words_whole() {
    let story = Story::tell(&Reporter::plain(), Protection::Open, &[Deed::Reply]);
    let view = citizen::view(&story.sheet(), Proof::QueryCode).unwrap();
    assert_eq!(view.replies[0].text.as_deref(), Some("1先生您好"));
    assert!(view.summary.matter.text.unwrap().contains(PHONE));
}

#[test]
fn a_citizen_sees_that_a_wish_to_move_a_clock_came_to_nothing() {
    let mut story = Story::tell(&Reporter::plain(), Protection::Open, &[Deed::Clock]);
    let template = story.history[0].clone();
    let lapsed = |command: &str| crate::event::Recorded {
        event: Event::ApprovalLapsed {
            approval: 9,
            command: code(command),
            ground: code("asker-without-part"),
        },
        ..template.clone()
    };
    story.history = ["extend", "suspend", "terminate"].map(lapsed).to_vec();
    let view = citizen::view(&story.sheet(), Proof::QueryCode).unwrap();
    let told: Vec<&str> = view.summary.timeline.iter().map(|e| &*e.what).collect();
    assert_eq!(
        told,
        [
            "延期的申请失效：提出单位不再承担本案",
            "挂起的申请失效：提出单位不再承担本案"
        ]
    );
}

#[test]
fn a_citizen_sees_every_event_of_every_clock() {
    let mut story = Story::tell(&Reporter::plain(), Protection::Open, &[Deed::Clock]);
    let clock = story.case.docket.clocks[0].clone();
    let (id, deadline) = (clock.id, Box::new(clock.deadline));
    let events = [
        Event::ClockPaused { clock: id },
        Event::ClockResumed {
            clock: id,
            deadline: deadline.clone(),
        },
        Event::ClockRecomputed {
            clock: id,
            deadline: deadline.clone(),
        },
        Event::ClockExtended {
            clock: id,
            deadline,
            article: "第三十四条".to_owned(),
            text: crate::ids::TextRef {
                id: TextId::parse("for-citizen").unwrap(),
                chars: 5,
            },
        },
        Event::ClockBreached {
            clock: id,
            at: hour(9),
        },
        Event::ClockDoneLate { clock: id },
        Event::ClockMet { clock: id },
        Event::ClockCancelled { clock: id },
    ];
    let template = story.history[0].clone();
    story.history = events
        .iter()
        .map(|event| crate::event::Recorded {
            event: event.clone(),
            ..template.clone()
        })
        .collect();
    let view = citizen::view(&story.sheet(), Proof::QueryCode).unwrap();
    assert_eq!(view.summary.timeline.len(), events.len());
    let extended = &view.summary.timeline[3];
    assert!(extended.what.contains("第三十四条"));
    assert_eq!(extended.text.as_deref(), Some("1先生您好"));
}

#[test]
fn a_deadline_says_why_and_whether_a_local_document_confirms_it() {
    let mut story = Story::tell(&Reporter::plain(), Protection::Open, &[Deed::Clock]);
    let line = &lead(&story).unwrap().summary.clocks[0];
    assert_eq!(
        (line.label.as_str(), line.state.as_str()),
        ("反馈", "running")
    );
    assert_eq!(line.due_text, "2024-03-12 24:00");
    assert!(!line.explanation.is_empty());
    assert_eq!(line.unconfirmed.as_deref(), Some(UNCONFIRMED));
    let rule = &mut story.case.docket.clocks[0].rule;
    rule.provenance.confirmed = Some("某办〔2024〕1号".to_owned());
    assert_eq!(lead(&story).unwrap().summary.clocks[0].unconfirmed, None);
}

#[test]
fn what_waits_for_a_word_says_whom_it_is_addressed_to() {
    let deeds = [Deed::Open, Deed::CitizenAsks];
    let mut story = Story::tell(&Reporter::plain(), Protection::Open, &deeds);
    let order = story.case.docket.proceedings[0].id;
    let boss = official("boss", Role::Supervisor, None, COUNTY);
    let line = |story: &Story| {
        let view = supervisor::view(&story.sheet(), &boss, &BTreeSet::new()).unwrap();
        (
            view.approvals[0].proceeding,
            view.approvals[0].addressee.clone(),
        )
    };
    assert_eq!(line(&story), (None, None));
    *story.case.docket.approvals[0].what = Command::MoveProceeding {
        proceeding: order,
        code: code("recall"),
        fields: filled(&[]),
    };
    assert_eq!(line(&story), (Some(order), Some(unit("petition-office"))));
}

#[test]
fn a_guarded_reporters_contact_clock_is_the_hubs_and_not_the_handlers() {
    let deeds = [Deed::ContactClock, Deed::Clock, Deed::Contact];
    let names = |protection| {
        let story = Story::tell(&Reporter::plain(), protection, &deeds);
        let clocks = lead(&story).unwrap().summary.clocks;
        clocks
            .into_iter()
            .map(|clock| clock.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(Protection::Open), [code("contact"), code("report")]);
    assert_eq!(names(Protection::ReporterHidden), [code("report")]);
}

#[test]
fn nothing_that_a_registration_brought_about_tells_who_handed_it_in() {
    let told = |registrar| {
        let reporter = Reporter {
            registrar,
            ..Reporter::plain()
        };
        let mut story = Story::tell(&reporter, Protection::ReporterHidden, &[]);
        let (at, actor) = (story.history[0].at, story.history[0].actor.clone());
        for recorded in &mut story.history[1..] {
            (recorded.at, recorded.actor) = (at, actor.clone());
        }
        lead(&story).unwrap()
    };
    assert_eq!(told(0), told(1));
    assert_eq!(told(0), told(2));
}

#[test]
fn the_timeline_speaks_the_local_words() {
    let story = Story::tell(
        &Reporter::plain(),
        Protection::Open,
        &[Deed::Clock, Deed::Open],
    );
    let timeline = lead(&story).unwrap().summary.timeline;
    let words: Vec<&str> = timeline.iter().map(|entry| entry.what.as_str()).collect();
    let told = [
        "诉求登记",
        "已受理",
        "交办：主办 bureau",
        "交办：协办 town-centre",
        "办理",
        "反馈开始，2024-03-12 24:00 到期",
        "启动指令",
    ];
    assert_eq!(words, told);
    assert_eq!(
        (timeline[0].by.as_str(), timeline[1].by.as_str()),
        ("诉求人", "分拨员")
    );
}

#[test]
fn every_event_has_words() {
    let story = Story::tell(&Reporter::plain(), Protection::Open, &DEEDS);
    let actor = official("supervisor", Role::Supervisor, None, COUNTY);
    let view = supervisor::view(&story.sheet(), &actor, &BTreeSet::new()).unwrap();
    assert_eq!(view.summary.timeline.len(), story.history.len());
    assert!(
        view.summary
            .timeline
            .iter()
            .all(|entry| !entry.what.is_empty())
    );
}

#[test]
fn a_person_is_shown_whole_only_to_whom_they_were_revealed() {
    let story = Story::tell(&Reporter::plain(), Protection::ReporterHidden, &[]);
    let actor = official("hub", Role::Dispatcher, None, TOWN);
    let revealed = BTreeSet::from([PersonId::parse("person-1").unwrap()]);
    let shown = |revealed: &BTreeSet<PersonId>| {
        let view = supervisor::view(&story.sheet(), &actor, revealed).unwrap();
        view.parties[0].person.clone().unwrap().phone.unwrap()
    };
    assert_eq!(shown(&BTreeSet::new()), "138****8001");
    assert_eq!(shown(&revealed), "13800138001");
}

#[test]
fn an_erased_person_and_text_are_simply_gone() {
    let mut story = Story::tell(&Reporter::plain(), Protection::Open, &[]);
    story.persons.clear();
    story.texts.clear();
    let view = lead(&story).unwrap();
    assert_eq!(view.parties[0].person, None);
    assert_eq!(view.summary.matter.text, None);
}

#[test]
fn a_notice_names_the_case_and_the_date() {
    let mut story = Story::tell(&Reporter::plain(), Protection::Open, &[Deed::Tell]);
    story.rules.notices = filled(&[("told", "您的诉求{number}已受理")]);
    let view = citizen::view(&story.sheet(), Proof::QueryCode).unwrap();
    let last = view.summary.timeline.last().unwrap();
    assert_eq!(last.what, "您的诉求SQ1已受理");
}

#[test]
fn grades_are_offered_only_when_there_is_something_to_rate() {
    let mut story = Story::tell(&Reporter::plain(), Protection::Open, &[Deed::Reply]);
    let offered = |story: &Story| {
        citizen::view(&story.sheet(), Proof::QueryCode)
            .unwrap()
            .grades
            .len()
    };
    assert_eq!(offered(&story), 0);
    let lead = unit("bureau");
    story.case.stage = crate::stage::Stage::Replied {
        lead,
        report: 1,
        reply: 2,
    };
    assert_eq!(offered(&story), 3);
    let kernel = Actor::Kernel.source();
    story.case.outcome.satisfied = Some(crate::case::Fact {
        value: crate::profile::Satisfied::Yes,
        source: kernel,
        at: hour(0),
    });
    assert_eq!(offered(&story), 0);
}
