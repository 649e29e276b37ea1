//! What a plugin may propose: commands of its own, each on a subject's docket.
//!
//! ```
//! use fengqiao_sdk::prelude::*;
//!
//! let card = propose::open_proceeding("warning")
//!     .addressee("u1")
//!     .field("reason", "逾期未反馈")
//!     .on_unit("u1");
//! let referral = propose::ask_approval(Role::Discipline, propose::move_proceeding(3, "refer")).on_unit("u1");
//! # let _ = (card, referral);
//! ```

mod command;

pub use command::{Command, MoveProceeding, OpenProceeding, Party, Recipient, Relation};

use crate::case::{AssignmentRole, Subject};
use crate::profile::ClockRule;
use crate::role::Role;

/// A command on a subject's docket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// On whose docket.
    pub subject: Subject,
    /// What.
    pub command: Command,
}

/// Puts a command on a docket.
pub trait Propose: Into<Command> + Sized {
    /// On a subject, such as the reaction's own.
    fn on(self, subject: &Subject) -> Proposal {
        Proposal {
            subject: subject.clone(),
            command: self.into(),
        }
    }

    /// On a case.
    fn on_case(self, case: &str) -> Proposal {
        self.on(&Subject::Case(case.to_owned()))
    }

    /// On a unit's own docket: cards, answers.
    fn on_unit(self, unit: &str) -> Proposal {
        self.on(&Subject::Unit(unit.to_owned()))
    }

    /// On a division's own docket: common problems.
    fn on_division(self, division: &str) -> Proposal {
        self.on(&Subject::Division(division.to_owned()))
    }
}

impl<C: Into<Command>> Propose for C {}

/// Opens a proceeding that a profile declares.
pub fn open_proceeding(kind: &str) -> OpenProceeding {
    OpenProceeding::new(kind)
}

/// Makes a move of a proceeding, by its number on the docket.
pub fn move_proceeding(proceeding: u32, code: &str) -> MoveProceeding {
    MoveProceeding::new(proceeding, code)
}

/// Gives a unit of the plugin's own divisions a part: assist, supervise or inform. A supervisor owes no result.
pub fn assign(unit: &str, role: AssignmentRole) -> Command {
    Command::Assign {
        appointment: Party::new(unit, role),
    }
}

/// Starts a clock of the plugin's own, for a unit where somebody owes it.
pub fn start_clock(rule: ClockRule, owner: Option<&str>) -> Command {
    Command::StartClock {
        rule,
        owner: owner.map(str::to_owned),
    }
}

/// Stops a clock that the plugin started.
pub fn stop_clock(clock: u32) -> Command {
    Command::StopClock { clock }
}

/// Hands the case up to an ancestor of its present level (上提); the reason is a code.
pub fn hand_up(to: &str, lead: Option<&str>, reason: &str) -> Command {
    Command::HandUp {
        to: to.to_owned(),
        lead: lead.map(str::to_owned),
        reason: reason.to_owned(),
    }
}

/// Gives the lead to another unit at the present level (转办), with the reason in words.
pub fn hand_over(lead: &str, text: &str) -> Command {
    Command::HandOver {
        lead: lead.to_owned(),
        text: text.to_owned(),
    }
}

/// Records a fact that later rules may read.
pub fn flag(flag: &str) -> Command {
    Command::Flag {
        flag: flag.to_owned(),
    }
}

/// Tells a unit something, by notice code.
pub fn notify_unit(unit: &str, notice: &str) -> Command {
    notify(Recipient::Unit(unit.to_owned()), notice)
}

/// Tells the citizen something, by notice code; the kernel knows how to reach them.
pub fn notify_citizen(notice: &str) -> Command {
    notify(Recipient::Citizen, notice)
}

/// Tells the hub of a division something, by notice code.
pub fn notify_desk(division: &str, notice: &str) -> Command {
    notify(Recipient::Desk(division.to_owned()), notice)
}

/// Urges the lead (催办), in words.
pub fn urge(text: &str) -> Command {
    Command::Urge {
        text: text.to_owned(),
    }
}

/// Raises a task for a person at a division's desk; the note never holds a person's words.
pub fn raise_task(code: &str, desk: &str, role: Role, note: &str) -> Command {
    Command::RaiseTask {
        code: code.to_owned(),
        desk: desk.to_owned(),
        role,
        note: note.to_owned(),
    }
}

/// Asks a person in this role whether something of legal or disciplinary weight is to be done.
pub fn ask_approval(role: Role, what: impl Into<Command>) -> Command {
    Command::AskApproval {
        what: Box::new(what.into()),
        role,
    }
}

/// Says that two cases belong together.
pub fn link(to: &str, relation: Relation) -> Command {
    Command::Link {
        to: to.to_owned(),
        relation,
    }
}

fn notify(to: Recipient, notice: &str) -> Command {
    Command::Notify {
        notice: notice.to_owned(),
        to,
    }
}
