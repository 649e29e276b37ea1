//! Where the lines that plugins write go.

use fengqiao_core::ids::{BindingId, Digest};
use fengqiao_service::ports::advisor::Hook;

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Only while looking for a fault.
    Debug,
    /// Worth knowing.
    Info,
    /// Something is odd.
    Warn,
    /// Something is wrong.
    Error,
}

/// A line that a plugin wrote, or that the host wrote about its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLine<'a> {
    /// The component.
    pub component: &'a Digest,
    /// The binding that was asked.
    pub binding: &'a BindingId,
    /// What it was asked.
    pub hook: Hook,
    /// How much it matters.
    pub level: LogLevel,
    /// The words.
    pub message: &'a str,
}

/// Takes the lines of plugins, from many threads at once.
pub trait PluginLog: Send + Sync + 'static {
    /// Takes one line; must not block.
    fn line(&self, line: LogLine<'_>);
}

/// What stands in the log for a line that was written while a raw message was read.
const UNSAID: &str = "插件读来件时写的话不入日志（可能含个人信息）";

/// Writes lines to the kernel's own structured log; what an adapter says over a raw message may hold somebody's data.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingLog;

impl PluginLog for TracingLog {
    fn line(&self, line: LogLine<'_>) {
        let (component, binding) = (line.component.as_str(), line.binding.as_str());
        let hook = crate::hook::word(line.hook);
        let message = match line.hook {
            Hook::Intake => UNSAID,
            _ => line.message,
        };
        match line.level {
            LogLevel::Debug => tracing::debug!(target: "plugin", component, binding, hook, message),
            LogLevel::Info => tracing::info!(target: "plugin", component, binding, hook, message),
            LogLevel::Warn => tracing::warn!(target: "plugin", component, binding, hook, message),
            LogLevel::Error => tracing::error!(target: "plugin", component, binding, hook, message),
        }
    }
}
