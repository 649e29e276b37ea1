//! Rooms of the register are booked by one party at a time, and whoever comes second is told from when they are free.

use serde_json::{Value, json};

use super::door::{Answer, CHANNEL, DISPATCHER, Door, GRID, HOUSING, STRANGER, WATER};

const ROOMS: &str = "id,division,name,unit,seats\n\
    hearing,990101000000,听证室,hub,20\n\
    small,990101000000,小调解室,hub,6\n";

fn with_rooms() -> Door {
    let door = Door::open();
    let path = "/v1/registers/rooms?name=rooms.csv";
    door.put(path, "text/csv", ROOMS).key("rooms").send().done();
    door
}

/// On a day that is still to come, whenever the test runs.
fn hour(hour: u32) -> String {
    format!("2096-05-07T{hour:02}:00:00+08:00")
}

fn book(door: &Door, token: &str, room: &str, (from, until): (u32, u32), key: &str) -> Answer {
    let wanted = json!({ "from": hour(from), "until": hour(until) });
    let path = format!("/v1/rooms/{room}/bookings");
    let ask = door.ask("POST", &path).token(token).key(key);
    ask.json(&wanted).send()
}

fn rows(door: &Door, room: &str) -> Vec<Value> {
    rows_for(door, room, STRANGER)
}

fn rows_for(door: &Door, room: &str, token: &str) -> Vec<Value> {
    let listed = door.get(&format!("/v1/rooms/{room}/bookings"), token);
    listed.done()["rows"].as_array().unwrap().clone()
}

#[test]
fn a_room_that_is_booked_is_refused_with_the_time_from_which_it_is_free() {
    let door = with_rooms();
    let booked = book(&door, HOUSING, "hearing", (9, 11), "first").done();
    assert_eq!(booked["events"], json!(["room-booked"]));
    let second = book(&door, GRID, "hearing", (10, 12), "second");
    assert_eq!(second.problem(), (409, "room-taken"));
    assert_eq!(second.body["free-from"], "2096-05-07T03:00:00Z");
    let words = second.body["detail"].as_str().unwrap();
    assert!(words.contains("2096-05-07 11:00"), "{words}");
    book(&door, GRID, "hearing", (11, 13), "third").done();
    book(&door, WATER, "small", (10, 12), "beside").done();
    let whose = |token| -> Vec<Value> {
        let rows = rows_for(&door, "hearing", token);
        rows.iter().map(|row| row["by"].clone()).collect()
    };
    assert_eq!(whose(DISPATCHER), ["housing-handler", "grid-officer"]);
    assert_eq!(whose(HOUSING), [json!("housing-handler"), Value::Null]);
    assert_eq!(whose(STRANGER), [Value::Null, Value::Null]);
}

#[test]
fn the_same_request_again_is_answered_as_before() {
    let door = with_rooms();
    let first = book(&door, HOUSING, "hearing", (9, 11), "once").done();
    let again = book(&door, HOUSING, "hearing", (9, 11), "once").done();
    assert_eq!(first, again);
    assert_eq!(rows(&door, "hearing").len(), 1);
}

#[test]
fn of_many_who_want_a_room_at_once_one_gets_it_and_nobody_is_in_anothers_way_elsewhere() {
    let door = with_rooms();
    let statuses: Vec<(u32, u16)> = std::thread::scope(|scope| {
        let door = &door;
        let asked: Vec<_> = (0..8)
            .map(|number| {
                // Four want one hour of the hearing room, four want the small room one after the other.
                let (room, from) = match number {
                    0..4 => ("hearing", 9),
                    _ => ("small", 10 + number),
                };
                let key = format!("at-once-{number}");
                scope.spawn(move || {
                    let answer = book(door, HOUSING, room, (from, from + 1), &key);
                    (number, answer.status)
                })
            })
            .collect();
        let answers = asked.into_iter();
        answers.map(|thread| thread.join().unwrap()).collect()
    });
    let of = |few: std::ops::Range<u32>, status: u16| {
        let found = statuses.iter();
        let found = found.filter(|(number, own)| few.contains(number) && *own == status);
        found.count()
    };
    assert_eq!((of(0..4, 200), of(0..4, 409)), (1, 3), "{statuses:?}");
    assert_eq!(of(4..8, 200), 4, "{statuses:?}");
}

#[test]
fn a_booking_is_given_back_by_whoever_made_it() {
    let door = with_rooms();
    let booked = book(&door, HOUSING, "hearing", (9, 11), "first").done();
    let number = json!({ "booking": booked["booking"]["id"] });
    let cancel = |token, key: &str| {
        let ask = door.ask("POST", "/v1/rooms/hearing/cancellations");
        ask.token(token).key(key).json(&number).send()
    };
    assert_eq!(cancel(WATER, "not-theirs").problem(), (403, "not-yours"));
    cancel(HOUSING, "theirs").done();
    assert_eq!(rows(&door, "hearing"), [json!(null); 0]);
    book(&door, WATER, "hearing", (9, 11), "next").done();
}

#[test]
fn nobody_books_a_room_of_another_county_nor_one_that_is_not_there() {
    let door = with_rooms();
    let of_another = book(&door, STRANGER, "hearing", (9, 11), "stranger");
    assert_eq!(of_another.problem(), (403, "not-yours"));
    let unheard_of = book(&door, HOUSING, "attic", (9, 11), "attic");
    assert_eq!(unheard_of.problem(), (404, "no-such-room"));
    let channel = book(&door, CHANNEL, "hearing", (9, 11), "channel");
    assert_eq!(channel.problem(), (403, "role-forbidden"));
    let wrong = book(&door, HOUSING, "hearing", (11, 9), "backwards");
    assert_eq!(wrong.problem(), (422, "booking-invalid"));
}

#[test]
fn a_booking_outlives_a_register_that_no_longer_has_the_room() {
    let door = with_rooms();
    book(&door, HOUSING, "hearing", (9, 11), "first").done();
    let put = |text: &str, key: &str| {
        let path = "/v1/registers/rooms?name=rooms.csv";
        let put = door.put(path, "text/csv", text);
        put.key(key).send().done()
    };
    put("id,division,name,unit,seats\n", "gone");
    let gone = book(&door, HOUSING, "hearing", (12, 13), "gone");
    assert_eq!(gone.problem(), (404, "no-such-room"));
    put(ROOMS, "back");
    let still = book(&door, GRID, "hearing", (10, 12), "back");
    assert_eq!(still.problem(), (409, "room-taken"));
}
