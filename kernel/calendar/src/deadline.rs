//! A due date with everything needed to explain it and to compute it again.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::instant::local_date;
use crate::spec::Spec;

/// What happens when a limit counted in days, months or years ends on a day off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Roll {
    /// It ends with the next working day (民法典 203): the limits of the law.
    Law,
    /// It ends where it ends: local promises such as "two days".
    Local,
}

/// Something that moved a deadline after its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Change {
    /// More time was granted; it counts from the raw expiry.
    Extended {
        /// How much.
        by: Spec,
    },
    /// The clock stood still.
    Paused {
        /// When it was stopped.
        paused_at: Timestamp,
        /// When it ran again.
        resumed_at: Timestamp,
    },
}

/// When a limit ends, and why then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deadline {
    /// The event that the limit is counted from.
    pub start: Timestamp,
    /// The last instant at which the clock is met.
    pub due: Timestamp,
    /// The expiry before roll-over; extensions count from here.
    pub raw: Timestamp,
    /// The limit that the clock was started with.
    pub spec: Spec,
    /// Whether a day off at the end is rolled over.
    pub roll: Roll,
    /// Version of the calendar that the last computation used.
    pub calendar: String,
    /// The reasons, in the order in which they apply, as sentences for people.
    pub steps: Vec<String>,
    /// Whether the date depends on days that no notice in the calendar covers; it is to be recomputed when one does.
    pub provisional: bool,
    /// Extensions and pauses, oldest first.
    pub changes: Vec<Change>,
}

impl Deadline {
    /// The day that the due date prints as.
    pub fn due_date(&self) -> Date {
        local_date(self.due)
    }

    /// Whether the clock is breached at that instant, compared in milliseconds: any later one than `due` is too late.
    pub fn is_breached(&self, now: Timestamp) -> bool {
        now.as_millisecond() > self.due.as_millisecond()
    }

    /// Whether it is the same but for the calendar that it was computed by.
    pub fn is_as_good_as(&self, other: &Self) -> bool {
        let by_the_other = Self {
            calendar: other.calendar.clone(),
            ..self.clone()
        };
        by_the_other == *other
    }

    /// The unit that the end was counted in last: that of the latest extension, or of the limit itself.
    pub(crate) fn ending_spec(&self) -> Spec {
        self.extensions().last().unwrap_or(self.spec)
    }

    /// Whether its end moves off a day of rest: under the law, as soon as any part was counted in days, months or
    /// years, so that a later extension by hours can't shorten what the roll-over gave.
    pub(crate) fn rolls(&self) -> bool {
        self.roll == Roll::Law && (self.spec.may_roll() || self.extensions().any(Spec::may_roll))
    }

    fn extensions(&self) -> impl Iterator<Item = Spec> {
        self.changes.iter().filter_map(|change| match change {
            Change::Extended { by } => Some(*by),
            Change::Paused { .. } => None,
        })
    }
}
