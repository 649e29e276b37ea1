//! Times as senders write them, as one instant by Chinese time.

use fengqiao_sdk::prelude::*;

/// `2024-03-04 09:30:00`, `2024/3/4 9:30`, `2024年3月4日 9时30分`, `2024-03-04 下午3:30`, with an offset as it is, or seconds
/// since 1970.
pub(crate) fn instant(text: &str) -> Result<String, PluginError> {
    let wrong = || PluginError::bad_input("时间的写法不能识别：应如 2024-03-04 09:30:00");
    if text.contains('T') && (text.ends_with('Z') || text.contains('+')) {
        return Ok(text.to_owned());
    }
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    if let [seconds] = parts.as_slice()
        && seconds.len() == text.len()
        && (9..=11).contains(&seconds.len())
    {
        return since_1970(seconds.parse().map_err(|_| wrong())?);
    }
    let number = |index: usize| match parts.get(index) {
        Some(part) => part.parse::<u32>().map_err(|_| wrong()),
        None if index > 2 => Ok(0),
        None => Err(wrong()),
    };
    let (year, month, day) = (number(0)?, number(1)?, number(2)?);
    let (hour, minute, second) = (number(3)?, number(4)?, number(5)?);
    let hour = half_of_day(text).map_or(Some(hour), |half| half.hour(hour));
    let hour = hour.ok_or_else(wrong)?;
    let fits = (1900..=2200).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !fits {
        return Err(wrong());
    }
    Ok(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00"
    ))
}

/// A half of the day by which an hour is written on the 12-hour clock.
#[derive(Clone, Copy)]
enum Half {
    /// From midnight to noon.
    First,
    /// From noon to midnight.
    Second,
    /// 中午: from eleven to before three.
    Noon,
    /// 傍晚、晚上: from four in the afternoon on.
    Evening,
}

/// The half of the day that the words name; none where they name none, and the clock is one of 24 hours.
fn half_of_day(text: &str) -> Option<Half> {
    const WORDS: [(&str, Half); 9] = [
        ("凌晨", Half::First),
        ("早上", Half::First),
        ("上午", Half::First),
        ("中午", Half::Noon),
        ("下午", Half::Second),
        ("傍晚", Half::Evening),
        ("晚上", Half::Evening),
        ("am", Half::First),
        ("pm", Half::Second),
    ];
    let text = text.to_ascii_lowercase();
    let mut words = WORDS.into_iter();
    words
        .find(|(word, _)| text.contains(word))
        .map(|(_, half)| half)
}

impl Half {
    /// The hour of the day. 上午12时 is midnight and 下午12时 noon, as on the clock's face; of 晚上12时 nobody can tell which day
    /// it begins or ends. An hour beyond twelve says itself, where it lies in that half.
    fn hour(self, hour: u32) -> Option<u32> {
        match (self, hour) {
            (Half::First, 12) => Some(0),
            (Half::First, 0..=11) => Some(hour),
            (Half::Second, 12) => Some(12),
            (Half::Second, 1..=11) => Some(hour + 12),
            (Half::Second, 13..=23) => Some(hour),
            (Half::Noon, 11..=14) => Some(hour),
            (Half::Noon, 1 | 2) | (Half::Evening, 4..=11) => Some(hour + 12),
            (Half::Evening, 16..=23) => Some(hour),
            _ => None,
        }
    }
}

/// The day of the Gregorian calendar by the count of days since 1970 (the eras of 400 years have 146,097 days).
fn since_1970(seconds: i64) -> Result<String, PluginError> {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Ok(format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    ))
}
