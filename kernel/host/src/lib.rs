//! The advisor port on WebAssembly: components are admitted, asked one question at a time on a fresh instance, and stopped.

mod advisor;
mod bindings;
mod call;
mod canonical;
mod capabilities;
mod config;
mod convert;
mod engine;
mod hook;
mod inspect;
mod limiter;
pub mod limits;
mod log;
mod metrics;
mod promptness;
mod question;
mod registry;
mod sections;
mod setup;
mod ticker;
mod turns;

pub use advisor::WasmAdvisor;
pub use canonical::canonical_json;
pub use engine::Isolation;
pub use limits::{LimitError, Limits};
pub use log::{LogLevel, LogLine, PluginLog, TracingLog};
pub use metrics::{Count, Threads};
pub use setup::{HostConfig, HostError, HostHealth};
