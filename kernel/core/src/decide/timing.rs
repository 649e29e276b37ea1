//! Clocks of a case in a decision: started, met, cancelled, paused, extended, and never none on an open case.

use jiff::Timestamp;

use crate::clock::{Clock, ClockRule, ClockState, Mark, names};
use crate::clocks;
use crate::decide::draft::Draft;
use crate::event::Event;
use crate::ids::{Seq, UnitId};
use crate::refusal::Refusal;
use fengqiao_calendar::Deadline;

/// Every clock that the kernel itself starts and stops on a case.
pub(super) const KERNEL_CLOCKS: [&str; 13] = [
    names::ACCEPT,
    names::HANDLE_TOTAL,
    names::SIGN,
    names::CONTACT,
    names::ARRIVE,
    names::REPORT,
    names::PROGRESS,
    names::REPLY,
    names::RATE,
    names::FOLLOW_UP,
    names::OBJECT,
    names::INSTRUCTION,
    names::REVIEW,
];

impl Draft<'_> {
    /// Starts a clock where a rule sets its length and none of its name runs.
    pub(super) fn start(&mut self, name: &str, owner: Option<&UnitId>) -> Result<(), Refusal> {
        if self.live(name).is_some() {
            return Ok(());
        }
        match self.timing().choose(name, &self.specs, self.ctx.now)? {
            Some((rule, deadline)) => self.start_with(rule, deadline, owner.cloned()),
            None => Ok(()),
        }
    }

    /// Starts a clock, with the kernel's own length where no rule sets one.
    pub(super) fn start_or_default(&mut self, name: &'static str) -> Result<(), Refusal> {
        if self.live(name).is_some() {
            return Ok(());
        }
        let (rule, deadline) = self
            .timing()
            .choose_or_default(name, &self.specs, self.ctx.now)?;
        self.start_with(rule, deadline, None)
    }

    pub(super) fn start_with(
        &mut self,
        rule: ClockRule,
        deadline: Deadline,
        owner: Option<UnitId>,
    ) -> Result<(), Refusal> {
        let clock = clocks::clock(rule, deadline, owner, self.next());
        self.emit(Event::ClockStarted {
            clock: Box::new(clock),
        })
    }

    /// Starts the report clock of a new lead. One that the law set and that still runs goes on with its own start: a
    /// change of hands doesn't lengthen it.
    pub(super) fn start_report(&mut self, lead: &UnitId) -> Result<(), Refusal> {
        let Some(running) = self.live(names::REPORT).cloned() else {
            return self.start(names::REPORT, Some(lead));
        };
        let chosen = self
            .timing()
            .choose(names::REPORT, &self.specs, self.ctx.now)?;
        let same = running.owner.as_ref() == Some(lead);
        match chosen {
            Some((rule, deadline)) if deadline.due < running.deadline.due => {
                self.cancel_one(&running)?;
                self.start_with(rule, deadline, Some(lead.clone()))
            }
            _ if same => Ok(()),
            _ => {
                self.cancel_one(&running)?;
                self.start_with(running.rule, running.deadline, Some(lead.clone()))
            }
        }
    }

    /// Shortens running clocks to the lengths named in this command, from their own start.
    pub(super) fn shorten_named(&mut self) -> Result<(), Refusal> {
        for named in self.specs.clone() {
            let name = named.name.as_str();
            let Some(running) = self.live(name).cloned() else {
                continue;
            };
            let start = running.deadline.start;
            let Some((rule, deadline)) =
                self.timing()
                    .choose(name, std::slice::from_ref(&named), start)?
            else {
                continue;
            };
            if running.state == ClockState::Running && deadline.due < running.deadline.due {
                self.cancel_one(&running)?;
                self.start_with(rule, deadline, running.owner)?;
            }
        }
        Ok(())
    }

    /// What the clocks of a name waited for has happened: met, or done late with the breach at its nominal time.
    pub(super) fn meet(&mut self, name: &str) -> Result<(), Refusal> {
        for clock in self.named(name) {
            self.meet_one(&clock)?;
        }
        Ok(())
    }

    pub(super) fn meet_one(&mut self, clock: &Clock) -> Result<(), Refusal> {
        let id = clock.id;
        match clock.state {
            ClockState::Running if clock.deadline.is_breached(self.ctx.now) => {
                let at = clock.deadline.due;
                self.emit(Event::ClockBreached { clock: id, at })?;
                self.emit(Event::ClockDoneLate { clock: id })
            }
            ClockState::Running | ClockState::Paused { .. } => {
                self.emit(Event::ClockMet { clock: id })
            }
            ClockState::Breached { done_at: None, .. } => {
                self.emit(Event::ClockDoneLate { clock: id })
            }
            ClockState::Breached { .. } | ClockState::Met { .. } | ClockState::Cancelled { .. } => {
                Ok(())
            }
        }
    }

    /// The clocks of a name lost their object.
    pub(super) fn cancel(&mut self, name: &str) -> Result<(), Refusal> {
        for clock in self.named(name) {
            self.cancel_one(&clock)?;
        }
        Ok(())
    }

    /// A clock lost its object; one that had run out before, unnoticed, is breached instead.
    pub(super) fn cancel_one(&mut self, clock: &Clock) -> Result<(), Refusal> {
        let id = clock.id;
        match clock.state {
            ClockState::Running if clock.deadline.is_breached(self.ctx.now) => {
                let at = clock.deadline.due;
                self.emit(Event::ClockBreached { clock: id, at })
            }
            ClockState::Running | ClockState::Paused { .. } => {
                self.emit(Event::ClockCancelled { clock: id })
            }
            _ => Ok(()),
        }
    }

    /// Cancels the report clock of a lead that is let go, unless the law set it.
    pub(super) fn cancel_report(&mut self) -> Result<(), Refusal> {
        let statutory = |c: &Clock| c.rule.provenance.mark == Mark::L;
        for clock in self.named(names::REPORT) {
            if !statutory(&clock) {
                self.cancel_one(&clock)?;
            }
        }
        Ok(())
    }

    /// Stops every clock whose rule allows it.
    pub(super) fn pause_clocks(&mut self) -> Result<(), Refusal> {
        let now = self.ctx.now;
        let pausable = |c: &&Clock| {
            c.state == ClockState::Running
                && c.rule.pause_article.is_some()
                && !c.deadline.is_breached(now)
        };
        let pausable: Vec<Seq> = self.clocks().filter(pausable).map(|c| c.id).collect();
        pausable
            .into_iter()
            .try_for_each(|clock| self.emit(Event::ClockPaused { clock }))
    }

    /// Work goes on: every clock that stood still runs again, later by the pause.
    pub(super) fn resume(&mut self) -> Result<(), Refusal> {
        self.emit(Event::Resumed {})?;
        let paused: Vec<(Clock, Timestamp)> = self
            .clocks()
            .filter_map(|c| match c.state {
                ClockState::Paused { since } => Some((c.clone(), since)),
                _ => None,
            })
            .collect();
        for (clock, since) in paused {
            let deadline = self.timing().resumed(&clock, since, self.ctx.now)?;
            self.emit(Event::ClockResumed {
                clock: clock.id,
                deadline: Box::new(deadline),
            })?;
        }
        Ok(())
    }

    /// Nothing is ever lost between desks: an open case on which nothing runs gets a review date, and one that has
    /// another clock, or is finished, needs none.
    pub(super) fn watch(&mut self) -> Result<(), Refusal> {
        let runs = |c: &&Clock| c.state == ClockState::Running;
        let is_review = |c: &&Clock| c.name.as_str() == names::REVIEW && c.proceeding.is_none();
        let others = self.clocks().filter(runs).any(|c| !is_review(&c));
        let review = self.clocks().filter(runs).any(|c| is_review(&c));
        let open = self.case.stage.name().is_open();
        if open && !others && !review {
            return self.start_or_default(names::REVIEW);
        }
        let suspended = self.case.suspended_until.is_some();
        if review && (!open || (others && !suspended)) {
            return self.cancel(names::REVIEW);
        }
        Ok(())
    }

    /// The clock of a name that still counts.
    pub(super) fn live(&self, name: &str) -> Option<&Clock> {
        self.clocks()
            .find(|c| c.proceeding.is_none() && c.name.as_str() == name && c.state.is_live())
    }

    /// All clocks of a name outside proceedings, as they stand.
    pub(super) fn named(&self, name: &str) -> Vec<Clock> {
        let named = |c: &&Clock| c.proceeding.is_none() && c.name.as_str() == name;
        self.clocks().filter(named).cloned().collect()
    }

    pub(super) fn clocks(&self) -> impl Iterator<Item = &Clock> {
        self.case.docket.clocks.iter()
    }
}
