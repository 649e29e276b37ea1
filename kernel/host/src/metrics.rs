//! How often each hook was asked, and how each call ended.

use std::sync::atomic::{AtomicU64, Ordering};

use fengqiao_service::ports::advisor::{AdviceError, Hook};

use crate::hook::{HOOKS, word};

/// The failure kinds, in the order of the design; an answer comes before them.
const OUTCOMES: [&str; 11] = [
    "answered",
    "trap",
    "cpu-deadline",
    "wall-deadline",
    "memory",
    "hostcall-bytes",
    "quota",
    "bad-output",
    "plugin-error",
    "unavailable",
    "link-error",
];

/// Counts since the process began.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    calls: [[AtomicU64; OUTCOMES.len()]; HOOKS.len()],
    brief: AtomicU64,
    interrupted: AtomicU64,
    elsewhere: AtomicU64,
}

/// Where calls ran since the process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threads {
    /// On the thread of whoever asked, to their end.
    pub askers: u64,
    /// There, until a tick; these began anew on a thread of the guests.
    pub interrupted: u64,
    /// On a thread of the guests.
    pub guests: u64,
}

/// One row of the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// What was asked.
    pub hook: &'static str,
    /// `answered`, or the failure kind.
    pub outcome: &'static str,
    /// How often.
    pub count: u64,
}

impl Counters {
    pub(crate) fn count<T>(&self, hook: Hook, result: &Result<T, AdviceError>) {
        let outcome = match result {
            Ok(_) => "answered",
            Err(error) => error.kind(),
        };
        let row = HOOKS.iter().position(|candidate| *candidate == hook);
        let column = OUTCOMES.iter().position(|candidate| *candidate == outcome);
        let cell = row
            .zip(column)
            .and_then(|(row, column)| self.calls.get(row)?.get(column));
        if let Some(cell) = cell {
            cell.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A call ended on the thread of whoever asked.
    pub(crate) fn brief(&self) {
        self.brief.fetch_add(1, Ordering::Relaxed);
    }

    /// A call was interrupted there.
    pub(crate) fn interrupted(&self) {
        self.interrupted.fetch_add(1, Ordering::Relaxed);
    }

    /// A call goes to a thread of the guests.
    pub(crate) fn elsewhere(&self) {
        self.elsewhere.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn threads(&self) -> Threads {
        Threads {
            askers: self.brief.load(Ordering::Relaxed),
            interrupted: self.interrupted.load(Ordering::Relaxed),
            guests: self.elsewhere.load(Ordering::Relaxed),
        }
    }

    /// Every hook and outcome, also those that never happened.
    pub(crate) fn rows(&self) -> Vec<Count> {
        let rows = HOOKS.into_iter().zip(&self.calls);
        rows.flat_map(|(hook, cells)| {
            OUTCOMES
                .into_iter()
                .zip(cells)
                .map(move |(outcome, cell)| Count {
                    hook: word(hook),
                    outcome,
                    count: cell.load(Ordering::Relaxed),
                })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_kind_has_a_counter() {
        let counters = Counters::default();
        let failures = [
            AdviceError::Trap(String::new()),
            AdviceError::CpuDeadline,
            AdviceError::WallDeadline,
            AdviceError::Memory,
            AdviceError::HostcallBytes,
            AdviceError::Quota("log-lines"),
            AdviceError::BadOutput(String::new()),
            AdviceError::PluginError(String::new()),
            AdviceError::Unavailable(String::new()),
            AdviceError::LinkError(String::new()),
        ];
        for failure in &failures {
            counters.count::<()>(Hook::Guard, &Err(failure.clone()));
        }
        counters.count(Hook::Guard, &Ok(()));
        let counted: Vec<_> = counters
            .rows()
            .into_iter()
            .filter(|row| row.count > 0)
            .collect();
        assert_eq!(counted.len(), OUTCOMES.len());
        assert!(
            counted
                .iter()
                .all(|row| row.hook == "guard" && row.count == 1)
        );
    }
}
