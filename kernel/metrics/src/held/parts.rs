//! The countable facts of dispatches, follow-ups, mediations and orders.

use crate::countable::Countable as C;
use crate::countable::Countables;
use crate::facts::{Asked, FollowUp, Mediation, MediationOutcome, Order, Turn};
use crate::window::Period;

pub(super) fn turn(turn: &Turn, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    if !period.covers(turn.given_at) {
        return held;
    }
    held.put(C::Dispatched, true);
    held.put(C::Returned, period.knows(turn.returned_at));
    let Some(clock) = &turn.contact_clock else {
        held.put(C::ContactNotOwed, true);
        return held;
    };
    let met = clock.met_as_of(period.as_of);
    let left = turn.left_at().filter(|at| *at <= period.as_of);
    // Whoever gives the case away after the limit has missed it all the same.
    if !met && left.is_some_and(|left| left <= clock.due_at) {
        held.put(C::ContactLetGo, true);
        return held;
    }
    if !met && clock.void_as_of(period.as_of) {
        held.put(C::ContactNotOwed, true);
        return held;
    }
    let running = clock.runs_as_of(period.as_of);
    held.put(C::ContactRunning, running);
    held.put(C::ContactOwed, !running);
    held.put(C::ContactedInTime, met);
    held.put(C::ContactMissed, !running && !met);
    held
}

pub(super) fn follow_up(follow_up: &FollowUp, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    if period.covers(follow_up.at) {
        held.put(C::FollowUps, true);
        held.put(
            match follow_up.result {
                Asked::Solved => C::Solved,
                Asked::Unsolved => C::Unsolved,
                Asked::Unreached => C::Unreached,
            },
            true,
        );
    }
    held
}

pub(super) fn mediation(mediation: &Mediation, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    let agreed = mediation.outcome == Some(MediationOutcome::Agreed);
    if period.covers(mediation.accepted_at) {
        held.put(C::MediationsAccepted, true);
        let known = agreed && period.knows(mediation.closed_at);
        held.put(C::MediationsAcceptedAgreed, known);
    }
    if period.has(mediation.closed_at) {
        held.put(C::MediationsClosed, true);
        held.put(C::MediationsAgreed, agreed);
    }
    held
}

/// How an order stands: taken back, still running, answered in time, or missed.
enum Answer {
    Recalled,
    Running,
    InTime,
    Missed,
}

fn answer(order: &Order, period: &Period) -> Answer {
    let answered = order.answered_at().filter(|at| *at <= period.as_of);
    let recalled = order.recalled_at.filter(|at| *at <= period.as_of);
    match (answered, order.due_at) {
        (Some(at), Some(due)) if at <= due => Answer::InTime,
        (Some(_), None) => Answer::InTime,
        // Taken back after the limit, it was missed all the same.
        (_, due) if recalled.is_some_and(|at| due.is_none_or(|due| at <= due)) => Answer::Recalled,
        (_, Some(due)) if period.as_of <= due => Answer::Running,
        _ => Answer::Missed,
    }
}

pub(super) fn issued(order: &Order, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    if period.covers(order.issued_at) {
        held.put(C::OrdersIssued, true);
        match answer(order, period) {
            Answer::Recalled => held.put(C::OrdersIssuedRecalled, true),
            Answer::Running => held.put(C::OrdersIssuedRunning, true),
            Answer::InTime => held.put(C::OrdersIssuedAnswered, true),
            Answer::Missed => {}
        }
    }
    held
}

pub(super) fn received(order: &Order, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    if period.covers(order.issued_at) {
        held.put(C::OrdersReceived, true);
        let stands = match answer(order, period) {
            Answer::Recalled => C::OrdersReceivedRecalled,
            Answer::Running => C::OrdersReceivedRunning,
            Answer::InTime => C::OrdersReceivedAnswered,
            Answer::Missed => C::OrdersReceivedMissed,
        };
        held.put(stands, true);
    }
    held
}
