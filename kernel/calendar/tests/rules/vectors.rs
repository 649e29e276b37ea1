//! The dates that a calendar of weekdays and holidays gets wrong, and the ones it gets right.

use fengqiao_calendar::{Calendar, Roll, local_date};

use jiff::Span;
use jiff::civil::Date;

use crate::{at, china, day, deadline, spec};

/// The holidays of 2023 to 2026 without their make-up working days.
fn without_make_up_days() -> Calendar {
    let files = [
        include_str!("../../calendars/cn-2023.toml"),
        include_str!("../../calendars/cn-2024.toml"),
        include_str!("../../calendars/cn-2025.toml"),
        include_str!("../../calendars/cn-2026.toml"),
    ];
    let stripped = files.map(|text| {
        format!(
            "{}working = []\n",
            text.split("working = [").next().unwrap()
        )
    });
    let named: Vec<(&str, &str)> = stripped
        .iter()
        .map(|text| ("holidays only", text.as_str()))
        .collect();
    Calendar::from_toml(&named).unwrap()
}

/// A start, a limit, its raw day and its due day, and what a calendar without make-up days says.
struct Vector {
    name: &'static str,
    start: &'static str,
    limit: &'static str,
    raw: &'static str,
    due: &'static str,
    naive: &'static str,
}

const VECTORS: [Vector; 9] = [
    Vector {
        name: "the Sunday before the Spring Festival works",
        start: "2024-02-02T10:00",
        limit: "5wd",
        raw: "2024-02-08",
        due: "2024-02-08",
        naive: "2024-02-09",
    },
    Vector {
        name: "the Sunday before the National Day works",
        start: "2024-09-27T10:00",
        limit: "5wd",
        raw: "2024-10-10",
        due: "2024-10-10",
        naive: "2024-10-11",
    },
    Vector {
        name: "the Sunday before the Labour Day works",
        start: "2024-04-26T10:00",
        limit: "5wd",
        raw: "2024-05-07",
        due: "2024-05-07",
        naive: "2024-05-08",
    },
    Vector {
        name: "a limit may end on a Saturday that works",
        start: "2024-09-13T10:00",
        limit: "1wd",
        raw: "2024-09-14",
        due: "2024-09-14",
        naive: "2024-09-18",
    },
    Vector {
        name: "the Sunday before the National Day and Mid-Autumn works",
        start: "2025-09-26T10:00",
        limit: "5wd",
        raw: "2025-10-10",
        due: "2025-10-10",
        naive: "2025-10-13",
    },
    Vector {
        name: "without make-up days both calendars agree",
        start: "2024-01-26T10:00",
        limit: "5wd",
        raw: "2024-02-02",
        due: "2024-02-02",
        naive: "2024-02-02",
    },
    Vector {
        name: "a roll-over stops at a make-up Sunday",
        start: "2024-01-26T10:00",
        limit: "15cd",
        raw: "2024-02-10",
        due: "2024-02-18",
        naive: "2024-02-19",
    },
    Vector {
        name: "a Sunday that works is not rolled over",
        start: "2024-07-31T10:00",
        limit: "60cd",
        raw: "2024-09-29",
        due: "2024-09-29",
        naive: "2024-09-30",
    },
    Vector {
        name: "a roll-over passes the whole holiday",
        start: "2024-04-01T10:00",
        limit: "30cd",
        raw: "2024-05-01",
        due: "2024-05-06",
        naive: "2024-05-06",
    },
];

#[test]
fn every_vector_falls_due_on_its_day() {
    for vector in &VECTORS {
        let found = deadline(vector.start, vector.limit, Roll::Law);
        assert_eq!(
            local_date(found.raw),
            day(vector.raw),
            "{}: raw",
            vector.name
        );
        assert_eq!(found.due_date(), day(vector.due), "{}: due", vector.name);
        assert!(!found.provisional, "{}: provisional", vector.name);
    }
}

#[test]
fn a_calendar_without_make_up_days_is_wrong_where_the_vectors_say_so() {
    let naive = without_make_up_days();
    for vector in &VECTORS {
        let found = naive
            .deadline(at(vector.start), spec(vector.limit), Roll::Law)
            .unwrap();
        assert_eq!(found.due_date(), day(vector.naive), "{}", vector.name);
    }
}

#[test]
fn without_make_up_days_15_percent_of_five_day_deadlines_would_be_wrong() {
    let (calendar, naive) = (china(), without_make_up_days());
    let due = |calendar: &Calendar, received: Date| {
        let start = at(&format!("{received}T10:00"));
        calendar
            .deadline(start, spec("5wd"), Roll::Law)
            .unwrap()
            .due_date()
    };
    let received = day("2023-01-01")
        .series(Span::new().days(1))
        .take_while(|day| day.year() <= 2025);
    let (wrong, equal): (Vec<Date>, Vec<Date>) =
        received.partition(|day| due(&calendar, *day) != due(&naive, *day));
    assert_eq!((wrong.len(), equal.len()), (169, 1096 - 169));
}

#[test]
fn an_extension_counts_from_the_raw_expiry_and_not_from_the_rolled_one() {
    let base = deadline("2024-08-02T10:00", "60cd", Roll::Law);
    assert_eq!(local_date(base.raw), day("2024-10-01"));
    assert_eq!(base.due_date(), day("2024-10-08"));

    let extended = china().extend(&base, spec("30cd")).unwrap();

    assert_eq!(local_date(extended.raw), day("2024-10-31"));
    assert_eq!(extended.due_date(), day("2024-10-31"));
}

#[test]
fn hours_and_minutes_run_through_nights_and_holidays() {
    assert_eq!(
        deadline("2024-02-09T22:15", "24h", Roll::Law).due,
        at("2024-02-10T22:15")
    );
    assert_eq!(
        deadline("2024-02-09T23:45", "30min", Roll::Law).due,
        at("2024-02-10T00:15")
    );
}

#[test]
fn a_same_day_limit_ends_with_the_day_even_on_a_holiday() {
    let found = deadline("2024-02-10T09:00", "same-day", Roll::Law);
    assert_eq!(found.due, at("2024-02-10T23:59:59.999"));
}

#[test]
fn a_day_begins_and_ends_by_the_clock_in_china() {
    let start = "2024-02-01T16:30:00Z".parse().unwrap();
    let found = china()
        .deadline(start, spec("same-day"), Roll::Law)
        .unwrap();
    assert_eq!(found.due, at("2024-02-02T23:59:59.999"));
}

#[test]
fn months_and_years_end_on_the_corresponding_day_or_the_last_of_the_month() {
    for (start, limit, due) in [
        ("2024-01-31T10:00", "1month", "2024-02-29"),
        ("2023-12-31T10:00", "2month", "2024-02-29"),
        ("2024-03-15T10:00", "2month", "2024-05-15"),
        ("2024-02-29T10:00", "1year", "2025-02-28"),
        ("2023-05-20T10:00", "1year", "2024-05-20"),
    ] {
        assert_eq!(
            deadline(start, limit, Roll::Local).due_date(),
            day(due),
            "{start} {limit}"
        );
    }
}

#[test]
fn a_limit_of_months_that_ends_on_a_day_off_rolls_over_under_the_law() {
    let found = deadline("2024-01-12T10:00", "1month", Roll::Law);
    assert_eq!(local_date(found.raw), day("2024-02-12"));
    assert_eq!(found.due_date(), day("2024-02-18"));
}

#[test]
fn a_local_promise_is_not_rolled_over() {
    let found = deadline("2024-02-08T10:00", "2cd", Roll::Local);
    assert_eq!(found.due_date(), day("2024-02-10"));
    assert_eq!(found.raw, found.due);
}

#[test]
fn a_working_day_limit_started_on_a_day_off_counts_from_the_next_working_day() {
    assert_eq!(
        deadline("2024-02-11T10:00", "1wd", Roll::Law).due_date(),
        day("2024-02-18")
    );
}

#[test]
fn a_clock_is_breached_only_after_its_last_millisecond() {
    let found = deadline("2024-02-02T10:00", "5wd", Roll::Law);
    assert!(!found.is_breached(at("2024-02-08T23:59:59.999")));
    assert!(!found.is_breached(at("2024-02-08T23:59:59.999999")));
    assert!(found.is_breached(at("2024-02-09T00:00")));
}
