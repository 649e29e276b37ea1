//! How the host is set up, how it is, and why it can't start.

use std::sync::Arc;

use fengqiao_calendar::CalendarError;

use crate::engine::Isolation;
use crate::limits::{LimitError, Limits};
use crate::log::{PluginLog, TracingLog};

/// How the host is set up.
#[derive(Clone)]
pub struct HostConfig {
    /// How much a call may take.
    pub limits: Limits,
    /// How calls are kept apart.
    pub isolation: Isolation,
    /// Threads that run guests; one for each processor where none is given.
    pub worker_threads: Option<usize>,
    /// Where the lines of plugins go.
    pub log: Arc<dyn PluginLog>,
}

impl Default for HostConfig {
    fn default() -> Self {
        Self {
            limits: Limits::DEFAULT,
            isolation: Isolation::default(),
            worker_threads: None,
            log: Arc::new(TracingLog),
        }
    }
}

/// How the host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostHealth {
    /// Whether time limits hold; otherwise every call is refused.
    pub ticks: bool,
    /// How calls are really kept apart on this machine.
    pub isolation: Isolation,
    /// How many components are ready.
    pub components: usize,
}

/// Why the host can't start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// A limit that isn't allowed.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// The engine doesn't run on this machine.
    #[error("WebAssembly 引擎无法启动：{0}")]
    Engine(String),
    /// The system gives no thread.
    #[error("无法启动沙箱线程：{0}")]
    Thread(#[from] std::io::Error),
    /// The built-in calendar doesn't load.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl HostError {
    pub(crate) fn engine(error: &wasmtime::Error) -> Self {
        HostError::Engine(format!("{error:#}"))
    }
}
