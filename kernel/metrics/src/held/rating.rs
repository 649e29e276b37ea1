//! The countable facts of being asked to rate, and of a rating.

use jiff::Timestamp;

use crate::countable::Countable as C;
use crate::countable::Countables;
use crate::facts::{CaseFacts, Rating, Satisfied, Validity};
use crate::window::Period;

/// Whoever was asked stays asked, also where the rating was waived later.
pub(super) fn asking(case: &CaseFacts, at: Timestamp, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    if period.covers(at) {
        held.put(C::Ratable, true);
        let rating = case.rating_of(at, period.as_of);
        held.put(C::RatableRated, rating.is_some());
    }
    held
}

pub(super) fn rated(rating: &Rating, period: &Period) -> Countables {
    let mut held = Countables::NONE;
    if !period.covers(rating.at) {
        return held;
    }
    held.put(C::Ratings, true);
    if rating.validity == Validity::Invalid {
        held.put(C::RatingsInvalid, true);
        return held;
    }
    let satisfied = rating.satisfied;
    held.put(C::Satisfied, satisfied == Satisfied::Yes);
    held.put(C::BasicallySatisfied, satisfied == Satisfied::Basically);
    held.put(C::SatisfiedOrBasically, satisfied != Satisfied::No);
    held.put(C::Dissatisfied, satisfied == Satisfied::No);
    held
}
