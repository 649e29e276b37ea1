//! Consults and decides one command on one subject.

use fengqiao_core::actor::Actor;
use fengqiao_core::advice::Advice;
use fengqiao_core::allowance::Allowance;
use fengqiao_core::case::Case;
use fengqiao_core::command::Command;
use fengqiao_core::context::Context;
use fengqiao_core::decide::decide;
use fengqiao_core::decision::Decision;
use fengqiao_core::docket::{Approval, ApprovalCause, Docket, Grant, Verdict};
use fengqiao_core::docket_decide::decide_docket;
use fengqiao_core::event::Event;
use fengqiao_core::evolve::evolve;
use fengqiao_core::ids::{CaseId, DivisionCode, Subject};
use fengqiao_core::stage::StageName;
use jiff::Timestamp;

use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::Store;
use crate::ports::{Clock, Ids};
use crate::request::SubmitError;
use crate::sets::{BindingSet, joined};
use crate::work::Work;
use crate::world::{Units, World};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Consults and decides one command on one loaded subject.
    pub(crate) async fn carry_out(
        &self,
        world: &World,
        subject: &Subject,
        command: &Command,
        actor: &Actor,
        work: &mut Work,
    ) -> Result<(), SubmitError> {
        let decision = match subject {
            Subject::Case(id) => self.decide_case(world, id, command, actor, work).await?,
            Subject::Unit(_) | Subject::Division(_) => {
                let place = self.place_of(world, subject, work)?;
                let set = self.set_for(world, &place).await?;
                let grants = self.grants(&place, work).await?;
                let units = Units(&world.reference);
                let docket = work.docket(subject).cloned().unwrap_or_default();
                let path = [place];
                let allowances = self.allowances(&docket, &set, &path, work).await?;
                let context = context(work.now, actor, world, &set, &units, &grants, &allowances);
                decide_docket(subject, &docket, command, &context)?
            }
        };
        work.record(decision, actor)
    }

    pub(crate) async fn decide_case(
        &self,
        world: &World,
        id: &CaseId,
        command: &Command,
        actor: &Actor,
        work: &mut Work,
    ) -> Result<Decision, SubmitError> {
        let case = work.case(id).cloned();
        let (set, place) = match (&case, command) {
            (Some(case), _) => (
                self.pinned_in(world, case, work).await?,
                case.matter.place.clone(),
            ),
            (None, Command::Register(registration)) => {
                let place = registration.matter.place.clone();
                (self.set_for(world, &place).await?, place)
            }
            (None, _) => return Err(SubmitError::NoSuchCase(id.clone())),
        };
        // What an approval carries out is asked about as if it came now.
        let approved = case
            .as_deref()
            .and_then(|case| approved(&case.docket, command));
        let carried = approved.map_or(command, |approval| approval.what.as_ref());
        let other = self.other(world, carried, case.as_deref(), work).await?;
        let joined = match carried {
            Command::Transfer { to, .. } if world.reference.divisions().get(to).is_some() => {
                Some(joined(world, &set, to)?)
            }
            _ => None,
        };
        let grants = if asks_for_grants(command) {
            self.grants(&place, work).await?
        } else {
            Vec::new()
        };
        let allowances = match &case {
            Some(case) => {
                let path = [place, case.division.clone()];
                self.allowances(&case.docket, &set, &path, work).await?
            }
            None => Vec::new(),
        };
        let units = Units(&world.reference);
        let context = Context {
            bindings: joined.as_ref().map_or(&set.id, |joined| &joined.id),
            ..context(work.now, actor, world, &set, &units, &grants, &allowances)
        };
        let new_id = case.is_none().then_some(id);
        let mut advice = Advice::default();
        let settles = matches!(command, Command::Decide { .. });
        if let Some(case) = &case
            && matches!(actor, Actor::Official { .. } | Actor::Citizen { .. })
            && (approved.is_some() || !settles)
        {
            let mover = approved.and_then(mover);
            let mover = mover.as_ref().unwrap_or(actor);
            advice.guards = self.ask_guards(&set, case, carried, mover, work).await?;
        }
        if asks_who(carried) {
            let draft = match carried {
                // It is the lead that is missing: the case stands as triage is to see it.
                Command::Dispatch { .. } => case
                    .as_deref()
                    .filter(|case| waits_for_a_lead(case))
                    .cloned(),
                _ => {
                    let draft = decide(
                        case.as_deref(),
                        other.as_deref(),
                        command,
                        &advice,
                        &context,
                        new_id,
                    )?;
                    drafted(case.as_deref(), draft, command, id, work.now, actor)?
                }
            };
            if let Some(draft) = draft {
                self.ask_triage(&set, &draft, &mut advice, work).await?;
            }
        }
        let decision = decide(
            case.as_deref(),
            other.as_deref(),
            command,
            &advice,
            &context,
            new_id,
        )?;
        work.joined
            .extend(joined.filter(|set| pins(&decision, set)));
        Ok(decision)
    }
}

fn context<'a>(
    now: Timestamp,
    actor: &'a Actor,
    world: &'a World,
    set: &'a BindingSet,
    units: &'a Units<'a>,
    grants: &'a [Grant],
    allowances: &'a [(DivisionCode, Vec<Allowance>)],
) -> Context<'a> {
    Context {
        now,
        actor,
        calendar: &world.calendar,
        rules: &set.rules,
        bindings: &set.id,
        units,
        grants,
        allowances,
    }
}

/// Whether a case is pinned to this set from now on.
fn pins(decision: &Decision, set: &BindingSet) -> bool {
    decision.events.iter().any(|(_, event)| match event {
        Event::BindingsChanged { bindings, .. } => *bindings == set.id,
        _ => false,
    })
}

/// The approval that a person's yes carries out.
fn approved<'a>(docket: &'a Docket, command: &Command) -> Option<&'a Approval> {
    let Command::Decide {
        approval,
        verdict: Verdict::Approved,
        ..
    } = command
    else {
        return None;
    };
    let mut approvals = docket.approvals.iter();
    approvals.find(|a| a.id == *approval && a.waits())
}

/// Whose move a guard is asked about: the asker's, be it an official or the citizen. What a binding proposed, or nobody
/// recorded as whose, is the approver's own.
fn mover(approval: &Approval) -> Option<Actor> {
    match approval.because {
        ApprovalCause::Proposal => None,
        _ => approval.asker(),
    }
}

/// Whether triage is asked: the command leaves a case without a lead.
fn asks_who(command: &Command) -> bool {
    matches!(
        command,
        Command::Register(_)
            | Command::Accept {}
            | Command::Dispatch { lead: None, .. }
            | Command::HandUp { lead: None, .. }
            | Command::HandDown { lead: None, .. }
    )
}

/// Whether a valid grant may matter.
fn asks_for_grants(command: &Command) -> bool {
    matches!(
        command,
        Command::Register(_)
            | Command::Accept {}
            | Command::Dispatch { .. }
            | Command::Assign { .. }
            | Command::HandUp { .. }
            | Command::HandDown { .. }
            | Command::HandOver { .. }
            | Command::OpenProceeding { .. }
            | Command::MoveProceeding { .. }
            | Command::Decide { .. }
            | Command::Breach { .. }
    )
}

/// The case as triage sees it: of a registration only the fact that it was registered, of anything else all that follows.
fn drafted(
    case: Option<&Case>,
    decision: Decision,
    command: &Command,
    id: &CaseId,
    now: Timestamp,
    actor: &Actor,
) -> Result<Option<Case>, SubmitError> {
    let registering = matches!(command, Command::Register(_));
    let subject = Subject::Case(id.clone());
    let mut state = case.cloned();
    for (of, event) in decision.events {
        if of != subject {
            continue;
        }
        let version = state.as_ref().map_or(0, |case| case.docket.version) + 1;
        let recorded = fengqiao_core::event::Recorded {
            subject: of,
            version,
            at: now,
            actor: actor.clone(),
            event,
        };
        let folded = evolve(state.take(), &recorded)
            .map_err(|error| SubmitError::Inconsistent(error.to_string()))?;
        state = Some(folded);
        if registering {
            break;
        }
    }
    Ok(state.filter(waits_for_a_lead))
}

fn waits_for_a_lead(case: &Case) -> bool {
    matches!(
        case.stage.name(),
        StageName::Registered | StageName::Accepted
    )
}
