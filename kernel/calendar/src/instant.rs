//! Between instants and local days: China Standard Time, the end of a day, and how both are written.
//!
//! The zone is Asia/Shanghai as the fixed offset +08:00. China has kept one offset without summer time since
//! autumn 1991, so no time-zone database is needed, and the same input gives the same day on every machine.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, offset};

use crate::clock::ClockError;

/// The longest text accepted as an instant, in bytes.
pub const MAX_INSTANT_BYTES: usize = 64;

const CHINA: Offset = offset(8);

/// 24:00 of a day is its last instant at millisecond resolution, and so still prints as that day.
const LAST_INSTANT: Time = Time::constant(23, 59, 59, 999_000_000);

/// The day in China on which an instant falls.
pub fn local_date(instant: Timestamp) -> Date {
    local(instant).date()
}

/// 24:00 of a day in China: its last millisecond. Fails only at the far end of the time scale.
pub fn end_of_day(day: Date) -> Result<Timestamp, ClockError> {
    CHINA
        .to_timestamp(day.to_datetime(LAST_INSTANT))
        .map_err(|_| ClockError::Overflow)
}

/// An instant as people in China read it, to the minute: `2024-02-08 24:00`, `2024-02-02 10:00`.
pub fn local_text(instant: Timestamp) -> String {
    let local = local(instant);
    let (date, time) = (local.date(), local.time());
    if time >= LAST_INSTANT {
        format!("{date} 24:00")
    } else {
        format!("{date} {:02}:{:02}", time.hour(), time.minute())
    }
}

/// Reads an RFC 3339 instant; seconds may be left out (`2024-02-02T10:00+08:00`), the offset may not.
pub fn parse_instant(text: &str) -> Result<Timestamp, InstantError> {
    if text.len() > MAX_INSTANT_BYTES {
        return Err(InstantError::TooLong);
    }
    let refused = || InstantError::Unreadable {
        text: text.to_owned(),
    };
    if text.contains('[') {
        return Err(refused());
    }
    text.parse().map_err(|_| refused())
}

fn local(instant: Timestamp) -> DateTime {
    CHINA.to_datetime(instant)
}

/// Why a text is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    /// It isn't a date with a time and an offset, or no such date exists.
    #[error("“{text}”不是有效的时刻：请写成带时区的日期和时间，例如 2024-02-02T10:00+08:00")]
    Unreadable {
        /// The refused text.
        text: String,
    },
    /// It is longer than [`MAX_INSTANT_BYTES`].
    #[error("时刻文本超过{MAX_INSTANT_BYTES}字节：请写成 2024-02-02T10:00+08:00 的形式")]
    TooLong,
}
