//! Clocks on a unit's or a division's docket: started and stopped by bindings, breached and recomputed by the kernel.

use super::{Desk, MAX_OWN_CLOCKS};
use crate::actor::Actor;
use crate::clock::{Clock, ClockRule, ClockState, Mark};
use crate::event::Event;
use crate::ids::{BindingId, Code, Seq, UnitId};
use crate::proceedings;
use crate::refusal::Refusal;

impl Desk<'_> {
    /// A binding starts a clock of its own; it never claims to be law, which only the kernel brings.
    pub(super) fn start_clock(
        &self,
        rule: &ClockRule,
        owner: Option<&UnitId>,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_rule_or_kernel("start-clock")?;
        if rule.provenance.mark == Mark::L {
            return Err(Refusal::FieldInvalid {
                field: Code::word("rule"),
                reason: "法定时限由内核载明".to_owned(),
            });
        }
        if let Some(unit) = owner {
            self.check_unit(unit)?;
        }
        let own = |c: &&Clock| c.proceeding.is_none() && c.state.is_live();
        if self.docket.clocks.iter().filter(own).count() >= MAX_OWN_CLOCKS {
            return Err(Refusal::TooMany {
                limit: Code::word("own-clocks"),
            });
        }
        let deadline = self
            .ctx
            .calendar
            .deadline(self.ctx.now, rule.spec, rule.roll)
            .map_err(|error| Refusal::Clock {
                reason: error.to_string(),
            })?;
        Ok(vec![Event::ClockStarted {
            clock: Box::new(Clock {
                id: self.docket.next,
                name: rule.name.clone(),
                owner: owner.cloned(),
                proceeding: None,
                deadline,
                rule: rule.clone(),
                state: ClockState::Running,
                extensions: 0,
                started_by: self.binding().cloned(),
            }),
        }])
    }

    /// What the clock waited for happened: met in time, or done late. A binding stops only what it started; a
    /// proceeding's clock is stopped by its moves.
    pub(super) fn stop_clock(&self, id: Seq) -> Result<Vec<Event>, Refusal> {
        self.check_rule_or_kernel("stop-clock")?;
        let clock = self.clock(id)?;
        let own = clock.started_by.as_ref() == self.binding() || self.binding().is_none();
        if clock.proceeding.is_some() || !own {
            return Err(Refusal::NotYours {
                command: Code::word("stop-clock"),
            });
        }
        if clock.rule.provenance.mark == Mark::L {
            return Err(Refusal::Statutory { clock: id });
        }
        let late = Event::ClockDoneLate { clock: id };
        match clock.state {
            ClockState::Running if clock.deadline.is_breached(self.ctx.now) => {
                let breached = Event::ClockBreached {
                    clock: id,
                    at: clock.deadline.due,
                };
                Ok(vec![breached, late])
            }
            ClockState::Running | ClockState::Paused { .. } => {
                Ok(vec![Event::ClockMet { clock: id }])
            }
            ClockState::Breached { done_at: None, .. } => Ok(vec![late]),
            ClockState::Breached { .. } | ClockState::Met { .. } | ClockState::Cancelled { .. } => {
                Err(Refusal::ClockOver { clock: id })
            }
        }
    }

    /// A clock fires once, at its nominal time, however late it is noticed; its proceeding then moves on.
    pub(super) fn breach(&self, id: Seq) -> Result<Vec<Event>, Refusal> {
        self.check_kernel("breach")?;
        let clock = self.clock(id)?;
        match clock.state {
            ClockState::Running if clock.deadline.is_breached(self.ctx.now) => {}
            ClockState::Running | ClockState::Paused { .. } => {
                return Err(Refusal::NotDue { clock: id });
            }
            ClockState::Met { .. } | ClockState::Breached { .. } | ClockState::Cancelled { .. } => {
                return Err(Refusal::ClockOver { clock: id });
            }
        }
        let mut events = vec![Event::ClockBreached {
            clock: id,
            at: clock.deadline.due,
        }];
        events.extend(proceedings::breached(
            self.docket,
            clock,
            self.scene,
            self.ctx,
        )?);
        Ok(events)
    }

    /// A newer notice of holidays moves a deadline only by an event, and only where it differs.
    pub(super) fn recompute(&self, id: Seq) -> Result<Vec<Event>, Refusal> {
        self.check_kernel("recompute")?;
        let clock = self.live_clock(id)?;
        let deadline = self
            .ctx
            .calendar
            .recompute(&clock.deadline)
            .map_err(|error| Refusal::Clock {
                reason: error.to_string(),
            })?;
        if deadline.is_as_good_as(&clock.deadline) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::ClockRecomputed {
            clock: id,
            deadline: Box::new(deadline),
        }])
    }

    fn binding(&self) -> Option<&BindingId> {
        match self.ctx.actor {
            Actor::Plugin { binding, .. } => Some(binding),
            _ => None,
        }
    }

    fn check_kernel(&self, command: &'static str) -> Result<(), Refusal> {
        match self.ctx.actor {
            Actor::Kernel => Ok(()),
            _ => Err(Refusal::NotYours {
                command: Code::word(command),
            }),
        }
    }
}
