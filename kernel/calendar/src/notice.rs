//! One year's notice of holidays and make-up working days, read from TOML and checked.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use toml::value::Datetime;

/// A day that a notice names: the reason is the festival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// A day off.
    Off(String),
    /// A make-up working day (调休).
    Working(String),
}

/// The days one file lists for its year.
pub(crate) struct Notice {
    pub(crate) file: String,
    pub(crate) year: i16,
    pub(crate) days: BTreeMap<Date, Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: i16,
    off: Vec<Entry>,
    working: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    date: Datetime,
    name: String,
}

impl Notice {
    /// Reads the text of one file. Every refusal names the file, and the date where there is one.
    pub(crate) fn read(file: &str, text: &str) -> Result<Self, CalendarError> {
        let content: File = toml::from_str(text).map_err(|error| CalendarError::Unreadable {
            file: file.to_owned(),
            reason: error.to_string(),
        })?;
        let mut notice = Self {
            file: file.to_owned(),
            year: content.year,
            days: BTreeMap::new(),
        };
        for Entry { date, name } in content.off {
            notice.list(date, Listed::Off(name))?;
        }
        for Entry { date, name } in content.working {
            notice.list(date, Listed::Working(name))?;
        }
        Ok(notice)
    }

    /// A notice speaks of its own year, and of the December before: New Year's rest may begin there.
    fn may_list(&self, date: Date) -> bool {
        date.year() == self.year || (date.year() == self.year - 1 && date.month() == 12)
    }

    fn list(&mut self, written: Datetime, listed: Listed) -> Result<(), CalendarError> {
        let file = self.file.clone();
        let Some(date) = as_date(written) else {
            return Err(CalendarError::NotADate {
                file,
                text: written.to_string(),
            });
        };
        if !self.may_list(date) {
            return Err(CalendarError::OutsideYear {
                file,
                date,
                year: self.year,
            });
        }
        let (Listed::Off(name) | Listed::Working(name)) = &listed;
        if name.trim().is_empty() {
            return Err(CalendarError::Unnamed { file, date });
        }
        if let Some(first) = self.days.get(&date) {
            return Err(conflict(file, date, first, &listed));
        }
        self.days.insert(date, listed);
        Ok(())
    }
}

/// A second word on a date that is listed already: the same again, or the opposite.
pub(crate) fn conflict(file: String, date: Date, first: &Listed, second: &Listed) -> CalendarError {
    match (first, second) {
        (Listed::Off(_), Listed::Off(_)) | (Listed::Working(_), Listed::Working(_)) => {
            CalendarError::Duplicate { file, date }
        }
        _ => CalendarError::Contradiction { file, date },
    }
}

fn as_date(written: Datetime) -> Option<Date> {
    let Datetime {
        date: Some(date),
        time: None,
        offset: None,
    } = written
    else {
        return None;
    };
    let year = i16::try_from(date.year).ok()?;
    Date::new(
        year,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    )
    .ok()
}

/// Why notices do not make a calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No file was given.
    #[error("没有日历文件：请至少提供一个年份的放假安排")]
    Empty,
    /// The text isn't TOML of the expected form.
    #[error("日历文件“{file}”无法读取，请按格式更正：{reason}")]
    Unreadable {
        /// The name of the file.
        file: String,
        /// What the reader says, with line and column.
        reason: String,
    },
    /// A value carries a time or an offset, or no such day exists.
    #[error("日历文件“{file}”中的“{text}”不是日期：请写成 2024-02-10 的形式")]
    NotADate {
        /// The name of the file.
        file: String,
        /// The refused value.
        text: String,
    },
    /// A date is neither in the year of its file nor in the December before.
    #[error(
        "日历文件“{file}”是{year}年的放假安排，{date}不在该年，也不在上一年12月：请移到对应年份的文件"
    )]
    OutsideYear {
        /// The name of the file.
        file: String,
        /// The misplaced date.
        date: Date,
        /// The year of the file.
        year: i16,
    },
    /// A date has no reason, so that deadlines could not be explained.
    #[error("日历文件“{file}”中{date}没有名称：请写明节日")]
    Unnamed {
        /// The name of the file.
        file: String,
        /// The date without a name.
        date: Date,
    },
    /// A date is listed twice, under one key or in the file before.
    #[error("日历文件“{file}”中{date}重复列出：请删去一处")]
    Duplicate {
        /// The name of the file.
        file: String,
        /// The repeated date.
        date: Date,
    },
    /// A date is listed both as off and as working, here or in the file before.
    #[error("日历文件“{file}”中{date}既列为放假又列为上班，或与上一年的文件相反：请对照通知更正")]
    Contradiction {
        /// The name of the file.
        file: String,
        /// The date listed both ways.
        date: Date,
    },
    /// Two files are of one year.
    #[error("日历文件“{first}”和“{second}”都是{year}年的放假安排：请只保留一个")]
    YearTwice {
        /// The file read first.
        first: String,
        /// The file read second.
        second: String,
        /// The year of both.
        year: i16,
    },
    /// A year between two given years has no file.
    #[error("缺少{year}年的放假安排：“{before}”与“{after}”之间不能空缺，请补上该年的文件")]
    MissingYear {
        /// The first year without a file.
        year: i16,
        /// The file before the gap.
        before: String,
        /// The file after the gap.
        after: String,
    },
}
