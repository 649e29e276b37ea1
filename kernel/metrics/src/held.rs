//! Which countable facts hold for an entry in a period. Every number of this crate comes from here.

mod case;
mod parts;
mod rating;
mod report;

use crate::countable::Countables;
use crate::entry::{Entry, Part};
use crate::window::Period;

/// The countable facts of one entry.
pub(crate) fn held(entry: &Entry<'_>, period: &Period) -> Countables {
    match entry.part {
        Part::Whole => case::held(entry.case, period),
        Part::Turn { turn, .. } => parts::turn(turn, period),
        Part::Report { owed, .. } => report::held(entry.case, &owed.clock, period),
        Part::Asking { at, .. } => rating::asking(entry.case, at, period),
        Part::Rating { rating, .. } => rating::rated(rating, period),
        Part::FollowUp { follow_up, .. } => parts::follow_up(follow_up, period),
        Part::Mediation { mediation, .. } => parts::mediation(mediation, period),
        Part::Issued { order, .. } => parts::issued(order, period),
        Part::Received { order, .. } => parts::received(order, period),
    }
}
