//! Running declared procedures: who may open and move them, their clocks, and what a breach does.
//!
//! Numbers are the docket's next free ones, in the order of the events; a caller that puts numbered events before
//! these hands in a docket that already holds them. Recusal is the case's business and is checked before.

use crate::actor::Actor;
use crate::approvals;
use crate::clock::{Clock, ClockState};
use crate::command::Command;
use crate::context::Context;
use crate::docket::{Approval, ApprovalCause, Docket};
use crate::event::Event;
use crate::grants;
use crate::ids::{CaseId, Code, DivisionCode, Seq, Subject, UnitId};
use crate::proceeding::{
    End, Fields, GrantNeed, Move, Moved, Mover, Proceeding, ProceedingGraph, State,
};
use crate::refusal::Refusal;

mod clocks;
mod fields;
mod parts;
#[cfg(test)]
mod tests;

pub use fields::{MAX_FIELD_CHARS, MAX_FIELDS};

use parts::Parts;
pub(crate) use parts::own_unit;

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

/// A wish to open a proceeding.
struct Opening<'a> {
    kind: &'a Code,
    addressee: Option<&'a UnitId>,
    about: Option<&'a CaseId>,
    fields: &'a Fields,
}

impl Opening<'_> {
    fn decide(
        &self,
        subject: &Subject,
        docket: &Docket,
        scene: &Scene,
        ctx: &Context<'_>,
        approval: Option<&Approval>,
    ) -> Result<Vec<Event>, Refusal> {
        let graph = graph(self.kind, ctx)?;
        let initial = state(graph, &graph.initial).ok_or_else(|| Refusal::UnknownProceeding {
            kind: self.kind.clone(),
        })?;
        if let Some(unit) = self.addressee
            && ctx.units.unit(unit).is_none()
        {
            return Err(Refusal::UnknownUnit { unit: unit.clone() });
        }
        let asked_unit = approval.and_then(|a| a.asked_unit.as_ref());
        let parts = Parts {
            issuer: asked_unit.or(ctx.actor.unit()),
            addressee: self.addressee.or(match subject {
                Subject::Unit(unit) => Some(unit),
                Subject::Case(_) | Subject::Division(_) => None,
            }),
        };
        parts.check_plugin(subject, self.kind, scene, ctx)?;
        if !self.may_open(graph, &parts, scene, ctx, approval) {
            return Err(not_yours());
        }
        if graph.open.grant == GrantNeed::Required {
            self.check_grant(&parts, scene, ctx)?;
        }
        fields::check(&graph.open.fields, self.fields, 0)?;
        check_room(docket)?;
        let proceeding = Proceeding {
            id: docket.next,
            kind: self.kind.clone(),
            state: initial.code.clone(),
            end: initial.end,
            issuer: parts.issuer.cloned(),
            opened_by: approval
                .and_then(|a| a.asked_by.as_ref())
                .or(ctx.actor.principal())
                .cloned(),
            addressee: parts.addressee.cloned(),
            about: self.about.cloned(),
            fields: self.fields.clone(),
            history: vec![Moved {
                code: Code::word(OPEN),
                to: initial.code.clone(),
                at: ctx.now,
            }],
        };
        let mut events = self.list_case(subject, docket)?;
        let id = proceeding.id;
        let started = clocks::start(initial, id, &parts, id + 1, scene, ctx)?;
        events.push(Event::ProceedingOpened {
            proceeding: Box::new(proceeding),
        });
        events.extend(started);
        Ok(events)
    }

    fn may_open(
        &self,
        graph: &ProceedingGraph,
        parts: &Parts<'_>,
        scene: &Scene,
        ctx: &Context<'_>,
        approval: Option<&Approval>,
    ) -> bool {
        match approval {
            Some(a) if a.because != ApprovalCause::Proposal => true,
            Some(a) if a.proposed_by.is_some() && graph.open.by.contains(&Mover::Plugin) => true,
            _ => parts.any_acts(&graph.open.by, scene, ctx.actor),
        }
    }

    /// A unit orders by a grant of its own; a plugin, which has no unit, only whom some valid grant names.
    fn check_grant(
        &self,
        parts: &Parts<'_>,
        scene: &Scene,
        ctx: &Context<'_>,
    ) -> Result<(), Refusal> {
        let named =
            |unit: &UnitId| grants::names(ctx.grants, self.kind, unit, &scene.place, ctx.now);
        match ctx.actor {
            Actor::Plugin { .. } if parts.addressee.is_some_and(named) => Ok(()),
            _ => grants::check(
                ctx.grants,
                parts.issuer,
                self.kind,
                parts.addressee,
                &scene.place,
                ctx.now,
            ),
        }
    }

    /// The case that gave rise to it is put on the docket, once, where the docket isn't that case's own.
    fn list_case(&self, subject: &Subject, docket: &Docket) -> Result<Vec<Event>, Refusal> {
        let Some(case) = self.about else {
            return Ok(Vec::new());
        };
        let own = matches!(subject, Subject::Case(id) if id == case);
        if own || docket.cases.contains(case) {
            return Ok(Vec::new());
        }
        if docket.cases.len() >= MAX_LISTED_CASES {
            return Err(too_many("listed-cases"));
        }
        Ok(vec![Event::CaseListed { case: case.clone() }])
    }
}

/// A move of a running proceeding, found in its graph.
struct Step<'a> {
    proceeding: &'a Proceeding,
    wanted: &'a Move,
    from: &'a State,
    to: &'a State,
}

impl<'a> Step<'a> {
    fn find(
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

    fn check_approved(
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

    fn check_fields(&self, given: &Fields) -> Result<(), Refusal> {
        let already = self.proceeding.fields.keys();
        let already = already.filter(|code| !given.contains_key(code)).count();
        fields::check(&self.wanted.fields, given, already)
    }

    /// A clock that ran out and leads somewhere by itself goes first, however late it is noticed: otherwise the
    /// outcome would depend on when the kernel looked.
    fn check_clock(&self, docket: &Docket, ctx: &Context<'_>) -> Result<(), Refusal> {
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
    fn events(
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

    fn enter(
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

fn check_room(docket: &Docket) -> Result<(), Refusal> {
    let open = docket.proceedings.iter().filter(|p| p.end == End::Open);
    if open.count() >= MAX_OPEN_PROCEEDINGS {
        return Err(too_many("open-proceedings"));
    }
    if docket.proceedings.len() >= MAX_PROCEEDINGS {
        return Err(too_many("proceedings"));
    }
    Ok(())
}

fn not_yours() -> Refusal {
    Refusal::NotYours {
        command: Code::word("move-proceeding"),
    }
}

fn too_many(limit: &'static str) -> Refusal {
    Refusal::TooMany {
        limit: Code::word(limit),
    }
}
