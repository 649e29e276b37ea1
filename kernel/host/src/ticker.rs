//! The thread that makes time pass for guests: it raises the engine's epoch every ten milliseconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use wasmtime::Engine;

use crate::limits::{STALE_TICKER_MS, TICK_MS};

/// Ticks for one engine until it is dropped.
#[derive(Debug)]
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    started: Instant,
    last_tick_ms: AtomicU64,
    is_stopped: AtomicBool,
}

impl Ticker {
    /// Starts to tick.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            started: now(),
            last_tick_ms: AtomicU64::new(0),
            is_stopped: AtomicBool::new(false),
        });
        let (weak, own) = (engine.weak(), Arc::clone(&shared));
        let thread = Builder::new()
            .name("fengqiao-ticker".to_owned())
            .spawn(move || {
                while !own.is_stopped.load(Ordering::Acquire) {
                    pause();
                    let Some(engine) = weak.upgrade() else {
                        break;
                    };
                    engine.increment_epoch();
                    own.last_tick_ms.store(own.age_ms(now()), Ordering::Release);
                }
                own.is_stopped.store(true, Ordering::Release);
            })?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Whether time limits hold: the thread lives and has ticked lately.
    pub(crate) fn is_alive(&self) -> bool {
        self.is_alive_at(now())
    }

    /// The same, for whoever has read the clock already.
    pub(crate) fn is_alive_at(&self, now: Instant) -> bool {
        let last = self.shared.last_tick_ms.load(Ordering::Acquire);
        let now_ms = self.shared.age_ms(now);
        !self.shared.is_stopped.load(Ordering::Acquire) && !is_stale(last, now_ms)
    }

    /// Stops ticking for good; calls are refused from now on.
    pub(crate) fn stop(&self) {
        self.shared.is_stopped.store(true, Ordering::Release);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

impl Shared {
    fn age_ms(&self, now: Instant) -> u64 {
        let age = now.saturating_duration_since(self.started);
        u64::try_from(age.as_millis()).unwrap_or(u64::MAX)
    }
}

fn is_stale(last_tick_ms: u64, now_ms: u64) -> bool {
    now_ms.saturating_sub(last_tick_ms) > STALE_TICKER_MS
}

/// The instant from which a limit of this host is measured.
#[allow(
    clippy::disallowed_methods,
    reason = "the host's deadlines are measured"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[allow(clippy::disallowed_methods, reason = "this is the epoch ticker")]
fn pause() {
    std::thread::sleep(Duration::from_millis(TICK_MS));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticker_is_stale_when_its_last_tick_is_too_long_ago() {
        assert!(!is_stale(10, 10 + STALE_TICKER_MS));
        assert!(is_stale(10, 11 + STALE_TICKER_MS));
    }

    #[test]
    fn a_stopped_ticker_is_not_alive() {
        let ticker = Ticker::start(&Engine::default()).unwrap();
        assert!(ticker.is_alive());
        ticker.stop();
        assert!(!ticker.is_alive());
    }
}
