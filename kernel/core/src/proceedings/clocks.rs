//! The clocks of a proceeding's states: started on entry, met or done late on leaving.

use jiff::Timestamp;

use super::Scene;
use super::parts::Parts;
use crate::clock::{Clock, ClockRule, ClockState, Mark};
use crate::context::Context;
use crate::docket::Docket;
use crate::event::Event;
use crate::ids::Seq;
use crate::proceeding::State;
use crate::refusal::Refusal;

/// The clock of the state that a proceeding is in; earlier states' clocks are never touched again.
pub(super) fn current<'a>(docket: &'a Docket, proceeding: Seq, state: &State) -> Option<&'a Clock> {
    let declared = state.clock.as_ref()?;
    docket
        .clocks
        .iter()
        .rfind(|clock| clock.proceeding == Some(proceeding))
        .filter(|clock| clock.name == declared.name)
}

/// Starts the clock that a state declares, if it does; its owner is the state's, as far as that is a unit.
///
/// Where the kernel's law has a row of the same name, the earlier end of the two holds: a local graph can't
/// lengthen what the law limits.
pub(super) fn start(
    state: &State,
    proceeding: Seq,
    parts: &Parts<'_>,
    id: Seq,
    scene: &Scene,
    ctx: &Context<'_>,
) -> Result<Option<Event>, Refusal> {
    let Some(declared) = &state.clock else {
        return Ok(None);
    };
    let mut shortest: Option<Clock> = None;
    for rule in std::iter::once(declared).chain(law_rows(declared, ctx)) {
        let deadline = ctx
            .calendar
            .deadline(ctx.now, rule.spec, rule.roll)
            .map_err(|error| Refusal::Clock {
                reason: error.to_string(),
            })?;
        if shortest
            .as_ref()
            .is_none_or(|c| deadline.due < c.deadline.due)
        {
            shortest = Some(Clock {
                id,
                name: declared.name.clone(),
                owner: parts.unit(state.owner, scene).cloned(),
                proceeding: Some(proceeding),
                deadline,
                rule: rule.clone(),
                state: ClockState::Running,
                extensions: 0,
                started_by: None,
            });
        }
    }
    Ok(shortest.map(|clock| Event::ClockStarted {
        clock: Box::new(clock),
    }))
}

/// What leaving a state does to its clock: it is met in time, or done late after a breach at its nominal time.
///
/// The move that the state names for a breach is the opposite of what the clock waits for: made by a person in time
/// it cancels the clock, and after a breach it leaves it breached.
pub(super) fn leave(clock: &Clock, by_breach_move: bool, now: Timestamp) -> Vec<Event> {
    let id = clock.id;
    match clock.state {
        ClockState::Running if clock.deadline.is_breached(now) => vec![
            Event::ClockBreached {
                clock: id,
                at: clock.deadline.due,
            },
            Event::ClockDoneLate { clock: id },
        ],
        ClockState::Running | ClockState::Paused { .. } if by_breach_move => {
            vec![Event::ClockCancelled { clock: id }]
        }
        ClockState::Running | ClockState::Paused { .. } => vec![Event::ClockMet { clock: id }],
        ClockState::Breached { done_at: None, .. } if !by_breach_move => {
            vec![Event::ClockDoneLate { clock: id }]
        }
        ClockState::Breached { .. } | ClockState::Met { .. } | ClockState::Cancelled { .. } => {
            Vec::new()
        }
    }
}

fn law_rows<'a>(declared: &'a ClockRule, ctx: &Context<'a>) -> impl Iterator<Item = &'a ClockRule> {
    ctx.rules
        .clocks
        .iter()
        .filter(|placed| placed.division.is_none())
        .map(|placed| &placed.rule)
        .filter(|rule| {
            rule.provenance.mark == Mark::L
                && rule.name == declared.name
                && rule.kinds.is_empty()
                && rule.categories.is_empty()
        })
}
