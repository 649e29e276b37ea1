//! Cases and events to ask rules about; a test changes the fields that it is about.

use crate::case::Level;
use crate::case::{
    Assignment, AssignmentRole, AssignmentState, Case, Clock, ClockState, History, Matter, Place,
    Proceeding, ProceedingEnd, Source, Stage, Subject, level_of,
};
use crate::guard::{ActorRole, Move};
use crate::place::Nearby;
use crate::react::{Happened, Reaction};

/// An accepted complaint in the village 990101001001, with every group given and nothing withheld.
pub fn case() -> Case {
    Case {
        case: Some("C1".to_owned()),
        stage: Some(Stage::Accepted),
        as_of: 0,
        place: Some(place("990101001001")),
        matter: Some(matter("complaint", None)),
        parties: Some(Vec::new()),
        source: Some(source("window")),
        history: Some(history()),
        assignments: Some(Vec::new()),
        clocks: Some(Vec::new()),
        proceedings: Some(Vec::new()),
        withheld: Vec::new(),
        ext: Vec::new(),
    }
}

/// What a plugin sees of a unit's or a division's docket: clocks and proceedings.
pub fn docket() -> Case {
    Case {
        case: None,
        stage: None,
        place: None,
        matter: None,
        parties: None,
        source: None,
        history: None,
        assignments: None,
        ..case()
    }
}

/// A place with its path by digits, handled at its own level.
pub fn place(code: &str) -> Place {
    Place {
        place: code.to_owned(),
        path: path(code),
        handled_by: code.to_owned(),
        point: None,
    }
}

/// A matter of a kind, and of a category where there is one.
pub fn matter(kind: &str, category: Option<&str>) -> Matter {
    Matter {
        kind: kind.to_owned(),
        category: category.map(str::to_owned),
        text: String::new(),
        amount_fen: None,
        people: 0,
        portfolios: Vec::new(),
        marks: Vec::new(),
        evidence: Vec::new(),
    }
}

/// Registered through a channel at time zero.
pub fn source(channel: &str) -> Source {
    Source {
        channel: channel.to_owned(),
        first_receiver: None,
        assistance: None,
        posted_at: None,
        registered_at: 0,
    }
}

/// Nothing happened yet.
pub fn history() -> History {
    History {
        objections: 0,
        reworks: 0,
        urges: 0,
        flags: Vec::new(),
        level_moves: 0,
        contacted_at: None,
        arrived_at: None,
        related: Vec::new(),
    }
}

/// An active assignment.
pub fn assignment(id: u32, unit: &str, role: AssignmentRole) -> Assignment {
    Assignment {
        id,
        unit: unit.to_owned(),
        role,
        state: AssignmentState::Active,
    }
}

/// A clock that a unit answers for, due at time zero.
pub fn clock(id: u32, name: &str, owner: &str, state: ClockState) -> Clock {
    Clock {
        id,
        name: name.to_owned(),
        owner: Some(owner.to_owned()),
        state,
        due: 0,
    }
}

/// An open proceeding without parts, opened at time zero.
pub fn proceeding(id: u32, kind: &str, state: &str) -> Proceeding {
    Proceeding {
        id,
        kind: kind.to_owned(),
        state: state.to_owned(),
        end: ProceedingEnd::Open,
        issuer: None,
        addressee: None,
        about: None,
        fields: Vec::new(),
        opened_at: 0,
    }
}

/// A move that somebody wants to make, by its code and its JSON form.
pub fn move_by(actor: ActorRole, code: &str, document: &str) -> Move {
    Move {
        code: code.to_owned(),
        document: document.to_owned(),
        actor,
        actor_unit: None,
    }
}

/// An event, by its code and its JSON form.
pub fn happened(code: &str, document: &str) -> Happened {
    Happened {
        code: code.to_owned(),
        document: document.to_owned(),
    }
}

/// What a rule is told after events on a subject.
pub fn reaction(subject: Subject, after: Case, events: Vec<Happened>) -> Reaction {
    Reaction {
        subject,
        after,
        events,
        depth: 0,
        related: Vec::new(),
    }
}

/// The declared input `nearby`, for a case's `ext`.
pub fn nearby(nearby: Option<&Nearby>) -> (String, String) {
    let json = serde_json::to_string(&nearby).unwrap_or_default();
    ("nearby".to_owned(), json)
}

/// The declared input `care`, for a case's `ext`.
pub fn care(is_in_care: bool) -> (String, String) {
    ("care".to_owned(), is_in_care.to_string())
}

/// A division and all above it by its digits, the province first.
pub(super) fn path(code: &str) -> Vec<String> {
    let digits = match level_of(code) {
        Level::Province => 1,
        Level::Prefecture => 2,
        Level::County => 3,
        Level::Township => 4,
        Level::Village => 5,
        Level::Grid => 6,
    };
    let prefixes = [2, 4, 6, 9, 12, 15].into_iter().take(digits);
    let prefix = |length: usize| code.chars().take(length).collect::<String>();
    prefixes
        .map(|length| format!("{:0<12}", prefix(length)))
        .collect()
}
