//! Instants as people write and read them.

use fengqiao_calendar::{InstantError, end_of_day, local_date, local_text, parse_instant};
use jiff::Timestamp;

use crate::{at, day};

#[test]
fn an_instant_may_leave_out_its_seconds_but_not_its_offset() {
    let expected: Timestamp = "2024-02-02T02:00:00Z".parse().unwrap();
    for text in [
        "2024-02-02T10:00+08:00",
        "2024-02-02T10:00:00+08:00",
        "2024-02-02T02:00:00.000Z",
    ] {
        assert_eq!(parse_instant(text), Ok(expected), "{text}");
    }
}

#[test]
fn a_text_that_is_no_instant_is_refused() {
    for text in [
        "",
        "2024-02-02",
        "2024-02-02T10:00",
        "2024-02-30T10:00+08:00",
        "2023-02-29T10:00+08:00",
        "2024-13-01T10:00+08:00",
        "2024-02-02T25:00+08:00",
        "2024-02-02T10:00+08:00[Asia/Shanghai]",
        "明天",
    ] {
        assert_eq!(
            parse_instant(text),
            Err(InstantError::Unreadable { text: text.into() }),
            "{text}"
        );
    }
    assert_eq!(parse_instant(&"2".repeat(65)), Err(InstantError::TooLong));
}

#[test]
fn the_end_of_a_day_prints_as_that_day() {
    let end = end_of_day(day("2024-02-08")).unwrap();
    assert_eq!(end, at("2024-02-08T23:59:59.999"));
    assert_eq!(local_date(end), day("2024-02-08"));
    assert_eq!(local_text(end), "2024-02-08 24:00");
    assert_eq!(local_text(at("2024-02-08T23:59")), "2024-02-08 23:59");
}

#[test]
fn a_day_in_china_begins_at_four_in_the_afternoon_of_greenwich() {
    assert_eq!(
        local_date("2024-02-01T15:59:59Z".parse().unwrap()),
        day("2024-02-01")
    );
    assert_eq!(
        local_date("2024-02-01T16:00:00Z".parse().unwrap()),
        day("2024-02-02")
    );
}
