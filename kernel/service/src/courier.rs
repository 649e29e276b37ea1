//! The dispatcher: carries out the effects of committed decisions, at least once.

use std::future::Future;

use crate::Service;
use crate::limits::COURIER_ROUND;
use crate::ports::advisor::Advisor;
use crate::ports::store::{OutboxRow, Store, StoreError};
use crate::ports::{Clock, Ids};

/// Brings a notice to whoever is to be told: a gateway for short messages, a unit's inbox, a log.
pub trait Courier: Send + Sync {
    /// Delivers one; an error leaves it in the outbox for the next round.
    fn deliver(&self, row: &OutboxRow) -> impl Future<Output = Result<(), String>> + Send;
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Delivers what waits, oldest first, and notes a whole round in one write: whoever stops in between delivers that
    /// round again. Answers how many were delivered.
    pub async fn deliver(&self, courier: &impl Courier) -> Result<u64, StoreError> {
        let mut delivered = 0;
        loop {
            let waiting = self.store.outbox(COURIER_ROUND).await?;
            let mut done = Vec::with_capacity(waiting.len());
            for row in &waiting {
                match courier.deliver(row).await {
                    Ok(()) => done.push(row.id),
                    Err(reason) => tracing::warn!(effect = row.id, reason, "通知未送达，稍后重试"),
                }
            }
            if !done.is_empty() {
                self.store.dispatched(&done, self.clock.now()).await?;
                delivered += done.len() as u64;
            }
            let is_full = u32::try_from(done.len()).is_ok_and(|done| done == COURIER_ROUND);
            if !is_full {
                return Ok(delivered);
            }
        }
    }
}
