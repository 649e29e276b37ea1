//! What waits for a named role's word (审批): asked by one person, decided by another.

use crate::actor::{Actor, Role};
use crate::command::Command;
use crate::context::Context;
use crate::docket::{Approval, ApprovalCause, ApprovalDecision, AskedAs, Docket, Verdict};
use crate::event::Event;
use crate::ids::{Code, DivisionCode, Seq, Subject, TextRef};
use crate::proceedings::{self, Scene};
use crate::refusal::Refusal;

/// The most approvals that may wait on one docket.
pub const MAX_PENDING_APPROVALS: usize = 64;

/// Asks for a role's word on a command; the number is the docket's next.
pub fn ask(
    docket: &Docket,
    what: Command,
    because: ApprovalCause,
    role: Role,
    division: &DivisionCode,
    ctx: &Context<'_>,
) -> Event {
    Event::ApprovalAsked {
        approval: Box::new(Approval {
            id: docket.next,
            what: Box::new(what),
            because,
            role,
            division: division.clone(),
            asked_by: ctx.actor.principal().cloned(),
            asked_unit: ctx.actor.unit().cloned(),
            asked_as: match ctx.actor {
                Actor::Official { role, division, .. } => Some(AskedAs::Official {
                    role: *role,
                    division: division.clone(),
                }),
                Actor::Citizen { .. } => Some(AskedAs::Citizen),
                Actor::Plugin { .. } | Actor::Kernel => None,
            },
            proposed_by: match ctx.actor {
                Actor::Plugin { binding, .. } => Some(binding.clone()),
                _ => None,
            },
            asked_at: ctx.now,
            decision: None,
            lapsed: None,
        }),
    }
}

/// Whether one more approval may wait here: the same thing is asked once, and there are at most
/// [`MAX_PENDING_APPROVALS`].
pub fn may_ask(docket: &Docket, what: &Command) -> Result<(), Refusal> {
    let mut waiting = docket.approvals.iter().filter(|a| a.waits());
    if waiting.clone().any(|a| a.what.as_ref() == what) {
        return Err(Refusal::TooMany {
            limit: Code::word("same-approval"),
        });
    }
    if waiting.nth(MAX_PENDING_APPROVALS - 1).is_some() {
        return Err(Refusal::TooMany {
            limit: Code::word("pending-approvals"),
        });
    }
    Ok(())
}

/// Lets a binding (or the kernel) ask for a person's word on opening or moving a proceeding, within the handling
/// division. A binding asks only about what its divisions and the grants let it touch.
pub fn propose(
    subject: &Subject,
    docket: &Docket,
    what: &Command,
    role: Role,
    scene: &Scene,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match ctx.actor {
        Actor::Plugin { .. } | Actor::Kernel => {}
        Actor::Official { .. } | Actor::Citizen { .. } => {
            return Err(Refusal::NotYours {
                command: Code::word("ask-approval"),
            });
        }
    }
    if !matches!(
        what,
        Command::OpenProceeding { .. } | Command::MoveProceeding { .. }
    ) {
        return Err(Refusal::NotForPlugins {
            command: Code::word(what.name()),
        });
    }
    proceedings::check_reach(subject, docket, what, scene, ctx)?;
    proceedings::check_fields(docket, what, ctx)?;
    may_ask(docket, what)?;
    let because = ApprovalCause::Proposal;
    let asked = ask(docket, what.clone(), because, role, &scene.division, ctx);
    Ok(vec![asked])
}

/// Records a person's word, once; answers with the command to carry out when it was yes.
///
/// The person acts in the role that the approval names, reaches over its division, and isn't the one who asked; where
/// the kernel asks for a second person, not of the same unit either. Who leads the case is the caller's to know.
pub fn settle(
    docket: &Docket,
    approval: Seq,
    verdict: Verdict,
    text: Option<&TextRef>,
    ctx: &Context<'_>,
) -> Result<(Event, Option<Command>), Refusal> {
    let waiting = docket
        .approvals
        .iter()
        .find(|a| a.id == approval && a.waits())
        .ok_or(Refusal::NothingToDecide { id: approval })?;
    let Actor::Official {
        principal,
        role,
        division,
        unit,
    } = ctx.actor
    else {
        return Err(wrong_approver(waiting.role));
    };
    if *role != waiting.role || !division.contains(&waiting.division) {
        return Err(wrong_approver(waiting.role));
    }
    let same_unit = unit.is_some() && *unit == waiting.asked_unit;
    if waiting.asked_by.as_ref() == Some(principal) || (waiting.needs_another_unit() && same_unit) {
        return Err(Refusal::SamePerson);
    }
    let decided = Event::ApprovalDecided {
        approval,
        decision: ApprovalDecision {
            verdict,
            by: principal.clone(),
            at: ctx.now,
            reason: text.cloned(),
        },
    };
    let follows = match verdict {
        Verdict::Approved => Some(waiting.what.as_ref().clone()),
        Verdict::Rejected => None,
    };
    Ok((decided, follows))
}

fn wrong_approver(role: Role) -> Refusal {
    Refusal::WrongApprover {
        role: Code::word(role.label()),
    }
}

#[cfg(test)]
mod tests;
