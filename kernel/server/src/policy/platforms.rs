//! Whose a linked platform is, and who answers for it.

use fengqiao_core::actor::Role;
use fengqiao_core::ids::Code;
use fengqiao_reference::Reference;

use super::check_division;
use crate::principals::Principal;
use crate::problem::Problem;

/// The linked platform of this name: the principal's own, or for whoever answers for its place one of theirs.
pub(crate) fn check_platform(
    name: &str,
    principal: &Principal,
    reference: &Reference,
) -> Result<Code, Problem> {
    let platforms = reference.registers().get("linked-platforms");
    let row = platforms.and_then(|platforms| platforms.get(name));
    let known = row.and_then(|row| Some((name.parse().ok()?, row.division().parse().ok()?)));
    let Some((platform, owner)) = known else {
        return Err(Problem::no_such("platform", name));
    };
    let is_own = match principal.role {
        Role::Adapter => principal.platform.as_ref() == Some(&platform),
        _ => true,
    };
    if !is_own {
        return Err(Problem::out_of_scope("该链接平台"));
    }
    check_division(&owner, principal).map(|()| platform)
}
