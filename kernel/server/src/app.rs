//! What every request may reach: the kernel, its time, who may sign in, what is counted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::Method;
use fengqiao_host::WasmAdvisor;
use fengqiao_service::Service;
use fengqiao_store::SqliteStore;

use crate::clock::{KernelClock, Stopwatch};
use crate::demo::Demonstration;
use crate::files::DataLock;
use crate::ids::KernelIds;
use crate::limits::STALE_TICK;
use crate::metrics::Metrics;
use crate::policy::Access;
use crate::principals::Principals;
use crate::rates::Rates;

/// The kernel with the adapters that this process gives it.
pub(crate) type Kernel = Service<SqliteStore, WasmAdvisor, KernelClock, KernelIds>;

/// The application, shared by all requests and tasks.
pub(crate) type Shared = Arc<App>;

/// Everything behind the routes.
pub(crate) struct App {
    pub(crate) kernel: Kernel,
    pub(crate) _lock: DataLock,
    pub(crate) clock: KernelClock,
    pub(crate) ids: KernelIds,
    pub(crate) principals: Principals,
    pub(crate) rates: Rates,
    pub(crate) metrics: Metrics,
    pub(crate) pulse: Pulse,
    /// Only in a demonstration.
    pub(crate) demonstration: Option<Demonstration>,
    /// Of each route: its operation's name, who may use it, how long it may take.
    pub(crate) routes: BTreeMap<(String, &'static str), Route>,
    /// The OpenAPI document and its page, as they are answered.
    pub(crate) openapi: String,
    pub(crate) page: String,
}

/// What the gate needs to know about a route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    pub(crate) operation: &'static str,
    pub(crate) access: Access,
    pub(crate) time_limit: Duration,
    pub(crate) body_limit: usize,
}

impl App {
    /// The route behind a method and a path as it was declared.
    pub(crate) fn route(&self, method: &Method, path: &str) -> Option<&Route> {
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        self.routes
            .iter()
            .find(|((of, at), _)| of == method.as_str() && *at == path)
            .map(|(_, route)| route)
    }
}

/// When the clocks were looked at last, to tell a stuck process from a quiet one.
#[derive(Debug)]
pub(crate) struct Pulse {
    since_start: Stopwatch,
    last_ms: AtomicU64,
}

impl Pulse {
    /// Beats for the first time.
    pub(crate) fn start() -> Self {
        Self {
            since_start: Stopwatch::start(),
            last_ms: AtomicU64::new(0),
        }
    }

    /// How long the process has been running.
    pub(crate) fn uptime(&self) -> Duration {
        self.since_start.elapsed()
    }

    /// The clocks were looked at.
    pub(crate) fn beat(&self) {
        self.last_ms.store(self.uptime_ms(), Ordering::Relaxed);
    }

    /// Whether they were looked at not long ago.
    pub(crate) fn is_fresh(&self) -> bool {
        self.is_fresh_at(self.uptime_ms())
    }

    fn is_fresh_at(&self, now_ms: u64) -> bool {
        let age_ms = now_ms.saturating_sub(self.last_ms.load(Ordering::Relaxed));
        Duration::from_millis(age_ms) < STALE_TICK
    }

    fn uptime_ms(&self) -> u64 {
        u64::try_from(self.uptime().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_nobody_looked_at_for_thirty_seconds_are_a_fault() {
        let pulse = Pulse::start();
        pulse.last_ms.store(5_000, Ordering::Relaxed);
        assert!(pulse.is_fresh_at(34_999));
        assert!(!pulse.is_fresh_at(35_000));
    }
}
