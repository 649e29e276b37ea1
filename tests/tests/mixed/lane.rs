//! One jurisdiction's share of the life: hand something in, or do something about a case, drawn by lot.

use std::collections::BTreeMap;
use std::fmt;

use fengqiao_core::actor::Actor;
use fengqiao_core::command::Command;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::ids::CaseId;
use fengqiao_core::matter::AssignmentRole;
use fengqiao_service::ports::store::{Person, Store as _};
use fengqiao_service::{Mode, Outcome, Receipt, Request, SubmitError, Target};
use serde_json::{Value, json};

use super::deeds;
use super::kernel::Mixed;
use super::town::Town;

/// How many cases are in somebody's hands at a time.
const IN_HAND: usize = 24;
/// How many things are tried with most cases before they are left to their clocks.
const DEEDS_A_CASE: u32 = 3;
/// One case in so many is followed much further, mostly to its end.
const ONE_FOLLOWED_IN: u8 = 10;
/// How many things are tried with one that is followed.
const DEEDS_FOLLOWED: u32 = 30;

/// Who hands the guarded cases in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reporters {
    /// Some people, with their names.
    Some,
    /// Others, or nobody in particular.
    Others,
}

/// A jurisdiction at work.
pub(crate) struct Lane {
    town: Town,
    draw: fastrand::Rng,
    reporters: Reporters,
    left: usize,
    /// Each with how many things are left to try.
    in_hand: Vec<(CaseId, u32)>,
    /// Cases handed in.
    pub(crate) registered: usize,
    /// Cases that came of others.
    pub(crate) split: usize,
    /// Registrations that were routed alike whatever the undeclared fields said.
    pub(crate) routed: usize,
    done: BTreeMap<&'static str, usize>,
    refused: usize,
}

impl Lane {
    pub(crate) fn new(town: Town, seed: u64, reporters: Reporters, cases: usize) -> Self {
        Self {
            town,
            draw: fastrand::Rng::with_seed(seed),
            reporters,
            left: cases,
            in_hand: Vec::new(),
            registered: 0,
            split: 0,
            routed: 0,
            done: BTreeMap::new(),
            refused: 0,
        }
    }

    /// One thing more; whether nothing is left to do.
    pub(crate) async fn step(&mut self, kernel: &Mixed) -> bool {
        if self.left > 0 && self.in_hand.len() < IN_HAND {
            self.left -= 1;
            self.register(kernel).await;
            return false;
        }
        if self.in_hand.is_empty() {
            return true;
        }
        let nth = self.draw.usize(..self.in_hand.len());
        let (id, left) = self.in_hand[nth].clone();
        if left == 0 {
            self.in_hand.swap_remove(nth);
            return false;
        }
        self.in_hand[nth].1 -= 1;
        self.act(kernel, &id).await;
        false
    }

    async fn register(&mut self, kernel: &Mixed) {
        let body = self.registration();
        let otherwise = self.otherwise(&body);
        let hub = self.town.hub.clone();
        let tried = submit(kernel, Target::NewCase, &otherwise, &hub, Mode::DryRun).await;
        let done = submit(kernel, Target::NewCase, &body, &hub, Mode::Commit).await;
        let (tried, done) = (tried.unwrap(), done.unwrap());
        let id: CaseId = done
            .subject
            .to_string()
            .trim_start_matches("case:")
            .parse()
            .unwrap();
        assert_eq!(route(&tried.events), route(&done.events), "{id}: {body}");
        self.routed += 1;
        self.registered += 1;
        let is_followed = self.draw.u8(..ONE_FOLLOWED_IN) == 0;
        let deeds = if is_followed {
            DEEDS_FOLLOWED
        } else {
            DEEDS_A_CASE
        };
        self.in_hand.push((id, deeds));
    }

    /// A golden registration with other places, numbers, marks and guards.
    fn registration(&mut self) -> Value {
        let draw = &mut self.draw;
        let nth = draw.usize(..self.town.registrations.len());
        let mut body = self.town.registrations[nth].clone();
        let nth = draw.usize(..self.town.places.len());
        body["matter"]["place"] = self.town.places[nth].as_str().into();
        if draw.u8(..4) == 0 {
            body["matter"]["people"] = draw.u32(..40).into();
        }
        if draw.u8(..8) == 0 {
            body["matter"]["marks"] = json!([]);
        }
        if draw.u8(..8) == 0 {
            let other = draw.usize(..self.town.registrations.len());
            body["matter"]["marks"] = self.town.registrations[other]["matter"]["marks"].clone();
        }
        body["do"] = "register".into();
        let protection = ["open", "reporter-hidden", "confidential"][draw.usize(..3)];
        body["protection"] = protection.into();
        let channels = &self.town.jurisdiction.channels;
        body["source"]["channel"] = channels[draw.usize(..channels.len())].code.as_str().into();
        let (name, others) = (draw.u32(..), draw.u32(..));
        let changed = protection != "open" && self.reporters == Reporters::Others;
        let person = json!({ "name": format!("某{}", if changed { others } else { name }) });
        for party in body["parties"].as_array_mut().unwrap() {
            if party["role"] == "reporter" && party.get("unit").is_none_or(Value::is_null) {
                party["person"] = person.clone();
            }
        }
        body["naming"] = "named".into();
        if changed && others % 2 == 0 {
            body["naming"] = "anonymous".into();
            for party in body["parties"].as_array_mut().unwrap() {
                if party["role"] == "reporter" {
                    party["person"] = Value::Null;
                }
            }
        }
        body
    }

    /// The same matter by another channel, with another number there, posted at another time, by somebody else.
    fn otherwise(&self, body: &Value) -> Value {
        let mut other = body.clone();
        let mut channels = self.town.jurisdiction.channels.iter();
        let same = &body["source"]["channel"];
        if let Some(channel) = channels.find(|channel| channel.code != same.as_str().unwrap()) {
            other["source"]["channel"] = channel.code.as_str().into();
        }
        other["source"]["external"] = "另一平台-00001".into();
        other["source"]["posted-at"] = "2024-01-01T00:00:00Z".into();
        for party in other["parties"].as_array_mut().unwrap() {
            if party["role"] == "reporter" && !party["person"].is_null() {
                party["person"] = json!({ "name": "另一人", "phone": "13800000000" });
            }
        }
        other
    }

    async fn act(&mut self, kernel: &Mixed, id: &CaseId) {
        let case = kernel.service.store().case(id).await.unwrap().unwrap();
        let rules = kernel.service.rules_of(&case).await.unwrap();
        let others: Vec<&CaseId> = self.in_hand.iter().map(|(id, _)| id).collect();
        let deed = deeds::drawn(&case, &rules.rules, &self.town, &others, &mut self.draw);
        let Some((actor, body)) = deed else {
            return;
        };
        let target = Target::Case(id.clone());
        match submit(kernel, target, &body, &actor, Mode::Commit).await {
            Ok(outcome) => {
                let split = |r: &&Recorded| matches!(r.event, Event::Split { .. });
                self.split += outcome.events.iter().filter(split).count();
                let name = command(&body).name();
                *self.done.entry(name).or_default() += 1;
            }
            Err(SubmitError::Refused(_)) => self.refused += 1,
            Err(error) => panic!("{id} {body}: {error}"),
        }
    }
}

fn command(body: &Value) -> Command<String, Person> {
    serde_json::from_value(body.clone()).unwrap_or_else(|error| panic!("{error}: {body}"))
}

async fn submit(
    kernel: &Mixed,
    target: Target,
    body: &Value,
    actor: &Actor,
    mode: Mode,
) -> Result<Outcome, SubmitError> {
    let request = Request {
        target,
        command: command(body),
        actor: actor.clone(),
        expected: None,
        key: None,
        mode,
        message: None,
    };
    let receipt = kernel.service.submit(request, &|_| (200, String::new()));
    match receipt.await? {
        Receipt::Done(outcome) => Ok(*outcome),
        Receipt::Again(_) => panic!("nothing has a key"),
    }
}

/// Where a registration led: stage, level, who leads and assists, by when.
fn route(events: &[Recorded]) -> Vec<String> {
    let step = |recorded: &Recorded| match &recorded.event {
        Event::StageMoved { to } => Some(format!("{to:?}")),
        Event::LevelMoved { to, .. } => Some(format!("level {to}")),
        Event::Assigned { assignment }
            if matches!(
                assignment.role,
                AssignmentRole::Lead | AssignmentRole::Assist
            ) =>
        {
            Some(format!("{:?} {}", assignment.role, assignment.unit))
        }
        Event::ClockStarted { clock } => Some(format!("{} {}", clock.name, clock.deadline.due)),
        _ => None,
    };
    events.iter().filter_map(step).collect()
}

/// What was done in all lanes together.
pub(crate) struct Counts {
    done: BTreeMap<&'static str, usize>,
    refused: usize,
}

impl Counts {
    pub(crate) fn of(lanes: &[Lane]) -> Self {
        let mut done = BTreeMap::new();
        for (name, count) in lanes.iter().flat_map(|lane| &lane.done) {
            *done.entry(*name).or_default() += count;
        }
        let refused = lanes.iter().map(|lane| lane.refused).sum();
        Self { done, refused }
    }

    /// Whether the histories are of many kinds, some of them whole: otherwise the draws show little.
    pub(crate) fn vary(&self) -> bool {
        let archived = self.done.get("archive").copied().unwrap_or_default();
        self.done.len() >= 20 && archived >= 5 && self.done.values().sum::<usize>() > self.refused
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {} refused", self.done, self.refused)
    }
}
