//! A clock that stood still, and what it may not do.

use fengqiao_calendar::{ClockError, Deadline, Roll};

use crate::{at, china, day, deadline, spec};

fn resume(base: &Deadline, paused_at: &str, resumed_at: &str) -> Result<Deadline, ClockError> {
    china().resume(base, at(paused_at), at(resumed_at))
}

#[test]
fn hours_are_extended_by_the_exact_time() {
    let base = deadline("2024-03-04T10:00", "24h", Roll::Law);
    let resumed = resume(&base, "2024-03-04T11:00", "2024-03-06T12:30:15").unwrap();
    assert_eq!(resumed.due, at("2024-03-07T11:30:15"));
}

#[test]
fn working_days_are_extended_by_the_working_days_at_whose_end_the_clock_stood_still() {
    let base = deadline("2024-03-04T10:00", "5wd", Roll::Law);
    for (paused_at, resumed_at, due) in [
        ("2024-03-05T09:00", "2024-03-05T17:00", "2024-03-11"),
        ("2024-03-05T23:59", "2024-03-06T00:00", "2024-03-12"),
        ("2024-03-08T09:00", "2024-03-11T09:00", "2024-03-12"),
        ("2024-03-09T09:00", "2024-03-11T09:00", "2024-03-11"),
    ] {
        let resumed = resume(&base, paused_at, resumed_at).unwrap();
        assert_eq!(resumed.due_date(), day(due), "{paused_at} to {resumed_at}");
    }
}

#[test]
fn a_make_up_sunday_counts_as_a_paused_working_day() {
    let base = deadline("2024-02-02T10:00", "5wd", Roll::Law);
    let resumed = resume(&base, "2024-02-03T10:00", "2024-02-05T10:00").unwrap();
    assert_eq!(resumed.due_date(), day("2024-02-09"));
}

#[test]
fn calendar_days_are_extended_by_whole_days_and_rolled_over_anew() {
    let base = deadline("2024-04-01T10:00", "20cd", Roll::Law);
    assert_eq!(base.due_date(), day("2024-04-22"), "04-21 is a Sunday");
    let resumed = resume(&base, "2024-04-08T10:00", "2024-04-18T09:00").unwrap();
    assert_eq!(resumed.raw, at("2024-05-01T23:59:59.999"));
    assert_eq!(resumed.due_date(), day("2024-05-06"));
}

#[test]
fn same_day_and_month_limits_are_extended_by_whole_days() {
    let same_day = deadline("2024-03-04T10:00", "same-day", Roll::Law);
    assert_eq!(
        resume(&same_day, "2024-03-04T11:00", "2024-03-06T08:00")
            .unwrap()
            .due_date(),
        day("2024-03-06")
    );
    let month = deadline("2024-03-04T10:00", "1month", Roll::Local);
    assert_eq!(
        resume(&month, "2024-03-04T11:00", "2024-03-06T08:00")
            .unwrap()
            .due_date(),
        day("2024-04-06")
    );
}

#[test]
fn a_pause_in_the_roll_over_leaves_no_less_time_than_there_was() {
    let base = deadline("2024-08-02T10:00", "60cd", Roll::Law);
    assert_eq!(base.due_date(), day("2024-10-08"), "rolled over from 10-01");
    let resumed = resume(&base, "2024-10-03T10:00", "2024-10-21T10:00").unwrap();
    assert_eq!(resumed.raw, at("2024-10-19T23:59:59.999"));
    assert_eq!(
        resumed.due_date(),
        day("2024-10-28"),
        "five days left: 10-26 is a Saturday"
    );
}

#[test]
fn a_pause_after_an_extension_counts_in_the_unit_of_the_extension() {
    let base = deadline("2024-03-04T10:00", "24h", Roll::Law);
    let extended = china().extend(&base, spec("3wd")).unwrap();
    let resumed = resume(&extended, "2024-03-06T10:00", "2024-03-07T10:00").unwrap();
    assert_eq!(extended.due_date(), day("2024-03-08"));
    assert_eq!(resumed.due_date(), day("2024-03-11"));
}

#[test]
fn an_impossible_pause_is_refused() {
    let base = deadline("2024-03-04T10:00", "5wd", Roll::Law);
    let refused = |paused_at, resumed_at| resume(&base, paused_at, resumed_at).unwrap_err();
    assert_eq!(
        refused("2024-03-06T10:00", "2024-03-05T10:00"),
        ClockError::PauseBackwards
    );
    assert_eq!(
        refused("2024-03-04T09:59", "2024-03-05T10:00"),
        ClockError::PauseBeforeStart
    );
    assert_eq!(
        refused("2024-03-12T00:00", "2024-03-13T10:00"),
        ClockError::PauseAfterDue
    );
    assert_eq!(
        refused("2024-03-05T10:00", "2124-03-14T10:00"),
        ClockError::PauseTooLong
    );
}

#[test]
fn a_pause_lasts_at_most_a_hundred_years() {
    let base = deadline("2024-03-04T10:00", "5wd", Roll::Law);
    // 36,525 days after 2024-03-05.
    assert!(resume(&base, "2024-03-05T10:00", "2124-03-06T10:00").is_ok());
    assert_eq!(
        resume(&base, "2024-03-05T10:00", "2124-03-07T10:00"),
        Err(ClockError::PauseTooLong)
    );
}

#[test]
fn time_is_not_paused_twice() {
    let base = deadline("2024-03-04T10:00", "5wd", Roll::Law);
    let once = resume(&base, "2024-03-05T10:00", "2024-03-07T10:00").unwrap();
    assert_eq!(
        resume(&once, "2024-03-06T10:00", "2024-03-08T10:00"),
        Err(ClockError::PauseOverlaps)
    );
    assert!(resume(&once, "2024-03-07T10:00", "2024-03-08T10:00").is_ok());
}

#[test]
fn an_extension_without_an_amount_is_refused() {
    let base = deadline("2024-03-04T10:00", "5wd", Roll::Law);
    assert_eq!(
        china().extend(&base, spec("same-day")),
        Err(ClockError::ExtensionWithoutAmount)
    );
}

#[test]
fn an_extension_by_hours_does_not_shorten_what_the_roll_over_gave() {
    let base = deadline("2024-08-02T10:00", "60cd", Roll::Law);
    let extended = china().extend(&base, spec("1h")).unwrap();
    assert_eq!(extended.due_date(), day("2024-10-08"));
}
