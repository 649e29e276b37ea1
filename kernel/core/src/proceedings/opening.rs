//! A wish to open a proceeding, and whether it may be.

use super::parts::Parts;
use super::{
    MAX_LISTED_CASES, MAX_OPEN_PROCEEDINGS, MAX_PROCEEDINGS, OPEN, Scene, clocks, fields, graph,
    not_yours, state,
};
use crate::actor::Actor;
use crate::context::Context;
use crate::docket::{Approval, ApprovalCause, Docket};
use crate::event::Event;
use crate::grants;
use crate::ids::{CaseId, Code, Subject, UnitId};
use crate::proceeding::{End, Fields, GrantNeed, Moved, Mover, Proceeding, ProceedingGraph};
use crate::refusal::Refusal;

/// A wish to open a proceeding.
pub(super) struct Opening<'a> {
    pub(super) kind: &'a Code,
    pub(super) addressee: Option<&'a UnitId>,
    pub(super) about: Option<&'a CaseId>,
    pub(super) fields: &'a Fields,
}

impl Opening<'_> {
    pub(super) fn decide(
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

fn too_many(limit: &'static str) -> Refusal {
    Refusal::TooMany {
        limit: Code::word(limit),
    }
}
