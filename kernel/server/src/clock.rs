//! The time: the only file that reads the system clock, and the clock of a demonstration that only moves when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use fengqiao_service::ports::Clock;
use jiff::Timestamp;

/// The kernel's time in milliseconds. It never goes back, whatever the system clock does. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct KernelClock {
    kind: Kind,
    latest_ms: Arc<AtomicI64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    System,
    Demonstration,
}

/// The clock was to go back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("时间只能向前移动：现在是 {now}，不能回到 {wanted}")]
pub(crate) struct Backwards {
    /// What it shows.
    pub(crate) now: Timestamp,
    /// What somebody wanted.
    pub(crate) wanted: Timestamp,
}

impl KernelClock {
    /// The machine's time.
    pub(crate) fn system() -> Self {
        Self::starting(Kind::System, system_ms())
    }

    /// A clock that stands still at `start` until it is moved.
    pub(crate) fn demonstration(start: Timestamp) -> Self {
        Self::starting(Kind::Demonstration, start.as_millisecond())
    }

    fn starting(kind: Kind, at_ms: i64) -> Self {
        Self {
            kind,
            latest_ms: Arc::new(AtomicI64::new(at_ms)),
        }
    }

    /// Moves the demonstration's clock forward; to where it stands already is allowed.
    pub(crate) fn advance(&self, to: Timestamp) -> Result<(), Backwards> {
        let before = self
            .latest_ms
            .fetch_max(to.as_millisecond(), Ordering::SeqCst);
        if to.as_millisecond() < before {
            return Err(Backwards {
                now: instant(before),
                wanted: to,
            });
        }
        Ok(())
    }
}

impl Clock for KernelClock {
    fn now(&self) -> Timestamp {
        let now_ms = match self.kind {
            Kind::System => {
                let read_ms = system_ms();
                self.latest_ms
                    .fetch_max(read_ms, Ordering::SeqCst)
                    .max(read_ms)
            }
            Kind::Demonstration => self.latest_ms.load(Ordering::SeqCst),
        };
        instant(now_ms)
    }
}

/// Measures how long something takes; never used by a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[allow(
        clippy::disallowed_methods,
        reason = "the server's log and metrics measure; no rule reads it"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it was since then.
    pub(crate) fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the adapter that owns the system clock"
)]
fn system_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

fn instant(ms: i64) -> Timestamp {
    // Every number of milliseconds here came out of a timestamp.
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_demonstration_clock_stands_still_until_it_is_moved() {
        let clock = KernelClock::demonstration(at("2024-02-02T02:00:00Z"));
        assert_eq!(clock.now(), clock.now());
        clock.advance(at("2024-02-03T02:00:00Z")).unwrap();
        assert_eq!(clock.now(), at("2024-02-03T02:00:00Z"));
    }

    #[test]
    fn a_demonstration_clock_never_goes_back() {
        let clock = KernelClock::demonstration(at("2024-02-02T02:00:00Z"));
        let refused = clock.advance(at("2024-02-01T02:00:00Z")).unwrap_err();
        assert_eq!(refused.now, at("2024-02-02T02:00:00Z"));
        assert_eq!(clock.now(), at("2024-02-02T02:00:00Z"));
    }

    #[test]
    fn clones_of_a_clock_show_one_time() {
        let clock = KernelClock::demonstration(at("2024-02-02T02:00:00Z"));
        clock.clone().advance(at("2024-03-02T02:00:00Z")).unwrap();
        assert_eq!(clock.now(), at("2024-03-02T02:00:00Z"));
    }

    #[test]
    fn the_system_clock_shows_whole_milliseconds() {
        let now = KernelClock::system().now();
        assert_eq!(
            now,
            Timestamp::from_millisecond(now.as_millisecond()).unwrap()
        );
    }
}
