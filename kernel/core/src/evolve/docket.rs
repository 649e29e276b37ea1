//! The part of the fold that every subject shares: clocks, proceedings, approvals, tasks, grants, allowances and bookings.

use fengqiao_calendar::Deadline;
use jiff::Timestamp;

use crate::allowances;
use crate::bookings;
use crate::clock::{Clock, ClockState};
use crate::docket::{Approval, Docket, Lapse};
use crate::event::{Event, Recorded};
use crate::evolve::Fault;
use crate::ids::{Code, Seq};
use crate::proceeding::{End, Fields, Moved};

/// Folds an event in; false where it isn't a docket's event.
pub(super) fn apply(docket: &mut Docket, recorded: &Recorded) -> Result<bool, Fault> {
    let at = recorded.at;
    match &recorded.event {
        Event::ClockStarted { clock } => {
            docket.take(clock.id);
            docket.clocks.push(clock.as_ref().clone());
        }
        Event::ClockMet { clock } => {
            live(docket, *clock)?.state = ClockState::Met { at };
        }
        Event::ClockDoneLate { clock } => done_late(docket, *clock, at)?,
        Event::ClockBreached { clock, at: due } => {
            live(docket, *clock)?.state = ClockState::Breached {
                at: *due,
                done_at: None,
            };
        }
        Event::ClockCancelled { clock } => {
            live(docket, *clock)?.state = ClockState::Cancelled { at };
        }
        Event::ClockPaused { clock } => {
            live(docket, *clock)?.state = ClockState::Paused { since: at };
        }
        Event::ClockResumed { clock, deadline } => {
            let clock = move_deadline(docket, *clock, deadline)?;
            clock.state = ClockState::Running;
        }
        Event::ClockExtended {
            clock, deadline, ..
        } => {
            let clock = move_deadline(docket, *clock, deadline)?;
            clock.extensions = clock.extensions.saturating_add(1);
        }
        Event::ClockRecomputed { clock, deadline } => {
            move_deadline(docket, *clock, deadline)?;
        }
        Event::ProceedingOpened { proceeding } => {
            docket.take(proceeding.id);
            docket.proceedings.push(proceeding.as_ref().clone());
        }
        Event::ProceedingMoved {
            proceeding,
            code,
            to,
            end,
            fields,
        } => move_proceeding(docket, *proceeding, (code, to), *end, fields, at)?,
        Event::ApprovalAsked { approval } => {
            docket.take(approval.id);
            docket.approvals.push(approval.as_ref().clone());
        }
        Event::ApprovalDecided { approval, decision } => {
            waiting(docket, *approval)?.decision = Some(decision.clone());
        }
        Event::ApprovalLapsed {
            approval, ground, ..
        } => {
            waiting(docket, *approval)?.lapsed = Some(Lapse {
                ground: ground.clone(),
                at,
            });
        }
        Event::TaskRaised { task } => {
            docket.take(task.id);
            docket.tasks.push(task.clone());
        }
        Event::TaskDone { task } => {
            let task = docket.tasks.iter_mut().find(|t| t.id == *task);
            task.ok_or(Fault::Part("任务"))?.done_at = Some(at);
        }
        Event::Granted { grant } => {
            docket.take(grant.id);
            docket.grants.push(grant.clone());
        }
        Event::GrantRevoked { grant } => {
            let grant = docket.grants.iter_mut().find(|g| g.id == *grant);
            grant.ok_or(Fault::Part("授权"))?.revoked_at = Some(at);
        }
        Event::AllowanceSet { .. }
        | Event::AllowanceReserved { .. }
        | Event::AllowanceSpent { .. }
        | Event::AllowanceReleased { .. } => {
            let fits = allowances::apply(&mut docket.allowances, &recorded.event);
            fits.ok_or(Fault::Part("额度"))?;
        }
        Event::RoomBooked { .. } | Event::BookingCancelled { .. } => {
            if let Event::RoomBooked { booking } = &recorded.event {
                docket.take(booking.id);
            }
            let fits = bookings::apply(&mut docket.bookings, &recorded.event, at);
            fits.ok_or(Fault::Part("预约"))?;
        }
        Event::CaseListed { case } => {
            if !docket.cases.contains(case) {
                docket.cases.push(case.clone());
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

impl Docket {
    /// Marks a number as used.
    pub(super) fn take(&mut self, id: Seq) {
        self.next = self.next.max(id.saturating_add(1));
    }
}

fn live(docket: &mut Docket, id: Seq) -> Result<&mut Clock, Fault> {
    let clock = docket.clocks.iter_mut().find(|c| c.id == id);
    clock
        .filter(|c| c.state.is_live())
        .ok_or(Fault::Part("时限"))
}

fn done_late(docket: &mut Docket, id: Seq, at: Timestamp) -> Result<(), Fault> {
    let clock = docket.clocks.iter_mut().find(|c| c.id == id);
    match clock.map(|c| &mut c.state) {
        Some(ClockState::Breached { done_at, .. }) if done_at.is_none() => {
            *done_at = Some(at);
            Ok(())
        }
        _ => Err(Fault::Part("时限")),
    }
}

fn move_deadline<'a>(
    docket: &'a mut Docket,
    id: Seq,
    deadline: &Deadline,
) -> Result<&'a mut Clock, Fault> {
    let clock = live(docket, id)?;
    clock.deadline = deadline.clone();
    Ok(clock)
}

fn move_proceeding(
    docket: &mut Docket,
    id: Seq,
    (code, to): (&Code, &Code),
    end: End,
    fields: &Fields,
    at: Timestamp,
) -> Result<(), Fault> {
    let proceeding = docket
        .proceedings
        .iter_mut()
        .find(|p| p.id == id && p.end == End::Open)
        .ok_or(Fault::Part("程序"))?;
    proceeding.state = to.clone();
    proceeding.end = end;
    proceeding
        .fields
        .extend(fields.iter().map(|(k, v)| (k.clone(), v.clone())));
    proceeding.history.push(Moved {
        code: code.clone(),
        to: to.clone(),
        at,
    });
    Ok(())
}

fn waiting(docket: &mut Docket, id: Seq) -> Result<&mut Approval, Fault> {
    docket
        .approvals
        .iter_mut()
        .find(|a| a.id == id && a.waits())
        .ok_or(Fault::Part("审批事项"))
}
