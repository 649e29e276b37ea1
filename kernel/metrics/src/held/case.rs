//! The countable facts of a case as a whole.

use fengqiao_core::ids::Level;
use jiff::Timestamp;

use crate::countable::Countable as C;
use crate::countable::Countables;
use crate::facts::{CaseFacts, ClockFact, Closing, Reporter, Settled, Standing};
use crate::window::Period;

pub(super) fn held(case: &CaseFacts, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    let closing = case.closed_as_of(period.as_of);
    if period.covers(case.instants.registered_at) {
        registered(case, period, &mut held);
    }
    if period.has(case.instants.accepted_at) {
        accepted(case, closing, &mut held);
    }
    let before = case.instants.accepted_at.filter(|at| *at <= period.as_of);
    held.put(
        C::AcceptedBefore,
        before.is_some_and(|at| period.before.contains(at)),
    );
    if let Some(closing) = closing.filter(|closing| period.covers(closing.at)) {
        closed(case, closing, period, &mut held);
    }
    let taken_back = case.closings.iter().any(|it| period.has(it.taken_back_at));
    held.put(C::Reworked, taken_back);
    if let Some(clock) = &case.total_clock {
        due(case, clock, closing, period, &mut held);
    }
    held
}

fn registered(case: &CaseFacts, period: &Period, held: &mut Countables) {
    held.put(C::Registered, true);
    held.put(
        match case.standing_as_of(period.as_of) {
            Standing::Open => C::Open,
            Standing::Closed => C::RegisteredClosed,
            Standing::Ended => C::RegisteredEnded,
        },
        true,
    );
    held.put(
        match case.reporter {
            Reporter::Citizen => C::FromCitizens,
            Reporter::GridOfficer => C::FromGridOfficers,
            Reporter::Volunteer => C::FromVolunteers,
            Reporter::Unit => C::FromUnits,
        },
        true,
    );
    held.put(C::Merged, case.merged_into.is_some());
    let elsewhere = case.settled == Settled::Elsewhere;
    let known = case.instants.ended_at.is_none_or(|at| at <= period.as_of);
    held.put(C::DirectedElsewhere, elsewhere && known);
}

fn accepted(case: &CaseFacts, closing: Option<&Closing>, held: &mut Countables) {
    held.put(C::Accepted, true);
    held.put(C::AcceptedClosed, closing.is_some());
    held.put(C::Repeats, case.repeats.is_some());
    held.put(C::EarlySigns, case.early_sign);
}

fn closed(case: &CaseFacts, closing: &Closing, period: &Period, held: &mut Countables) {
    held.put(C::Closed, true);
    let reworked = case
        .closings
        .iter()
        .any(|it| period.knows(it.taken_back_at));
    let first_visit = case.visits <= 1 && case.repeats.is_none();
    held.put(C::ClosedFirstVisit, first_visit && !reworked);
    held.put(C::ClosedOnTheSpot, !reworked && on_the_spot(case, period));
    held.put(C::ClosedLegacy, case.legacy);
    let level = closing.division.level();
    held.put(C::ClosedWithinGrid, level <= Level::Grid);
    held.put(C::ClosedWithinVillage, level <= Level::Village);
    held.put(C::ClosedWithinTownship, level <= Level::Township);
    held.put(C::ClosedWithinCounty, level <= Level::County);
    held.put(C::ClosedWithinPrefecture, level <= Level::Prefecture);
}

/// Meant to be done while the citizen waited, and so done: by the first unit that had it, and reported in that time.
fn on_the_spot(case: &CaseFacts, period: &Period) -> bool {
    let turns = case.turns.iter();
    let turns = turns.filter(|turn| turn.given_at <= period.as_of).count();
    let mut reports = case.report_clocks.iter().map(|owed| &owed.clock);
    let in_time =
        reports.all(|clock| clock.void_as_of(period.as_of) || clock.met_as_of(period.as_of));
    case.settled == Settled::OnTheSpot && turns <= 1 && in_time
}

/// The due date is no event: a case is due in the window whether or not its end is known yet.
fn due(
    case: &CaseFacts,
    clock: &ClockFact,
    closing: Option<&Closing>,
    period: &Period,
    held: &mut Countables,
) {
    if !period.window.contains(clock.due_at) {
        return;
    }
    held.put(C::Due, true);
    let in_time = closing.is_some_and(|closing| closing.at <= clock.due_at);
    let ended = ended_before(case, clock.due_at, period);
    let running = period.as_of <= clock.due_at;
    held.put(C::EndedBeforeDue, ended);
    held.put(C::ClosedOnTime, in_time);
    held.put(C::DueRunning, running && !in_time && !ended);
    held.put(C::ClosingMissed, !running && !in_time && !ended);
}

/// Whether the case had ended before a due date.
pub(super) fn ended_before(case: &CaseFacts, due_at: Timestamp, period: &Period) -> bool {
    let ended = case.instants.ended_at.filter(|at| *at <= period.as_of);
    ended.is_some_and(|at| at <= due_at)
}
