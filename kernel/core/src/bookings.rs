//! Booking rooms (场所预约) on the docket of the unit that keeps them: one party at a time, and whoever comes second is
//! told from when it is free.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Role};
use crate::context::Context;
use crate::docket::Docket;
use crate::event::Event;
use crate::ids::{CaseId, Code, DivisionCode, PrincipalId, Seq, Subject, UnitId};
use crate::refusal::Refusal;

/// The most bookings of a unit's rooms that may lie ahead.
pub const MAX_BOOKINGS: usize = 2_000;
/// The longest that a room is booked at once.
pub const MAX_BOOKING_HOURS: i64 = 24;

/// A room that is somebody's for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Booking {
    /// Its number in the docket.
    pub id: Seq,
    /// The room, by its number in the register.
    pub room: Code,
    /// From.
    pub from: Timestamp,
    /// Until, exclusive.
    pub until: Timestamp,
    /// Who booked it.
    pub by: PrincipalId,
    /// Their unit.
    pub unit: Option<UnitId>,
    /// The case that it is for.
    pub about: Option<CaseId>,
}

impl Booking {
    /// Whether it has anything of this time.
    pub fn meets(&self, from: Timestamp, until: Timestamp) -> bool {
        self.from < until && from < self.until
    }
}

/// Books a room for whoever belongs to its keeper's division, works above it, or below.
pub fn book(
    subject: &Subject,
    docket: &Docket,
    room: &Code,
    (from, until): (Timestamp, Timestamp),
    about: Option<&CaseId>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (keeper, place) = keeper(subject, "book", ctx)?;
    let Actor::Official {
        principal,
        unit,
        division: reach,
        ..
    } = ctx.actor
    else {
        return Err(not_yours("book"));
    };
    if !reach.contains(&place) && !place.contains(reach) {
        return Err(not_yours("book"));
    }
    if ctx.units.keeper_of(room).as_ref() != Some(keeper) {
        return Err(Refusal::UnknownRoom { room: room.clone() });
    }
    check_time(from, until, ctx.now)?;
    let of_the_room = docket.bookings.iter().filter(|own| &own.room == room);
    if of_the_room.clone().any(|own| own.meets(from, until)) {
        return Err(Refusal::RoomTaken {
            room: room.clone(),
            free_from: free_from(of_the_room, from, until),
        });
    }
    let ahead = docket.bookings.iter().filter(|own| ctx.now < own.until);
    if ahead.count() >= MAX_BOOKINGS {
        return Err(Refusal::TooMany {
            limit: Code::word("bookings"),
        });
    }
    Ok(vec![Event::RoomBooked {
        booking: Booking {
            id: docket.next,
            room: room.clone(),
            from,
            until,
            by: principal.clone(),
            unit: unit.clone(),
            about: about.cloned(),
        },
    }])
}

/// Gives a booking back: whoever booked it, the keeper's own people, or a dispatcher above them.
pub fn cancel(
    subject: &Subject,
    docket: &Docket,
    booking: Seq,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (keeper, place) = keeper(subject, "cancel-booking", ctx)?;
    let found = docket.bookings.iter().find(|own| own.id == booking);
    let found = found.ok_or_else(|| Refusal::NotFound {
        what: Code::word("booking"),
        id: booking,
    })?;
    let may = matches!(ctx.actor, Actor::Official { principal, unit, role, division }
        if *principal == found.by
            || unit.as_ref() == Some(keeper)
            || (*role == Role::Dispatcher && division.contains(&place)));
    if !may {
        return Err(not_yours("cancel-booking"));
    }
    Ok(vec![Event::BookingCancelled { booking }])
}

/// Rooms are kept by units, whose dockets hold the bookings.
fn keeper<'a>(
    subject: &'a Subject,
    command: &'static str,
    ctx: &Context<'_>,
) -> Result<(&'a UnitId, DivisionCode), Refusal> {
    let Subject::Unit(keeper) = subject else {
        return Err(Refusal::NotForThisSubject {
            command: Code::word(command),
        });
    };
    let facts = ctx.units.unit(keeper);
    let facts = facts.ok_or_else(|| Refusal::UnknownUnit {
        unit: keeper.clone(),
    })?;
    Ok((keeper, facts.division))
}

fn check_time(from: Timestamp, until: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    let reason = if until <= from {
        "结束时间应晚于开始时间"
    } else if until <= now {
        "这段时间已经过去"
    } else if until.duration_since(from) > SignedDuration::from_hours(MAX_BOOKING_HOURS) {
        "一次最多预约 24 小时，请分次预约"
    } else {
        return Ok(());
    };
    Err(Refusal::BookingInvalid {
        reason: reason.to_owned(),
    })
}

/// The first time, from the one that was wanted on, at which the room is free for as long.
fn free_from<'a>(
    of_the_room: impl Iterator<Item = &'a Booking>,
    from: Timestamp,
    until: Timestamp,
) -> Timestamp {
    let length = until.duration_since(from);
    let mut bookings: Vec<&Booking> = of_the_room.collect();
    bookings.sort_by_key(|own| own.from);
    bookings.iter().fold(from, |free, own| {
        let end = free.saturating_add(length).unwrap_or(Timestamp::MAX);
        if own.meets(free, end) {
            own.until
        } else {
            free
        }
    })
}

/// Folds an event into a docket's bookings, of which those that are over go; nothing where it doesn't fit.
pub(crate) fn apply(own: &mut Vec<Booking>, event: &Event, at: Timestamp) -> Option<()> {
    match event {
        Event::RoomBooked { booking } => {
            own.retain(|known| at < known.until);
            own.push(booking.clone());
        }
        Event::BookingCancelled { booking } => {
            let place = own.iter().position(|known| known.id == *booking)?;
            own.remove(place);
        }
        _ => return None,
    }
    Some(())
}

fn not_yours(command: &'static str) -> Refusal {
    Refusal::NotYours {
        command: Code::word(command),
    }
}

#[cfg(test)]
mod tests;
