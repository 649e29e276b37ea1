//! Entering a stage: the one place that moves a case, with the clocks that stop and start there.

use crate::clock::{Clock, ClockState, names};
use crate::command::{Delivery, Recipient, Relation, Waivable};
use crate::decide::draft::Draft;
use crate::decide::timing::KERNEL_CLOCKS;
use crate::event::Event;
use crate::ids::{Code, Seq, TextRef, UnitId};
use crate::matter::{
    Appointment, Assignment, AssignmentRole, AssignmentState, Protection, ResultOwed,
};
use crate::proceeding::End;
use crate::proceedings;
use crate::profile::CloseOn;
use crate::refusal::Refusal;
use crate::stage::{Stage, StageName};

impl Draft<'_> {
    /// Moves the case to a stage. What stands still runs again first.
    pub(super) fn enter(&mut self, to: Stage) -> Result<(), Refusal> {
        if self.case.suspended_until.is_some() {
            self.resume()?;
        }
        let from = self.case.stage.name();
        let name = to.name();
        let lead = to.lead().cloned();
        self.emit(Event::StageMoved { to })?;
        self.tell(notice(name));
        if from == StageName::Registered && name != StageName::Registered {
            self.meet(names::ACCEPT)?;
        }
        if !matches!(name, StageName::Registered | StageName::Ended)
            && self.named(names::HANDLE_TOTAL).is_empty()
        {
            self.start(names::HANDLE_TOTAL, None)?;
        }
        match (name, lead) {
            (StageName::Accepted, _) => self.wait_for_lead(),
            (StageName::Dispatched, Some(lead)) => self.begin_dispatch(&lead),
            (StageName::Handling, Some(lead)) => self.begin_handling(&lead, from),
            (StageName::Reported, Some(lead)) => self.stop_work(&lead),
            (StageName::Replied, _) => self.begin_rating(),
            (StageName::Closed, _) => self.stop_at_closing(),
            (StageName::Ended, _) => self.stop_all(),
            _ => Ok(()),
        }
    }

    /// Gives a unit the lead; the stage is entered by the caller.
    pub(super) fn appoint_lead(&mut self, unit: &UnitId) -> Result<(), Refusal> {
        self.appoint(&Appointment {
            unit: unit.clone(),
            role: AssignmentRole::Lead,
            result: ResultOwed::Owed,
        })
    }

    /// Gives a unit a part and tells it.
    pub(super) fn appoint(&mut self, appointment: &Appointment) -> Result<(), Refusal> {
        let assignment = Assignment {
            id: self.next(),
            unit: appointment.unit.clone(),
            role: appointment.role,
            result: appointment.result,
            state: AssignmentState::Active,
            given_at: self.ctx.now,
            signed_at: None,
        };
        self.notify(Recipient::Unit(appointment.unit.clone()), "assigned");
        self.emit(Event::Assigned { assignment })
    }

    /// Another unit will take the lead's place.
    pub(super) fn release_lead(&mut self, text: Option<&TextRef>) -> Result<(), Refusal> {
        let Some(lead) = self.lead() else {
            return Ok(());
        };
        self.emit(Event::Released {
            assignment: lead.id,
            state: AssignmentState::Replaced,
            text: text.cloned(),
        })
    }

    fn release_all(&mut self, state: AssignmentState) -> Result<(), Refusal> {
        let active = self.case.assignments.iter();
        let active: Vec<Seq> = active
            .filter(|a| a.state == AssignmentState::Active)
            .map(|a| a.id)
            .collect();
        active.into_iter().try_for_each(|assignment| {
            self.emit(Event::Released {
                assignment,
                state,
                text: None,
            })
        })
    }

    fn wait_for_lead(&mut self) -> Result<(), Refusal> {
        for name in [
            names::SIGN,
            names::CONTACT,
            names::ARRIVE,
            names::OBJECT,
            names::PROGRESS,
            names::REPLY,
            names::RATE,
            names::FOLLOW_UP,
        ] {
            self.cancel(name)?;
        }
        self.cancel_report()?;
        for clock in self.dispatch_clocks() {
            self.cancel_one(&clock)?;
        }
        Ok(())
    }

    fn begin_dispatch(&mut self, lead: &UnitId) -> Result<(), Refusal> {
        self.finish("needs-dispatch")?;
        self.shorten_named()?;
        self.start(names::SIGN, Some(lead))?;
        let asked = |name: &str| self.specs.iter().any(|s| s.name.as_str() == name);
        // A guarded case tells nobody whether its reporter gave a name, not even by a clock that is or isn't there.
        if self.case.protection == Protection::Open || asked(names::CONTACT) {
            self.start(names::CONTACT, Some(lead))?;
        }
        self.start(names::ARRIVE, Some(lead))?;
        self.start_report(lead)?;
        self.start(names::OBJECT, Some(lead))?;
        let own: Vec<Code> = self.specs.iter().map(|s| s.name.clone()).collect();
        for name in own {
            if !KERNEL_CLOCKS.contains(&name.as_str()) {
                self.start(name.as_str(), Some(lead))?;
            }
        }
        Ok(())
    }

    fn begin_handling(&mut self, lead: &UnitId, from: StageName) -> Result<(), Refusal> {
        self.meet(names::SIGN)?;
        for name in [names::REPLY, names::RATE, names::FOLLOW_UP] {
            self.cancel(name)?;
        }
        if from != StageName::Dispatched {
            self.finish("needs-dispatch")?;
            self.start_report(lead)?;
        }
        if from == StageName::Closed {
            self.restart_total()?;
        }
        self.start(names::PROGRESS, Some(lead))
    }

    /// A reworked case keeps the first start of its total: the clock that closing had met runs again, as it stood.
    fn restart_total(&mut self) -> Result<(), Refusal> {
        let last = self.named(names::HANDLE_TOTAL).pop();
        match last {
            Some(clock) if matches!(clock.state, ClockState::Met { .. }) => {
                let again = Clock {
                    id: self.next(),
                    state: ClockState::Running,
                    ..clock
                };
                self.emit(Event::ClockStarted {
                    clock: Box::new(again),
                })
            }
            _ => Ok(()),
        }
    }

    fn stop_work(&mut self, lead: &UnitId) -> Result<(), Refusal> {
        self.finish("needs-dispatch")?;
        for name in [names::SIGN, names::REPORT, names::PROGRESS] {
            self.meet(name)?;
        }
        for clock in self.dispatch_clocks() {
            self.meet_one(&clock)?;
        }
        for name in [names::ARRIVE, names::OBJECT, names::RATE, names::FOLLOW_UP] {
            self.cancel(name)?;
        }
        self.start(names::REPLY, Some(lead))
    }

    fn begin_rating(&mut self) -> Result<(), Refusal> {
        self.finish("needs-dispatch")?;
        for name in [names::SIGN, names::REPORT, names::PROGRESS, names::REPLY] {
            self.meet(name)?;
        }
        let reached = self
            .case
            .replies
            .last()
            .is_some_and(|r| matches!(r.delivery, Some(Delivery::Delivered { .. })));
        if reached {
            self.meet(names::CONTACT)?;
        } else {
            self.cancel(names::CONTACT)?;
        }
        for name in [names::ARRIVE, names::OBJECT] {
            self.cancel(name)?;
        }
        if self.case.outcome.satisfied.is_none() {
            self.start_or_default(names::RATE)?;
        }
        if self.ctx.rules.close_on == CloseOn::FollowUp {
            self.start_or_default(names::FOLLOW_UP)
        } else {
            self.start(names::FOLLOW_UP, None)
        }
    }

    /// Rating, follow-up and instructions may still be waited for after the closing.
    fn stop_at_closing(&mut self) -> Result<(), Refusal> {
        self.meet(names::HANDLE_TOTAL)?;
        let waits = [names::RATE, names::FOLLOW_UP, names::INSTRUCTION];
        for name in KERNEL_CLOCKS {
            if !waits.contains(&name) {
                self.cancel(name)?;
            }
        }
        for clock in self.dispatch_clocks() {
            self.cancel_one(&clock)?;
        }
        self.finish("needs-dispatch")?;
        self.release_all(AssignmentState::Done)
    }

    /// An end outside the loop: nothing goes on.
    fn stop_all(&mut self) -> Result<(), Refusal> {
        let open: Vec<Seq> = self
            .case
            .docket
            .proceedings
            .iter()
            .filter(|p| p.end == End::Open)
            .map(|p| p.id)
            .collect();
        for id in open {
            self.emit(Event::Waived {
                what: Waivable::Proceeding(id),
                text: None,
            })?;
            let events = proceedings::waive(&self.case.docket, id)?;
            self.emit_all(events)?;
        }
        for clock in self.case.docket.clocks.clone() {
            self.cancel_one(&clock)?;
        }
        self.finish("needs-dispatch")?;
        self.finish("objection")?;
        self.release_all(AssignmentState::Excused)
    }

    /// Clocks under a name of the jurisdiction's own that a dispatch started; the report stops them.
    fn dispatch_clocks(&self) -> Vec<Clock> {
        let own = |c: &&Clock| {
            c.proceeding.is_none()
                && c.started_by.is_none()
                && !KERNEL_CLOCKS.contains(&c.name.as_str())
        };
        self.clocks().filter(own).cloned().collect()
    }

    /// Whether a case is linked in this way already.
    pub(super) fn is_linked(&self, to: &crate::ids::CaseId, relation: Relation) -> bool {
        self.case.links.contains(&(to.clone(), relation))
    }
}

/// The notice of entering a stage.
fn notice(stage: StageName) -> &'static str {
    match stage {
        StageName::Registered => "stage.registered",
        StageName::Accepted => "stage.accepted",
        StageName::Dispatched => "stage.dispatched",
        StageName::Handling => "stage.handling",
        StageName::Reported => "stage.reported",
        StageName::Replied => "stage.replied",
        StageName::Closed => "stage.closed",
        StageName::Archived => "stage.archived",
        StageName::Ended => "stage.ended",
    }
}
