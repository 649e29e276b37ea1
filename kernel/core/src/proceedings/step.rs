//! A move of a running proceeding: found in its graph, checked, and what it does to the clocks.

use super::parts::Parts;
use super::{Scene, clocks, fields, find, graph, not_yours, state};
use crate::clock::ClockState;
use crate::context::Context;
use crate::docket::{Approval, ApprovalCause, Docket};
use crate::event::Event;
use crate::ids::{Code, Seq};
use crate::proceeding::{End, Fields, Move, Mover, Proceeding, State};
use crate::refusal::Refusal;

/// A move of a running proceeding, found in its graph.
pub(super) struct Step<'a> {
    pub(super) proceeding: &'a Proceeding,
    pub(super) wanted: &'a Move,
    from: &'a State,
    to: &'a State,
}

impl<'a> Step<'a> {
    pub(super) fn find(
        docket: &'a Docket,
        proceeding: Seq,
        code: &Code,
        ctx: &Context<'a>,
    ) -> Result<Self, Refusal> {
        let proceeding = find(docket, proceeding)?;
        let graph = graph(&proceeding.kind, ctx)?;
        let no_such_move = || Refusal::NoSuchMove {
            state: proceeding.state.clone(),
            code: code.clone(),
        };
        if proceeding.end == End::Ends {
            return Err(no_such_move());
        }
        let wanted = graph
            .moves
            .iter()
            .find(|m| m.from == proceeding.state && &m.code == code)
            .ok_or_else(no_such_move)?;
        let from = state(graph, &wanted.from).ok_or_else(no_such_move)?;
        let to = state(graph, &wanted.to).ok_or_else(no_such_move)?;
        Ok(Step {
            proceeding,
            wanted,
            from,
            to,
        })
    }

    pub(super) fn check_approved(
        &self,
        approval: &Approval,
        scene: &Scene,
        ctx: &Context<'_>,
    ) -> Result<(), Refusal> {
        if approval.because != ApprovalCause::Proposal {
            return Ok(());
        }
        if let Some(role) = self.wanted.approval
            && role != approval.role
        {
            return Err(Refusal::WrongApprover {
                role: Code::word(role.label()),
            });
        }
        let plugins_may = approval.proposed_by.is_some() && self.wanted.by.contains(&Mover::Plugin);
        let parts = Parts::of(self.proceeding);
        if plugins_may || parts.any_acts(&self.wanted.by, scene, ctx.actor) {
            Ok(())
        } else {
            Err(not_yours())
        }
    }

    pub(super) fn check_fields(&self, given: &Fields) -> Result<(), Refusal> {
        let already = self.proceeding.fields.keys();
        let already = already.filter(|code| !given.contains_key(code)).count();
        fields::check(&self.wanted.fields, given, already)
    }

    /// A clock that ran out and leads somewhere by itself goes first, however late it is noticed: otherwise the
    /// outcome would depend on when the kernel looked.
    pub(super) fn check_clock(&self, docket: &Docket, ctx: &Context<'_>) -> Result<(), Refusal> {
        let overdue = clocks::current(docket, self.proceeding.id, self.from)
            .filter(|c| c.state == ClockState::Running && c.deadline.is_breached(ctx.now));
        match overdue {
            Some(clock) if self.from.on_breach.is_some() => {
                Err(Refusal::ClockOver { clock: clock.id })
            }
            _ => Ok(()),
        }
    }

    /// The left state's clock is met, or done late; the entered state's clock starts.
    pub(super) fn events(
        &self,
        docket: &Docket,
        fields: &Fields,
        scene: &Scene,
        ctx: &Context<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let by_breach_move = self.from.on_breach.as_ref() == Some(&self.wanted.code);
        let mut events: Vec<Event> = clocks::current(docket, self.proceeding.id, self.from)
            .map(|clock| clocks::leave(clock, by_breach_move, ctx.now))
            .unwrap_or_default();
        events.extend(self.enter(docket.next, fields, scene, ctx)?);
        Ok(events)
    }

    pub(super) fn enter(
        &self,
        next: Seq,
        fields: &Fields,
        scene: &Scene,
        ctx: &Context<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let moved = Event::ProceedingMoved {
            proceeding: self.proceeding.id,
            code: self.wanted.code.clone(),
            to: self.to.code.clone(),
            end: self.to.end,
            fields: fields.clone(),
        };
        let parts = Parts::of(self.proceeding);
        let started = clocks::start(self.to, self.proceeding.id, &parts, next, scene, ctx)?;
        Ok(std::iter::once(moved).chain(started).collect())
    }
}
