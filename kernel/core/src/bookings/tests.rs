//! Who books which room when, and what the second is told.

use fengqiao_calendar::local_text;
use jiff::{SignedDuration, Timestamp};

use crate::actor::{Actor, Role};
use crate::bookings::{MAX_BOOKING_HOURS, MAX_BOOKINGS};
use crate::command::Command;
use crate::docket::Docket;
use crate::docket_decide::decide_docket;
use crate::event::Event;
use crate::fixture::*;
use crate::ids::Subject;
use crate::refusal::Refusal;

fn bureau() -> Subject {
    Subject::Unit(unit("bureau"))
}

fn clerk() -> Actor {
    official("clerk", Role::UnitHandler, Some("bureau"), COUNTY)
}

fn villager() -> Actor {
    official("villager", Role::Mediator, Some("village"), VILLAGE)
}

fn book(room: &str, from: i64, until: i64) -> Command {
    between(room, hour(from), hour(until))
}

fn between(room: &str, from: Timestamp, until: Timestamp) -> Command {
    Command::Book {
        room: code(room),
        from,
        until,
        about: None,
    }
}

/// The docket after a command at an hour.
fn after(docket: &Docket, actor: &Actor, command: &Command, at: i64) -> Result<Docket, Refusal> {
    let world = World::new(&[]);
    let decision = decide_docket(&bureau(), docket, command, &world.ctx(actor, hour(at)))?;
    let events: Vec<Event> = decision
        .events
        .into_iter()
        .map(|(_, event)| event)
        .collect();
    Ok(folded(docket, &bureau(), &events, hour(at)))
}

fn taken(room: &str, free_from: i64) -> Result<Docket, Refusal> {
    let free_from = hour(free_from);
    let room = code(room);
    Err(Refusal::RoomTaken { room, free_from })
}

#[test]
fn a_room_is_booked_once_and_the_second_is_told_when_it_is_free() {
    let booked = after(&empty(), &clerk(), &book("hearing-room", 10, 12), 0).unwrap();
    for (from, until) in [(10, 12), (11, 13), (9, 11), (9, 13)] {
        let second = after(&booked, &villager(), &book("hearing-room", from, until), 1);
        assert_eq!(second, taken("hearing-room", 12), "{from}-{until}");
    }
    // Right before, right after, and the room beside it.
    for (room, from, until) in [
        ("hearing-room", 9, 10),
        ("hearing-room", 12, 13),
        ("small-room", 10, 12),
    ] {
        after(&booked, &villager(), &book(room, from, until), 1).unwrap();
    }
}

#[test]
fn the_time_that_is_named_is_free_for_as_long_as_was_wanted() {
    let mut docket = empty();
    for (from, until) in [(13, 14), (10, 11), (16, 18)] {
        let command = book("hearing-room", from, until);
        docket = after(&docket, &clerk(), &command, 0).unwrap();
    }
    let one_hour = after(&docket, &clerk(), &book("hearing-room", 10, 11), 1);
    assert_eq!(one_hour, taken("hearing-room", 11));
    let two_hours = after(&docket, &clerk(), &book("hearing-room", 12, 14), 1);
    assert_eq!(two_hours, taken("hearing-room", 14));
    let three_hours = after(&docket, &clerk(), &book("hearing-room", 10, 13), 1);
    assert_eq!(three_hours, taken("hearing-room", 18));
    after(&docket, &clerk(), &book("hearing-room", 18, 21), 1).unwrap();
}

#[test]
fn the_refusal_says_the_time_as_people_read_it() {
    let refusal = Refusal::RoomTaken {
        room: code("hearing-room"),
        free_from: hour(12),
    };
    let words = refusal.to_string();
    assert!(words.contains(&local_text(hour(12))), "{words}");
}

#[test]
fn a_time_that_makes_no_sense_is_refused() {
    for (from, until) in [(12, 12), (12, 10), (1, 4)] {
        let refused = after(&empty(), &clerk(), &book("hearing-room", from, until), 5);
        let invalid = matches!(refused, Err(Refusal::BookingInvalid { .. }));
        assert!(invalid, "{from}-{until}: {refused:?}");
    }
}

#[test]
fn a_room_is_booked_for_at_most_a_day_at_once() {
    after(
        &empty(),
        &clerk(),
        &book("hearing-room", 1, 1 + MAX_BOOKING_HOURS),
        0,
    )
    .unwrap();
    let longer = book("hearing-room", 1, 2 + MAX_BOOKING_HOURS);
    let refused = after(&empty(), &clerk(), &longer, 0);
    assert!(matches!(refused, Err(Refusal::BookingInvalid { .. })));
}

#[test]
fn only_rooms_of_the_register_are_booked_and_at_their_keeper() {
    for room in ["attic", "far-room"] {
        let refused = after(&empty(), &clerk(), &book(room, 10, 12), 0);
        assert_eq!(refused, Err(Refusal::UnknownRoom { room: code(room) }));
    }
}

#[test]
fn whoever_works_elsewhere_books_nothing_nor_does_a_rule() {
    let stranger = official("stranger", Role::Mediator, Some("elsewhere"), OTHER_COUNTY);
    for actor in [stranger, plugin(COUNTY), CITIZEN, Actor::Kernel] {
        let refused = after(&empty(), &actor, &book("hearing-room", 10, 12), 0);
        let command = code("book");
        assert_eq!(refused, Err(Refusal::NotYours { command }), "{actor:?}");
    }
}

#[test]
fn a_booking_is_given_back_by_who_made_it_or_keeps_the_room() {
    let booked = after(&empty(), &villager(), &book("hearing-room", 10, 12), 0).unwrap();
    let cancel = Command::CancelBooking {
        booking: booked.bookings[0].id,
    };
    let dispatcher = official("dispatcher", Role::Dispatcher, None, COUNTY);
    for actor in [villager(), clerk(), dispatcher] {
        let free = after(&booked, &actor, &cancel, 1).unwrap();
        after(&free, &clerk(), &book("hearing-room", 10, 12), 2).unwrap();
    }
    let other = official("other", Role::Mediator, Some("village"), VILLAGE);
    let refused = after(&booked, &other, &cancel, 1);
    assert!(matches!(refused, Err(Refusal::NotYours { .. })));
    let unknown = after(
        &booked,
        &clerk(),
        &Command::CancelBooking { booking: 99 },
        1,
    );
    assert!(matches!(unknown, Err(Refusal::NotFound { .. })));
}

#[test]
fn at_most_two_thousand_bookings_lie_ahead() {
    let minutes = |count: usize| SignedDuration::from_mins(i64::try_from(count).unwrap());
    let first = after(&empty(), &clerk(), &book("hearing-room", 10, 11), 0).unwrap();
    let mut full = first.clone();
    for number in 1..MAX_BOOKINGS {
        let mut booking = first.bookings[0].clone();
        booking.id += u32::try_from(number).unwrap();
        booking.from = hour(12) + minutes(number);
        booking.until = booking.from + minutes(1);
        full.bookings.push(booking);
    }
    let next = book("small-room", 10, 11);
    let refused = after(&full, &clerk(), &next, 1);
    let limit = code("bookings");
    assert_eq!(refused, Err(Refusal::TooMany { limit }));
    // The first one is over: what is over counts no more, and is dropped.
    let later = after(&full, &clerk(), &book("small-room", 12, 13), 11).unwrap();
    assert_eq!(later.bookings.len(), MAX_BOOKINGS);
}
