//! Who may delegate, within what, and that it ends.

use crate::actor::{Actor, Role};
use crate::docket::{Docket, GrantTerms};
use crate::event::Event;
use crate::fixture::*;
use crate::grants::{MAX_GRANT_ADDRESSEES, MAX_GRANTS, check, grant, revoke};
use crate::ids::Subject;
use crate::refusal::Refusal;

fn county() -> Subject {
    Subject::Division(division(COUNTY))
}

fn head() -> Actor {
    official("head", Role::UnitHead, Some("committee"), COUNTY)
}

/// Terms over a unit of the grantor's own division.
fn terms() -> GrantTerms {
    GrantTerms {
        addressees: vec![unit("bureau")],
        ..crate::fixture::terms()
    }
}

fn give(actor: &Actor, terms: &GrantTerms) -> Result<Vec<Event>, Refusal> {
    let world = World::new(&[]);
    grant(&county(), &empty(), terms, &world.ctx(actor, hour(0)))
}

#[test]
fn the_grantors_head_and_secretary_and_the_system_administrator_delegate() {
    let secretary = official("s", Role::Secretary, Some("committee"), COUNTY);
    let administrator = official("a", Role::SystemAdmin, None, COUNTY);
    for actor in [head(), secretary, administrator] {
        assert!(give(&actor, &terms()).is_ok());
    }
}

#[test]
fn nobody_else_delegates() {
    let other_unit = official("h", Role::UnitHead, Some("bureau"), COUNTY);
    let handler = official("u", Role::UnitHandler, Some("committee"), COUNTY);
    let far = official("a", Role::SystemAdmin, None, OTHER_COUNTY);
    for actor in [
        other_unit,
        handler,
        far,
        plugin(COUNTY),
        CITIZEN,
        Actor::Kernel,
    ] {
        assert_eq!(give(&actor, &terms()).unwrap_err().code(), "not-yours");
    }
}

#[test]
fn authority_is_delegated_on_a_divisions_docket_only() {
    let world = World::new(&[]);
    let actor = head();
    let ctx = world.ctx(&actor, hour(0));
    let refused = grant(&Subject::Unit(unit("committee")), &empty(), &terms(), &ctx);
    assert_eq!(refused.unwrap_err().code(), "not-for-this-subject");
}

#[test]
fn terms_that_make_no_sense_are_refused() {
    let refused = |change: fn(&mut GrantTerms)| {
        let mut terms = terms();
        change(&mut terms);
        give(&head(), &terms).unwrap_err().code().to_owned()
    };
    assert_eq!(refused(|t| t.addressees.clear()), "grant-invalid");
    assert_eq!(refused(|t| t.until = t.from), "grant-invalid");
    assert_eq!(refused(|t| t.until = hour(0)), "grant-invalid");
    assert_eq!(
        refused(|t| t.scope = division(OTHER_COUNTY)),
        "grant-invalid"
    );
    assert_eq!(
        refused(|t| t.scope = division("990199000000")),
        "unknown-division"
    );
    assert_eq!(refused(|t| t.grantee = unit("nobody")), "unknown-unit");
    assert_eq!(
        refused(|t| t.addressees.push(unit("nobody"))),
        "unknown-unit"
    );
    assert_eq!(
        refused(|t| t.addressees.push(unit("village"))),
        "grant-invalid"
    );
    let crowd = |t: &mut GrantTerms| t.addressees = vec![unit("bureau"); MAX_GRANT_ADDRESSEES + 1];
    assert_eq!(refused(crowd), "too-many");
}

#[test]
fn a_division_has_at_most_a_thousand_grants_that_stand() {
    let world = World::new(&[]);
    let actor = head();
    let ctx = world.ctx(&actor, hour(0));
    let mut docket = Docket {
        grants: vec![granted(); MAX_GRANTS - 1],
        ..empty()
    };
    assert!(grant(&county(), &docket, &terms(), &ctx).is_ok());
    docket.grants.push(granted());
    let refused = grant(&county(), &docket, &terms(), &ctx).unwrap_err();
    let limit = code("grants");
    assert_eq!(refused, Refusal::TooMany { limit });
    docket.grants[0].revoked_at = Some(hour(0));
    assert!(grant(&county(), &docket, &terms(), &ctx).is_ok());
    docket.grants[0].revoked_at = None;
    docket.grants[1].terms.until = hour(0);
    assert!(grant(&county(), &docket, &terms(), &ctx).is_ok());
}

#[test]
fn nobody_delegates_to_themselves_nor_over_units_outside_their_own_division() {
    let reason = |change: fn(&mut GrantTerms)| {
        let mut terms = terms();
        change(&mut terms);
        let actor = official("s", Role::Secretary, Some(terms.grantor.as_str()), VILLAGE);
        give(&actor, &terms).unwrap_err().code().to_owned()
    };
    assert_eq!(reason(|t| t.grantee = t.grantor.clone()), "grant-invalid");
    assert_eq!(reason(|t| t.grantor = unit("village")), "grant-invalid");
    assert_eq!(
        reason(|t| {
            t.grantor = unit("village");
            t.grantee = unit("committee");
        }),
        "grant-invalid"
    );
}

#[test]
fn revoked_authority_is_gone() {
    let world = World::new(&[]);
    let actor = head();
    let ctx = world.ctx(&actor, hour(0));
    let docket = folded(
        &empty(),
        &county(),
        &give(&head(), &terms()).unwrap(),
        hour(0),
    );
    let place = division(VILLAGE);
    let (village, bureau, kind) = (unit("village"), unit("bureau"), code("order"));
    let covered =
        |grants: &[_], at| check(grants, Some(&village), &kind, Some(&bureau), &place, at);
    assert!(covered(&docket.grants, hour(1)).is_ok());
    let events = revoke(&county(), &docket, 1, &ctx).unwrap();
    let docket = folded(&docket, &county(), &events, hour(2));
    assert_eq!(
        covered(&docket.grants, hour(3)).unwrap_err().code(),
        "no-grant"
    );
    assert_eq!(
        revoke(&county(), &docket, 1, &ctx).unwrap_err().code(),
        "grant-invalid"
    );
    assert_eq!(
        revoke(&county(), &docket, 9, &ctx).unwrap_err().code(),
        "not-found"
    );
}

#[test]
fn an_order_without_an_addressee_or_a_unit_is_never_covered() {
    let grants = [granted()];
    let (place, kind, village) = (division(VILLAGE), code("order"), unit("village"));
    assert!(check(&grants, Some(&village), &kind, None, &place, hour(0)).is_err());
    assert!(check(&grants, None, &kind, Some(&unit("bureau")), &place, hour(0)).is_err());
}
