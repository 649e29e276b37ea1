//! A demonstration's time: it stands still until somebody moves it forward, and stops at every clock that runs out on the way.

use std::collections::BTreeSet;

use fengqiao_core::ids::{Seq, Subject};
use fengqiao_service::limits::SWEEP_CLOCKS;
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::{DueClock, Store as _};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::app::App;
use crate::clock::Backwards;
use crate::files::DataDir;
use crate::problem::Problem;
use crate::tasks;

/// What a demonstration has beside an ordinary kernel.
pub(crate) struct Demonstration {
    data: DataDir,
    moving: Mutex<()>,
}

impl Demonstration {
    /// Of a data directory that carries the mark.
    pub(crate) fn new(data: DataDir) -> Self {
        Self {
            data,
            moving: Mutex::new(()),
        }
    }
}

/// Moves time to `target`; every clock that runs out on the way is handled at its own time. Answers how many did.
pub(crate) async fn forward(
    app: &App,
    demonstration: &Demonstration,
    target: Timestamp,
) -> Result<u64, Problem> {
    let _one_at_a_time = demonstration.moving.lock().await;
    let target = whole_ms(target);
    let now = app.clock.now();
    if target < now {
        return Err(Backwards {
            now,
            wanted: target,
        }
        .into());
    }
    let mut breached = 0;
    let mut left_standing = BTreeSet::new();
    while let Some(instant) = next_stop(app, target, &mut left_standing).await? {
        set(app, demonstration, instant)?;
        breached += app.kernel.sweep_clocks().await?;
    }
    set(app, demonstration, target)?;
    breached += app.kernel.sweep_clocks().await?;
    tasks::deliver(app).await;
    Ok(breached)
}

/// The instant right after the next due time, where a clock is breached. A clock that stays due although it was its
/// turn doesn't stop the others.
async fn next_stop(
    app: &App,
    target: Timestamp,
    left_standing: &mut BTreeSet<(Subject, Seq)>,
) -> Result<Option<Timestamp>, Problem> {
    let due = app.kernel.store().due_clocks(target, SWEEP_CLOCKS).await?;
    let now = app.clock.now();
    for DueClock {
        subject,
        clock,
        due,
    } in due
    {
        let instant = whole_ms(due) + SignedDuration::from_millis(1);
        if instant > now && instant <= target {
            return Ok(Some(instant));
        }
        if instant <= now && left_standing.insert((subject, clock)) {
            return Ok(Some(now));
        }
    }
    Ok(None)
}

fn set(app: &App, demonstration: &Demonstration, instant: Timestamp) -> Result<(), Problem> {
    // Kept first: after a crash the clock may be ahead of what happened, and never behind it.
    demonstration.data.keep_time(instant)?;
    Ok(app.clock.advance(instant)?)
}

fn whole_ms(instant: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(instant.as_millisecond()).unwrap_or(instant)
}
