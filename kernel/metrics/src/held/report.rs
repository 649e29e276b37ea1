//! The countable facts of a report that is owed.

use crate::countable::Countable as C;
use crate::countable::Countables;
use crate::facts::{CaseFacts, ClockFact};
use crate::held::case::ended_before;
use crate::window::Period;

pub(super) fn held(case: &CaseFacts, clock: &ClockFact, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    if !period.window.contains(clock.due_at) || clock.void_as_of(period.as_of) {
        return held;
    }
    held.put(C::ReportDue, true);
    let in_time = clock.met_as_of(period.as_of);
    let ended = !in_time && ended_before(case, clock.due_at, period);
    let running = clock.runs_as_of(period.as_of);
    held.put(C::EndedBeforeReport, ended);
    held.put(C::ReportedOnTime, in_time);
    held.put(C::ReportRunning, running && !ended);
    held.put(C::ReportMissed, !in_time && !ended && !running);
    held
}
