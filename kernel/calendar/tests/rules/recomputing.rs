//! A provisional deadline, and what becomes of it when the next notice is published.

use fengqiao_calendar::{Calendar, Deadline, Roll};

use crate::{at, china, day, deadline, spec};

/// An invented notice: the first four days of 2027 off, Saturday 9 January works instead.
const OF_2027: &str = r#"
year = 2027
off = [
  { date = 2027-01-01, name = "元旦" },
  { date = 2027-01-02, name = "元旦" },
  { date = 2027-01-03, name = "元旦" },
  { date = 2027-01-04, name = "元旦" },
]
working = [{ date = 2027-01-09, name = "元旦" }]
"#;

fn with_2027() -> Calendar {
    Calendar::china_with(&[("cn-2027.toml", OF_2027)]).unwrap()
}

#[test]
fn a_deadline_that_leans_on_an_unpublished_year_is_provisional() {
    for (limit, roll, provisional) in [
        ("1wd", Roll::Law, false),
        ("5wd", Roll::Law, true),
        ("10cd", Roll::Law, true),
        ("10cd", Roll::Local, false),
        ("72h", Roll::Law, false),
        ("1month", Roll::Law, true),
    ] {
        assert_eq!(
            deadline("2026-12-30T10:00", limit, roll).provisional,
            provisional,
            "{limit} {roll:?}"
        );
    }
}

#[test]
fn a_deadline_before_the_first_notice_is_provisional_too() {
    assert!(deadline("2018-12-20T10:00", "1wd", Roll::Law).provisional);
}

#[test]
fn a_newer_notice_settles_a_provisional_deadline() {
    let before = deadline("2026-12-30T10:00", "5wd", Roll::Law);
    assert_eq!(before.due_date(), day("2027-01-06"));

    let after = with_2027().recompute(&before).unwrap();

    assert_eq!(after.due_date(), day("2027-01-08"));
    assert!(!after.provisional);
    assert_eq!(after.calendar, with_2027().version());
    assert_ne!(after.calendar, before.calendar);
}

#[test]
fn recomputing_keeps_extensions_and_pauses() {
    let china = china();
    let base = deadline("2026-12-24T10:00", "3wd", Roll::Law);
    let paused = china
        .resume(&base, at("2026-12-25T10:00"), at("2026-12-28T10:00"))
        .unwrap();
    let extended = china.extend(&paused, spec("5wd")).unwrap();
    assert_eq!(extended.due_date(), day("2027-01-06"));
    assert!(extended.provisional);

    let after = with_2027().recompute(&extended).unwrap();

    assert_eq!(after.changes, extended.changes);
    assert_eq!(after.due_date(), day("2027-01-08"));
    assert!(!after.provisional);
}

#[test]
fn an_extension_by_a_newer_calendar_does_not_move_what_came_before_it() {
    let before = deadline("2026-12-30T10:00", "5wd", Roll::Law);
    let extended = with_2027().extend(&before, spec("1cd")).unwrap();
    assert_eq!(
        extended.due_date(),
        day("2027-01-07"),
        "a day after 01-06, which nobody has recomputed"
    );
    assert!(extended.provisional, "still to be recomputed");
}

#[test]
fn a_deadline_comes_back_from_json_as_it_was() {
    let base = deadline("2024-08-02T10:00", "60cd", Roll::Law);
    let extended = china().extend(&base, spec("30cd")).unwrap();
    let changed = china()
        .resume(&extended, at("2024-10-09T10:00"), at("2024-10-11T10:00"))
        .unwrap();
    let json = serde_json::to_string(&changed).unwrap();
    assert_eq!(serde_json::from_str::<Deadline>(&json).unwrap(), changed);
    assert!(json.contains(r#""spec":"60cd","roll":"law""#), "{json}");
    assert!(
        json.contains(r#"{"kind":"extended","by":"30cd"}"#),
        "{json}"
    );
}
