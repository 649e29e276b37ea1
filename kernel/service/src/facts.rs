//! The countable facts of a case, and of a unit's docket, as they stand: pure, so that replay gives the same.

use fengqiao_core::actor::Role;
use fengqiao_core::case::Case;
use fengqiao_core::clock::{Clock, ClockState, names};
use fengqiao_core::command::{FollowUpResult, Relation};
use fengqiao_core::docket::Docket;
use fengqiao_core::ids::{Code, Seq, UnitId};
use fengqiao_core::matter::{Assignment, AssignmentRole, AssignmentState, MatterKind, PartyRole};
use fengqiao_core::proceeding::Proceeding;
use fengqiao_core::profile::Satisfied;
use fengqiao_core::stage::{EndReason, Stage};
use fengqiao_metrics::{
    Asked, CaseAccount, CaseFacts, ClockFact, Closing, FollowUp, Instants, OwnedClock, Procedure,
    Rating, Replied, Reported, Reporter, Settled, StateReached, Turn, UnitAccount, Validity,
};
use jiff::Timestamp;

/// Marks that a receiver ticks, or flags that a rule sets, which are counted.
const LEGACY: &str = "legacy";
const EARLY_SIGN: &str = "early-sign";
const ON_THE_SPOT: &str = "on-the-spot";
const VOLUNTEER: &str = "volunteer";
const ADOPTED: &str = "adopted";

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
        visits: case.matter.visits.max(1),
        attendances: attendances(case),
        amount_fen: case.matter.amount_fen,
        settled: settled(case),
        legacy: marked(case, LEGACY),
        early_sign: marked(case, EARLY_SIGN),
        adopted: marked(case, ADOPTED),
        instants: instants(case),
        turns: turns(case),
        report_clocks: report_clocks(&case.docket),
        total_clock: total_clock(&case.docket),
        closings: closings(case),
        reports: reports(case),
        replies: replies(case),
        ratings: ratings(case),
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
    Instants {
        posted_at: case.source.posted_at,
        detected_at: case.source.detected_at,
        registered_at: case.registered_at,
        accepted_at: case.accepted_at,
        signed_at: signed.filter_map(|part| part.signed_at).min(),
        contacted_at: case.contacted_at,
        arrived_at: case.arrived_at,
        reported_at: None,
        confirmed_at: None,
        replied_at: None,
        ratable_at: askings(&case.docket),
        archived_at: case.trail.archived_at,
        ended_at: case.trail.ended_at,
    }
}

/// The units that led, each with its own contact clock. A unit that works on the same case again after it was closed
/// (重办) goes on with its turn: nobody dispatched it anew.
fn turns(case: &Case) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut before: Option<&Assignment> = None;
    let leads = case.assignments.iter();
    for part in leads.filter(|part| part.role == AssignmentRole::Lead) {
        let again =
            before.is_some_and(|it| it.unit == part.unit && it.state == AssignmentState::Done);
        let let_go_at = let_go(case, part);
        let returned_at = let_go_at.filter(|_| case.trail.returned.contains(&part.id));
        match turns.last_mut().filter(|_| again) {
            Some(turn) => (turn.let_go_at, turn.returned_at) = (let_go_at, returned_at),
            None => turns.push(Turn {
                unit: part.unit.clone(),
                given_at: part.given_at,
                let_go_at,
                returned_at,
                contact_clock: contact(&case.docket, part, let_go_at),
            }),
        }
        before = Some(part);
    }
    turns
}

/// When a lead was let go while the case went on. Whoever had it when it was closed, or ended, keeps it.
fn let_go(case: &Case, part: &Assignment) -> Option<Timestamp> {
    let let_go = matches!(
        part.state,
        AssignmentState::Excused | AssignmentState::Replaced
    );
    let mut released = case.trail.released.iter().filter(|_| let_go);
    released.find(|(id, _)| *id == part.id).map(|(_, at)| *at)
}

/// The contact clock of a turn; of one that was shortened, the shorter.
fn contact(docket: &Docket, part: &Assignment, left_at: Option<Timestamp>) -> Option<ClockFact> {
    let own = |clock: &&Clock| {
        let start = clock.deadline.start;
        let before_it_left = left_at.is_none_or(|left| start < left || start == part.given_at);
        clock.owner.as_ref() == Some(&part.unit) && part.given_at <= start && before_it_left
    };
    let mut all = named(docket, names::CONTACT).filter(own);
    let stands = |clock: &&Clock| !matches!(clock.state, ClockState::Cancelled { .. });
    let clock = all.clone().find(stands).or_else(|| all.next_back());
    clock.and_then(fact)
}

/// The kernel's own clocks of a name, in the order in which they began.
fn named<'a>(
    docket: &'a Docket,
    name: &'static str,
) -> impl DoubleEndedIterator<Item = &'a Clock> + Clone {
    let clocks = docket.clocks.iter();
    clocks.filter(move |clock| clock.name.as_str() == name && clock.proceeding.is_none())
}

/// One that was cancelled went on as another's, or nobody owed it any more.
fn report_clocks(docket: &Docket) -> Vec<OwnedClock> {
    let owed = named(docket, names::REPORT).filter_map(|clock| {
        let fact = fact(clock).filter(|fact| fact.cancelled_at.is_none())?;
        Some(OwnedClock {
            unit: clock.owner.clone(),
            clock: fact,
        })
    });
    owed.collect()
}

/// The last that wasn't cancelled: rework goes on with the first start.
fn total_clock(docket: &Docket) -> Option<ClockFact> {
    let mut stands = named(docket, names::HANDLE_TOTAL)
        .rev()
        .filter(|clock| !matches!(clock.state, ClockState::Cancelled { .. }));
    stands.next().and_then(fact)
}

/// Whenever a rating was waited for, also where it was waived or rework came first.
fn askings(docket: &Docket) -> Vec<Timestamp> {
    let asked = named(docket, names::RATE).map(|clock| clock.deadline.start);
    let mut asked: Vec<Timestamp> = asked.collect();
    asked.sort();
    asked.dedup();
    asked
}

fn reports(case: &Case) -> Vec<Reported> {
    let reports = case.reports.iter();
    let when = |marks: &[(Seq, Timestamp)], id: Seq| {
        let mut all = marks.iter();
        all.find(|(report, _)| *report == id).map(|(_, at)| *at)
    };
    reports
        .map(|report| Reported {
            at: report.at,
            confirmed_at: when(&case.trail.confirmed, report.id),
            taken_back_at: when(&case.trail.sent_back, report.id),
        })
        .collect()
}

fn replies(case: &Case) -> Vec<Replied> {
    let replies = case.replies.iter();
    replies
        .map(|reply| Replied {
            at: reply.at,
            digest: None,
        })
        .collect()
}

/// Those who came; where nobody counted them, those whom it concerns, and somebody came in any case.
fn attendances(case: &Case) -> u32 {
    let came = Some(case.matter.came).filter(|came| *came > 0);
    came.unwrap_or(case.matter.people).max(1)
}

fn ratings(case: &Case) -> Vec<Rating> {
    let ratings = case.trail.ratings.iter();
    ratings
        .map(|(satisfied, at)| Rating {
            at: *at,
            satisfied: rated(*satisfied),
            validity: Validity::Valid,
        })
        .collect()
}

/// A clock that stands still will be due later than it says, and nobody knows when.
fn fact(clock: &Clock) -> Option<ClockFact> {
    let (done_at, cancelled_at) = match &clock.state {
        ClockState::Met { at } => (Some(*at), None),
        ClockState::Breached { done_at, .. } => (*done_at, None),
        ClockState::Running => (None, None),
        ClockState::Cancelled { at } => (None, Some(*at)),
        ClockState::Paused { .. } => return None,
    };
    Some(ClockFact {
        due_at: clock.deadline.due,
        done_at,
        cancelled_at,
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

#[cfg(test)]
mod tests;
