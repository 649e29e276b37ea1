//! More time, or none running: extensions, suspensions, resumptions, and newer calendars.

use fengqiao_calendar::{MAX_AMOUNT, Spec, local_date};
use jiff::Timestamp;

use crate::actor::Role;
use crate::clock::{Clock, ClockState, names};
use crate::clocks::{personal_rule, refused};
use crate::command::Command;
use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_CLOCKS, within};
use crate::decide::work::{in_work, not_suspended};
use crate::decide::written;
use crate::docket::ApprovalCause;
use crate::event::Event;
use crate::ids::{Code, Seq, TextRef};
use crate::refusal::Refusal;
use crate::stage::StageName;

/// 延期: asked before the expiry, granted by a second person, counted from the raw expiry, told to the citizen.
pub(super) fn extend(
    draft: &mut Draft<'_>,
    command: &Command,
    clock: Seq,
    by: Spec,
    text: &TextRef,
) -> Result<(), Refusal> {
    draft.at("extend", StageName::is_open)?;
    written(text)?;
    not_suspended(draft)?;
    let clock = running(draft, clock)?;
    let (deadline, article) = draft.timing().extended(&clock, by)?;
    if draft.approval.is_none() {
        return draft.ask(command.clone(), ApprovalCause::Command, Role::Dispatcher);
    }
    draft.emit(Event::ClockExtended {
        clock: clock.id,
        deadline: Box::new(deadline),
        article,
        text: text.clone(),
    })?;
    draft.told("extended", Some(text))
}

/// 挂起: the hub does it, the lead asks for it, and a hub whose own unit works on the case asks like a lead. Only clocks whose rule allows it stand still; a review date runs.
pub(super) fn suspend(
    draft: &mut Draft<'_>,
    command: &Command,
    review_at: Timestamp,
    text: &TextRef,
) -> Result<(), Refusal> {
    draft.at("suspend", in_work)?;
    written(text)?;
    not_suspended(draft)?;
    let now = draft.ctx.now;
    if review_at <= now {
        return Err(Refusal::ReviewInPast);
    }
    let rule = personal_rule(
        names::REVIEW,
        review_spec(now, review_at)?,
        "挂起时确定的复核日",
    );
    let deadline = draft.timing().count(now, &rule)?;
    let hub_itself = draft.ctx.actor.role() == Some(Role::Dispatcher) && !draft.works_itself();
    if draft.approval.is_none() && !hub_itself {
        return draft.ask(command.clone(), ApprovalCause::Command, Role::Dispatcher);
    }
    within(draft.case.docket.clocks.len() + 1, MAX_CLOCKS, "clocks")?;
    draft.emit(Event::Suspended {
        review_at,
        text: text.clone(),
    })?;
    draft.cancel(names::REVIEW)?;
    draft.pause_clocks()?;
    draft.start_with(rule, deadline, None)?;
    draft.told("suspended", Some(text))
}

/// 恢复
pub(super) fn resume(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    draft.at("resume", StageName::is_open)?;
    if draft.case.suspended_until.is_none() {
        return Err(Refusal::NotSuspended);
    }
    draft.resume()?;
    draft.tell("resumed");
    Ok(())
}

/// A newer notice of holidays moves a deadline that hasn't passed; one that stays where it is gets no event.
pub(super) fn recompute(draft: &mut Draft<'_>, clock: Seq) -> Result<(), Refusal> {
    let clock = find(draft, clock)?;
    if !clock.state.is_live() || clock.deadline.is_breached(draft.ctx.now) {
        return Err(Refusal::ClockOver { clock: clock.id });
    }
    let deadline = draft
        .ctx
        .calendar
        .recompute(&clock.deadline)
        .map_err(refused)?;
    if deadline.is_as_good_as(&clock.deadline) {
        return Ok(());
    }
    draft.emit(Event::ClockRecomputed {
        clock: clock.id,
        deadline: Box::new(deadline),
    })
}

/// A clock of this case.
pub(super) fn find(draft: &Draft<'_>, id: Seq) -> Result<Clock, Refusal> {
    let found = draft.clocks().find(|c| c.id == id).cloned();
    found.ok_or(Refusal::NotFound {
        what: Code::word("clock"),
        id,
    })
}

/// A clock that runs and isn't over.
fn running(draft: &Draft<'_>, id: Seq) -> Result<Clock, Refusal> {
    let clock = find(draft, id)?;
    if clock.state == ClockState::Running && !clock.deadline.is_breached(draft.ctx.now) {
        Ok(clock)
    } else {
        Err(Refusal::ClockOver { clock: id })
    }
}

/// The review is due at the end of the day that was named.
fn review_spec(now: Timestamp, review_at: Timestamp) -> Result<Spec, Refusal> {
    let days = local_date(review_at).since(local_date(now));
    let days = days.map(|span| span.get_days()).unwrap_or(i32::MAX);
    match u32::try_from(days) {
        Ok(0) => Ok(Spec::SameDay),
        Ok(days) if days <= MAX_AMOUNT => Ok(Spec::CalendarDays(days)),
        _ => Err(Refusal::FieldInvalid {
            field: Code::word("review-at"),
            reason: format!("复核日不得晚于 {MAX_AMOUNT} 日之后"),
        }),
    }
}
