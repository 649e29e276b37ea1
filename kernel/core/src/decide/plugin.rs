//! What bindings propose: flags, notices, tasks, clocks, approvals, proceedings; never a step of the loop by itself.

use crate::actor::{Actor, Role};
use crate::approvals;
use crate::clock::{Clock, ClockRule, ClockState, Mark};
use crate::command::{Command, Recipient};
use crate::decide::dispatch::check_clocks;
use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_CLOCKS, MAX_FLAGS, MAX_NOTE_CHARS, MAX_TASKS, within};
use crate::decide::pauses::find;
use crate::decide::timing::KERNEL_CLOCKS;
use crate::decide::who;
use crate::docket::{ApprovalCause, Task};
use crate::event::Event;
use crate::ids::{Code, DivisionCode, Seq, UnitId};
use crate::mask;
use crate::proceedings;
use crate::refusal::Refusal;
use crate::stage::StageName;

/// Opens or moves a proceeding of the case; its graph says who may.
pub(super) fn proceed(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    let scene = draft.scene();
    let subject = draft.subject();
    let docket = &draft.case.docket;
    let events = match command {
        Command::OpenProceeding {
            kind,
            addressee,
            about,
            fields,
        } => {
            draft.at("open-proceeding", StageName::is_open)?;
            if let Some(unit) = addressee {
                draft.check_unit(unit)?;
            }
            let (to, about) = (addressee.as_ref(), about.as_ref());
            proceedings::open(&subject, docket, kind, to, about, fields, &scene, draft.ctx)?
        }
        Command::MoveProceeding {
            proceeding,
            code,
            fields,
        } => {
            draft.at("move-proceeding", |s| s < StageName::Archived)?;
            let id = *proceeding;
            proceedings::make_move(&subject, docket, id, code, fields, &scene, draft.ctx)?
        }
        other => {
            return Err(Refusal::NotForThisSubject {
                command: Code::word(other.name()),
            });
        }
    };
    draft.emit_all(events)
}

/// Carries out an approved opening or move.
pub(super) fn carry_out(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    draft.at("decide", |s| s < StageName::Archived)?;
    let Some(approval) = draft.approval.clone() else {
        return Ok(());
    };
    if let Command::OpenProceeding {
        addressee: Some(unit),
        ..
    } = approval.what.as_ref()
    {
        draft.check_unit(unit)?;
    }
    let (scene, subject) = (draft.scene(), draft.subject());
    let docket = &draft.case.docket;
    let events = proceedings::carry_out(&subject, docket, &approval, &scene, draft.ctx)?;
    draft.emit_all(events)
}

/// Asks for a named role's word on something of weight: opening or moving a proceeding, or a step of the loop that the
/// approver must be allowed to take alone.
pub(super) fn ask_approval(
    draft: &mut Draft<'_>,
    what: &Command,
    role: Role,
) -> Result<(), Refusal> {
    draft.at("ask-approval", StageName::is_open)?;
    if !who::may_be_proposed(what) {
        return Err(Refusal::NotForPlugins {
            command: Code::word(what.name()),
        });
    }
    if !matches!(
        what,
        Command::OpenProceeding { .. } | Command::MoveProceeding { .. }
    ) {
        if let Command::Dispatch { clocks, .. } = what {
            check_clocks(draft, clocks)?;
        }
        return draft.ask(what.clone(), ApprovalCause::Proposal, role);
    }
    let (subject, scene) = (draft.subject(), draft.scene());
    let docket = &draft.case.docket;
    let events = approvals::propose(&subject, docket, what, role, &scene, draft.ctx)?;
    draft.notify(Recipient::Desk(scene.division), "approval.asked");
    draft.emit_all(events)
}

/// Starts a clock under a name of the binding's own.
pub(super) fn start_clock(
    draft: &mut Draft<'_>,
    rule: &ClockRule,
    owner: Option<&UnitId>,
) -> Result<(), Refusal> {
    draft.at("start-clock", StageName::is_open)?;
    within(draft.case.docket.clocks.len() + 1, MAX_CLOCKS, "clocks")?;
    let invalid = |reason: &str| Refusal::FieldInvalid {
        field: Code::word("rule"),
        reason: reason.to_owned(),
    };
    if KERNEL_CLOCKS.contains(&rule.name.as_str()) {
        return Err(invalid("该时限由内核启动和停止"));
    }
    if rule.provenance.mark == Mark::L {
        return Err(invalid("法定时限由内核载明"));
    }
    if let Some(owner) = owner {
        draft.check_unit(owner)?;
        draft.check_plugin_unit(owner)?;
    }
    let deadline = draft.timing().count(draft.ctx.now, rule)?;
    let started_by = match draft.ctx.actor {
        Actor::Plugin { binding, .. } => Some(binding.clone()),
        _ => None,
    };
    let clock = Clock {
        id: draft.next(),
        name: rule.name.clone(),
        owner: owner.cloned(),
        proceeding: None,
        deadline,
        rule: rule.clone(),
        state: ClockState::Running,
        extensions: 0,
        started_by,
    };
    draft.emit(Event::ClockStarted {
        clock: Box::new(clock),
    })
}

/// Stops a clock that the same binding started.
pub(super) fn stop_clock(draft: &mut Draft<'_>, id: Seq) -> Result<(), Refusal> {
    let clock = find(draft, id)?;
    let own = match draft.ctx.actor {
        Actor::Plugin { binding, .. } => clock.started_by.as_ref() == Some(binding),
        _ => clock.started_by.is_some(),
    };
    if !own {
        return Err(Refusal::NotYours {
            command: Code::word("stop-clock"),
        });
    }
    let waits =
        clock.state.is_live() || matches!(clock.state, ClockState::Breached { done_at: None, .. });
    if !waits {
        return Err(Refusal::ClockOver { clock: id });
    }
    draft.meet_one(&clock)
}

/// A fact that later rules may read; the same fact once.
pub(super) fn flag(draft: &mut Draft<'_>, flag: &Code) -> Result<(), Refusal> {
    draft.at("flag", |s| s < StageName::Archived)?;
    if draft.case.flags.contains(flag) {
        return Ok(());
    }
    within(draft.case.flags.len() + 1, MAX_FLAGS, "flags")?;
    draft.emit(Event::Flagged { flag: flag.clone() })
}

/// Tells a unit, a desk or the citizen something, by notice code.
pub(super) fn notify(draft: &mut Draft<'_>, notice: &Code, to: &Recipient) -> Result<(), Refusal> {
    match to {
        Recipient::Citizen => {}
        Recipient::Unit(unit) => {
            draft.check_unit(unit)?;
            draft.check_plugin_unit(unit)?;
        }
        Recipient::Desk(desk) => draft.check_desk(desk)?,
    }
    let anonymous = draft.case.naming == crate::command::Naming::Anonymous;
    if !(anonymous && *to == Recipient::Citizen) {
        draft.notify_code(to.clone(), notice.clone());
    }
    draft.emit(Event::Notified {
        notice: notice.clone(),
        to: to.clone(),
    })
}

/// Raises a task at a desk.
pub(super) fn raise_task(
    draft: &mut Draft<'_>,
    code: &Code,
    desk: &DivisionCode,
    role: Role,
    note: &str,
) -> Result<(), Refusal> {
    draft.at("raise-task", |s| s < StageName::Archived)?;
    draft.check_desk(desk)?;
    within(draft.case.docket.tasks.len() + 1, MAX_TASKS, "tasks")?;
    within(note.chars().count(), MAX_NOTE_CHARS, "note-chars")?;
    if mask::text(note) != note {
        return Err(Refusal::FieldInvalid {
            field: Code::word("note"),
            reason: "请勿填写电话号码或证件号码".to_owned(),
        });
    }
    let task = Task {
        id: draft.next(),
        code: code.clone(),
        desk: desk.clone(),
        unit: None,
        role,
        note: note.to_owned(),
        raised_at: draft.ctx.now,
        done_at: None,
    };
    draft.notify(Recipient::Desk(desk.clone()), "task.raised");
    draft.emit(Event::TaskRaised { task })
}

impl Draft<'_> {
    /// A plugin acts on units of its own divisions, or on whom a valid grant names.
    pub(super) fn check_plugin_unit(&self, unit: &UnitId) -> Result<(), Refusal> {
        let Actor::Plugin { division, .. } = self.ctx.actor else {
            return Ok(());
        };
        let Some(facts) = self.ctx.units.unit(unit) else {
            return Err(Refusal::UnknownUnit { unit: unit.clone() });
        };
        if division.contains(&facts.division) || self.is_granted(unit) {
            Ok(())
        } else {
            Err(Refusal::OutsideDivision {
                division: facts.division,
            })
        }
    }

    /// A plugin turns to desks of its own divisions, or upward to an ancestor's.
    fn check_desk(&self, desk: &DivisionCode) -> Result<(), Refusal> {
        self.check_division(desk)?;
        match self.ctx.actor {
            Actor::Plugin { division, .. }
                if !division.contains(desk) && !desk.contains(division) =>
            {
                Err(Refusal::OutsideDivision {
                    division: desk.clone(),
                })
            }
            _ => Ok(()),
        }
    }
}
