//! Which days are working days, from the first published year to the last.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::{Date, Weekday};

use crate::notice::{CalendarError, Listed, Notice, conflict};

/// What an unlisted Saturday or Sunday is called.
const WEEKEND: &str = "周末";

/// The notices that ship with the kernel; law, and so the same everywhere.
const CHINA: [(&str, &str); 8] = [
    ("cn-2019.toml", include_str!("../calendars/cn-2019.toml")),
    ("cn-2020.toml", include_str!("../calendars/cn-2020.toml")),
    ("cn-2021.toml", include_str!("../calendars/cn-2021.toml")),
    ("cn-2022.toml", include_str!("../calendars/cn-2022.toml")),
    ("cn-2023.toml", include_str!("../calendars/cn-2023.toml")),
    ("cn-2024.toml", include_str!("../calendars/cn-2024.toml")),
    ("cn-2025.toml", include_str!("../calendars/cn-2025.toml")),
    ("cn-2026.toml", include_str!("../calendars/cn-2026.toml")),
];

/// The working days of a run of years without a gap.
///
/// Outside these years Monday to Friday count as working days, and a deadline that depends on such a day is
/// provisional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    version: String,
    first_year: i16,
    published_through: Date,
    listed: BTreeMap<Date, Listed>,
}

impl Calendar {
    /// The State Council's notices that ship with the kernel, 2019 to 2026.
    pub fn china() -> Result<Self, CalendarError> {
        Self::from_toml(&CHINA)
    }

    /// The built-in notices together with newer ones, as `(file name, text)`.
    pub fn china_with(newer: &[(&str, &str)]) -> Result<Self, CalendarError> {
        Self::from_toml(&[&CHINA, newer].concat())
    }

    /// A calendar from the given notices, as `(file name, text)`, in any order.
    pub fn from_toml(files: &[(&str, &str)]) -> Result<Self, CalendarError> {
        let mut years: BTreeMap<i16, Notice> = BTreeMap::new();
        for (file, text) in files {
            let notice = Notice::read(file, text)?;
            if let Some(first) = years.get(&notice.year) {
                let (first, second, year) = (first.file.clone(), notice.file, notice.year);
                return Err(CalendarError::YearTwice {
                    first,
                    second,
                    year,
                });
            }
            years.insert(notice.year, notice);
        }
        Self::from_years(&years)
    }

    fn from_years(years: &BTreeMap<i16, Notice>) -> Result<Self, CalendarError> {
        let (Some((&first_year, _)), Some((&last_year, last))) =
            (years.first_key_value(), years.last_key_value())
        else {
            return Err(CalendarError::Empty);
        };
        for (before, after) in years.values().zip(years.values().skip(1)) {
            if before.year + 1 != after.year {
                let year = before.year + 1;
                let (before, after) = (before.file.clone(), after.file.clone());
                return Err(CalendarError::MissingYear {
                    year,
                    before,
                    after,
                });
            }
        }
        let published_through =
            Date::new(last_year, 12, 31).map_err(|_| CalendarError::NotADate {
                file: last.file.clone(),
                text: format!("{last_year}-12-31"),
            })?;
        let mut listed = BTreeMap::new();
        for notice in years.values() {
            for (date, day) in &notice.days {
                if let Some(first) = listed.insert(*date, day.clone()) {
                    return Err(conflict(notice.file.clone(), *date, &first, day));
                }
            }
        }
        let version = format!("cn-{first_year}..{last_year}#{:016x}", digest(&listed));
        Ok(Self {
            version,
            first_year,
            published_through,
            listed,
        })
    }

    /// The years and a digest of the listed days, as in `cn-2019..2026#0123456789abcdef`. Comments and layout of
    /// the files do not change it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The last day whose working days have been announced.
    pub fn published_through(&self) -> Date {
        self.published_through
    }

    /// Whether the day lies in a year whose notice is part of this calendar.
    pub fn covers(&self, day: Date) -> bool {
        day.year() >= self.first_year && day <= self.published_through
    }

    /// Whether the day is listed as working, or is Monday to Friday and not listed as off.
    pub fn is_working_day(&self, day: Date) -> bool {
        self.day_off_name(day).is_none()
    }

    /// Why nobody works that day: the festival, or 周末; none on a working day.
    pub fn day_off_name(&self, day: Date) -> Option<&str> {
        match self.listed.get(&day) {
            Some(Listed::Off(name)) => Some(name),
            Some(Listed::Working(_)) => None,
            None => matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday).then_some(WEEKEND),
        }
    }

    /// The festival for which the day is a make-up working day (调休上班日); none on any other day.
    pub fn make_up_name(&self, day: Date) -> Option<&str> {
        match self.listed.get(&day) {
            Some(Listed::Working(name)) => Some(name),
            _ => None,
        }
    }

    /// Whether a notice names the day.
    pub(crate) fn is_listed(&self, day: Date) -> bool {
        self.listed.contains_key(&day)
    }
}

/// 64-bit FNV-1a over the listed days; it tells versions apart and guards against nobody.
fn digest(listed: &BTreeMap<Date, Listed>) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut text = String::new();
    for (date, day) in listed {
        let _infallible = match day {
            Listed::Off(name) => writeln!(text, "{date} off {name}"),
            Listed::Working(name) => writeln!(text, "{date} working {name}"),
        };
    }
    text.bytes().fold(BASIS, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}
