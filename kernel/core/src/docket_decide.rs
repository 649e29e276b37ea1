//! What a command does on a unit's or a division's own docket: procedures, approvals, clocks, grants, allowances, bookings, tasks.

use crate::actor::{Actor, Role};
use crate::allowances;
use crate::approvals;
use crate::bookings;
use crate::clock::{Clock, Mark};
use crate::command::{Command, Recipient, Waivable};
use crate::context::Context;
use crate::decision::{Decision, Effect};
use crate::docket::{Docket, Task, Verdict};
use crate::event::Event;
use crate::grants;
use crate::ids::{Code, DivisionCode, Seq, Subject, TextRef, UnitId};
use crate::mask;
use crate::proceedings::{self, Scene, own_unit};
use crate::refusal::Refusal;

mod clocks;
#[cfg(test)]
mod tests;

/// The most characters of a task's note.
pub const MAX_NOTE_CHARS: usize = 500;
/// The most tasks that may wait on one docket.
pub const MAX_OPEN_TASKS: usize = 200;
/// The most clocks that a binding may have running on one docket, those of proceedings aside.
pub const MAX_OWN_CLOCKS: usize = 64;

/// Decides a command on a unit's or a division's docket. What only makes sense in a case is refused.
pub fn decide_docket(
    subject: &Subject,
    docket: &Docket,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let scene = scene(subject, command, ctx)?;
    let desk = Desk {
        subject,
        docket,
        scene: &scene,
        ctx,
    };
    let events = desk.decide(command)?;
    let drawn = allowances::follow(subject, docket, events.iter(), &scene.place, ctx)?;
    Ok(Decision {
        effects: events
            .iter()
            .filter_map(|event| effect(subject, event))
            .collect(),
        events: events
            .into_iter()
            .map(|event| (subject.clone(), event))
            .chain(drawn)
            .collect(),
    })
}

fn scene(subject: &Subject, command: &Command, ctx: &Context<'_>) -> Result<Scene, Refusal> {
    let place = match subject {
        Subject::Case(_) => return Err(not_here(command)),
        Subject::Unit(unit) => {
            ctx.units
                .unit(unit)
                .ok_or_else(|| Refusal::UnknownUnit { unit: unit.clone() })?
                .division
        }
        Subject::Division(division) if ctx.units.has_division(division) => division.clone(),
        Subject::Division(division) => {
            return Err(Refusal::UnknownDivision {
                division: division.clone(),
            });
        }
    };
    Ok(Scene {
        lead: None,
        place: place.clone(),
        division: place,
    })
}

/// Who is told what, once an event is durable.
fn effect(subject: &Subject, event: &Event) -> Option<Effect> {
    let (to, notice) = match event {
        Event::ProceedingOpened { proceeding } => (
            Recipient::Unit(proceeding.addressee.clone()?),
            Code::word("proceeding-opened"),
        ),
        Event::ApprovalAsked { approval } => (
            Recipient::Desk(approval.division.clone()),
            Code::word("approval-asked"),
        ),
        Event::TaskRaised { task } => (
            task.unit
                .clone()
                .map_or_else(|| Recipient::Desk(task.desk.clone()), Recipient::Unit),
            Code::word("task-raised"),
        ),
        Event::Notified { notice, to } => (to.clone(), notice.clone()),
        _ => return None,
    };
    Some(Effect {
        subject: subject.clone(),
        to,
        notice,
        call: None,
    })
}

/// A docket with everything around it.
struct Desk<'a> {
    subject: &'a Subject,
    docket: &'a Docket,
    scene: &'a Scene,
    ctx: &'a Context<'a>,
}

impl Desk<'_> {
    fn decide(&self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let Desk {
            subject,
            docket,
            scene,
            ctx,
        } = *self;
        match command {
            Command::OpenProceeding {
                kind,
                addressee,
                about,
                fields,
            } => {
                let (addressee, about) = (addressee.as_ref(), about.as_ref());
                proceedings::open(subject, docket, kind, addressee, about, fields, scene, ctx)
            }
            Command::MoveProceeding {
                proceeding,
                code,
                fields,
            } => proceedings::make_move(subject, docket, *proceeding, code, fields, scene, ctx),
            Command::Decide {
                approval,
                verdict,
                text,
            } => self.settle(*approval, *verdict, text.as_ref()),
            Command::AskApproval { what, role } => {
                approvals::propose(subject, docket, what, *role, scene, ctx)
            }
            Command::Breach { clock } => self.breach(*clock),
            Command::StartClock { rule, owner } => self.start_clock(rule, owner.as_ref()),
            Command::StopClock { clock } => self.stop_clock(*clock),
            Command::Recompute { clock } => self.recompute(*clock),
            Command::Waive { what, text } => self.waive(*what, text),
            Command::Grant { terms } => grants::grant(subject, docket, terms, ctx),
            Command::RevokeGrant { grant } => grants::revoke(subject, docket, *grant, ctx),
            Command::SetAllowance {
                kind,
                year,
                ceiling_fen,
                text,
            } => allowances::set(subject, docket, kind, *year, *ceiling_fen, text, ctx),
            Command::Book {
                room,
                from,
                until,
                about,
            } => bookings::book(subject, docket, room, (*from, *until), about.as_ref(), ctx),
            Command::CancelBooking { booking } => bookings::cancel(subject, docket, *booking, ctx),
            Command::RaiseTask {
                code,
                desk,
                role,
                note,
            } => self.raise_task(code, desk, *role, note),
            Command::FinishTask { task } => self.finish_task(*task),
            Command::Notify { notice, to } => self.notify(notice, to),
            other => Err(not_here(other)),
        }
    }

    /// Records the word; a yes carries the approved command out, with the approver as the actor.
    fn settle(
        &self,
        approval: Seq,
        verdict: Verdict,
        text: Option<&TextRef>,
    ) -> Result<Vec<Event>, Refusal> {
        let (decided, follows) = approvals::settle(self.docket, approval, verdict, text, self.ctx)?;
        let mut events = vec![decided];
        let asked = self.docket.approvals.iter().find(|a| a.id == approval);
        if let (Some(command), Some(asked)) = (follows, asked) {
            let carried = match &command {
                Command::OpenProceeding { .. } | Command::MoveProceeding { .. } => {
                    proceedings::carry_out(self.subject, self.docket, asked, self.scene, self.ctx)?
                }
                // An approval never leads to another one on the same docket, or it would never be over.
                Command::Decide { .. } | Command::AskApproval { .. } => {
                    return Err(not_here(&command));
                }
                other => self.decide(other)?,
            };
            events.extend(carried);
        }
        Ok(events)
    }

    fn waive(&self, what: Waivable, text: &TextRef) -> Result<Vec<Event>, Refusal> {
        let ctx = self.ctx;
        let own = matches!(self.subject, Subject::Unit(unit) if ctx.actor.unit() == Some(unit));
        let may = matches!(ctx.actor.role(), Some(Role::Dispatcher | Role::Supervisor))
            && ctx
                .actor
                .reach()
                .is_some_and(|reach| reach.contains(&self.scene.place));
        if own || !may {
            return Err(Refusal::NotYours {
                command: Code::word("waive"),
            });
        }
        if text.chars == 0 {
            return Err(Refusal::TextMissing);
        }
        let follows = match what {
            Waivable::Clock(id) => {
                let clock = self.live_clock(id)?;
                if clock.rule.provenance.mark == Mark::L {
                    return Err(Refusal::Statutory { clock: id });
                }
                vec![Event::ClockCancelled { clock: id }]
            }
            Waivable::Proceeding(id) => {
                let law = |c: &&Clock| {
                    c.proceeding == Some(id)
                        && c.state.is_live()
                        && c.rule.provenance.mark == Mark::L
                };
                if let Some(clock) = self.docket.clocks.iter().find(law) {
                    return Err(Refusal::Statutory { clock: clock.id });
                }
                proceedings::waive(self.docket, id)?
            }
            Waivable::Report | Waivable::Reply | Waivable::Rating | Waivable::FollowUp => {
                return Err(Refusal::NotForThisSubject {
                    command: Code::word("waive"),
                });
            }
        };
        let waived = Event::Waived {
            what,
            text: Some(text.clone()),
        };
        Ok(std::iter::once(waived).chain(follows).collect())
    }

    fn raise_task(
        &self,
        code: &Code,
        desk: &DivisionCode,
        role: Role,
        note: &str,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_rule_or_kernel("raise-task")?;
        if !self.ctx.units.has_division(desk) {
            return Err(Refusal::UnknownDivision {
                division: desk.clone(),
            });
        }
        self.check_desk(desk)?;
        if note.chars().count() > MAX_NOTE_CHARS || mask::text(note) != note {
            return Err(Refusal::FieldInvalid {
                field: Code::word("note"),
                reason: format!("不得超过 {MAX_NOTE_CHARS} 个字符，也不得含电话号码或证件号码"),
            });
        }
        let open = self.docket.tasks.iter().filter(|t| t.done_at.is_none());
        if open.count() >= MAX_OPEN_TASKS {
            return Err(Refusal::TooMany {
                limit: Code::word("open-tasks"),
            });
        }
        Ok(vec![Event::TaskRaised {
            task: Task {
                id: self.docket.next,
                code: code.clone(),
                desk: desk.clone(),
                unit: None,
                role,
                note: note.to_owned(),
                raised_at: self.ctx.now,
                done_at: None,
            },
        }])
    }

    /// A task is done by somebody of its unit, or in its role with a reach over its desk.
    fn finish_task(&self, id: Seq) -> Result<Vec<Event>, Refusal> {
        let found = self.docket.tasks.iter().find(|t| t.id == id);
        let task = found
            .filter(|t| t.done_at.is_none())
            .ok_or_else(|| Refusal::NotFound {
                what: Code::word("task"),
                id,
            })?;
        let actor = self.ctx.actor;
        let mine = task.unit.is_some() && task.unit.as_ref() == actor.unit();
        let reaches = actor
            .reach()
            .is_some_and(|reach| reach.contains(&task.desk));
        let own = matches!(actor, Actor::Kernel);
        if own || mine || (actor.role() == Some(task.role) && reaches) {
            Ok(vec![Event::TaskDone { task: id }])
        } else {
            Err(Refusal::NotYours {
                command: Code::word("finish-task"),
            })
        }
    }

    fn notify(&self, notice: &Code, to: &Recipient) -> Result<Vec<Event>, Refusal> {
        self.check_rule_or_kernel("notify")?;
        match to {
            Recipient::Citizen => {
                return Err(Refusal::NotForThisSubject {
                    command: Code::word("notify"),
                });
            }
            Recipient::Unit(unit) => self.check_unit(unit)?,
            Recipient::Desk(division) => self.check_desk(division)?,
        }
        Ok(vec![Event::Notified {
            notice: notice.clone(),
            to: to.clone(),
        }])
    }

    /// Only a binding or the kernel does this on a docket; a person has commands that say who they are.
    fn check_rule_or_kernel(&self, command: &'static str) -> Result<(), Refusal> {
        match self.ctx.actor {
            Actor::Plugin { division, .. } if !division.contains(&self.scene.place) => {
                Err(Refusal::OutsideDivision {
                    division: division.clone(),
                })
            }
            Actor::Plugin { .. } | Actor::Kernel => Ok(()),
            Actor::Official { .. } | Actor::Citizen { .. } => Err(Refusal::NotYours {
                command: Code::word(command),
            }),
        }
    }

    /// A plugin names units of its own divisions.
    fn check_unit(&self, unit: &UnitId) -> Result<(), Refusal> {
        if self.ctx.units.unit(unit).is_none() {
            return Err(Refusal::UnknownUnit { unit: unit.clone() });
        }
        match self.ctx.actor {
            Actor::Plugin { division, .. } if !own_unit(unit, division, self.ctx) => {
                Err(Refusal::OutsideDivision {
                    division: division.clone(),
                })
            }
            _ => Ok(()),
        }
    }

    /// A plugin turns to a desk of its own divisions, or upward to an ancestor's.
    fn check_desk(&self, desk: &DivisionCode) -> Result<(), Refusal> {
        match self.ctx.actor {
            Actor::Plugin { division, .. }
                if !division.contains(desk) && !desk.contains(division) =>
            {
                Err(Refusal::OutsideDivision {
                    division: division.clone(),
                })
            }
            _ => Ok(()),
        }
    }

    fn live_clock(&self, id: Seq) -> Result<&Clock, Refusal> {
        let clock = self.clock(id)?;
        if clock.state.is_live() {
            Ok(clock)
        } else {
            Err(Refusal::ClockOver { clock: id })
        }
    }

    fn clock(&self, id: Seq) -> Result<&Clock, Refusal> {
        let found = self.docket.clocks.iter().find(|c| c.id == id);
        found.ok_or_else(|| Refusal::NotFound {
            what: Code::word("clock"),
            id,
        })
    }
}

fn not_here(command: &Command) -> Refusal {
    Refusal::NotForThisSubject {
        command: Code::word(command.name()),
    }
}
