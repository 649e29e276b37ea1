//! An invented county with its units, rules and people, and a way to say: given these steps, when this, then that.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::OnceLock;

use fengqiao_calendar::{Calendar, Spec};
use fengqiao_core::actor::Actor;
use fengqiao_core::advice::Advice;
use fengqiao_core::allowance::Allowance;
use fengqiao_core::case::Case;
use fengqiao_core::command::{Command, Registration};
use fengqiao_core::context::Context;
use fengqiao_core::decide::decide;
use fengqiao_core::decision::{Decision, Effect};
use fengqiao_core::docket::Grant;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::evolve::evolve;
use fengqiao_core::ids::{BindingSetId, CaseId, DivisionCode, Subject};
use fengqiao_core::profile::{CloseOn, Rules};
use fengqiao_core::refusal::Refusal;
use fengqiao_core::stage::StageName;
use jiff::{SignedDuration, Timestamp};

use crate::invariants;

pub(crate) use crate::cast::*;

/// The cases of the county, their history, and the time.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) rules: Rc<Rules>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) allowances: Vec<(DivisionCode, Vec<Allowance>)>,
    pub(crate) now: Timestamp,
    pub(crate) cases: BTreeMap<CaseId, Case>,
    pub(crate) log: Vec<Rc<Recorded>>,
    pub(crate) effects: Vec<Effect>,
}

pub(crate) fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::china().unwrap())
}

fn bindings() -> BindingSetId {
    BindingSetId::parse("set-1").unwrap()
}

/// What a transfer pins a case to.
fn joined_bindings() -> BindingSetId {
    BindingSetId::parse("set-2").unwrap()
}

impl Office {
    pub(crate) fn closing_on(close_on: CloseOn) -> Self {
        Office {
            rules: Rc::new(rules(close_on)),
            grants: Vec::new(),
            allowances: Vec::new(),
            now: "2024-03-04T01:00:00Z".parse().unwrap(),
            cases: BTreeMap::new(),
            log: Vec::new(),
            effects: Vec::new(),
        }
    }

    pub(crate) fn new() -> Self {
        Office::closing_on(CloseOn::Rating)
    }

    /// With case `c1` registered and waiting for a lead.
    pub(crate) fn with_case() -> Self {
        let mut office = Office::new();
        office
            .take_in("c1", registration(), &Advice::default())
            .unwrap();
        office
    }

    pub(crate) fn take_in(
        &mut self,
        id: &str,
        registration: Registration,
        advice: &Advice,
    ) -> Result<Vec<Event>, Refusal> {
        self.send_advised(&clerk(), id, &register(registration), advice)
    }

    /// The rules, to change them for one test.
    pub(crate) fn rules_mut(&mut self) -> &mut Rules {
        Rc::make_mut(&mut self.rules)
    }

    pub(crate) fn case(&self, id: &str) -> &Case {
        &self.cases[&case_id(id)]
    }

    pub(crate) fn c1(&self) -> &Case {
        self.case("c1")
    }

    pub(crate) fn stage(&self) -> StageName {
        self.c1().stage.name()
    }

    pub(crate) fn pass(&mut self, words: &str) {
        let minutes = match spec(words) {
            Spec::Minutes(n) => i64::from(n),
            Spec::Hours(n) => i64::from(n) * 60,
            Spec::CalendarDays(n) => i64::from(n) * 60 * 24,
            _ => panic!("say minutes, hours or days"),
        };
        self.now += SignedDuration::from_mins(minutes);
    }

    /// Sends a command for `c1` that must be carried out.
    pub(crate) fn given(mut self, actor: Actor, command: Command) -> Self {
        self.send(&actor, "c1", &command)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", command.name()));
        self
    }

    pub(crate) fn after(mut self, words: &str) -> Self {
        self.pass(words);
        self
    }

    pub(crate) fn send(
        &mut self,
        actor: &Actor,
        id: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        self.send_advised(actor, id, command, &Advice::default())
    }

    /// What would be decided; nothing changes.
    pub(crate) fn would(
        &self,
        actor: &Actor,
        id: &str,
        command: &Command,
        advice: &Advice,
    ) -> Result<Decision, Refusal> {
        let id = case_id(id);
        let case = self.cases.get(&id);
        let other = other_of(case, command).and_then(|other| self.cases.get(&other));
        let binding_set = match command {
            Command::Transfer { .. } => joined_bindings(),
            _ => bindings(),
        };
        let context = Context {
            now: self.now,
            actor,
            calendar: calendar(),
            rules: &self.rules,
            bindings: &binding_set,
            units: &Register,
            grants: &self.grants,
            allowances: &self.allowances,
        };
        decide(case, other, command, advice, &context, Some(&id))
    }

    /// Decides, folds every event in, checks the invariants, and lets followers mirror, as the service does.
    pub(crate) fn send_advised(
        &mut self,
        actor: &Actor,
        id: &str,
        command: &Command,
        advice: &Advice,
    ) -> Result<Vec<Event>, Refusal> {
        let decision = self.would(actor, id, command, advice)?;
        let id = case_id(id);
        let before = self.cases.get(&id).cloned();
        let mut events = Vec::new();
        for (subject, event) in decision.events {
            events.push(event.clone());
            self.record(&subject, event, actor);
        }
        self.effects.extend(decision.effects);
        invariants::check(
            before.as_ref(),
            &self.cases[&id],
            &events,
            actor,
            &self.rules,
        );
        let moved = before.as_ref().map(|c| &c.stage) != Some(&self.cases[&id].stage);
        if moved && !matches!(command, Command::Mirror { .. }) {
            let followers = self.cases[&id].followers.clone();
            for follower in followers {
                let mirror = Command::Mirror {
                    primary: id.clone(),
                };
                self.send(&Actor::Kernel, follower.as_str(), &mirror)?;
            }
        }
        Ok(events)
    }

    fn record(&mut self, subject: &Subject, event: Event, actor: &Actor) {
        let Subject::Case(id) = subject else {
            panic!("a case's decision stays on cases: {subject}");
        };
        let case = self.cases.remove(id);
        let before = case.clone();
        let recorded = Recorded {
            subject: subject.clone(),
            version: case.as_ref().map_or(0, |c| c.docket.version) + 1,
            at: self.now,
            actor: actor.clone(),
            event,
        };
        let case = evolve(case, &recorded).expect("evolve accepts what decide produces");
        invariants::check_event(before.as_ref(), &case, &recorded);
        self.cases.insert(id.clone(), case);
        self.log.push(Rc::new(recorded));
    }

    /// The kernel notices every clock that has run out.
    pub(crate) fn notice_breaches(&mut self) {
        let ids: Vec<CaseId> = self.cases.keys().cloned().collect();
        for id in ids {
            let now = self.now;
            let overdue = |case: &Case| {
                let mut clocks = case.docket.clocks.iter();
                let clock = clocks.find(|c| {
                    c.state == fengqiao_core::clock::ClockState::Running
                        && c.deadline.is_breached(now)
                })?;
                Some(clock.id)
            };
            for _ in 0..20 {
                let Some(clock) = overdue(&self.cases[&id]) else {
                    break;
                };
                self.send(&Actor::Kernel, id.as_str(), &Command::Breach { clock })
                    .expect("a clock that ran out is breached");
            }
        }
    }
}

fn other_of(case: Option<&Case>, command: &Command) -> Option<CaseId> {
    match command {
        Command::Merge { into } => Some(into.clone()),
        Command::Link { to, .. } => Some(to.clone()),
        Command::Mirror { primary } => Some(primary.clone()),
        Command::Unmerge { .. } => case?.merged.as_ref().map(|m| m.into.clone()),
        _ => None,
    }
}

/// A case dispatched to the roads department.
pub(crate) fn dispatched() -> Office {
    Office::with_case().given(hub(), dispatch("roads"))
}

pub(crate) fn handling() -> Office {
    dispatched().given(handler("roads"), Command::Sign {})
}

pub(crate) fn reported() -> Office {
    handling().given(handler("roads"), report())
}

pub(crate) fn replied() -> Office {
    reported().given(handler("roads"), reply())
}

pub(crate) fn closed() -> Office {
    replied().given(citizen(), rate("satisfied"))
}

pub(crate) fn archived() -> Office {
    closed().given(hub(), Command::Archive {})
}

/// Given an office, when somebody commands, then these events happen, in this order, among others.
#[track_caller]
pub(crate) fn check(mut given: Office, who: &Actor, when: Command, then: &[&str]) -> Office {
    let events = given
        .send(who, "c1", &when)
        .unwrap_or_else(|refusal| panic!("{} was refused: {refusal}", when.name()));
    let names: Vec<String> = events.iter().map(name).collect();
    let mut rest = names.iter();
    for wanted in then {
        assert!(rest.any(|n| n == wanted), "no `{wanted}` in {names:?}");
    }
    given
}

/// Given an office, when somebody commands, then it is refused with this code and nothing changes.
#[track_caller]
pub(crate) fn refuses(mut given: Office, who: &Actor, when: Command, code: &str) {
    let before = given.cases.clone();
    match given.send(who, "c1", &when) {
        Ok(events) => panic!(
            "{} went through: {:?}",
            when.name(),
            events.iter().map(name).collect::<Vec<_>>()
        ),
        Err(refusal) => assert_eq!(refusal.code(), code, "{refusal}"),
    }
    assert_eq!(given.cases, before);
}

pub(crate) fn name(event: &Event) -> String {
    let value = serde_json::to_value(event).unwrap();
    value["event"].as_str().unwrap().to_owned()
}
