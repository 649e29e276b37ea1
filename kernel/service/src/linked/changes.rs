//! What of a commit a linked platform is told: its units' parts, and what happens to them.

use fengqiao_core::case::Case;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::ids::{CaseId, Code, Seq, UnitId};
use fengqiao_core::matter::{Assignment, AssignmentRole, AssignmentState};
use fengqiao_core::stage::StageName;
use fengqiao_reference::Reference;

use crate::ports::store::{After, LinkedChange, LinkedOrder, Write};

/// In the order in which it happened; what follows from a part's being given isn't told beside it.
pub(crate) fn changes(writes: &[Write], reference: &Reference) -> Vec<(LinkedOrder, LinkedChange)> {
    let mut told: Vec<(LinkedOrder, LinkedChange)> = Vec::new();
    for write in writes {
        let After::Case(case) = &write.after else {
            continue;
        };
        for recorded in &write.events {
            for (part, change) in concerned(case, recorded) {
                let Some(order) = order(&case.id, part, reference) else {
                    continue;
                };
                if !is_said(&told, &order, change) {
                    told.push((order, change));
                }
            }
        }
    }
    told
}

/// Whether it follows from what the platform is told anyway: a clock that starts with a part, a part that is done because
/// the case is over.
fn is_said(
    told: &[(LinkedOrder, LinkedChange)],
    order: &LinkedOrder,
    change: LinkedChange,
) -> bool {
    let is_end = matches!(
        change,
        LinkedChange::Done | LinkedChange::TakenBack | LinkedChange::Closed
    );
    let mut said = told.iter().filter(|(own, _)| own == order);
    said.any(|(_, said)| match said {
        LinkedChange::Closed => true,
        LinkedChange::Given => !is_end,
        said => *said == change,
    })
}

fn order(case: &CaseId, part: &Assignment, reference: &Reference) -> Option<LinkedOrder> {
    let platform = Code::parse(reference.platform_of(&part.unit)?).ok()?;
    Some(LinkedOrder {
        platform,
        number: Code::parse(&format!("{case}/{}", part.id)).ok()?,
        case: case.clone(),
        assignment: part.id,
        unit: part.unit.clone(),
    })
}

/// The parts that an event is about, and what it means for them. A clock that a unit started by its own act isn't told it.
fn concerned<'a>(case: &'a Case, recorded: &Recorded) -> Vec<(&'a Assignment, LinkedChange)> {
    let parts = |is: &dyn Fn(&Assignment) -> bool, change: LinkedChange| {
        let parts = case.assignments.iter();
        parts
            .filter(|part| is(part))
            .map(|part| (part, change))
            .collect()
    };
    let is_active = |part: &Assignment| part.state == AssignmentState::Active;
    let is_lead = |part: &Assignment| is_active(part) && part.role == AssignmentRole::Lead;
    let by_number = |id: Seq| move |part: &Assignment| part.id == id;
    let owned = |owner: Option<&UnitId>| {
        let owner = owner.cloned();
        parts(
            &move |part| is_active(part) && Some(&part.unit) == owner.as_ref(),
            LinkedChange::DeadlineMoved,
        )
    };
    match &recorded.event {
        Event::Assigned { assignment } => parts(&by_number(assignment.id), LinkedChange::Given),
        Event::Released {
            assignment, state, ..
        } => {
            let change = match state {
                AssignmentState::Done => LinkedChange::Done,
                AssignmentState::Active | AssignmentState::Excused | AssignmentState::Replaced => {
                    LinkedChange::TakenBack
                }
            };
            parts(&by_number(*assignment), change)
        }
        Event::Urged {
            unit: Some(unit), ..
        } => parts(
            &|part| is_active(part) && part.unit == *unit,
            LinkedChange::Urged,
        ),
        Event::Instructed { .. } => parts(&is_lead, LinkedChange::Instructed),
        Event::SentBack { .. } => parts(&is_lead, LinkedChange::SentBack),
        Event::Reworked { .. } => parts(&is_lead, LinkedChange::Reworked),
        Event::Suspended { .. } => parts(&is_active, LinkedChange::Suspended),
        Event::Resumed {} => parts(&is_active, LinkedChange::Resumed),
        Event::ClockStarted { clock } if recorded.actor.unit() != clock.owner.as_ref() => {
            owned(clock.owner.as_ref())
        }
        Event::ClockExtended { clock, .. } | Event::ClockRecomputed { clock, .. } => {
            let clock = case.docket.clocks.iter().find(|own| own.id == *clock);
            owned(clock.and_then(|clock| clock.owner.as_ref()))
        }
        Event::StageMoved { to } if matches!(to.name(), StageName::Closed | StageName::Ended) => {
            parts(
                &|part| matches!(part.state, AssignmentState::Active | AssignmentState::Done),
                LinkedChange::Closed,
            )
        }
        _ => Vec::new(),
    }
}
