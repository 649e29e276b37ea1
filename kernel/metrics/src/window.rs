//! Windows of time as people name them: a year, a month, some days; in China's own days.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::{Offset, offset};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Asia/Shanghai as the fixed offset it has had since 1991.
const CHINA: Offset = offset(8);

/// Why a text is no window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// It isn't written as one, or names a day that doesn't exist.
    #[error("“{0}”不是统计期：请写成 2026、2026-05 或 2026-05-01/2026-05-31")]
    Unreadable(String),
    /// The last day lies before the first.
    #[error("统计期的末日 {last} 早于首日 {first}，请对调")]
    Backwards {
        /// The first day as written.
        first: Date,
        /// The last day as written.
        last: Date,
    },
    /// It lies at an end of the time scale.
    #[error("统计期超出可计算的年代，请核对年份")]
    OutOfTime,
}

/// A stretch of whole days in China: from 0:00 of the first to 24:00 of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Window {
    first: Date,
    last: Date,
    form: Form,
    from: Timestamp,
    until: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Year,
    Month,
    Days,
}

impl Window {
    /// A calendar year.
    pub fn year(year: i16) -> Result<Self, WindowError> {
        let unreadable = || WindowError::Unreadable(year.to_string());
        let first = Date::new(year, 1, 1).map_err(|_| unreadable())?;
        Self::made(first, first.last_of_year(), Form::Year)
    }

    /// A calendar month.
    pub fn month(year: i16, month: i8) -> Result<Self, WindowError> {
        let unreadable = || WindowError::Unreadable(format!("{year}-{month}"));
        let first = Date::new(year, month, 1).map_err(|_| unreadable())?;
        Self::made(first, first.last_of_month(), Form::Month)
    }

    /// From a day to a day, both inside.
    pub fn days(first: Date, last: Date) -> Result<Self, WindowError> {
        if last < first {
            return Err(WindowError::Backwards { first, last });
        }
        Self::made(first, last, Form::Days)
    }

    fn made(first: Date, last: Date, form: Form) -> Result<Self, WindowError> {
        let start_of =
            |day: Date| CHINA.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
        let after = last.tomorrow().map_err(|_| WindowError::OutOfTime)?;
        Ok(Self {
            first,
            last,
            form,
            from: start_of(first).map_err(|_| WindowError::OutOfTime)?,
            until: start_of(after).map_err(|_| WindowError::OutOfTime)?,
        })
    }

    /// The window of the same form right before: the month before a month, as many days before some days.
    pub fn before(&self) -> Result<Self, WindowError> {
        let last = self.first.yesterday().map_err(|_| WindowError::OutOfTime)?;
        match self.form {
            Form::Year => Self::year(last.year()),
            Form::Month => Self::month(last.year(), last.month()),
            Form::Days => {
                let days = (self.last - self.first).get_days();
                let first = last.checked_sub(days.days());
                Self::days(first.map_err(|_| WindowError::OutOfTime)?, last)
            }
        }
    }

    /// Whether an instant lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Its first instant.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// The first instant after it.
    pub fn until(&self) -> Timestamp {
        self.until
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            Form::Year => write!(f, "{:04}", self.first.year()),
            Form::Month => write!(f, "{:04}-{:02}", self.first.year(), self.first.month()),
            Form::Days => write!(f, "{}/{}", self.first, self.last),
        }
    }
}

impl FromStr for Window {
    type Err = WindowError;
    fn from_str(text: &str) -> Result<Self, WindowError> {
        let unreadable = || WindowError::Unreadable(text.chars().take(40).collect());
        let day = |part: &str| -> Result<Date, WindowError> {
            let plain = part.len() == 10 && part.is_ascii();
            plain
                .then(|| part.parse().ok())
                .flatten()
                .ok_or_else(unreadable)
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if let Some((first, last)) = text.split_once('/') {
            return Self::days(day(first)?, day(last)?);
        }
        match text.split_once('-') {
            None if text.len() == 4 && digits(text) => {
                Self::year(text.parse().map_err(|_| unreadable())?)
            }
            Some((year, month))
                if year.len() == 4 && month.len() == 2 && digits(year) && digits(month) =>
            {
                let (year, month) = (year.parse(), month.parse());
                let (Ok(year), Ok(month)) = (year, month) else {
                    return Err(unreadable());
                };
                Self::month(year, month)
            }
            _ => Err(unreadable()),
        }
    }
}

impl TryFrom<String> for Window {
    type Error = WindowError;
    fn try_from(text: String) -> Result<Self, WindowError> {
        text.parse()
    }
}

impl From<Window> for String {
    fn from(window: Window) -> String {
        window.to_string()
    }
}

/// What a count is about: a window, the one it is compared with, and until when facts are known.
///
/// What happened after `as_of` counts as not having happened, so that January's sheet can be made again in June.
/// Marks, links and merging carry no time and count as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Period {
    /// The window.
    pub window: Window,
    /// What growth is measured against.
    pub before: Window,
    /// Until when facts are known.
    pub as_of: Timestamp,
}

impl Period {
    /// A window compared with the one right before.
    pub fn new(window: Window, as_of: Timestamp) -> Result<Self, WindowError> {
        let before = window.before()?;
        Ok(Self {
            window,
            before,
            as_of,
        })
    }

    /// Whether something happened in the window, as far as is known.
    pub(crate) fn covers(&self, at: Timestamp) -> bool {
        at <= self.as_of && self.window.contains(at)
    }

    /// The same of something that may not have happened.
    pub(crate) fn has(&self, at: Option<Timestamp>) -> bool {
        at.is_some_and(|at| self.covers(at))
    }

    /// Whether something has happened, as far as is known.
    pub(crate) fn knows(&self, at: Option<Timestamp>) -> bool {
        at.is_some_and(|at| at <= self.as_of)
    }
}
