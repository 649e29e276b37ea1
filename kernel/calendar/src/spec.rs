//! How long a limit is: an amount and a unit, written as `5wd`, `24h` or `same-day`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The largest amount a limit may have in any unit (assumed): 10,000 working days are about forty years.
pub const MAX_AMOUNT: u32 = 10_000;

/// Characters of a refused text that are repeated in its error.
const SHOWN_CHARS: usize = 24;

/// The length of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub enum Spec {
    /// `30min`: wall clock, all day, every day.
    Minutes(u32),
    /// `24h`: wall clock, all day, every day.
    Hours(u32),
    /// `15cd`: calendar days; the start day isn't counted, the last day counts to its end.
    CalendarDays(u32),
    /// `5wd`: working days; the start day isn't counted, a make-up Saturday or Sunday is.
    WorkingDays(u32),
    /// `same-day`: to the end of the day of the event.
    SameDay,
    /// `2month`: to the end of the corresponding day, or of the month's last (民法典 202).
    Months(u32),
    /// `1year`: to the end of the corresponding day, or of the month's last (民法典 202).
    Years(u32),
}

impl Spec {
    /// Refuses an amount that is zero or above [`MAX_AMOUNT`].
    pub fn check(self) -> Result<Self, SpecError> {
        match self.amount() {
            Some(0) => Err(SpecError::Zero {
                text: self.to_string(),
            }),
            Some(amount) if amount > MAX_AMOUNT => Err(SpecError::TooLarge {
                text: self.to_string(),
            }),
            _ => Ok(self),
        }
    }

    /// The amount in its own unit; none for `same-day`.
    pub fn amount(self) -> Option<u32> {
        match self {
            Self::SameDay => None,
            Self::Minutes(n)
            | Self::Hours(n)
            | Self::CalendarDays(n)
            | Self::WorkingDays(n)
            | Self::Months(n)
            | Self::Years(n) => Some(n),
        }
    }

    /// Whether the law moves the end of such a limit off a day of rest (民法典 203: periods counted in days,
    /// months or years; a working-day limit cannot end on one, and hours run through).
    pub(crate) fn may_roll(self) -> bool {
        matches!(
            self,
            Self::CalendarDays(_) | Self::Months(_) | Self::Years(_)
        )
    }

    /// Whether the limit runs by the wall clock and so ends at an instant rather than with a day.
    pub(crate) fn is_wall_clock(self) -> bool {
        matches!(self, Self::Minutes(_) | Self::Hours(_))
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minutes(n) => write!(f, "{n}min"),
            Self::Hours(n) => write!(f, "{n}h"),
            Self::CalendarDays(n) => write!(f, "{n}cd"),
            Self::WorkingDays(n) => write!(f, "{n}wd"),
            Self::SameDay => f.write_str("same-day"),
            Self::Months(n) => write!(f, "{n}month"),
            Self::Years(n) => write!(f, "{n}year"),
        }
    }
}

impl FromStr for Spec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let shown = || text.chars().take(SHOWN_CHARS).collect::<String>();
        if text == "same-day" {
            return Ok(Self::SameDay);
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (amount, suffix) = text.split_at(digits);
        if amount.is_empty() {
            return Err(SpecError::NoAmount { text: shown() });
        }
        let unit: fn(u32) -> Self = match suffix {
            "min" => Self::Minutes,
            "h" => Self::Hours,
            "cd" => Self::CalendarDays,
            "wd" => Self::WorkingDays,
            "month" => Self::Months,
            "year" => Self::Years,
            _ => return Err(SpecError::UnknownUnit { text: shown() }),
        };
        if amount.len() > 1 && amount.starts_with('0') {
            return Err(SpecError::LeadingZero { text: shown() });
        }
        let amount = amount
            .parse()
            .map_err(|_| SpecError::TooLarge { text: shown() })?;
        unit(amount).check()
    }
}

impl TryFrom<String> for Spec {
    type Error = SpecError;

    fn try_from(text: String) -> Result<Self, SpecError> {
        text.parse()
    }
}

impl From<Spec> for String {
    fn from(spec: Spec) -> Self {
        spec.to_string()
    }
}

/// Why a text is no limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// There is no number in it, as in 第一时间: the elapsed time is recorded, no clock is started.
    #[error(
        "“{text}”没有数量，不能作为时限：只记录实际用时，不启动时钟；如需计时请写明数量与单位，例如 24h、5wd、15cd"
    )]
    NoAmount {
        /// The refused text, shortened.
        text: String,
    },
    /// The unit isn't one of the known ones.
    #[error(
        "“{text}”的单位无法识别：请用 min、h、cd（自然日）、wd（工作日）、month、year，或写 same-day"
    )]
    UnknownUnit {
        /// The refused text, shortened.
        text: String,
    },
    /// The amount is written with zeros in front; a limit has one spelling.
    #[error("时限“{text}”的数量以零开头：请去掉前面的零")]
    LeadingZero {
        /// The refused text, shortened.
        text: String,
    },
    /// The amount is zero.
    #[error("时限“{text}”的数量为零：请填写不小于1的数量")]
    Zero {
        /// The refused text, shortened.
        text: String,
    },
    /// The amount is above [`MAX_AMOUNT`].
    #[error("时限“{text}”的数量超过上限{MAX_AMOUNT}：请改用更大的单位或更小的数量")]
    TooLarge {
        /// The refused text, shortened.
        text: String,
    },
}
