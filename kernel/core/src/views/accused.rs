//! Who is accused in a case sees nothing of it (信访工作条例 30, 46).

use crate::actor::Actor;
use crate::case::Case;
use crate::ids::{PrincipalId, UnitId};
use crate::matter::PartyRole;

/// Whether a person or their unit is accused in the case.
pub(super) fn is_accused(
    case: &Case,
    principal: Option<&PrincipalId>,
    unit: Option<&UnitId>,
) -> bool {
    let accused = |party: &&crate::matter::Party| party.role == PartyRole::Accused;
    case.parties.iter().filter(accused).any(|party| {
        (party.principal.is_some() && party.principal.as_ref() == principal)
            || (party.unit.is_some() && party.unit.as_ref() == unit)
    })
}

/// The same for whoever acts.
pub(super) fn actor_is_accused(case: &Case, actor: &Actor) -> bool {
    is_accused(case, actor.principal(), actor.unit())
}
