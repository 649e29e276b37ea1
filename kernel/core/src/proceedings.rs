//! Running declared procedures: who may open and move them, their clocks, and what a breach does.
//!
//! Numbers are the docket's next free ones, in the order of the events; a caller that puts numbered events before
//! these hands in a docket that already holds them. Recusal is the case's business and is checked before.

use crate::approvals;
use crate::clock::Clock;
use crate::command::Command;
use crate::context::Context;
use crate::docket::{Approval, ApprovalCause, Docket};
use crate::event::Event;
use crate::ids::{CaseId, Code, DivisionCode, Seq, Subject, UnitId};
use crate::proceeding::{End, Fields, Mover, Proceeding, ProceedingGraph, State};
use crate::refusal::Refusal;

mod clocks;
mod fields;
mod opening;
mod parts;
mod step;
#[cfg(test)]
mod tests;

pub use fields::{MAX_FIELD_CHARS, MAX_FIELDS};

use opening::Opening;
use parts::Parts;
pub(crate) use parts::own_unit;
use step::Step;

/// The most proceedings that may be open on one docket at a time.
pub const MAX_OPEN_PROCEEDINGS: usize = 32;
/// The most proceedings that one docket may ever hold.
pub const MAX_PROCEEDINGS: usize = 500;
/// The most cases that one docket may refer to.
pub const MAX_LISTED_CASES: usize = 5_000;
/// The move that stands for the beginning in a proceeding's way.
pub const OPEN: &str = "open";
/// The move that stands for a waiver in a proceeding's way.
pub const WAIVE: &str = "waive";

/// Where a proceeding plays: what the graph's words "lead" and "reach" refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// The lead unit of the case; none on a unit's or a division's docket.
    pub lead: Option<UnitId>,
    /// Where the matter is; the unit's or division's own place on their dockets.
    pub place: DivisionCode,
    /// The division that handles it now.
    pub division: DivisionCode,
}

/// Opens a proceeding in its initial state and starts that state's clock.
#[allow(
    clippy::too_many_arguments,
    reason = "the command's own fields and what surrounds them"
)]
pub fn open(
    subject: &Subject,
    docket: &Docket,
    kind: &Code,
    addressee: Option<&UnitId>,
    about: Option<&CaseId>,
    fields: &Fields,
    scene: &Scene,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let opening = Opening {
        kind,
        addressee,
        about,
        fields,
    };
    opening.decide(subject, docket, scene, ctx, None)
}

/// Makes a move, or asks for the approval that the move declares.
///
/// A move that needs an approval is made at once only by an official whom the graph lists by the approving role
/// itself: then the named role has given its own word. Everybody else's becomes an approval for that role.
pub fn make_move(
    subject: &Subject,
    docket: &Docket,
    proceeding: Seq,
    code: &Code,
    fields: &Fields,
    scene: &Scene,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let step = Step::find(docket, proceeding, code, ctx)?;
    let parts = Parts::of(step.proceeding);
    parts.check_plugin(subject, &step.proceeding.kind, scene, ctx)?;
    if !parts.any_acts(&step.wanted.by, scene, ctx.actor) {
        return Err(not_yours());
    }
    step.check_fields(fields)?;
    step.check_clock(docket, ctx)?;
    if let Some(role) = step.wanted.approval
        && !parts.any_acts(&own_word(&step.wanted.by, role), scene, ctx.actor)
    {
        let what = Command::MoveProceeding {
            proceeding,
            code: code.clone(),
            fields: fields.clone(),
        };
        approvals::may_ask(docket, &what)?;
        let because = ApprovalCause::Move;
        return Ok(vec![approvals::ask(
            docket,
            what,
            because,
            role,
            &scene.place,
            ctx,
        )]);
    }
    step.events(docket, fields, scene, ctx)
}

/// Carries out an approved opening or move, with the approver as the actor.
///
/// Where a plugin proposed it, the graph must list plugins, or the approver must be allowed to do it alone: an
/// approval lends a plugin nobody else's authority. A move that declares an approval needs that very role's.
pub fn carry_out(
    subject: &Subject,
    docket: &Docket,
    approval: &Approval,
    scene: &Scene,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match approval.what.as_ref() {
        Command::OpenProceeding {
            kind,
            addressee,
            about,
            fields,
        } => {
            let opening = Opening {
                kind,
                addressee: addressee.as_ref(),
                about: about.as_ref(),
                fields,
            };
            opening.decide(subject, docket, scene, ctx, Some(approval))
        }
        Command::MoveProceeding {
            proceeding,
            code,
            fields,
        } => {
            let step = Step::find(docket, *proceeding, code, ctx)?;
            step.check_approved(approval, scene, ctx)?;
            step.check_fields(fields)?;
            step.check_clock(docket, ctx)?;
            step.events(docket, fields, scene, ctx)
        }
        other => Err(Refusal::NotForThisSubject {
            command: Code::word(other.name()),
        }),
    }
}

/// What follows in its proceeding when a state's clock is breached: the move that the state names, or the approval
/// that this move needs. The breach itself ([`Event::ClockBreached`]) is the caller's event and comes before.
pub fn breached(
    docket: &Docket,
    clock: &Clock,
    scene: &Scene,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Some(id) = clock.proceeding else {
        return Ok(Vec::new());
    };
    let Some(running) = docket.proceedings.iter().find(|p| p.id == id) else {
        return Ok(Vec::new());
    };
    let on_breach = graph(&running.kind, ctx)
        .ok()
        .and_then(|graph| state(graph, &running.state))
        .and_then(|state| state.on_breach.as_ref());
    let (End::Open, Some(code)) = (running.end, on_breach) else {
        return Ok(Vec::new());
    };
    let step = Step::find(docket, id, code, ctx)?;
    if let Some(role) = step.wanted.approval {
        let what = Command::MoveProceeding {
            proceeding: id,
            code: code.clone(),
            fields: Fields::new(),
        };
        let asked = approvals::ask(docket, what, ApprovalCause::Move, role, &scene.place, ctx);
        return Ok(vec![asked]);
    }
    step.enter(docket.next, &Fields::new(), scene, ctx)
}

/// Ends a proceeding that a person waived: it stays in its state, its clocks lose their object. The waiver itself
/// ([`Event::Waived`]) is the caller's event and comes before.
pub fn waive(docket: &Docket, proceeding: Seq) -> Result<Vec<Event>, Refusal> {
    let running = find(docket, proceeding)?;
    if running.end == End::Ends {
        return Err(Refusal::NoSuchMove {
            state: running.state.clone(),
            code: Code::word(WAIVE),
        });
    }
    let mut events = vec![Event::ProceedingMoved {
        proceeding,
        code: Code::word(WAIVE),
        to: running.state.clone(),
        end: End::Ends,
        fields: Fields::new(),
    }];
    let live = docket
        .clocks
        .iter()
        .filter(|c| c.proceeding == Some(proceeding) && c.state.is_live());
    events.extend(live.map(|c| Event::ClockCancelled { clock: c.id }));
    Ok(events)
}

/// Whether a plugin may touch what a command about a proceeding touches; other actors and commands pass.
pub(crate) fn check_reach(
    subject: &Subject,
    docket: &Docket,
    what: &Command,
    scene: &Scene,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    match what {
        Command::OpenProceeding {
            kind, addressee, ..
        } => {
            graph(kind, ctx)?;
            let parts = Parts {
                issuer: None,
                addressee: addressee.as_ref(),
            };
            parts.check_plugin(subject, kind, scene, ctx)
        }
        Command::MoveProceeding {
            proceeding, code, ..
        } => {
            let step = Step::find(docket, *proceeding, code, ctx)?;
            Parts::of(step.proceeding).check_plugin(subject, &step.proceeding.kind, scene, ctx)
        }
        _ => Ok(()),
    }
}

/// Whether what a command about a proceeding fills in may stand in an event, as if it were carried out at once.
pub(crate) fn check_fields(
    docket: &Docket,
    what: &Command,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    match what {
        Command::OpenProceeding { kind, fields, .. } => {
            fields::check(&graph(kind, ctx)?.open.fields, fields, 0)
        }
        Command::MoveProceeding {
            proceeding,
            code,
            fields,
        } => Step::find(docket, *proceeding, code, ctx)?.check_fields(fields),
        _ => Ok(()),
    }
}

/// Whether the actor has the part by which this opening or move is asked for, and the move is still there; other
/// commands pass.
pub(crate) fn has_part(docket: &Docket, what: &Command, scene: &Scene, ctx: &Context<'_>) -> bool {
    match what {
        Command::OpenProceeding {
            kind, addressee, ..
        } => graph(kind, ctx).is_ok_and(|graph| {
            let parts = Parts {
                issuer: ctx.actor.unit(),
                addressee: addressee.as_ref(),
            };
            parts.any_acts(&graph.open.by, scene, ctx.actor)
        }),
        Command::MoveProceeding {
            proceeding, code, ..
        } => Step::find(docket, *proceeding, code, ctx).is_ok_and(|step| {
            Parts::of(step.proceeding).any_acts(&step.wanted.by, scene, ctx.actor)
        }),
        _ => true,
    }
}

fn own_word(by: &[Mover], role: crate::actor::Role) -> Vec<Mover> {
    let own = Mover::Role(role);
    by.iter().copied().filter(|mover| *mover == own).collect()
}

fn find(docket: &Docket, id: Seq) -> Result<&Proceeding, Refusal> {
    docket
        .proceedings
        .iter()
        .find(|p| p.id == id)
        .ok_or(Refusal::NotFound {
            what: Code::word("proceeding"),
            id,
        })
}

fn graph<'a>(kind: &Code, ctx: &Context<'a>) -> Result<&'a ProceedingGraph, Refusal> {
    ctx.rules
        .proceedings
        .get(kind)
        .ok_or_else(|| Refusal::UnknownProceeding { kind: kind.clone() })
}

fn state<'a>(graph: &'a ProceedingGraph, code: &Code) -> Option<&'a State> {
    graph.states.iter().find(|s| &s.code == code)
}

fn not_yours() -> Refusal {
    Refusal::NotYours {
        command: Code::word("move-proceeding"),
    }
}
