//! Who may attempt what, and within which reach: the one table of roles, checked on every call. What a role may really do to a case is the core's word.

use fengqiao_core::actor::Role;
use fengqiao_core::case::Case;
use fengqiao_core::ids::{DivisionCode, Subject, UnitId};
use fengqiao_core::matter::Protection;
use fengqiao_reference::Reference;
use fengqiao_service::Viewer;
use fengqiao_service::ports::store::{Store, StoreError};

pub(crate) use platforms::check_platform;

use crate::principals::Principal;
use crate::problem::Problem;
use roles::*;

/// Who may use an operation at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody, without a token.
    Anyone,
    /// Anybody with a token.
    Officials,
    /// These roles.
    Roles(&'static [Role]),
    /// These roles; the only operations of whoever signs in for a linked platform.
    Linked(&'static [Role]),
}

/// What a citizen may send with the query code; of a proceeding, the moves that its graph leaves to the requester.
pub(crate) const CITIZEN_COMMANDS: [&str; 6] = [
    "rate",
    "withdraw",
    "attach",
    "protect",
    "open-proceeding",
    "move-proceeding",
];

/// Who may use an operation; one that isn't in the table is closed to everybody.
pub(crate) fn operation(name: &str) -> Access {
    match name {
        "healthz" | "readyz" | "metrics" | "openapi" | "page" | "read-time" => Access::Anyone,
        "register-case" | "query-case" | "command-by-query" => Access::Anyone,
        "list-divisions" | "read-division" | "list-units" | "read-unit" => Access::Anyone,
        // Only there in a demonstration, which only listens on loopback.
        "read-demo-clock" | "move-demo-clock" => Access::Anyone,
        "read-rules" | "list-plugins" | "list-bindings" => Access::Officials,
        "command-case" => Access::Roles(SENDERS),
        "list-cases" | "read-case" | "read-timeline" | "read-clocks" => Access::Roles(READERS),
        "read-alike" => Access::Roles(READERS),
        "receive-message" | "receive-batch" => Access::Roles(DOORS),
        "list-messages" | "read-message" => Access::Roles(MESSAGE_READERS),
        "register-message" | "dismiss-message" => Access::Roles(MESSAGE_READERS),
        "read-message-again" | "read-channel-again" => Access::Roles(MESSAGE_READERS),
        "read-linked-outbox" | "acknowledge-linked" => Access::Linked(PLATFORMS),
        "take-linked-statuses" | "put-linked-open" => Access::Linked(PLATFORMS),
        "reconcile-linked" => Access::Linked(RECONCILERS),
        "read-unit-docket" | "read-division-docket" | "read-desk" | "list-gathered-cases" => {
            Access::Roles(READERS)
        }
        "seal-dossier" => Access::Roles(&[Role::Dispatcher]),
        "read-dossier" | "read-dossier-page" => Access::Roles(WHOLE_VIEW),
        "read-consultations" | "read-refusals" => Access::Roles(CHECKERS),
        "command-unit" | "command-division" => Access::Roles(DECIDERS),
        "put-divisions" | "put-units" | "put-catalogue" | "put-calendar" => Access::Roles(KEEPERS),
        "put-register" => Access::Roles(KEEPERS),
        "book-room" | "cancel-booking" => Access::Roles(DECIDERS),
        "list-bookings" => Access::Officials,
        "near-stations" => Access::Anyone,
        "near-register" => Access::Roles(MATCHERS),
        "list-register" | "read-edition" | "station-gaps" => Access::Officials,
        "upload-plugin" | "put-bindings" => Access::Roles(KEEPERS),
        "read-figures" | "read-lineage" | "read-watch" | "read-elapsed" => Access::Roles(FIGURES),
        "read-suggestions" => Access::Roles(FIGURES),
        "read-counting-rules" | "list-appeals" | "list-bulletins" => Access::Roles(FIGURES),
        "list-assessments" | "read-assessment" => Access::Roles(FIGURES),
        "ask-appeal" | "acknowledge-bulletin" => Access::Roles(ASSESSED),
        "decide-appeal" | "issue-bulletin" => Access::Roles(ASSESSORS),
        "draft-assessment" | "publish-assessment" => Access::Roles(ASSESSORS),
        "put-counting-rules" | "import-cases" => Access::Roles(KEEPERS),
        _ => Access::Roles(NOBODY),
    }
}

/// Whether an operation is asked by machines that watch the process, or by the tools of a demonstration: not counted.
pub(crate) fn is_for_machines(operation: &str) -> bool {
    matches!(
        operation,
        "healthz" | "readyz" | "metrics" | "read-demo-clock" | "move-demo-clock"
    )
}

/// Which roles may attempt a command.
pub(crate) fn command(name: &str) -> &'static [Role] {
    match name {
        "register" => CHANNELS,
        "rate" | "withdraw" | "attach" | "protect" => CITIZENS_WORD,
        "accept" | "decline" | "refer" | "dispatch" | "assign" | "release" | "sign" | "object"
        | "rule" | "contact" | "arrive" | "progress" | "extend" | "suspend" | "resume"
        | "report" | "send-back" | "reply" | "follow-up" | "close" | "rework" | "archive"
        | "terminate" | "merge" | "unmerge" | "split" | "link" | "hand-up" | "hand-down"
        | "hand-over" | "transfer" | "urge" | "instruct" | "answer" | "recuse" | "waive" => {
            CASEWORK
        }
        "decide" | "finish-task" | "open-proceeding" | "move-proceeding" | "grant"
        | "revoke-grant" | "book" | "cancel-booking" => DECIDERS,
        "migrate" | "set-allowance" => &[Role::SystemAdmin],
        "flag" => FLAGGERS,
        "ask-approval" | "start-clock" | "stop-clock" | "notify" | "raise-task" | "breach"
        | "mirror" | "recompute" => NOBODY,
        // Sealed through an operation of its own, so that nobody writes a dossier themselves.
        "seal" => NOBODY,
        _ => NOBODY,
    }
}

/// Whether a sender may use an operation.
pub(crate) fn check_operation(access: Access, sender: Option<&Principal>) -> Result<(), Problem> {
    let is_platform = sender.is_some_and(|principal| principal.platform.is_some());
    match (access, sender) {
        (Access::Anyone, _) => Ok(()),
        (_, None) => Err(Problem::unauthenticated()),
        (Access::Officials | Access::Roles(_), Some(_)) if is_platform => {
            Err(Problem::role_forbidden())
        }
        (Access::Officials, Some(_)) => Ok(()),
        (Access::Roles(roles) | Access::Linked(roles), Some(principal))
            if roles.contains(&principal.role) =>
        {
            Ok(())
        }
        (Access::Roles(_) | Access::Linked(_), Some(_)) => Err(Problem::role_forbidden()),
    }
}

/// Whether a principal may attempt a command.
pub(crate) fn check_command(name: &str, principal: &Principal) -> Result<(), Problem> {
    if command(name).contains(&principal.role) {
        Ok(())
    } else {
        Err(Problem::not_yours(name))
    }
}

/// Who works with the people on care lists.
const CARERS: &[Role] = &[
    Role::GridOfficer,
    Role::Dispatcher,
    Role::Secretary,
    Role::Supervisor,
    Role::Publisher,
    Role::SystemAdmin,
];

/// Whether a register lists people who must not be known to be on it.
pub(crate) fn is_sensitive(register: &str) -> bool {
    register == "care"
}

/// Whether a principal may look into a register.
pub(crate) fn check_register(register: &str, principal: &Principal) -> Result<(), Problem> {
    if is_sensitive(register) && !CARERS.contains(&principal.role) {
        return Err(Problem::role_forbidden());
    }
    Ok(())
}

/// Whether a principal's work needs the names and phones of their own division's registers.
pub(crate) fn reads_people(principal: &Principal) -> bool {
    CASEWORK.contains(&principal.role) || KEEPERS.contains(&principal.role)
}

/// Whether a division lies within a principal's.
pub(crate) fn check_division(
    division: &DivisionCode,
    principal: &Principal,
) -> Result<(), Problem> {
    if principal.division.contains(division) {
        Ok(())
    } else {
        Err(Problem::out_of_scope("该区划").with("division", division.as_str()))
    }
}

/// Whether a unit is the principal's own or below it, or, for a role without a unit, in the principal's division.
pub(crate) fn check_unit(
    unit: &UnitId,
    principal: &Principal,
    reference: &Reference,
) -> Result<(), Problem> {
    let Some(facts) = reference.units().get(unit) else {
        return Err(Problem::no_such("unit", unit.as_str()));
    };
    let within = match own_unit(principal) {
        Some(own) => own == unit || reference.units().is_above(own, unit),
        None => principal.division.contains(&facts.division),
    };
    if within {
        Ok(())
    } else {
        Err(Problem::out_of_scope("该单位").with("unit", unit.as_str()))
    }
}

/// Whether a principal may see a case. Whoever is accused in it is told that there is no such case.
pub(crate) fn check_case(
    case: &Case,
    principal: &Principal,
    reference: &Reference,
) -> Result<(), Problem> {
    if accused(case, principal) {
        return Err(Problem::no_such("case", case.id.as_str()));
    }
    if reaches(case, principal, reference) {
        Ok(())
    } else {
        Err(Problem::out_of_scope("该案件"))
    }
}

/// Whether a case accuses a principal, or their unit.
pub(crate) fn accused(case: &Case, principal: &Principal) -> bool {
    let unit = principal.unit.as_ref();
    case.accuses(&principal.name) || unit.is_some_and(|unit| accuses(case, unit))
}

fn accuses(case: &Case, unit: &UnitId) -> bool {
    let accused = fengqiao_core::matter::PartyRole::Accused;
    case.parties
        .iter()
        .any(|party| party.role == accused && party.unit.as_ref() == Some(unit))
}

/// Whether a case is the principal's concern: by its place or division, or by a part of their unit or one below it.
fn reaches(case: &Case, principal: &Principal, reference: &Reference) -> bool {
    (!handles(principal.role) && in_territory(case, principal))
        || concerned_unit(case, principal, reference).is_some()
}

fn in_territory(case: &Case, principal: &Principal) -> bool {
    principal.division.contains(&case.division) || principal.division.contains(&case.matter.place)
}

/// The unit through which a case concerns a principal: their own, or for leaders one below it.
fn concerned_unit<'a>(
    case: &'a Case,
    principal: &Principal,
    reference: &Reference,
) -> Option<&'a UnitId> {
    let own = principal.unit.as_ref()?;
    let leads = matches!(principal.role, Role::UnitHead | Role::Secretary);
    let below = |unit: &&UnitId| leads && reference.units().is_above(own, unit);
    involved(case)
        .find(|unit| *unit == own)
        .or_else(|| involved(case).find(below))
}

/// Whether a principal sees a case whole, its reporter included where that is guarded.
pub(crate) fn sees_whole(case: &Case, principal: &Principal, reference: &Reference) -> bool {
    let open = case.protection == Protection::Open;
    check_case(case, principal, reference).is_ok()
        && (open || WHOLE_VIEW.contains(&principal.role))
        && matches!(
            viewer(case, principal, reference),
            Some(Viewer::Supervisor(_))
        )
}

/// As what a principal looks at a case: the hub, leaders and supervision in their territory at all of it; whoever
/// else has a part through a unit as a handler does; and others in their territory only where nobody is guarded.
pub(crate) fn viewer(case: &Case, principal: &Principal, reference: &Reference) -> Option<Viewer> {
    let territory = in_territory(case, principal);
    if territory && WHOLE_VIEW.contains(&principal.role) {
        return Some(Viewer::Supervisor(principal.actor()));
    }
    if let Some(unit) = concerned_unit(case, principal, reference) {
        let principal = principal.name.clone();
        return Some(Viewer::Handler {
            unit: unit.clone(),
            principal,
        });
    }
    let open = case.protection == Protection::Open;
    (territory && open && !handles(principal.role)).then(|| Viewer::Supervisor(principal.actor()))
}

/// Every unit that has, or had, something to do with a case.
fn involved(case: &Case) -> impl Iterator<Item = &UnitId> {
    let assigned = case.assignments.iter().map(|assignment| &assignment.unit);
    let proceedings = case
        .docket
        .proceedings
        .iter()
        .flat_map(|p| p.issuer.iter().chain(&p.addressee));
    let clocks = case
        .docket
        .clocks
        .iter()
        .filter_map(|clock| clock.owner.as_ref());
    assigned
        .chain(case.source.first_receiver.iter())
        .chain(proceedings)
        .chain(clocks)
}

/// The unit that a principal's reach is made of: only for roles that belong to one.
fn own_unit(principal: &Principal) -> Option<&UnitId> {
    principal.unit.as_ref().filter(|_| handles(principal.role))
}

/// Whether a role belongs to a unit: it reaches what its unit is concerned with, and sees a case as a handler does.
pub(crate) fn handles(role: Role) -> bool {
    matches!(role, Role::UnitHandler | Role::UnitHead)
}

/// Whether a row of a desk is within a principal's reach.
pub(crate) async fn sees_subject(
    store: &impl Store,
    subject: &Subject,
    principal: &Principal,
    reference: &Reference,
) -> Result<bool, StoreError> {
    Ok(match subject {
        Subject::Case(id) => {
            let case = store.case(id).await?;
            case.is_some_and(|case| check_case(&case, principal, reference).is_ok())
        }
        Subject::Unit(unit) => check_unit(unit, principal, reference).is_ok(),
        Subject::Division(division) => principal.division.contains(division),
    })
}

mod platforms;
mod roles;
#[cfg(test)]
mod tests;
