//! What is counted inside a case: the case itself, its dispatches, follow-ups, mediations and orders.

use fengqiao_core::ids::UnitId;

use crate::countable::Counted;
use crate::facts::{CaseFacts, FollowUp, Mediation, Order, Turn};

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
            Part::FollowUp { .. } => Counted::FollowUps,
            Part::Mediation { .. } => Counted::Mediations,
            Part::Issued { .. } => Counted::OrdersIssued,
            Part::Received { .. } => Counted::OrdersReceived,
        }
    }

    /// The unit whose entry it is. A case is the lead's: who had it last, as far as is known.
    pub(crate) fn unit(&self, as_of: jiff::Timestamp) -> Option<&'a UnitId> {
        match self.part {
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
