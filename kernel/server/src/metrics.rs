//! What is counted, in the text that Prometheus reads.

use std::fmt::Write as _;
use std::time::Duration;

use fengqiao_service::Swept;
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::{Store, StoreError};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::app::App;
use crate::limits::MAX_OUTBOX_COUNTED;

/// Upper ends of the classes of request times, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0];

/// Counters of this process. Nothing in them names a person or a case.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<OperationLabels, Histogram, fn() -> Histogram>,
    commands: Family<CommandLabels, Counter>,
    breaches: Counter,
    notices: Counter,
    clock_lag_ms: Gauge,
    clocks_stuck: Gauge,
    outbox: Gauge,
    ticker_fresh: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    operation: &'static str,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CommandLabels {
    command: &'static str,
    outcome: String,
}

impl Metrics {
    /// All at zero.
    pub(crate) fn new() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut metrics = Self {
            registry: Registry::with_prefix("fengqiao"),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            commands: Family::default(),
            breaches: Counter::default(),
            notices: Counter::default(),
            clock_lag_ms: Gauge::default(),
            clocks_stuck: Gauge::default(),
            outbox: Gauge::default(),
            ticker_fresh: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register(
            "requests",
            "HTTP requests by operation and status",
            metrics.requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "Time to answer by operation",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register(
            "commands",
            "Commands by name and outcome",
            metrics.commands.clone(),
        );
        registry.register(
            "clock_breaches",
            "Clocks that ran out",
            metrics.breaches.clone(),
        );
        registry.register(
            "notices_delivered",
            "Effects carried out",
            metrics.notices.clone(),
        );
        registry.register(
            "clock_lag_milliseconds",
            "Age of the oldest due clock",
            metrics.clock_lag_ms.clone(),
        );
        registry.register(
            "clocks_stuck",
            "Due clocks that the last look could not breach",
            metrics.clocks_stuck.clone(),
        );
        registry.register(
            "outbox_waiting",
            "Effects that wait, counted up to a limit",
            metrics.outbox.clone(),
        );
        registry.register(
            "ticker_fresh",
            "1 while the clocks are looked at",
            metrics.ticker_fresh.clone(),
        );
        metrics
    }

    /// A request was answered.
    pub(crate) fn request(&self, operation: &'static str, status: u16, took: Duration) {
        self.requests
            .get_or_create(&RequestLabels {
                operation,
                status: status.into(),
            })
            .inc();
        self.durations
            .get_or_create(&OperationLabels { operation })
            .observe(took.as_secs_f64());
    }

    /// A command was carried out, tried dry, or refused with a code.
    pub(crate) fn command(&self, command: &'static str, outcome: &str) {
        self.commands
            .get_or_create(&CommandLabels {
                command,
                outcome: outcome.to_owned(),
            })
            .inc();
    }

    /// The clocks were looked at.
    pub(crate) fn swept(&self, swept: &Swept) {
        self.breaches.inc_by(swept.breached);
        let stuck = i64::try_from(swept.stuck.len()).unwrap_or(i64::MAX);
        self.clocks_stuck.set(stuck);
    }

    /// Effects were carried out.
    pub(crate) fn delivered(&self, count: u64) {
        self.notices.inc_by(count);
    }
}

/// Everything as text; what the store and the host count is asked at this moment.
pub(crate) async fn text(app: &App) -> String {
    let metrics = &app.metrics;
    let store = app.kernel.store();
    let now = app.clock.now();
    if let Ok(due) = store.due_clocks(now, None, 1).await {
        let lag_ms = due
            .first()
            .map_or(0, |clock| now.as_millisecond() - clock.due.as_millisecond());
        metrics.clock_lag_ms.set(lag_ms);
    }
    if let Ok(waiting) = waiting(store).await {
        metrics.outbox.set(waiting);
    }
    metrics.ticker_fresh.set(i64::from(app.pulse.is_fresh()));
    let mut text = String::new();
    let mut outside = plugins_and_store(app);
    if encode(&mut text, &metrics.registry).is_ok() {
        // The end mark stands behind everything.
        let body = text.trim_end().trim_end_matches("# EOF").to_owned();
        outside.insert_str(0, &body);
        outside.push_str("# EOF\n");
    }
    outside
}

/// How many effects wait, counted up to a limit.
async fn waiting(store: &impl Store) -> Result<i64, StoreError> {
    let rows = store.outbox(MAX_OUTBOX_COUNTED).await?;
    Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
}

fn plugins_and_store(app: &App) -> String {
    let mut text = String::new();
    let mut line = |words: std::fmt::Arguments<'_>| {
        // Writing to a string can't fail.
        let _infallible = text.write_fmt(format_args!("{words}\n"));
    };
    line(format_args!(
        "# HELP fengqiao_plugin_calls Questions to plugins by hook and outcome."
    ));
    line(format_args!("# TYPE fengqiao_plugin_calls counter"));
    for row in app.kernel.advisor().counts() {
        let (hook, outcome, count) = (row.hook, row.outcome, row.count);
        line(format_args!(
            "fengqiao_plugin_calls_total{{hook=\"{hook}\",outcome=\"{outcome}\"}} {count}"
        ));
    }
    let health = app.kernel.advisor().health();
    line(format_args!(
        "# HELP fengqiao_plugin_components Components that are ready."
    ));
    line(format_args!("# TYPE fengqiao_plugin_components gauge"));
    line(format_args!(
        "fengqiao_plugin_components {}",
        health.components
    ));
    let counters = app.kernel.store().counters();
    line(format_args!(
        "# HELP fengqiao_store_commits Commands made durable."
    ));
    line(format_args!("# TYPE fengqiao_store_commits counter"));
    line(format_args!(
        "fengqiao_store_commits_total {}",
        counters.commands
    ));
    line(format_args!(
        "# HELP fengqiao_store_batches Durable writes that they shared."
    ));
    line(format_args!("# TYPE fengqiao_store_batches counter"));
    line(format_args!(
        "fengqiao_store_batches_total {}",
        counters.durable_writes
    ));
    text
}

#[cfg(test)]
mod tests {
    use fengqiao_core::command::Recipient;
    use fengqiao_core::decision::Effect;
    use fengqiao_core::ids::Subject;
    use fengqiao_service::ports::store::Commit;
    use fengqiao_store::SqliteStore;

    use super::*;

    #[tokio::test]
    async fn effects_that_wait_are_counted_up_to_ten_thousand() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("db")).await.unwrap();
        let effect = Effect {
            subject: Subject::Division("990101000000".parse().unwrap()),
            to: Recipient::Citizen,
            notice: "again".parse().unwrap(),
            call: None,
        };
        for (more, counted) in [(9_999, 9_999), (1, 10_000), (1, 10_000)] {
            let commit = Commit {
                effects: vec![effect.clone(); more],
                at: Some("2024-03-04T01:00:00Z".parse().unwrap()),
                ..Commit::default()
            };
            store.commit(commit).await.unwrap();
            assert_eq!(waiting(&store).await.unwrap(), counted);
        }
    }

    #[test]
    fn a_refused_command_is_counted_by_its_code() {
        let metrics = Metrics::new();
        metrics.command("sign", "not-yours");
        metrics.command("sign", "not-yours");
        let mut text = String::new();
        encode(&mut text, &metrics.registry).unwrap();
        let line = "fengqiao_commands_total{command=\"sign\",outcome=\"not-yours\"} 2";
        assert!(text.contains(line), "{text}");
    }
}
