//! Who may run now: a share for each plugin, each jurisdiction and the whole process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fengqiao_core::ids::{Digest, DivisionCode};
use fengqiao_service::ports::advisor::AdviceError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{Limits, size};

/// The shares, as semaphores.
#[derive(Debug)]
pub(crate) struct Turns {
    all: Arc<Semaphore>,
    plugins: Mutex<BTreeMap<Digest, Arc<Semaphore>>>,
    jurisdictions: Mutex<BTreeMap<DivisionCode, Arc<Semaphore>>>,
    per_plugin: usize,
    per_jurisdiction: usize,
    wait: Duration,
}

/// The right to run, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _permits: [OwnedSemaphorePermit; 3],
}

impl Turns {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(size(limits.calls_in_all))),
            plugins: Mutex::default(),
            jurisdictions: Mutex::default(),
            per_plugin: size(limits.calls_per_plugin),
            per_jurisdiction: size(limits.calls_per_jurisdiction),
            wait: Duration::from_millis(limits.wait_ms),
        }
    }

    /// Waits a moment for a turn.
    ///
    /// # Errors
    /// All are taken and none came free in time: an answer, not a queue.
    pub(crate) async fn take(
        &self,
        component: &Digest,
        jurisdiction: &DivisionCode,
    ) -> Result<Turn, AdviceError> {
        let plugin = share(&self.plugins, component, self.per_plugin);
        let jurisdiction = share(&self.jurisdictions, jurisdiction, self.per_jurisdiction);
        let all = Arc::clone(&self.all);
        let permits = async {
            Ok([
                plugin.acquire_owned().await?,
                jurisdiction.acquire_owned().await?,
                all.acquire_owned().await?,
            ])
        };
        match tokio::time::timeout(self.wait, permits).await {
            Ok(Ok(permits)) => Ok(Turn { _permits: permits }),
            Ok(Err(closed)) => {
                let closed: tokio::sync::AcquireError = closed;
                Err(AdviceError::Unavailable(closed.to_string()))
            }
            Err(_elapsed) => Err(AdviceError::Unavailable("busy".to_owned())),
        }
    }
}

fn share<K: Ord + Clone>(
    shares: &Mutex<BTreeMap<K, Arc<Semaphore>>>,
    key: &K,
    permits: usize,
) -> Arc<Semaphore> {
    let mut shares = shares.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(share) = shares.get(key) {
        return Arc::clone(share);
    }
    let share = Arc::new(Semaphore::new(permits));
    shares.insert(key.clone(), Arc::clone(&share));
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unavailable(result: Result<Turn, AdviceError>) -> bool {
        matches!(result, Err(AdviceError::Unavailable(_)))
    }

    fn turns(limits: Limits) -> Turns {
        Turns::new(&Limits {
            wait_ms: 1,
            ..limits
        })
    }

    fn digest(text: &str) -> Digest {
        Digest::parse(text).unwrap()
    }

    fn division(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_plugin_has_no_more_calls_at_once_than_its_share() {
        let turns = turns(Limits::DEFAULT);
        let place = division("990101001001");
        let mut held = Vec::new();
        for _ in 0..Limits::DEFAULT.calls_per_plugin {
            held.push(turns.take(&digest("a"), &place).await.unwrap());
        }
        assert!(unavailable(turns.take(&digest("a"), &place).await));
        assert!(turns.take(&digest("b"), &place).await.is_ok());
        held.pop();
        assert!(turns.take(&digest("a"), &place).await.is_ok());
    }

    #[tokio::test]
    async fn a_jurisdiction_has_no_more_calls_at_once_than_its_share() {
        let turns = turns(Limits::DEFAULT);
        let place = division("990101001001");
        let mut held = Vec::new();
        for call in 0..Limits::DEFAULT.calls_per_jurisdiction {
            let plugin = digest(&format!("{call}"));
            held.push(turns.take(&plugin, &place).await.unwrap());
        }
        assert!(unavailable(turns.take(&digest("z"), &place).await));
        let elsewhere = division("990101001002");
        assert!(turns.take(&digest("z"), &elsewhere).await.is_ok());
    }

    #[tokio::test]
    async fn the_process_has_no_more_calls_at_once_than_the_pool_has_places() {
        let turns = turns(Limits {
            calls_in_all: 1,
            ..Limits::DEFAULT
        });
        let held = turns
            .take(&digest("a"), &division("990101001001"))
            .await
            .unwrap();
        let other = division("990101001002");
        assert!(unavailable(turns.take(&digest("b"), &other).await));
        drop(held);
        assert!(turns.take(&digest("b"), &other).await.is_ok());
    }
}
