//! The commands that a plugin may propose, in the kernel's JSON form.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::case::AssignmentRole;
use crate::profile::ClockRule;
use crate::role::Role;

/// A command of a plugin. The functions of [`propose`](crate::propose) make them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "do"
)]
#[allow(
    missing_docs,
    reason = "a field is named after what it holds; the function that makes the command says what it is for"
)]
pub enum Command {
    /// 启动程序
    OpenProceeding(OpenProceeding),
    /// A move of a proceeding.
    MoveProceeding(MoveProceeding),
    /// Adds a unit that assists, supervises or is informed.
    Assign { appointment: Party },
    /// Starts a clock.
    StartClock {
        rule: ClockRule,
        owner: Option<String>,
    },
    /// Stops a clock.
    StopClock { clock: u32 },
    /// 上提
    HandUp {
        to: String,
        lead: Option<String>,
        reason: String,
    },
    /// 转办
    HandOver { lead: String, text: String },
    /// Records a fact.
    Flag { flag: String },
    /// Tells somebody something.
    Notify { notice: String, to: Recipient },
    /// 催办
    Urge { text: String },
    /// Raises a task.
    RaiseTask {
        code: String,
        desk: String,
        role: Role,
        note: String,
    },
    /// Asks for a person's word.
    AskApproval { what: Box<Command>, role: Role },
    /// 关联
    Link { to: String, relation: Relation },
}

impl Command {
    /// The command's word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OpenProceeding(_) => "open-proceeding",
            Self::MoveProceeding(_) => "move-proceeding",
            Self::Assign { .. } => "assign",
            Self::StartClock { .. } => "start-clock",
            Self::StopClock { .. } => "stop-clock",
            Self::HandUp { .. } => "hand-up",
            Self::HandOver { .. } => "hand-over",
            Self::Flag { .. } => "flag",
            Self::Notify { .. } => "notify",
            Self::Urge { .. } => "urge",
            Self::RaiseTask { .. } => "raise-task",
            Self::AskApproval { .. } => "ask-approval",
            Self::Link { .. } => "link",
        }
    }
}

/// Opens a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OpenProceeding {
    kind: String,
    addressee: Option<String>,
    about: Option<String>,
    fields: BTreeMap<String, String>,
}

impl OpenProceeding {
    pub(super) fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            addressee: None,
            about: None,
            fields: BTreeMap::new(),
        }
    }

    /// The unit that it is addressed to.
    #[must_use]
    pub fn addressee(mut self, unit: &str) -> Self {
        self.addressee = Some(unit.to_owned());
        self
    }

    /// The case that gave rise to it, where the docket isn't that case's.
    #[must_use]
    pub fn about(mut self, case: &str) -> Self {
        self.about = Some(case.to_owned());
        self
    }

    /// Fills in a field with a short word; no person's words.
    #[must_use]
    pub fn field(mut self, code: &str, value: impl ToString) -> Self {
        self.fields.insert(code.to_owned(), value.to_string());
        self
    }
}

impl From<OpenProceeding> for Command {
    fn from(command: OpenProceeding) -> Self {
        Self::OpenProceeding(command)
    }
}

/// Makes a move of a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MoveProceeding {
    proceeding: u32,
    code: String,
    fields: BTreeMap<String, String>,
}

impl MoveProceeding {
    pub(super) fn new(proceeding: u32, code: &str) -> Self {
        Self {
            proceeding,
            code: code.to_owned(),
            fields: BTreeMap::new(),
        }
    }

    /// Fills in a field with a short word; no person's words.
    #[must_use]
    pub fn field(mut self, code: &str, value: impl ToString) -> Self {
        self.fields.insert(code.to_owned(), value.to_string());
        self
    }
}

impl From<MoveProceeding> for Command {
    fn from(command: MoveProceeding) -> Self {
        Self::MoveProceeding(command)
    }
}

/// A unit with the part that it is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Party {
    unit: String,
    role: &'static str,
    result: &'static str,
}

impl Party {
    pub(super) fn new(unit: &str, role: AssignmentRole) -> Self {
        let (role, result) = match role {
            AssignmentRole::Lead => ("lead", "owed"),
            AssignmentRole::Assist => ("assist", "owed"),
            AssignmentRole::Supervise => ("supervise", "not-owed"),
            AssignmentRole::Inform => ("inform", "not-owed"),
        };
        Self {
            unit: unit.to_owned(),
            role,
            result,
        }
    }
}

/// Who is told something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "to", content = "id")]
pub enum Recipient {
    /// The requester.
    Citizen,
    /// A unit.
    Unit(String),
    /// The hub of a division.
    Desk(String),
}

/// How two cases belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same matter again.
    Repeats,
    /// A part of it.
    SplitFrom,
    /// Otherwise.
    Related,
}
