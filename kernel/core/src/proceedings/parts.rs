//! Who has which part in a proceeding, and how far a plugin may reach.

use super::Scene;
use crate::actor::Actor;
use crate::context::Context;
use crate::grants;
use crate::ids::{Code, DivisionCode, Subject, UnitId};
use crate::proceeding::{Mover, Proceeding};
use crate::refusal::Refusal;

/// The units of a proceeding.
pub(super) struct Parts<'a> {
    pub(super) issuer: Option<&'a UnitId>,
    pub(super) addressee: Option<&'a UnitId>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(proceeding: &'a Proceeding) -> Self {
        Parts {
            issuer: proceeding.issuer.as_ref(),
            addressee: proceeding.addressee.as_ref(),
        }
    }

    /// Whether the actor is one of these.
    pub(super) fn any_acts(&self, by: &[Mover], scene: &Scene, actor: &Actor) -> bool {
        by.iter().any(|mover| self.acts(*mover, scene, actor))
    }

    /// The unit behind a part, where there is one.
    pub(super) fn unit(&self, mover: Option<Mover>, scene: &'a Scene) -> Option<&'a UnitId> {
        match mover? {
            Mover::Issuer => self.issuer,
            Mover::Addressee => self.addressee,
            Mover::Lead => scene.lead.as_ref(),
            Mover::Requester | Mover::Plugin | Mover::Clock | Mover::Role(_) => None,
        }
    }

    fn acts(&self, mover: Mover, scene: &Scene, actor: &Actor) -> bool {
        let is = |unit: Option<&UnitId>| unit.is_some() && unit == actor.unit();
        match mover {
            Mover::Issuer => is(self.issuer),
            Mover::Addressee => is(self.addressee),
            Mover::Lead => is(scene.lead.as_ref()),
            Mover::Requester => matches!(actor, Actor::Citizen { .. }),
            Mover::Plugin => matches!(actor, Actor::Plugin { .. }),
            Mover::Clock => matches!(actor, Actor::Kernel),
            Mover::Role(role) => {
                actor.role() == Some(role)
                    && actor.reach().is_some_and(|reach| {
                        reach.contains(&scene.place) || reach.contains(&scene.division)
                    })
            }
        }
    }

    /// A plugin acts on subjects of its own divisions, towards their units or an addressee that a valid grant names.
    pub(super) fn check_plugin(
        &self,
        subject: &Subject,
        kind: &Code,
        scene: &Scene,
        ctx: &Context<'_>,
    ) -> Result<(), Refusal> {
        let Actor::Plugin { division, .. } = ctx.actor else {
            return Ok(());
        };
        let granted = |unit: &UnitId| grants::names(ctx.grants, kind, unit, &scene.place, ctx.now);
        let subject_fits = match subject {
            Subject::Case(_) | Subject::Division(_) => {
                division.contains(&scene.place) || division.contains(&scene.division)
            }
            Subject::Unit(unit) => own_unit(unit, division, ctx) || granted(unit),
        };
        let addressee_fits = self
            .addressee
            .is_none_or(|unit| own_unit(unit, division, ctx) || granted(unit));
        if subject_fits && addressee_fits {
            Ok(())
        } else {
            Err(Refusal::OutsideDivision {
                division: division.clone(),
            })
        }
    }
}

/// Whether a unit belongs to a division or one inside it.
pub(crate) fn own_unit(unit: &UnitId, division: &DivisionCode, ctx: &Context<'_>) -> bool {
    ctx.units
        .unit(unit)
        .is_some_and(|facts| division.contains(&facts.division))
}
