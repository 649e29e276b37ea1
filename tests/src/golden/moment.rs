//! Times in golden cases: relative to the first day of the case, by the office's clock.

use jiff::civil::{Date, Time};
use jiff::tz::{self, TimeZone};
use jiff::{Span, Timestamp};

/// No golden case lasts longer than two years.
const MAX_DAY: i64 = 731;

/// The time of `第1天 10:00`, or why it isn't one.
pub fn moment(text: &str, day_one: Date) -> Result<Timestamp, String> {
    let wrong = || format!("“{text}”不是时间：应写成“第1天 10:00”");
    let (day, time) = text
        .strip_prefix('第')
        .and_then(|rest| rest.split_once("天 "))
        .ok_or_else(wrong)?;
    let day: i64 = day.parse().map_err(|_| wrong())?;
    let (hour, minute) = time.split_once(':').ok_or_else(wrong)?;
    let time = match (hour.len(), hour.parse(), minute.len(), minute.parse()) {
        (1 | 2, Ok(hour), 2, Ok(minute)) => Time::new(hour, minute, 0, 0).map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    if !(1..=MAX_DAY).contains(&day) {
        return Err(format!("“{text}”：天数应在 1 到 {MAX_DAY} 之间"));
    }
    let date = day_one
        .checked_add(Span::new().days(day - 1))
        .map_err(|_| wrong())?;
    let local = date.to_datetime(time).to_zoned(office_zone());
    Ok(local.map_err(|_| wrong())?.timestamp())
}

/// The first instant of a date such as `2021-06-01`, or why it isn't one.
pub fn start_of(date: &str) -> Result<Timestamp, String> {
    let wrong = || format!("“{date}”不是日期：应写成 2021-06-01");
    let date: Date = date.parse().map_err(|_| wrong())?;
    let local = date.to_datetime(Time::midnight()).to_zoned(office_zone());
    Ok(local.map_err(|_| wrong())?.timestamp())
}

/// The end of a date, 24:00.
pub fn end_of(date: &str) -> Result<Timestamp, String> {
    let start = start_of(date)?;
    let day = jiff::SignedDuration::from_hours(24);
    start
        .checked_add(day)
        .map_err(|_| format!("“{date}”太晚了"))
}

/// The date of an instant by the office's clock; the last instant of a day, 24:00, belongs to that day.
#[must_use]
pub fn day(instant: Timestamp) -> Date {
    let local = instant.to_zoned(office_zone());
    if local.time() == Time::midnight() {
        local.date().yesterday().unwrap_or(local.date())
    } else {
        local.date()
    }
}

/// Chinese time; there has been no other since 1992.
fn office_zone() -> TimeZone {
    TimeZone::fixed(tz::offset(8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_first_day_is_the_day_itself_in_chinese_time() {
        let start = date(2024, 2, 2);
        assert_eq!(
            moment("第1天 10:00", start).unwrap().to_string(),
            "2024-02-02T02:00:00Z"
        );
        assert_eq!(
            moment("第30天 9:05", start).unwrap().to_string(),
            "2024-03-02T01:05:00Z"
        );
    }

    #[test]
    fn what_is_no_time_is_refused_with_an_example() {
        for text in [
            "1天 10:00",
            "第一天 10:00",
            "第0天 10:00",
            "第732天 10:00",
            "第1天10:00",
            "第1天 25:00",
            "第1天 10:5",
            "第1天",
        ] {
            let reason = moment(text, date(2024, 2, 2)).unwrap_err();
            assert!(reason.contains(text), "{reason}");
        }
    }

    #[test]
    fn a_date_begins_at_midnight_and_ends_a_day_later() {
        assert_eq!(
            start_of("2021-06-01"),
            Ok("2021-05-31T16:00:00Z".parse().unwrap())
        );
        assert_eq!(
            end_of("2021-06-01"),
            Ok("2021-06-01T16:00:00Z".parse().unwrap())
        );
        assert!(start_of("6月1日").unwrap_err().contains("6月1日"));
    }

    #[test]
    fn midnight_belongs_to_the_day_that_it_ends() {
        let end = "2024-02-08T16:00:00Z".parse().unwrap();
        assert_eq!(day(end), date(2024, 2, 8));
        let last = "2024-02-08T15:59:59Z".parse().unwrap();
        assert_eq!(day(last), date(2024, 2, 8));
    }
}
