//! Requests under way, by their key: whoever sends the same one meanwhile is told so.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::ports::store::IdempotencyKey;
use crate::request::{RequestKey, SubmitError};

/// The keys of all requests under way in this process.
#[derive(Default)]
pub(crate) struct InFlight(Mutex<BTreeMap<IdempotencyKey, String>>);

/// One request under way; its key is free again when this is dropped.
pub struct Flight<'a> {
    all: &'a InFlight,
    key: IdempotencyKey,
}

impl InFlight {
    /// Takes a key, or says that it is taken: by the same request, or by another one.
    pub(crate) fn begin(&self, key: &RequestKey) -> Result<Flight<'_>, SubmitError> {
        let mut under_way = self.lock();
        match under_way.get(&key.key) {
            Some(request) if *request != key.request => Err(SubmitError::KeyReused),
            Some(_) => Err(SubmitError::InFlight),
            None => {
                under_way.insert(key.key.clone(), key.request.clone());
                Ok(Flight {
                    all: self,
                    key: key.key.clone(),
                })
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<IdempotencyKey, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.all.lock().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(owner: &str, request: &str) -> RequestKey {
        RequestKey {
            key: IdempotencyKey {
                principal: owner.to_owned(),
                key: "k1".to_owned(),
            },
            request: request.to_owned(),
        }
    }

    #[test]
    fn a_key_is_taken_once_at_a_time_and_by_each_sender_for_themselves() {
        let all = InFlight::default();
        let first = all.begin(&key("a", "r1")).unwrap();
        let again = all.begin(&key("a", "r1"));
        assert!(matches!(again, Err(SubmitError::InFlight)));
        let other = all.begin(&key("a", "r2"));
        assert!(matches!(other, Err(SubmitError::KeyReused)));
        assert!(all.begin(&key("b", "r1")).is_ok());
        drop(first);
        assert!(all.begin(&key("a", "r1")).is_ok());
    }
}
