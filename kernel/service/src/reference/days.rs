//! What changes with time: the rows that hold on a new day, and deadlines when holidays are announced.

use std::collections::BTreeSet;
use std::sync::Arc;

use fengqiao_calendar::{Calendar, end_of_day, local_date};
use fengqiao_core::command::Command;
use fengqiao_core::docket::Docket;
use fengqiao_core::ids::{Subject, UnitId};
use fengqiao_core::refusal::Refusal;
use fengqiao_reference::Reference;
use jiff::{SignedDuration, Timestamp};

use super::edition::{build, change};
use crate::Service;
use crate::breaches::target_of;
use crate::limits::SWEEP_CLOCKS;
use crate::ports::advisor::Advisor;
use crate::ports::store::{DueClock, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::request::SubmitError;

/// A notice moves days of its year, and around New Year's Day those of the December before.
const DECEMBER: SignedDuration = SignedDuration::from_hours(31 * 24);

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// From the day on which other rows hold, answers from these. Data that has a gap on that day stays as it was the day before.
    pub(crate) async fn follow_the_day(&self) -> Result<(), StoreError> {
        let at = self.clock.now();
        let today = local_date(at);
        let is_due =
            |reference: &Reference| reference.next_change().is_some_and(|day| day <= today);
        let world = self.world();
        if !is_due(&world.reference) || world.gap_on == Some(today) {
            return Ok(());
        }
        let _one_at_a_time = self.managing.lock().await;
        let rows = self.store.reference().await?;
        match build(&rows, today, Some((&self.reference(), &BTreeSet::new()))) {
            Ok(reference) => {
                let change = change(&rows, Vec::new(), &reference, at);
                self.store.put_reference(&change).await?;
                self.answer_from(reference);
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "今日的参考数据有误，暂用前一日的：请改正后重新导入");
                self.change_world(|world| world.gap_on = Some(today));
                Ok(())
            }
        }
    }

    /// From now on deadlines are reckoned by this calendar; those that run are moved with the next look at the clocks.
    pub(super) fn reckon_by(&self, calendar: Calendar) {
        let calendar = Arc::new(calendar);
        self.change_world(|world| {
            world.calendar = Arc::clone(&calendar);
            world.is_recomputed = false;
        });
        self.advisor.set_calendar(calendar);
    }

    /// One that can't be moved holds up no other.
    async fn recompute(&self, running: &DueClock, calendar: &Calendar) -> Result<(), StoreError> {
        let tried = match self.is_moved(running, calendar).await {
            Ok(false) => return Ok(()),
            Ok(true) => {
                let clock = running.clock;
                let target = target_of(&running.subject);
                self.submit_own(&target, Command::Recompute { clock }).await
            }
            Err(error) => Err(error.into()),
        };
        match tried {
            Ok(_) | Err(SubmitError::Refused(Refusal::ClockOver { .. })) => Ok(()),
            Err(SubmitError::Store(error @ StoreError::Unavailable(_))) => Err(error),
            Err(error) => {
                let DueClock { subject, clock, .. } = running;
                tracing::error!(?subject, clock, %error, "未能按新的放假安排重算到期日");
                Ok(())
            }
        }
    }

    async fn is_moved(&self, running: &DueClock, calendar: &Calendar) -> Result<bool, StoreError> {
        let is_moved = |docket: &Docket| {
            let clock = docket.clocks.iter().find(|own| own.id == running.clock);
            clock.is_some_and(|own| {
                let anew = calendar.recompute(&own.deadline);
                !anew.is_ok_and(|anew| anew.is_as_good_as(&own.deadline))
            })
        };
        Ok(match &running.subject {
            Subject::Case(id) => {
                let case = self.store.case(id).await?;
                case.is_some_and(|case| is_moved(&case.docket))
            }
            other => is_moved(&self.store.docket(other).await?),
        })
    }

    /// Moves the deadlines that newer notices move; once after each notice, and once at start where there are any.
    pub(crate) async fn follow_the_calendar(&self) -> Result<(), StoreError> {
        let world = self.world();
        if world.is_recomputed {
            return Ok(());
        }
        let calendar = world.calendar;
        let mut after = before_newer_notices();
        loop {
            let running = self
                .store
                .due_clocks(Timestamp::MAX, after.as_ref(), SWEEP_CLOCKS)
                .await?;
            let Some(last) = running.last() else {
                break;
            };
            after = Some(last.clone());
            for clock in &running {
                self.recompute(clock, &calendar).await?;
            }
        }
        self.change_world(|world| {
            // A still newer notice may have come meanwhile.
            world.is_recomputed = Arc::ptr_eq(&world.calendar, &calendar);
        });
        Ok(())
    }
}

/// Where the clocks begin that a notice can move which didn't ship; none where all of them have to be looked at.
fn before_newer_notices() -> Option<DueClock> {
    let shipped = Calendar::china().ok()?.published_through();
    let due = end_of_day(shipped).ok()?.checked_sub(DECEMBER).ok()?;
    Some(DueClock {
        subject: Subject::Unit(UnitId::parse("-").ok()?),
        clock: 0,
        due,
    })
}
