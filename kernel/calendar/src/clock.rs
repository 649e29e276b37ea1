//! The four questions about a clock: when is it due, when after an extension, when after a pause, when by a newer calendar.

use jiff::Timestamp;

use crate::calendar::Calendar;
use crate::deadline::{Change, Deadline, Roll};
use crate::explain::{day_text, spec_text};
use crate::instant::{local_date, local_text};
use crate::reckoning::Reckoning;
use crate::spec::{Spec, SpecError};

/// The longest pause, in days (assumed): a hundred years.
pub const MAX_PAUSE_DAYS: u32 = 36_525;

impl Calendar {
    /// When a limit that starts with the event at `start` ends.
    pub fn deadline(
        &self,
        start: Timestamp,
        spec: Spec,
        roll: Roll,
    ) -> Result<Deadline, ClockError> {
        let spec = spec.check()?;
        let mut reckoning = Reckoning::new(self, Vec::new());
        if !spec.is_wall_clock() && spec != Spec::SameDay {
            reckoning.say(format!("自{}起算，当日不计入", day_text(local_date(start))));
        }
        let end = reckoning.count(start, spec)?;
        let raw = end.at;
        let due = reckoning.settle(end, roll == Roll::Law && spec.may_roll())?;
        let changes = Vec::new();
        let (steps, provisional) = reckoning.finish(due);
        Ok(Deadline {
            start,
            due,
            raw,
            spec,
            roll,
            calendar: self.version().to_owned(),
            steps,
            provisional,
            changes,
        })
    }

    /// The deadline with more time, counted from the raw expiry: otherwise 60 and 30 days would exceed what the law
    /// allows (信访工作条例 34). It never ends earlier than before.
    pub fn extend(&self, deadline: &Deadline, by: Spec) -> Result<Deadline, ClockError> {
        let by = by.check()?;
        if by == Spec::SameDay {
            return Err(ClockError::ExtensionWithoutAmount);
        }
        let mut next = deadline.clone();
        next.changes.push(Change::Extended { by });
        let mut reckoning = Reckoning::new(self, deadline.steps.clone());
        reckoning.say(format!(
            "延长{}，自未顺延的到期时刻{}起算",
            spec_text(by),
            local_text(deadline.raw)
        ));
        let end = reckoning.count(deadline.raw, by)?;
        next.raw = end.at;
        next.due = reckoning.settle(end, next.rolls())?.max(deadline.due);
        Ok(self.conclude(next, reckoning))
    }

    /// The deadline after the clock stood still from `paused_at` to `resumed_at`, later by exactly that time in the
    /// unit in which its end was counted:
    ///
    /// - `min`, `h`: the exact duration;
    /// - `wd`: the working days at whose end the clock stood still;
    /// - `cd`, `month`, `year`, `same-day`: the calendar days at whose end it stood still.
    ///
    /// A pause that begins in the roll-over, after the raw expiry, moves the rolled date by that time as well, so
    /// that no less is left at the resumption than was left at the pause.
    pub fn resume(
        &self,
        deadline: &Deadline,
        paused_at: Timestamp,
        resumed_at: Timestamp,
    ) -> Result<Deadline, ClockError> {
        if resumed_at < paused_at {
            return Err(ClockError::PauseBackwards);
        }
        if paused_at < deadline.start {
            return Err(ClockError::PauseBeforeStart);
        }
        if deadline.is_breached(paused_at) {
            return Err(ClockError::PauseAfterDue);
        }
        let overlaps = |change: &Change| matches!(change, Change::Paused { resumed_at, .. } if paused_at < *resumed_at);
        if deadline.changes.iter().any(overlaps) {
            return Err(ClockError::PauseOverlaps);
        }
        if i64::from(MAX_PAUSE_DAYS) < resumed_at.duration_since(paused_at).as_hours() / 24 {
            return Err(ClockError::PauseTooLong);
        }
        self.shift(deadline, paused_at, resumed_at)
    }

    /// The same deadline by this calendar: from its start, through every extension and pause that it had.
    ///
    /// To be asked of every running clock when a notice is published, and not only of the provisional ones: New
    /// Year's rest may reach back into the December before. The caller compares `due` and records an event where it
    /// differs.
    pub fn recompute(&self, deadline: &Deadline) -> Result<Deadline, ClockError> {
        let first = self.deadline(deadline.start, deadline.spec, deadline.roll)?;
        deadline
            .changes
            .iter()
            .try_fold(first, |current, change| match *change {
                Change::Extended { by } => self.extend(&current, by),
                Change::Paused {
                    paused_at,
                    resumed_at,
                } => self.shift(&current, paused_at, resumed_at),
            })
    }

    fn shift(
        &self,
        deadline: &Deadline,
        paused_at: Timestamp,
        resumed_at: Timestamp,
    ) -> Result<Deadline, ClockError> {
        let mut next = deadline.clone();
        next.changes.push(Change::Paused {
            paused_at,
            resumed_at,
        });
        let mut reckoning = Reckoning::new(self, deadline.steps.clone());
        let pause = reckoning.pause(deadline.ending_spec(), paused_at, resumed_at)?;
        let raw = reckoning.after_pause(deadline.raw, pause)?;
        next.raw = raw.at;
        let end = if paused_at > deadline.raw {
            reckoning.after_pause(deadline.due, pause)?
        } else {
            raw
        };
        next.due = reckoning.settle(end, next.rolls())?.max(deadline.due);
        Ok(self.conclude(next, reckoning))
    }

    fn conclude(&self, mut next: Deadline, reckoning: Reckoning<'_>) -> Deadline {
        let (steps, provisional) = reckoning.finish(next.due);
        next.steps = steps;
        next.provisional |= provisional;
        next.calendar = self.version().to_owned();
        next
    }
}

/// Why a deadline can't be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The limit itself is no good.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The date lies beyond the end of the time scale (year 9999).
    #[error("到期时间超出可表示的范围（公元9999年）：请核对起算时间和时限")]
    Overflow,
    /// An extension needs an amount; `same-day` has none.
    #[error("“same-day”不能作为延长的时间：请写明数量与单位，例如 10wd")]
    ExtensionWithoutAmount,
    /// The clock would have run again before it stopped.
    #[error("恢复时间早于暂停时间：请核对两个时刻")]
    PauseBackwards,
    /// The clock hadn't started when it was to stop.
    #[error("暂停时间早于起算时间：请核对暂停时刻")]
    PauseBeforeStart,
    /// The clock was already breached when it was to stop.
    #[error("暂停时已经超期：超期的时限不能暂停，请按超期处理")]
    PauseAfterDue,
    /// The clock already stood still during a part of this pause.
    #[error("暂停时间与先前的暂停重叠：请核对暂停时刻")]
    PauseOverlaps,
    /// The pause is longer than [`MAX_PAUSE_DAYS`].
    #[error("暂停超过{MAX_PAUSE_DAYS}日：请核对恢复时刻")]
    PauseTooLong,
}
