//! What follows from a command on a case: events and effects, or a refusal. Nothing is looked up and nothing is changed.

mod answer;
mod apart;
mod dispatch;
mod draft;
mod finish;
mod guards;
mod lapse;
mod level;
pub mod limits;
mod merge;
mod mirror;
mod pauses;
mod plugin;
mod register;
mod stages;
mod supervise;
mod timing;
mod triage;
mod who;
mod work;

use crate::advice::Advice;
use crate::case::Case;
use crate::command::{Command, Registration, Waivable};
use crate::context::Context;
use crate::decision::Decision;
use crate::docket::ApprovalCause;
use crate::event::Event;
use crate::ids::{CaseId, Code, TextRef};
use crate::refusal::Refusal;
use draft::Draft;

/// Decides a command on a case, or on none for a registration.
///
/// `other` is the second case of a merge, unmerge, mirror or link; `new_id` is the number of a registration. The order
/// of the checks: who acts, whether the case is merged, the command's own rule, then the guards' word. Where a procedure
/// doesn't offer a move now, a guard that refuses it knows more about why, and its word is the one that is told.
pub fn decide(
    case: Option<&Case>,
    other: Option<&Case>,
    command: &Command,
    advice: &Advice,
    context: &Context<'_>,
    new_id: Option<&CaseId>,
) -> Result<Decision, Refusal> {
    match (case, command) {
        (None, Command::Register(registration)) => {
            let id = new_id.ok_or(Refusal::FieldMissing {
                field: Code::word("case"),
            })?;
            take_in(id, registration, advice, context)
        }
        (Some(case), _) => on_case(case, other, command, advice, context),
        (None, _) => Err(not_here(command)),
    }
}

fn take_in(
    id: &CaseId,
    registration: &Registration,
    advice: &Advice,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    who::may_register(context)?;
    let mut draft = register::register(id, registration, advice, context)?;
    draft.watch()?;
    Ok(draft.into_decision())
}

fn on_case(
    case: &Case,
    other: Option<&Case>,
    command: &Command,
    advice: &Advice,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    who::may(case, command, context)?;
    if let (Some(other), Command::Merge { .. } | Command::Link { .. }) = (other, command) {
        who::may_tie(other, command, context)?;
    }
    check_merged(case, command)?;
    let mut draft = Draft::new(case, other, advice, context);
    match run(&mut draft, command) {
        Ok(()) => guards::check(command, advice, context)?,
        Err(not_now @ Refusal::NoSuchMove { .. }) => {
            guards::check(command, advice, context)?;
            return Err(not_now);
        }
        Err(refusal) => return Err(refusal),
    }
    if guards::holds(command, advice, context) && !asks(&draft) {
        draft = Draft::new(case, other, advice, context);
        draft.ask(
            command.clone(),
            ApprovalCause::GuardUnavailable,
            crate::actor::Role::Dispatcher,
        )?;
    }
    guards::note(&mut draft)?;
    draft.lapse()?;
    draft.watch()?;
    draft.draw(case)?;
    Ok(draft.into_decision())
}

/// Carries a command out, whoever gave it: their right to it was checked, or a person approved it.
fn run(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Register(_)
        | Command::Grant { .. }
        | Command::RevokeGrant { .. }
        | Command::SetAllowance { .. }
        | Command::Book { .. }
        | Command::CancelBooking { .. } => Err(not_here(command)),
        Command::Accept {} => register::accept(draft),
        Command::Decline { ground, text } => register::decline(draft, ground, text),
        Command::Refer { route, text } => register::refer(draft, route, text),
        Command::Dispatch {
            lead,
            others,
            clocks,
        } => dispatch::dispatch(draft, lead.as_ref(), others, clocks),
        Command::Assign { appointment } => dispatch::assign(draft, appointment),
        Command::Release {
            assignment,
            how,
            text,
        } => dispatch::release(draft, *assignment, *how, text),
        Command::Sign {} => work::sign(draft),
        Command::Object { text } => work::object(draft, text),
        Command::Rule { ruling, text } => work::rule(draft, *ruling, text),
        Command::Contact { text } => work::contact(draft, text),
        Command::Arrive { evidence } => work::arrive(draft, evidence),
        Command::Progress { text } => work::progress(draft, text),
        Command::Attach { evidence } => work::attach(draft, evidence),
        Command::Extend { clock, by, text } => pauses::extend(draft, command, *clock, *by, text),
        Command::Suspend { review_at, text } => pauses::suspend(draft, command, *review_at, text),
        Command::Resume {} => pauses::resume(draft),
        Command::Report {
            text,
            evidence,
            solved,
        } => answer::report(draft, text, evidence, *solved),
        Command::SendBack { text } => answer::send_back(draft, text),
        Command::Reply { text, delivery } => answer::reply(draft, text, delivery),
        Command::Rate { grade, text } => answer::rate(draft, grade, text.as_ref()),
        Command::FollowUp { result, by, text } => {
            answer::follow_up(draft, *result, by, text.as_ref())
        }
        Command::Close {} => finish::close(draft),
        Command::Rework { text } => finish::rework(draft, text),
        Command::Archive {} => finish::archive(draft),
        Command::Seal { dossier, sha256 } => finish::seal(draft, dossier, sha256),
        Command::Withdraw { text } => finish::withdraw(draft, text),
        Command::Terminate { ground, text } => finish::terminate(draft, command, ground, text),
        Command::Waive { what, text } => finish::waive(draft, what, text),
        Command::Merge { into } => merge::merge(draft, into),
        Command::Unmerge { text } => merge::unmerge(draft, text),
        Command::Mirror { primary } => mirror::mirror(draft, primary),
        Command::Split { new, matter } => apart::split(draft, new.as_ref(), matter),
        Command::Link { to, relation } => apart::link(draft, to, *relation),
        Command::HandUp { to, lead, reason } => level::hand_up(draft, to, lead.as_ref(), reason),
        Command::HandDown { to, lead, reason } => {
            level::hand_down(draft, to, lead.as_ref(), reason)
        }
        Command::HandOver { lead, text } => level::hand_over(draft, lead, text),
        Command::Transfer { to, text } => level::transfer(draft, to, text),
        Command::Migrate { bindings, text } => level::migrate(draft, bindings, text),
        Command::Urge { text } => supervise::urge(draft, text),
        Command::Instruct {
            text,
            answer_within,
        } => supervise::instruct(draft, text, *answer_within),
        Command::Answer { instruction, text } => supervise::answer(draft, *instruction, text),
        Command::Protect { protection } => supervise::protect(draft, command, *protection),
        Command::Recuse { unit, text } => supervise::recuse(draft, unit, text),
        Command::Decide {
            approval,
            verdict,
            text,
        } => supervise::settle(draft, *approval, *verdict, text.as_ref()),
        Command::FinishTask { task } => supervise::finish_task(draft, *task),
        Command::OpenProceeding { .. } | Command::MoveProceeding { .. } => {
            plugin::proceed(draft, command)
        }
        Command::AskApproval { what, role } => plugin::ask_approval(draft, what, *role),
        Command::StartClock { rule, owner } => plugin::start_clock(draft, rule, owner.as_ref()),
        Command::StopClock { clock } => plugin::stop_clock(draft, *clock),
        Command::Flag { flag } => plugin::flag(draft, flag),
        Command::Notify { notice, to } => plugin::notify(draft, notice, to),
        Command::RaiseTask {
            code,
            desk,
            role,
            note,
        } => plugin::raise_task(draft, code, desk, *role, note),
        Command::Breach { clock } => finish::breach(draft, *clock),
        Command::Recompute { clock } => pauses::recompute(draft, *clock),
    }
}

/// What may still be done with a case that follows another: what concerns its own citizen, its own clocks and its own
/// dossier. Its work is done on the primary.
fn check_merged(case: &Case, command: &Command) -> Result<(), Refusal> {
    let Some(merging) = &case.merged else {
        return Ok(());
    };
    let own = match command {
        Command::Rate { .. }
        | Command::Unmerge { .. }
        | Command::Attach { .. }
        | Command::Urge { .. }
        | Command::Protect { .. }
        | Command::Withdraw { .. }
        | Command::Breach { .. }
        | Command::Mirror { .. }
        | Command::Recompute { .. }
        | Command::Archive {}
        | Command::Seal { .. }
        | Command::FinishTask { .. }
        | Command::MoveProceeding { .. }
        | Command::StopClock { .. }
        | Command::Flag { .. }
        | Command::Notify { .. }
        | Command::RaiseTask { .. }
        | Command::FollowUp { .. }
        | Command::Decide { .. } => true,
        Command::Waive { what, .. } => !matches!(what, Waivable::Report | Waivable::Reply),
        _ => false,
    };
    if own {
        Ok(())
    } else {
        Err(Refusal::Merged {
            into: merging.into.clone(),
        })
    }
}

fn asks(draft: &Draft<'_>) -> bool {
    draft
        .decided()
        .any(|event| matches!(event, Event::ApprovalAsked { .. }))
}

fn not_here(command: &Command) -> Refusal {
    Refusal::NotForThisSubject {
        command: Code::word(command.name()),
    }
}

/// Refuses where nothing was written.
fn written(text: &TextRef) -> Result<(), Refusal> {
    if text.chars == 0 {
        Err(Refusal::TextMissing)
    } else {
        Ok(())
    }
}
