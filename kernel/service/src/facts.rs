//! The countable facts of a case, and of a unit's docket, as they stand: pure, so that replay gives the same.

use fengqiao_core::actor::Role;
use fengqiao_core::case::Case;
use fengqiao_core::clock::{Clock, ClockState, names};
use fengqiao_core::command::{FollowUpResult, Relation};
use fengqiao_core::docket::Docket;
use fengqiao_core::ids::{Code, UnitId};
use fengqiao_core::matter::{Assignment, AssignmentRole, AssignmentState, MatterKind, PartyRole};
use fengqiao_core::proceeding::Proceeding;
use fengqiao_core::profile::Satisfied;
use fengqiao_core::stage::{EndReason, Stage};
use fengqiao_metrics::{
    Asked, CaseAccount, CaseFacts, ClockFact, Closing, FollowUp, Instants, Procedure, Rating,
    Reporter, Settled, StateReached, Turn, UnitAccount, Validity,
};

/// Marks that a receiver ticks, or flags that a rule sets, which are counted.
const LEGACY: &str = "legacy";
const EARLY_SIGN: &str = "early-sign";
const ON_THE_SPOT: &str = "on-the-spot";
const VOLUNTEER: &str = "volunteer";

/// A case's facts, with its procedures as they went.
pub fn of_case(case: &Case) -> CaseAccount {
    let facts = CaseFacts {
        case: case.id.clone(),
        kind: Code::word(kind(case.matter.kind)),
        category: case.matter.category.clone(),
        theme: None,
        place: case.matter.place.clone(),
        channel: case.source.channel.clone(),
        reporter: reporter(case),
        received_by: case.source.first_receiver.clone(),
        visits: 1,
        attendances: case.matter.people.max(1),
        amount_fen: case.matter.amount_fen,
        settled: settled(case),
        legacy: marked(case, LEGACY),
        early_sign: marked(case, EARLY_SIGN),
        instants: instants(case),
        turns: turns(case),
        report_clock: clock(case, names::REPORT),
        total_clock: clock(case, names::HANDLE_TOTAL),
        closings: closings(case),
        rating: case.trail.rated.map(|(satisfied, at)| Rating {
            at,
            satisfied: rated(satisfied),
            validity: Validity::Valid,
        }),
        follow_ups: follow_ups(case),
        reply_digest: None,
        repeats: case
            .links
            .iter()
            .find_map(|(to, relation)| (*relation == Relation::Repeats).then(|| to.clone())),
        merged_into: case.merged.as_ref().map(|merging| merging.into.clone()),
        mediations: Vec::new(),
        orders: Vec::new(),
        proceedings: kinds(&case.docket),
    };
    CaseAccount {
        facts,
        procedures: procedures(&case.docket),
    }
}

/// A unit's docket, as far as it is counted.
pub fn of_unit(unit: &UnitId, docket: &Docket) -> UnitAccount {
    UnitAccount {
        unit: unit.clone(),
        procedures: procedures(docket),
    }
}

fn kind(kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::Complaint => "complaint",
        MatterKind::Suggestion => "suggestion",
        MatterKind::Consultation => "consultation",
        MatterKind::Report => "report",
        MatterKind::Dispute => "dispute",
        MatterKind::Petition => "petition",
    }
}

fn marked(case: &Case, mark: &str) -> bool {
    let mut all = case.matter.marks.iter().chain(&case.flags);
    all.any(|it| it.as_str() == mark)
}

/// What a unit hands in about itself is the unit's; what a grid officer saw is theirs, unless somebody told them.
fn reporter(case: &Case) -> Reporter {
    let mut reporters = case
        .parties
        .iter()
        .filter(|it| it.role == PartyRole::Reporter);
    let first = reporters.next();
    if first.is_some_and(|reporter| reporter.unit.is_some()) {
        Reporter::Unit
    } else if marked(case, VOLUNTEER) {
        Reporter::Volunteer
    } else if case.trail.registered_as == Some(Role::GridOfficer)
        && first.is_none_or(|reporter| reporter.person.is_none())
    {
        Reporter::GridOfficer
    } else {
        Reporter::Citizen
    }
}

fn settled(case: &Case) -> Settled {
    match &case.stage {
        Stage::Ended {
            reason: EndReason::Referred { .. },
        } => Settled::Elsewhere,
        _ if marked(case, ON_THE_SPOT) => Settled::OnTheSpot,
        _ => Settled::Dispatched,
    }
}

fn instants(case: &Case) -> Instants {
    let signed = case
        .assignments
        .iter()
        .filter(|part| part.role == AssignmentRole::Lead);
    let standing = case.reports.iter().rev().find(|report| !report.sent_back);
    let ratable = find(&case.docket, names::RATE).map(|clock| clock.deadline.start);
    Instants {
        posted_at: case.source.posted_at,
        detected_at: case.source.detected_at,
        registered_at: case.registered_at,
        accepted_at: case.accepted_at,
        signed_at: signed.filter_map(|part| part.signed_at).min(),
        contacted_at: case.contacted_at,
        arrived_at: case.arrived_at,
        reported_at: standing.map(|report| report.at),
        confirmed_at: None,
        replied_at: case.replies.last().map(|reply| reply.at),
        ratable_at: ratable,
        archived_at: case.trail.archived_at,
        ended_at: case.trail.ended_at,
    }
}

/// The units that led, each with its own contact clock.
fn turns(case: &Case) -> Vec<Turn> {
    let leads = case
        .assignments
        .iter()
        .filter(|part| part.role == AssignmentRole::Lead);
    leads
        .map(|part| Turn {
            unit: part.unit.clone(),
            given_at: part.given_at,
            returned_at: returned(case, part),
            contact_clock: contact(case, part),
        })
        .collect()
}

/// When a lead was let go without having done its part.
fn returned(case: &Case, part: &Assignment) -> Option<jiff::Timestamp> {
    let let_go = matches!(
        part.state,
        AssignmentState::Excused | AssignmentState::Replaced
    );
    let mut released = case.trail.released.iter().filter(|_| let_go);
    released.find(|(id, _)| *id == part.id).map(|(_, at)| *at)
}

fn contact(case: &Case, part: &Assignment) -> Option<ClockFact> {
    let clocks = case.docket.clocks.iter();
    let mut own = clocks.filter(|clock| {
        clock.name.as_str() == names::CONTACT
            && clock.proceeding.is_none()
            && clock.owner.as_ref() == Some(&part.unit)
            && clock.deadline.start >= part.given_at
    });
    own.next().and_then(fact)
}

/// The last of a name that wasn't cancelled.
fn find<'a>(docket: &'a Docket, name: &str) -> Option<&'a Clock> {
    docket.clocks.iter().rev().find(|clock| {
        clock.name.as_str() == name
            && clock.proceeding.is_none()
            && !matches!(clock.state, ClockState::Cancelled { .. })
    })
}

fn clock(case: &Case, name: &str) -> Option<ClockFact> {
    find(&case.docket, name).and_then(fact)
}

fn fact(clock: &Clock) -> Option<ClockFact> {
    let done_at = match &clock.state {
        ClockState::Met { at } => Some(*at),
        ClockState::Breached { done_at, .. } => *done_at,
        ClockState::Running | ClockState::Paused { .. } => None,
        ClockState::Cancelled { .. } => return None,
    };
    Some(ClockFact {
        due_at: clock.deadline.due,
        done_at,
    })
}

fn closings(case: &Case) -> Vec<Closing> {
    let marks = case.trail.closings.iter();
    marks
        .map(|mark| Closing {
            at: mark.at,
            division: mark.division.clone(),
            taken_back_at: mark.taken_back_at,
        })
        .collect()
}

fn follow_ups(case: &Case) -> Vec<FollowUp> {
    let marks = case.trail.follow_ups.iter();
    marks
        .map(|mark| FollowUp {
            at: mark.at,
            by: mark.by.clone(),
            result: match mark.result {
                FollowUpResult::Solved => Asked::Solved,
                FollowUpResult::Unsolved => Asked::Unsolved,
                FollowUpResult::Unreached => Asked::Unreached,
            },
        })
        .collect()
}

fn rated(satisfied: Satisfied) -> fengqiao_metrics::Satisfied {
    match satisfied {
        Satisfied::Yes => fengqiao_metrics::Satisfied::Yes,
        Satisfied::Basically => fengqiao_metrics::Satisfied::Basically,
        Satisfied::No => fengqiao_metrics::Satisfied::No,
    }
}

fn kinds(docket: &Docket) -> Vec<Code> {
    let mut kinds: Vec<Code> = Vec::new();
    for proceeding in &docket.proceedings {
        if !kinds.contains(&proceeding.kind) {
            kinds.push(proceeding.kind.clone());
        }
    }
    kinds
}

fn procedures(docket: &Docket) -> Vec<Procedure> {
    let all = docket.proceedings.iter();
    all.map(|proceeding| procedure(proceeding, docket))
        .collect()
}

fn procedure(proceeding: &Proceeding, docket: &Docket) -> Procedure {
    let due_at = |at| {
        let mut clocks = docket.clocks.iter();
        let clock = clocks
            .find(|clock| clock.proceeding == Some(proceeding.id) && clock.deadline.start == at);
        clock.map(|clock| clock.deadline.due)
    };
    let steps = proceeding.history.iter().map(|moved| StateReached {
        state: moved.to.clone(),
        at: moved.at,
        due_at: due_at(moved.at),
    });
    Procedure {
        kind: proceeding.kind.clone(),
        issuer: proceeding.issuer.clone(),
        addressee: proceeding.addressee.clone(),
        about: proceeding.about.clone(),
        steps: steps.collect(),
    }
}
