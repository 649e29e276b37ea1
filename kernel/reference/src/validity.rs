//! From which day to which a row holds; both ends belong to it, and an end that isn't written is open.

use jiff::civil::Date;

use crate::error::Reason;

/// The columns of both ends.
pub(crate) const FROM: &str = "valid-from";
pub(crate) const UNTIL: &str = "valid-until";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Validity {
    from: Date,
    until: Date,
}

impl Validity {
    pub(crate) fn read(from: Option<&str>, until: Option<&str>) -> Result<Self, Reason> {
        let validity = Self {
            from: day(FROM, from, Date::MIN)?,
            until: day(UNTIL, until, Date::MAX)?,
        };
        if validity.from > validity.until {
            return Err(Reason::BadValue {
                field: UNTIL.to_owned(),
                value: validity.until.to_string(),
                wanted: "止期早于起期，请改正其中之一",
            });
        }
        Ok(validity)
    }

    pub(crate) fn holds_on(self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// Whether there is a day on which both hold.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.from <= other.until && other.from <= self.until
    }

    /// The first day after `day` on which this begins to hold or holds no longer.
    pub(crate) fn changes_after(self, day: Date) -> Option<Date> {
        let ends = self.until.tomorrow().ok();
        let changes = [(self.from > Date::MIN).then_some(self.from), ends];
        changes
            .into_iter()
            .flatten()
            .filter(|change| *change > day)
            .min()
    }
}

fn day(field: &str, text: Option<&str>, open: Date) -> Result<Date, Reason> {
    let Some(text) = text else { return Ok(open) };
    text.parse().map_err(|_| Reason::BadValue {
        field: field.to_owned(),
        value: text.to_owned(),
        wanted: "应为日期，例如 2024-02-01",
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn validity(from: &str, until: &str) -> Validity {
        let given = |text: &'static str| (!text.is_empty()).then_some(text);
        let (from, until) = (from.to_owned().leak(), until.to_owned().leak());
        Validity::read(given(from), given(until)).unwrap()
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn both_ends_belong_to_it() {
        let january = validity("2024-01-01", "2024-01-31");
        for (day, holds) in [
            ("2023-12-31", false),
            ("2024-01-01", true),
            ("2024-01-31", true),
            ("2024-02-01", false),
        ] {
            assert_eq!(january.holds_on(date(day)), holds, "{day}");
        }
        assert!(validity("", "").holds_on(date("2024-01-01")));
    }

    #[test]
    fn two_meet_when_a_day_belongs_to_both() {
        let january = validity("2024-01-01", "2024-01-31");
        assert!(january.meets(validity("2024-01-31", "")));
        assert!(!january.meets(validity("2024-02-01", "")));
    }

    #[test]
    fn it_changes_on_its_first_day_and_on_the_day_after_its_last() {
        let january = validity("2024-01-01", "2024-01-31");
        assert_eq!(
            january.changes_after(date("2023-05-01")),
            Some(date("2024-01-01"))
        );
        assert_eq!(
            january.changes_after(date("2024-01-01")),
            Some(date("2024-02-01"))
        );
        assert_eq!(january.changes_after(date("2024-02-01")), None);
        assert_eq!(validity("", "").changes_after(date("2024-02-01")), None);
    }

    #[test]
    fn an_end_before_the_beginning_is_refused() {
        assert!(Validity::read(Some("2024-02-01"), Some("2024-01-31")).is_err());
        assert!(Validity::read(Some("2024-2-1"), None).is_err());
    }
}
