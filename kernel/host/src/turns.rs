//! Who may run now: a share for each plugin, each jurisdiction and the whole process.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use fengqiao_core::ids::DivisionCode;
use fengqiao_service::ports::advisor::AdviceError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{Limits, size};

/// The shares, as semaphores.
#[derive(Debug)]
pub(crate) struct Turns {
    all: Arc<Semaphore>,
    jurisdictions: RwLock<BTreeMap<DivisionCode, Arc<Semaphore>>>,
    per_jurisdiction: usize,
    wait: Duration,
}

/// The three shares that one call is taken from: its plugin's, its jurisdiction's and everybody's.
#[derive(Debug)]
pub(crate) struct Shares([Arc<Semaphore>; 3]);

/// The right to run, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _permits: [OwnedSemaphorePermit; 3],
}

impl Turns {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(size(limits.calls_in_all))),
            jurisdictions: RwLock::default(),
            per_jurisdiction: size(limits.calls_per_jurisdiction),
            wait: Duration::from_millis(limits.wait_ms),
        }
    }

    /// What a call of this plugin in this jurisdiction is taken from.
    pub(crate) fn shares(&self, plugin: &Arc<Semaphore>, jurisdiction: &DivisionCode) -> Shares {
        Shares([
            Arc::clone(plugin),
            self.jurisdiction(jurisdiction),
            Arc::clone(&self.all),
        ])
    }

    /// Waits a moment for a turn.
    ///
    /// # Errors
    /// All are taken and none came free in time: an answer, not a queue.
    pub(crate) async fn wait(&self, shares: Shares) -> Result<Turn, AdviceError> {
        let Shares([plugin, jurisdiction, all]) = shares;
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

    fn jurisdiction(&self, code: &DivisionCode) -> Arc<Semaphore> {
        let shares = self.jurisdictions.read();
        let shares = shares.unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = shares.get(code) {
            return Arc::clone(share);
        }
        drop(shares);
        let shares = self.jurisdictions.write();
        let mut shares = shares.unwrap_or_else(PoisonError::into_inner);
        let share = shares
            .entry(code.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(self.per_jurisdiction)));
        Arc::clone(share)
    }
}

impl Shares {
    /// A turn, where all three have one to give at once. Nobody who waits is overtaken: what comes free is theirs.
    pub(crate) fn turn(&self) -> Option<Turn> {
        let Self([plugin, jurisdiction, all]) = self;
        let take = |share: &Arc<Semaphore>| Arc::clone(share).try_acquire_owned().ok();
        Some(Turn {
            _permits: [take(plugin)?, take(jurisdiction)?, take(all)?],
        })
    }
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

    fn plugin() -> Arc<Semaphore> {
        crate::registry::Standing::new(&Limits::DEFAULT).share
    }

    fn division(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_plugin_has_no_more_calls_at_once_than_its_share() {
        let turns = turns(Limits::DEFAULT);
        let (one, other) = (plugin(), plugin());
        let place = division("990101001001");
        let mut held = Vec::new();
        for _ in 0..Limits::DEFAULT.calls_per_plugin {
            held.push(turns.shares(&one, &place).turn().unwrap());
        }
        assert!(turns.shares(&one, &place).turn().is_none());
        assert!(unavailable(turns.wait(turns.shares(&one, &place)).await));
        assert!(turns.shares(&other, &place).turn().is_some());
        held.pop();
        assert!(turns.wait(turns.shares(&one, &place)).await.is_ok());
    }

    #[tokio::test]
    async fn a_jurisdiction_has_no_more_calls_at_once_than_its_share() {
        let turns = turns(Limits::DEFAULT);
        let place = division("990101001001");
        let mut held = Vec::new();
        for _ in 0..Limits::DEFAULT.calls_per_jurisdiction {
            held.push(turns.shares(&plugin(), &place).turn().unwrap());
        }
        let late = plugin();
        assert!(turns.shares(&late, &place).turn().is_none());
        assert!(unavailable(turns.wait(turns.shares(&late, &place)).await));
        let elsewhere = division("990101001002");
        assert!(turns.shares(&late, &elsewhere).turn().is_some());
    }

    #[tokio::test]
    async fn the_process_has_no_more_calls_at_once_than_the_pool_has_places() {
        let turns = turns(Limits {
            calls_in_all: 1,
            ..Limits::DEFAULT
        });
        let place = division("990101001001");
        let held = turns.shares(&plugin(), &place).turn().unwrap();
        let (late, elsewhere) = (plugin(), division("990101001002"));
        assert!(turns.shares(&late, &elsewhere).turn().is_none());
        assert!(unavailable(
            turns.wait(turns.shares(&late, &elsewhere)).await
        ));
        drop(held);
        assert!(turns.shares(&late, &elsewhere).turn().is_some());
    }
}
