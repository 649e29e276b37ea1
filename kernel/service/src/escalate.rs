//! Who is called on when a matter escalates: the sponsors of a unit, and the first-responsible people of a unit and a division.

use std::collections::BTreeSet;

use fengqiao_core::case::Case;
use fengqiao_core::command::Recipient;
use fengqiao_core::decision::{Call, Effect};
use fengqiao_core::event::{Direction, Event, Recorded};
use fengqiao_core::ids::{Code, DivisionCode, Subject, UnitId};
use fengqiao_core::matter::AssignmentRole;
use fengqiao_reference::{Entry, Reference};

use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::work::Work;
use crate::world::World;

/// How often a case was urged before those responsible are called on.
const URGES_BEFORE: u32 = 1;

/// One escalation: what it is, by the word of the profile, and whose it is.
struct Escalation {
    subject: Subject,
    word: String,
    notice: Code,
    clock: Option<Code>,
    unit: Option<UnitId>,
    division: Option<DivisionCode>,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Adds a notice for everybody whom the events of this commit call on.
    pub(crate) async fn escalate(&self, world: &World, work: &mut Work) -> Result<(), StoreError> {
        if world.reference.registers().get("sponsors").is_none() {
            return Ok(());
        }
        let escalations: Vec<Escalation> = work
            .events()
            .iter()
            .filter_map(|recorded| escalation(recorded, work))
            .collect();
        for one in escalations {
            let set = self.set_of(world, &one.subject, work).await?;
            if !set.rules.escalates(&one.word) {
                continue;
            }
            let bars = |unit: &UnitId| match &one.subject {
                Subject::Case(id) => work.case(id).is_some_and(|case| case.bars(unit)),
                Subject::Unit(_) | Subject::Division(_) => false,
            };
            let called = called_on(&one, &world.reference);
            let called: Vec<_> = called.into_iter().filter(|(_, unit)| !bars(unit)).collect();
            for (post, unit) in called {
                let clock = one.clock.clone();
                work.tell(Effect {
                    subject: one.subject.clone(),
                    to: Recipient::Unit(unit),
                    notice: one.notice.clone(),
                    call: Some(Call { post, clock }),
                });
            }
        }
        Ok(())
    }
}

fn escalation(recorded: &Recorded, work: &Work) -> Option<Escalation> {
    let case: Option<&Case> = match &recorded.subject {
        Subject::Case(id) => work.case(id).map(AsRef::as_ref),
        Subject::Unit(_) | Subject::Division(_) => None,
    };
    let lead = case.and_then(|case| case.stage.lead().cloned());
    let division = case.map(|case| case.division.clone());
    let of = |word: &str, notice, clock, unit, division| Escalation {
        subject: recorded.subject.clone(),
        word: word.to_owned(),
        notice: Code::word(notice),
        clock,
        unit,
        division,
    };
    match &recorded.event {
        Event::ClockBreached { clock, .. } => {
            let clock = case?.docket.clocks.iter().find(|own| own.id == *clock)?;
            let (word, name) = (format!("breach.{}", clock.name), Some(clock.name.clone()));
            let unit = clock.owner.clone().or(lead);
            Some(of(&word, "escalated.breach", name, unit, division))
        }
        Event::LevelMoved {
            from,
            direction: Direction::Up,
            ..
        } => {
            let unit = released(case?, &recorded.subject, work);
            let from = Some(from.clone());
            Some(of("hand-up", "escalated.hand-up", None, unit, from))
        }
        Event::Urged { .. } if case?.urges > URGES_BEFORE => {
            Some(of("urge", "escalated.urge", None, lead, division))
        }
        Event::ProceedingOpened { proceeding } => {
            let own = match &recorded.subject {
                Subject::Unit(unit) => Some(unit.clone()),
                Subject::Case(_) | Subject::Division(_) => None,
            };
            let unit = own.or_else(|| proceeding.addressee.clone())?;
            let notice = "escalated.proceeding";
            Some(of("proceeding", notice, None, Some(unit), division))
        }
        _ => None,
    }
}

/// The lead that this commit let go.
fn released(case: &Case, subject: &Subject, work: &Work) -> Option<UnitId> {
    let of_case = |recorded: &&Recorded| recorded.subject == *subject;
    work.events()
        .iter()
        .filter(of_case)
        .find_map(|recorded| match &recorded.event {
            Event::Released { assignment, .. } => case
                .assignments
                .iter()
                .find(|own| own.id == *assignment && own.role == AssignmentRole::Lead)
                .map(|own| own.unit.clone()),
            _ => None,
        })
}

/// The posts that are responsible, each once, with the unit that each belongs to.
fn called_on(escalation: &Escalation, reference: &Reference) -> BTreeSet<(String, UnitId)> {
    let registers = reference.registers();
    let (Some(sponsors), Some(posts)) = (registers.get("sponsors"), registers.get("posts")) else {
        return BTreeSet::new();
    };
    let is_responsible = |row: &Entry<'_>| {
        let unit = escalation.unit.as_ref().map(UnitId::as_str);
        let place = escalation.division.as_ref().map(DivisionCode::as_str);
        let of_unit = unit.is_some() && row.get("unit") == unit;
        let of_place =
            row.get("kind") == Some("first-responsible") && place == Some(row.division());
        of_unit || of_place
    };
    let named = sponsors.iter().filter(is_responsible);
    let named = named.filter_map(|row| posts.get(row.get("post")?));
    named
        .filter_map(|post| Some((post.id().to_owned(), post.get("unit")?.parse().ok()?)))
        .collect()
}
