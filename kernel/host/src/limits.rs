//! How much one call, one plugin and one jurisdiction may take; every limit of the host has its name here.

/// How often the ticker wakes, and so the grain of every time limit.
pub const TICK_MS: u64 = 10;

/// A ticker that hasn't ticked for so long is stale: time limits no longer hold, and calls are refused (assumed).
pub const STALE_TICKER_MS: u64 = 2_000;

/// Calls that a component ends within one tick, one after the other, before it may run on the thread of whoever asks (assumed).
pub const PROMPT_CALLS: u64 = 16;

/// The same for a component that was seen to run for more than a tick (assumed).
pub const SLOW_CALLS: u64 = 1_000;

/// The most rows that one question to a capability is answered with; a larger request is cut to this (assumed).
pub const MAX_ROWS: usize = 200;

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident = $default:expr, at most $ceiling:expr;)*) => {
        /// The limits in force. None can be raised above [`Limits::CEILING`].
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limits {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Limits {
            /// What holds where nobody says otherwise.
            pub const DEFAULT: Limits = Limits { $($name: $default,)* };

            /// What no configuration exceeds.
            pub const CEILING: Limits = Limits { $($name: $ceiling,)* };

            /// Every limit by its name, in the order of the struct.
            #[must_use]
            pub fn rows(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }
    };
}

limits! {
    /// Bytes of a component.
    upload_bytes = 4 << 20, at most 32 << 20;
    /// Bytes of the manifest inside it (assumed).
    manifest_bytes = 64 << 10, at most 256 << 10;
    /// Bytes of a binding's configuration.
    config_bytes = 16 << 10, at most 16 << 10;
    /// Time that the guest itself may run in one call, counted in ticks.
    guest_cpu_ms = 100, at most 1_000;
    /// Time from instantiation to the answer.
    wall_ms = 2_000, at most 10_000;
    /// Bytes of all linear memories and tables of one call together.
    memory_bytes = 32 << 20, at most 128 << 20;
    /// Linear memories of one call (assumed).
    memories = 8, at most 8;
    /// Tables of one call (assumed).
    tables = 16, at most 16;
    /// Core instances of one call (assumed).
    core_instances = 32, at most 32;
    /// Live component-model handles of one call.
    handles = 1_000, at most 1_000;
    /// Bytes that cross in one host call, either way, or in the answer before it is measured.
    hostcall_bytes = 1 << 20, at most 4 << 20;
    /// Bytes of what a hook is asked, its configuration included.
    input_bytes = 256 << 10, at most 1 << 20;
    /// Bytes of a raw message for `intake`.
    intake_bytes = 1 << 20, at most 1 << 20;
    /// Bytes of an answer.
    output_bytes = 64 << 10, at most 256 << 10;
    /// Levels of nesting in a JSON document of an answer (assumed).
    document_depth = 16, at most 64;
    /// Proposals of one answer (assumed).
    proposals = 64, at most 256;
    /// Questions to capabilities in one call, log lines included.
    host_calls = 200, at most 1_000;
    /// Log lines of one call.
    log_lines = 100, at most 100;
    /// Bytes of one log line; a longer one is cut.
    log_line_bytes = 2 << 10, at most 2 << 10;
    /// Calls of one plugin at once.
    calls_per_plugin = 8, at most 8;
    /// Calls of one jurisdiction at once.
    calls_per_jurisdiction = 32, at most 32;
    /// Calls of this process at once; the pool has a place for each (assumed).
    calls_in_all = 128, at most 512;
    /// How long a call waits for its turn.
    wait_ms = 250, at most 250;
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Limits {
    /// Refuses a limit above its ceiling, or of nothing at all.
    ///
    /// # Errors
    /// The first such limit.
    pub fn check(&self) -> Result<(), LimitError> {
        for ((name, value), (_, ceiling)) in self.rows().into_iter().zip(Self::CEILING.rows()) {
            if value > ceiling {
                return Err(LimitError::AboveCeiling {
                    name,
                    value,
                    ceiling,
                });
            }
            if value == 0 {
                return Err(LimitError::Zero { name });
            }
        }
        Ok(())
    }

    /// How many ticks a guest may see in one call.
    pub(crate) fn guest_ticks(&self) -> u64 {
        self.guest_cpu_ms.div_ceil(TICK_MS)
    }
}

/// A limit as this machine counts; no limit is near the end of either type.
pub(crate) fn size(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Why limits aren't accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// More than the kernel allows anybody.
    #[error("限额 {name} = {value} 超过上限 {ceiling}：请调低")]
    AboveCeiling {
        /// Which.
        name: &'static str,
        /// What was asked for.
        value: u64,
        /// What is possible.
        ceiling: u64,
    },
    /// Nothing could ever run.
    #[error("限额 {name} 为零：请填写不小于 1 的数")]
    Zero {
        /// Which.
        name: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_and_the_ceilings_are_themselves_allowed() {
        assert_eq!(Limits::DEFAULT.check(), Ok(()));
        assert_eq!(Limits::CEILING.check(), Ok(()));
    }

    #[test]
    fn no_limit_goes_above_its_ceiling() {
        let limits = Limits {
            wall_ms: 10_001,
            ..Limits::DEFAULT
        };
        let error = LimitError::AboveCeiling {
            name: "wall_ms",
            value: 10_001,
            ceiling: 10_000,
        };
        assert_eq!(limits.check(), Err(error));
    }

    #[test]
    fn a_limit_of_zero_is_refused() {
        let limits = Limits {
            host_calls: 0,
            ..Limits::DEFAULT
        };
        assert_eq!(limits.check(), Err(LimitError::Zero { name: "host_calls" }));
    }
}
