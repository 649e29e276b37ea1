//! A decision in the making: every event is folded in at once, so that later rules see it.

use crate::actor::Role;
use crate::advice::Advice;
use crate::allowances;
use crate::approvals;
use crate::case::Case;
use crate::clocks::Timing;
use crate::command::{Command, NamedSpec, Naming, Recipient};
use crate::context::Context;
use crate::decision::{Decision, Effect};
use crate::docket::{Approval, ApprovalCause, Task};
use crate::event::{Event, Recorded};
use crate::evolve::{apply, evolve};
use crate::ids::{Code, DivisionCode, PrincipalId, Seq, Subject, TextRef, UnitId};
use crate::matter::{Assignment, AssignmentRole, AssignmentState, PartyRole};
use crate::proceedings::Scene;
use crate::refusal::Refusal;
use crate::stage::StageName;

/// A case with the events decided so far.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    pub(super) case: Case,
    pub(super) other: Option<Case>,
    pub(super) ctx: &'a Context<'a>,
    pub(super) advice: &'a Advice,
    /// Lengths that triage or the dispatcher named in this command.
    pub(super) specs: Vec<NamedSpec>,
    /// The approval by which the command is carried out.
    pub(super) approval: Option<Approval>,
    decision: Decision,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        case: &Case,
        other: Option<&Case>,
        advice: &'a Advice,
        ctx: &'a Context<'a>,
    ) -> Self {
        Draft {
            case: case.clone(),
            other: other.cloned(),
            ctx,
            advice,
            specs: Vec::new(),
            approval: None,
            decision: Decision::default(),
        }
    }

    /// The draft of a new case, begun by its registration.
    pub(super) fn begin(
        id: &crate::ids::CaseId,
        registered: Event,
        advice: &'a Advice,
        ctx: &'a Context<'a>,
    ) -> Result<Self, Refusal> {
        let recorded = Recorded {
            subject: Subject::Case(id.clone()),
            version: 1,
            at: ctx.now,
            actor: ctx.actor.clone(),
            event: registered,
        };
        let case = evolve(None, &recorded).map_err(broken)?;
        let mut draft = Draft::new(&case, None, advice, ctx);
        draft
            .decision
            .events
            .push((recorded.subject, recorded.event));
        Ok(draft)
    }

    /// Decides that something happened.
    pub(super) fn emit(&mut self, event: Event) -> Result<(), Refusal> {
        let recorded = record(&self.case, event, self.ctx);
        apply(&mut self.case, &recorded).map_err(broken)?;
        self.decision
            .events
            .push((recorded.subject, recorded.event));
        Ok(())
    }

    /// Decides that several things happened.
    pub(super) fn emit_all(&mut self, events: Vec<Event>) -> Result<(), Refusal> {
        events.into_iter().try_for_each(|event| self.emit(event))
    }

    /// Decides that something happened to the other case.
    pub(super) fn emit_other(&mut self, event: Event) -> Result<(), Refusal> {
        let other = self.other.as_mut().ok_or(Refusal::CannotMerge)?;
        let recorded = record(other, event, self.ctx);
        apply(other, &recorded).map_err(broken)?;
        self.decision
            .events
            .push((recorded.subject, recorded.event));
        Ok(())
    }

    /// Takes over what was decided about a further case in the same command.
    pub(super) fn absorb(&mut self, decision: Decision) {
        self.decision.events.extend(decision.events);
        self.decision.effects.extend(decision.effects);
    }

    /// What the decided moves draw on allowances; one that isn't allowed refuses the command.
    pub(super) fn draw(&mut self, before: &Case) -> Result<(), Refusal> {
        let subject = self.subject();
        let own = self.decision.events.iter().filter(|(of, _)| *of == subject);
        let own = own.map(|(_, event)| event);
        let (docket, division) = (&before.docket, &before.division);
        let drawn = allowances::follow(&subject, docket, own, division, self.ctx)?;
        self.decision.events.extend(drawn);
        Ok(())
    }

    pub(super) fn into_decision(self) -> Decision {
        self.decision
    }

    pub(super) fn decided(&self) -> impl Iterator<Item = &Event> {
        self.decision.events.iter().map(|(_, event)| event)
    }

    pub(super) fn subject(&self) -> Subject {
        Subject::Case(self.case.id.clone())
    }

    pub(super) fn next(&self) -> Seq {
        self.case.docket.next
    }

    pub(super) fn timing(&self) -> Timing<'_> {
        Timing {
            calendar: self.ctx.calendar,
            rules: self.ctx.rules,
            matter: Some(&self.case.matter),
        }
    }

    pub(super) fn scene(&self) -> Scene {
        Scene {
            lead: self.lead().map(|a| a.unit.clone()),
            place: self.case.matter.place.clone(),
            division: self.case.division.clone(),
        }
    }

    /// Refuses where the case isn't in one of these stages.
    pub(super) fn at(
        &self,
        command: &'static str,
        stages: impl Fn(StageName) -> bool,
    ) -> Result<(), Refusal> {
        let at = self.case.stage.name();
        if stages(at) {
            Ok(())
        } else {
            Err(Refusal::WrongStage {
                command: Code::word(command),
                at,
            })
        }
    }

    pub(super) fn lead(&self) -> Option<&Assignment> {
        self.case.active_lead()
    }

    pub(super) fn active(&self, unit: &UnitId) -> Option<&Assignment> {
        let mut active = self.case.assignments.iter();
        active.find(|a| a.state == AssignmentState::Active && &a.unit == unit)
    }

    /// The unit that acts: the asker's, where an approval is carried out.
    pub(super) fn acting_unit(&self) -> Option<UnitId> {
        match &self.approval {
            Some(approval) => approval.asked_unit.clone(),
            None => self.ctx.actor.unit().cloned(),
        }
    }

    /// The acting unit, or else the lead's.
    pub(super) fn acting_or_lead(&self) -> Option<UnitId> {
        self.acting_unit()
            .or_else(|| self.lead().map(|a| a.unit.clone()))
    }

    /// Whether the actor's own unit has a part in the case: then they ask, and somebody else grants.
    pub(super) fn works_itself(&self) -> bool {
        let unit = self.ctx.actor.unit();
        unit.is_some_and(|unit| self.active(unit).is_some())
    }

    /// Refuses a unit that doesn't exist or can't act in this case.
    pub(super) fn check_unit(&self, unit: &UnitId) -> Result<(), Refusal> {
        if self.ctx.units.unit(unit).is_none() {
            return Err(Refusal::UnknownUnit { unit: unit.clone() });
        }
        if self.case.bars(unit) {
            return Err(Refusal::Recused { unit: unit.clone() });
        }
        Ok(())
    }

    pub(super) fn check_division(&self, division: &DivisionCode) -> Result<(), Refusal> {
        if self.ctx.units.has_division(division) {
            Ok(())
        } else {
            Err(Refusal::UnknownDivision {
                division: division.clone(),
            })
        }
    }

    /// Asks for a role's word on a command instead of carrying it out.
    pub(super) fn ask(
        &mut self,
        what: Command,
        because: ApprovalCause,
        role: Role,
    ) -> Result<(), Refusal> {
        approvals::may_ask(&self.case.docket, &what)?;
        let division = self.case.division.clone();
        let asked = approvals::ask(&self.case.docket, what, because, role, &division, self.ctx);
        self.notify(Recipient::Desk(division), "approval.asked");
        self.emit(asked)
    }

    /// Gives a person something to do; the same thing at the same desk once at a time.
    pub(super) fn raise(
        &mut self,
        code: &'static str,
        desk: DivisionCode,
        role: Role,
        note: &str,
    ) -> Result<(), Refusal> {
        let code = Code::word(code);
        let waiting =
            |t: &Task| t.done_at.is_none() && t.code == code && t.desk == desk && t.role == role;
        if self.case.docket.tasks.iter().any(waiting) {
            return Ok(());
        }
        let task = Task {
            id: self.next(),
            code,
            desk: desk.clone(),
            unit: None,
            role,
            note: note.to_owned(),
            raised_at: self.ctx.now,
            done_at: None,
        };
        self.notify(Recipient::Desk(desk), "task.raised");
        self.emit(Event::TaskRaised { task })
    }

    /// Ends every open task of a kind.
    pub(super) fn finish(&mut self, code: &str) -> Result<(), Refusal> {
        let open = self.case.docket.tasks.iter();
        let open: Vec<Seq> = open
            .filter(|t| t.done_at.is_none() && t.code.as_str() == code)
            .map(|t| t.id)
            .collect();
        open.into_iter()
            .try_for_each(|task| self.emit(Event::TaskDone { task }))
    }

    /// An effect: somebody is told once the events are durable.
    pub(super) fn notify(&mut self, to: Recipient, notice: &'static str) {
        self.notify_code(to, Code::word(notice));
    }

    pub(super) fn notify_code(&mut self, to: Recipient, notice: Code) {
        let subject = self.subject();
        self.decision.effects.push(Effect {
            subject,
            to,
            notice,
            call: None,
        });
    }

    /// Tells the citizen; who gave no name sees it by the query code and is told nothing.
    pub(super) fn tell(&mut self, notice: &'static str) {
        if self.case.naming == Naming::Named {
            self.notify(Recipient::Citizen, notice);
        }
    }

    /// Records and sends what the citizen is told.
    pub(super) fn told(
        &mut self,
        notice: &'static str,
        text: Option<&TextRef>,
    ) -> Result<(), Refusal> {
        self.tell(notice);
        self.emit(Event::Told {
            notice: Code::word(notice),
            text: text.filter(|t| t.chars > 0).cloned(),
        })
    }
}

impl Case {
    /// The assignment of the lead in force.
    pub fn active_lead(&self) -> Option<&Assignment> {
        self.assignments
            .iter()
            .find(|a| a.role == AssignmentRole::Lead && a.state == AssignmentState::Active)
    }

    /// Whether a unit can't act in the case: recused, or accused in it.
    pub fn bars(&self, unit: &UnitId) -> bool {
        let accused = |p: &crate::matter::Party| {
            p.role == PartyRole::Accused && p.unit.as_ref() == Some(unit)
        };
        self.recused.contains(unit) || self.parties.iter().any(accused)
    }

    /// Whether a person can't act in the case because they are accused in it.
    pub fn accuses(&self, principal: &PrincipalId) -> bool {
        let accused = |p: &crate::matter::Party| {
            p.role == PartyRole::Accused && p.principal.as_ref() == Some(principal)
        };
        self.parties.iter().any(accused)
    }
}

fn record(case: &Case, event: Event, ctx: &Context<'_>) -> Recorded {
    Recorded {
        subject: Subject::Case(case.id.clone()),
        version: case.docket.version.saturating_add(1),
        at: ctx.now,
        actor: ctx.actor.clone(),
        event,
    }
}

fn broken(error: crate::evolve::EvolveError) -> Refusal {
    Refusal::Inconsistent {
        fault: error.to_string(),
    }
}
