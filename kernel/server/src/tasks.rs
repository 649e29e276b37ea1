//! What the process does by itself: looks at the clocks, carries out effects, drops old answers.

use std::collections::BTreeSet;
use std::time::Duration;

use fengqiao_core::ids::{Seq, Subject};
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::{OutboxRow, Store as _};
use fengqiao_service::{Courier, Stuck, Swept};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::{App, Shared};

/// How often running clocks are looked at.
const TICK: Duration = Duration::from_secs(1);

/// How often old answers are dropped.
const PRUNE_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Subjects whose clocks are breached together; more would get into each other's way on shared dockets.
const SWEEP_AT_ONCE: usize = 8;

/// Starts all of them; they end when the set is dropped.
pub(crate) fn start(app: &Shared) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(tick(Shared::clone(app)));
    tasks.spawn(prune(Shared::clone(app)));
    tasks
}

/// Sends a breach for every clock that ran out, and delivers what waits. A demonstration's time stands still in
/// between, and whoever moves it looks at the clocks.
async fn tick(app: Shared) {
    let mut stuck = BTreeSet::new();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if app.demonstration.is_none() {
            match app.kernel.sweep_clocks(SWEEP_AT_ONCE).await {
                Ok(swept) => {
                    stuck = tell_of_stuck(&swept, &stuck);
                    app.metrics.swept(&swept);
                }
                Err(error) => {
                    tracing::error!(%error, "到期时限暂不能处理");
                    continue;
                }
            }
        }
        deliver(&app).await;
        app.pulse.beat();
    }
}

/// Names each clock that can't be breached once, however often it is tried; answers those that are known now.
pub(crate) fn tell_of_stuck(
    swept: &Swept,
    known: &BTreeSet<(Subject, Seq)>,
) -> BTreeSet<(Subject, Seq)> {
    let mut stuck = BTreeSet::new();
    for Stuck { clock, why } in &swept.stuck {
        let key = (clock.subject.clone(), clock.clock);
        if !known.contains(&key) {
            tracing::error!(subject = %clock.subject, clock = clock.clock, why, "到期时限未能处理，将继续重试");
        }
        stuck.insert(key);
    }
    stuck
}

/// Carries out what waits.
pub(crate) async fn deliver(app: &App) {
    match app.kernel.deliver(&LogCourier).await {
        Ok(delivered) => app.metrics.delivered(delivered),
        Err(error) => tracing::error!(%error, "通知暂不能送出"),
    }
}

async fn prune(app: Shared) {
    let mut days = interval(PRUNE_EVERY);
    loop {
        days.tick().await;
        match app.kernel.store().prune_answers(app.clock.now()).await {
            Ok(dropped) => tracing::info!(dropped, "已清理过期答复"),
            Err(error) => tracing::warn!(%error, "过期答复暂不能清理"),
        }
    }
}

/// Brings notices to the log until gateways have their own place: on whose behalf, to which part, which notice. No words, no people.
struct LogCourier;

impl Courier for LogCourier {
    async fn deliver(&self, row: &OutboxRow) -> Result<(), String> {
        use fengqiao_core::command::Recipient;
        use fengqiao_core::ids::Code;
        let (to, id) = match &row.effect.to {
            Recipient::Citizen => ("citizen", ""),
            Recipient::Unit(unit) => ("unit", unit.as_str()),
            Recipient::Desk(division) => ("desk", division.as_str()),
        };
        let (subject, notice) = (&row.effect.subject, row.effect.notice.as_str());
        let Some(call) = &row.effect.call else {
            tracing::info!(effect = row.id, %subject, to, id, %notice, "通知");
            return Ok(());
        };
        let (post, clock) = (&call.post, call.clock.as_ref().map_or("", Code::as_str));
        let next = what_to_do(notice);
        tracing::info!(effect = row.id, %subject, to, id, %notice, post, clock, next, "通知");
        Ok(())
    }
}

/// What whoever is responsible does about an escalation.
fn what_to_do(notice: &str) -> &'static str {
    match notice {
        "escalated.breach" => "时限已过：请过问承办单位，督促办结并回复群众",
        "escalated.hand-up" => "案件已上提：请了解下级办不了的原因，协调办理力量",
        "escalated.urge" => "已再次催办：请过问承办单位，答复何时办结",
        _ => "已对单位启动督办程序：请督促该单位限期回应",
    }
}
