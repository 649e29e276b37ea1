//! The built-in notices against an independent implementation.

use jiff::civil::Date;

use crate::china;

/// Produced with `chinesecalendar` 1.11.0; see `fixtures/README.md`.
const WORKING_DAYS: &str = include_str!("../fixtures/working-days.txt");

#[test]
fn every_day_of_2019_to_2026_agrees_with_an_independent_calendar() {
    let calendar = china();
    let mut compared = 0;
    for line in WORKING_DAYS.lines() {
        let (year, days) = line.split_once(' ').unwrap();
        let mut day = Date::new(year.parse().unwrap(), 1, 1).unwrap();
        for digit in days.chars() {
            assert_eq!(calendar.is_working_day(day), digit == '1', "{day}");
            compared += 1;
            day = day.tomorrow().unwrap();
        }
    }
    assert_eq!(
        compared,
        8 * 365 + 2,
        "every day of eight years, two of them leap years"
    );
}
