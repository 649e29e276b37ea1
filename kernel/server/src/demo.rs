//! A demonstration's time: it stands still until somebody moves it forward, and stops at every clock that runs out on the way.

use std::collections::BTreeSet;

use fengqiao_core::ids::{Seq, Subject};
use fengqiao_service::Swept;
use fengqiao_service::limits::SWEEP_CLOCKS;
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::Store as _;
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

/// Moves time to `target`; every clock that runs out on the way is handled at its own time, one after another.
pub(crate) async fn forward(
    app: &App,
    demonstration: &Demonstration,
    target: Timestamp,
) -> Result<Swept, Problem> {
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
    let mut all = Swept::default();
    let mut left_standing = BTreeSet::new();
    while let Some(instant) = next_stop(app, target, &mut left_standing).await? {
        set(app, demonstration, instant)?;
        all.breached += app.kernel.sweep_clocks(1).await?.breached;
    }
    set(app, demonstration, target)?;
    let last = app.kernel.sweep_clocks(1).await?;
    all.breached += last.breached;
    all.stuck = last.stuck;
    tasks::tell_of_stuck(&all, &BTreeSet::new());
    tasks::deliver(app).await;
    Ok(all)
}

/// The instant right after the next due time, where a clock is breached. A clock that stays due although it was its
/// turn doesn't stop the others.
async fn next_stop(
    app: &App,
    target: Timestamp,
    left_standing: &mut BTreeSet<(Subject, Seq)>,
) -> Result<Option<Timestamp>, Problem> {
    let now = app.clock.now();
    let mut after = None;
    loop {
        let store = app.kernel.store();
        let page = store
            .due_clocks(target, after.as_ref(), SWEEP_CLOCKS)
            .await?;
        let Some(last) = page.last().cloned() else {
            return Ok(None);
        };
        for clock in page {
            let instant = whole_ms(clock.due) + SignedDuration::from_millis(1);
            if instant > now && instant <= target {
                return Ok(Some(instant));
            }
            if instant <= now && left_standing.insert((clock.subject, clock.clock)) {
                return Ok(Some(now));
            }
        }
        after = Some(last);
    }
}

fn set(app: &App, demonstration: &Demonstration, instant: Timestamp) -> Result<(), Problem> {
    // Kept first: after a crash the clock may be ahead of what happened, and never behind it.
    demonstration.data.keep_time(instant)?;
    Ok(app.clock.advance(instant)?)
}

fn whole_ms(instant: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(instant.as_millisecond()).unwrap_or(instant)
}
