//! Delegated authority (授权): who may give it, what its terms must hold, and whether it covers an order.

use jiff::Timestamp;

use crate::actor::{Actor, Role};
use crate::context::Context;
use crate::docket::{Docket, Grant, GrantTerms};
use crate::event::Event;
use crate::ids::{Code, DivisionCode, Seq, Subject, UnitId};
use crate::refusal::Refusal;

/// The most grants that one division may have given and neither revoked nor let run out.
pub const MAX_GRANTS: usize = 1_000;
/// The most addressees that one grant may name.
pub const MAX_GRANT_ADDRESSEES: usize = 200;

/// Delegates authority on a division's docket.
///
/// It is given by the head or the secretary of the unit that delegates, or recorded by the division's system
/// administrator from a document.
pub fn grant(
    subject: &Subject,
    docket: &Docket,
    terms: &GrantTerms,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let division = division_of(subject, "grant")?;
    may_grant(division, &terms.grantor, "grant", ctx)?;
    check_terms(division, terms, ctx)?;
    let stands = |grant: &&Grant| grant.revoked_at.is_none() && ctx.now < grant.terms.until;
    if docket.grants.iter().filter(stands).count() >= MAX_GRANTS {
        return Err(Refusal::TooMany {
            limit: Code::word("grants"),
        });
    }
    Ok(vec![Event::Granted {
        grant: Grant {
            id: docket.next,
            terms: terms.clone(),
            revoked_at: None,
        },
    }])
}

/// Takes delegated authority back; whoever may give it may do so.
pub fn revoke(
    subject: &Subject,
    docket: &Docket,
    grant: Seq,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let division = division_of(subject, "revoke-grant")?;
    let Some(found) = docket.grants.iter().find(|g| g.id == grant) else {
        return Err(Refusal::NotFound {
            what: Code::word("grant"),
            id: grant,
        });
    };
    may_grant(division, &found.terms.grantor, "revoke-grant", ctx)?;
    if found.revoked_at.is_some() {
        return Err(invalid("该授权已经撤销"));
    }
    Ok(vec![Event::GrantRevoked { grant }])
}

/// Whether a valid grant lets this unit order that one; an order without one is refused.
pub fn check(
    grants: &[Grant],
    grantee: Option<&UnitId>,
    kind: &Code,
    addressee: Option<&UnitId>,
    place: &DivisionCode,
    now: Timestamp,
) -> Result<(), Refusal> {
    let covered = match (grantee, addressee) {
        (Some(grantee), Some(addressee)) => grants
            .iter()
            .any(|grant| grant.allows(grantee, kind, addressee, place, now)),
        _ => false,
    };
    if covered {
        Ok(())
    } else {
        Err(Refusal::NoGrant {
            kind: kind.clone(),
            addressee: addressee.cloned(),
        })
    }
}

/// Whether a valid grant, whoever holds it, names this addressee: what a plugin needs to act on a unit outside its
/// own divisions.
pub fn names(
    grants: &[Grant],
    kind: &Code,
    addressee: &UnitId,
    place: &DivisionCode,
    now: Timestamp,
) -> bool {
    grants
        .iter()
        .any(|grant| grant.allows(&grant.terms.grantee, kind, addressee, place, now))
}

fn division_of<'a>(
    subject: &'a Subject,
    command: &'static str,
) -> Result<&'a DivisionCode, Refusal> {
    match subject {
        Subject::Division(division) => Ok(division),
        Subject::Case(_) | Subject::Unit(_) => Err(Refusal::NotForThisSubject {
            command: Code::word(command),
        }),
    }
}

fn may_grant(
    division: &DivisionCode,
    grantor: &UnitId,
    command: &'static str,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let may = match ctx.actor {
        Actor::Official {
            role: Role::UnitHead | Role::Secretary,
            unit,
            ..
        } => unit.as_ref() == Some(grantor),
        Actor::Official {
            role: Role::SystemAdmin,
            division: reach,
            ..
        } => reach.contains(division),
        _ => false,
    };
    if may {
        Ok(())
    } else {
        Err(Refusal::NotYours {
            command: Code::word(command),
        })
    }
}

fn check_terms(
    division: &DivisionCode,
    terms: &GrantTerms,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    if terms.addressees.is_empty() {
        return Err(invalid("请至少指定一个可以接受指令的单位"));
    }
    if terms.addressees.len() > MAX_GRANT_ADDRESSEES {
        return Err(Refusal::TooMany {
            limit: Code::word("grant-addressees"),
        });
    }
    if terms.from >= terms.until {
        return Err(invalid("生效时间必须早于失效时间"));
    }
    if terms.until <= ctx.now {
        return Err(invalid("失效时间已过"));
    }
    if !ctx.units.has_division(&terms.scope) {
        return Err(Refusal::UnknownDivision {
            division: terms.scope.clone(),
        });
    }
    if !division.contains(&terms.scope) {
        return Err(invalid("授权范围必须在本区划之内"));
    }
    if terms.addressees.contains(&terms.grantee) {
        return Err(invalid("被授权单位不能同时是指令对象"));
    }
    if terms.grantor == terms.grantee {
        return Err(invalid("不能给本单位授权：请由上级单位授权"));
    }
    let facts = |unit: &UnitId| {
        let known = ctx.units.unit(unit);
        known.ok_or_else(|| Refusal::UnknownUnit { unit: unit.clone() })
    };
    let own = facts(&terms.grantor)?.division;
    facts(&terms.grantee)?;
    for unit in &terms.addressees {
        if !own.contains(&facts(unit)?.division) {
            return Err(invalid("指令对象必须是授权单位本区划之内的单位"));
        }
    }
    Ok(())
}

fn invalid(reason: &str) -> Refusal {
    Refusal::GrantInvalid {
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
