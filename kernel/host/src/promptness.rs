//! Which components may run on the thread of whoever asks: those that have answered often enough within one tick.
//!
//! A call there is cheap, because nothing changes threads, and costs the server at most one tick, because it ends at the
//! first. Nobody is trusted from the start: a component that spins in every call never runs there at all, and one that
//! spins now and then pays for it with a thousand prompt calls on the guests' own threads.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::limits::{PROMPT_CALLS, SLOW_CALLS};

/// What one component still owes before it may run on the thread of whoever asks.
#[derive(Debug)]
pub(crate) struct Promptness {
    owed: AtomicU64,
}

impl Promptness {
    /// A component that nobody knows yet.
    pub(crate) fn new() -> Self {
        Self {
            owed: AtomicU64::new(PROMPT_CALLS),
        }
    }

    /// Whether it owes nothing.
    pub(crate) fn is_shown(&self) -> bool {
        self.owed.load(Ordering::Relaxed) == 0
    }

    /// A call ended, whichever way, and the guest had seen so many ticks. One may come at any moment, also to a quick
    /// guest; two mean that it ran for a whole tick.
    pub(crate) fn ended(&self, ticks: u64) {
        match ticks {
            0 if self.is_shown() => {}
            0 => {
                let pay = |owed: u64| Some(owed.saturating_sub(1));
                let _before = self
                    .owed
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay);
            }
            1 => {
                self.owed.fetch_max(PROMPT_CALLS, Ordering::Relaxed);
            }
            _ => {
                self.owed.fetch_max(SLOW_CALLS, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many prompt calls it takes until it is trusted.
    fn still_owed(promptness: &Promptness) -> u64 {
        let mut calls = 0;
        while !promptness.is_shown() {
            promptness.ended(0);
            calls += 1;
        }
        calls
    }

    #[test]
    fn a_new_component_shows_itself_prompt_before_it_is_trusted() {
        assert_eq!(still_owed(&Promptness::new()), PROMPT_CALLS);
    }

    #[test]
    fn a_tick_costs_the_trust_and_a_second_one_costs_it_for_long() {
        let promptness = Promptness::new();
        still_owed(&promptness);
        promptness.ended(1);
        assert_eq!(still_owed(&promptness), PROMPT_CALLS);
        promptness.ended(2);
        promptness.ended(1);
        assert_eq!(still_owed(&promptness), SLOW_CALLS);
    }
}
