//! What is counted inside a case: the case itself, its dispatches, reports, ratings, follow-ups, mediations and orders.

use fengqiao_core::ids::UnitId;
use jiff::Timestamp;

use crate::countable::Counted;
use crate::facts::{CaseFacts, FollowUp, Mediation, Order, OwnedClock, Rating, Turn};

/// One countable entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) case: &'a CaseFacts,
    pub(crate) part: Part<'a>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    Whole,
    Turn {
        place: usize,
        turn: &'a Turn,
    },
    Report {
        place: usize,
        owed: &'a OwnedClock,
    },
    Asking {
        place: usize,
        at: Timestamp,
    },
    Rating {
        place: usize,
        rating: &'a Rating,
    },
    FollowUp {
        place: usize,
        follow_up: &'a FollowUp,
    },
    Mediation {
        place: usize,
        mediation: &'a Mediation,
    },
    Issued {
        place: usize,
        order: &'a Order,
    },
    Received {
        place: usize,
        order: &'a Order,
    },
}

impl CaseFacts {
    /// Every entry of the case, the case first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let turns = self.turns.iter().enumerate();
        let turns = turns.map(|(place, turn)| Part::Turn { place, turn });
        let reports = self.report_clocks.iter().enumerate();
        let reports = reports.map(|(place, owed)| Part::Report { place, owed });
        let askings = self.instants.ratable_at.iter().enumerate();
        let askings = askings.map(|(place, at)| Part::Asking { place, at: *at });
        let ratings = self.ratings.iter().enumerate();
        let ratings = ratings.map(|(place, rating)| Part::Rating { place, rating });
        let follow_ups = self.follow_ups.iter().enumerate();
        let follow_ups = follow_ups.map(|(place, follow_up)| Part::FollowUp { place, follow_up });
        let mediations = self.mediations.iter().enumerate();
        let mediations = mediations.map(|(place, mediation)| Part::Mediation { place, mediation });
        let orders = self.orders.iter().enumerate();
        let orders = orders.flat_map(|(place, order)| {
            [
                Part::Issued { place, order },
                Part::Received { place, order },
            ]
        });
        std::iter::once(Part::Whole)
            .chain(turns)
            .chain(reports)
            .chain(askings)
            .chain(ratings)
            .chain(follow_ups)
            .chain(mediations)
            .chain(orders)
            .map(|part| Entry { case: self, part })
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn counted(&self) -> Counted {
        match self.part {
            Part::Whole => Counted::Cases,
            Part::Turn { .. } => Counted::Dispatches,
            Part::Report { .. } => Counted::Reports,
            Part::Asking { .. } => Counted::Askings,
            Part::Rating { .. } => Counted::Ratings,
            Part::FollowUp { .. } => Counted::FollowUps,
            Part::Mediation { .. } => Counted::Mediations,
            Part::Issued { .. } => Counted::OrdersIssued,
            Part::Received { .. } => Counted::OrdersReceived,
        }
    }

    /// The unit whose entry it is. A case is the lead's: who had it last, as far as is known. A report is whose deadline
    /// it was, and being asked and rating are the lead's of that time.
    pub(crate) fn unit(&self, as_of: Timestamp) -> Option<&'a UnitId> {
        match self.part {
            Part::Report { owed, .. } => {
                let then = owed.clock.due_at.min(as_of);
                let lead = || self.case.lead_as_of(then);
                owed.unit.as_ref().or_else(lead)
            }
            Part::Asking { at, .. } => self.case.lead_as_of(at.min(as_of)),
            Part::Rating { rating, .. } => self.case.lead_as_of(rating.at.min(as_of)),
            Part::Whole | Part::FollowUp { .. } => self.case.lead_as_of(as_of),
            Part::Turn { turn, .. } => Some(&turn.unit),
            Part::Mediation { mediation, .. } => Some(&mediation.unit),
            Part::Issued { order, .. } => order.issuer.as_ref(),
            Part::Received { order, .. } => Some(&order.addressee),
        }
    }

    /// Its number among those of its kind in the case, from 1 on; none for the case itself.
    pub(crate) fn number(&self) -> Option<u32> {
        let place = match self.part {
            Part::Whole => return None,
            Part::Turn { place, .. }
            | Part::Report { place, .. }
            | Part::Asking { place, .. }
            | Part::Rating { place, .. }
            | Part::FollowUp { place, .. }
            | Part::Mediation { place, .. }
            | Part::Issued { place, .. }
            | Part::Received { place, .. } => place,
        };
        u32::try_from(place)
            .ok()
            .map(|place| place.saturating_add(1))
    }
}
