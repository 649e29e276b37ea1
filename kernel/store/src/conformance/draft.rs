//! Invented histories: events with the states that they fold into.

use std::sync::Arc;

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::case::Case;
use fengqiao_core::command::{Command, FollowUpResult, Naming};
use fengqiao_core::docket::{Approval, ApprovalCause, Docket, Task};
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::evolve::evolve;
use fengqiao_core::ids::{
    BindingSetId, CaseId, Code, DivisionCode, Seq, Subject, TextId, TextRef, UnitId,
};
use fengqiao_core::matter::{
    Assignment, AssignmentRole, AssignmentState, Matter, MatterKind, Protection, ResultOwed, Source,
};
use fengqiao_core::stage::Stage;
use fengqiao_service::ports::store::{After, Answer, Commit, IdempotencyKey, Write};
use jiff::Timestamp;
use serde_json::json;

/// An invented village.
pub const VILLAGE: &str = "990101001001";

/// So many milliseconds after the suite's first instant.
pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + millis).unwrap()
}

/// A case number.
pub fn case_id(text: &str) -> CaseId {
    CaseId::parse(text).unwrap()
}

/// A unit.
pub fn unit_id(text: &str) -> UnitId {
    UnitId::parse(text).unwrap()
}

/// A word.
pub fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

/// A division.
pub fn division(text: &str) -> DivisionCode {
    DivisionCode::parse(text).unwrap()
}

/// A handle of words.
pub fn text_ref(text: &str) -> TextRef {
    TextRef {
        id: TextId::parse(text).unwrap(),
        chars: 1,
    }
}

/// New events of one subject and what it was before them.
#[derive(Debug, Clone)]
pub struct Draft {
    subject: Subject,
    expected: u64,
    events: Vec<Recorded>,
    after: State,
}

#[derive(Debug, Clone)]
enum State {
    Case(Option<Box<Case>>),
    Docket(Docket),
}

impl Draft {
    /// A case that is registered, by default in [`VILLAGE`] as a dispute without a category.
    pub fn registered(id: &str, millis: i64) -> Self {
        Self::registered_as(id, millis, VILLAGE, None)
    }

    /// A case that is registered at a place, under a category.
    pub fn registered_as(id: &str, millis: i64, place: &str, category: Option<&str>) -> Self {
        let draft = Self {
            subject: Subject::Case(case_id(id)),
            expected: 0,
            events: Vec::new(),
            after: State::Case(None),
        };
        draft.then(millis, registered(id, place, category))
    }

    /// A case as it was loaded.
    pub fn on(case: Case) -> Self {
        Self {
            subject: Subject::Case(case.id.clone()),
            expected: case.docket.version,
            events: Vec::new(),
            after: State::Case(Some(Box::new(case))),
        }
    }

    /// A unit's docket as it was loaded.
    pub fn on_unit(unit: &str, docket: Docket) -> Self {
        Self {
            subject: Subject::Unit(unit_id(unit)),
            expected: docket.version,
            events: Vec::new(),
            after: State::Docket(docket),
        }
    }

    /// One more event.
    pub fn then(mut self, millis: i64, event: Event) -> Self {
        let recorded = Recorded {
            subject: self.subject.clone(),
            version: self.expected + self.events.len() as u64 + 1,
            at: at(millis),
            actor: Actor::Kernel,
            event,
        };
        self.after = match self.after {
            State::Case(case) => State::Case(Some(Box::new(
                evolve(case.map(|case| *case), &recorded).unwrap(),
            ))),
            State::Docket(docket) => State::Docket(docket.evolve(&recorded).unwrap()),
        };
        self.events.push(recorded);
        self
    }

    /// The case after the events.
    pub fn case(&self) -> Case {
        match &self.after {
            State::Case(Some(case)) => case.as_ref().clone(),
            _ => panic!("{} isn't a case", self.subject),
        }
    }

    /// The docket after the events.
    pub fn docket(&self) -> Docket {
        match &self.after {
            State::Docket(docket) => docket.clone(),
            State::Case(_) => self.case().docket,
        }
    }

    /// The events.
    pub fn events(&self) -> &[Recorded] {
        &self.events
    }

    /// The write.
    pub fn write(&self) -> Write {
        Write {
            subject: self.subject.clone(),
            expected: self.expected,
            events: self.events.clone(),
            after: match &self.after {
                State::Case(_) => After::Case(Arc::new(self.case())),
                State::Docket(docket) => After::Docket(Box::new(docket.clone())),
            },
        }
    }

    /// A commit of this alone.
    pub fn commit(&self) -> Commit {
        Commit {
            writes: vec![self.write()],
            at: self.events.last().map(|recorded| recorded.at),
            ..Commit::default()
        }
    }
}

fn registered(id: &str, place: &str, category: Option<&str>) -> Event {
    Event::Registered {
        case: case_id(id),
        matter: Box::new(Matter {
            kind: MatterKind::Dispute,
            category: category.map(code),
            place: division(place),
            point: None,
            text: text_ref(&format!("{id}.statement")),
            amount_fen: None,
            people: 2,
            came: 0,
            visits: 0,
            portfolios: Vec::new(),
            marks: Default::default(),
        }),
        source: Source {
            channel: code("window"),
            first_receiver: None,
            external: None,
            posted_at: None,
            detected_at: None,
            assistance: None,
        },
        naming: Naming::Named,
        parties: Vec::new(),
        protection: Protection::Open,
        evidence: Vec::new(),
        division: division(place),
        bindings: BindingSetId::parse("set").unwrap(),
    }
}

/// The lead is given to a unit, as the case's first assignment.
pub fn assigned(unit: &str, millis: i64) -> Event {
    Event::Assigned {
        assignment: Assignment {
            id: 1,
            unit: unit_id(unit),
            role: AssignmentRole::Lead,
            result: ResultOwed::Owed,
            state: AssignmentState::Active,
            given_at: at(millis),
            signed_at: None,
        },
    }
}

/// The case's first assignment goes to somebody else.
pub fn released() -> Event {
    Event::Released {
        assignment: 1,
        state: AssignmentState::Replaced,
        text: None,
    }
}

/// The case waits for a lead.
pub fn accepted() -> Event {
    Event::StageMoved {
        to: Stage::Accepted,
    }
}

/// The case is closed.
pub fn closed() -> Event {
    Event::StageMoved {
        to: Stage::Closed {
            lead: unit_id("unit"),
            report: 1,
            reply: 2,
        },
    }
}

/// The citizen says that it is solved.
pub fn solved() -> Event {
    Event::FollowedUp {
        result: FollowUpResult::Solved,
        by: code("phone"),
        text: None,
        level: None,
    }
}

/// A clock starts and is due then.
pub fn clock(id: Seq, due_millis: i64) -> Event {
    let due = at(due_millis);
    let clock = json!({
        "id": id,
        "name": "report",
        "owner": "unit",
        "deadline": {
            "start": at(0), "due": due, "raw": due, "spec": "1cd", "roll": "local", "calendar": "none",
            "steps": ["一天"], "provisional": false, "changes": []
        },
        "rule": {
            "name": "report", "spec": "1cd", "provenance": { "mark": "A", "source": "试验" }
        },
        "state": { "state": "running" },
        "extensions": 0
    });
    Event::ClockStarted {
        clock: serde_json::from_value(clock).unwrap(),
    }
}

/// A dispatcher of a division has something to do.
pub fn task(id: Seq, desk: &str, millis: i64) -> Event {
    Event::TaskRaised {
        task: Task {
            id,
            code: code("needs-dispatch"),
            desk: division(desk),
            unit: None,
            role: Role::Dispatcher,
            note: "请派单".to_owned(),
            raised_at: at(millis),
            done_at: None,
        },
    }
}

/// A secretary of a division has to give their word.
pub fn approval(id: Seq, of: &str, millis: i64) -> Event {
    Event::ApprovalAsked {
        approval: Box::new(Approval {
            id,
            what: Box::new(Command::Close {}),
            because: ApprovalCause::Command,
            role: Role::Secretary,
            division: division(of),
            asked_by: None,
            asked_unit: None,
            asked_as: None,
            proposed_by: None,
            asked_at: at(millis),
            decision: None,
            lapsed: None,
        }),
    }
}

/// A principal's key.
pub fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey {
        principal: "clerk".to_owned(),
        key: text.to_owned(),
    }
}

/// What they were answered.
pub fn answer(millis: i64) -> Answer {
    Answer {
        request: "digest".to_owned(),
        status: 201,
        body: r#"{"number":"甲1"}"#.to_owned(),
        version: Some(1),
        at: at(millis),
    }
}
