//! What a guest takes while it runs: one sum over all its memories and tables.

use wasmtime::ResourceLimiter;

use crate::limits::{Limits, size};

/// Bytes that one table element costs this process (assumed: a pointer and its tag).
const TABLE_ELEMENT_BYTES: usize = 16;

/// Grants and counts memory for one call.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit_bytes: usize,
    taken_bytes: usize,
    last_grant_bytes: usize,
    was_denied: bool,
    memories: usize,
    tables: usize,
    instances: usize,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            limit_bytes: size(limits.memory_bytes),
            taken_bytes: 0,
            last_grant_bytes: 0,
            was_denied: false,
            memories: size(limits.memories),
            tables: size(limits.tables),
            instances: size(limits.core_instances),
        }
    }

    /// Whether the guest ever asked for more than it may have.
    pub(crate) fn was_denied(&self) -> bool {
        self.was_denied
    }

    fn take(&mut self, bytes: Option<usize>) -> bool {
        let total = bytes.and_then(|bytes| self.taken_bytes.checked_add(bytes));
        match (total, bytes) {
            (Some(total), Some(bytes)) if total <= self.limit_bytes => {
                self.taken_bytes = total;
                self.last_grant_bytes = bytes;
                true
            }
            _ => {
                self.was_denied = true;
                false
            }
        }
    }

    fn give_back(&mut self) {
        self.taken_bytes = self.taken_bytes.saturating_sub(self.last_grant_bytes);
        self.last_grant_bytes = 0;
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.take(desired.checked_sub(current)))
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.give_back();
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let elements = desired.checked_sub(current);
        Ok(self.take(elements.and_then(|count| count.checked_mul(TABLE_ELEMENT_BYTES))))
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.give_back();
        Ok(())
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(memory_bytes: u64) -> Limiter {
        Limiter::new(&Limits {
            memory_bytes,
            ..Limits::DEFAULT
        })
    }

    #[test]
    fn memories_and_tables_are_summed() {
        let mut limiter = limiter(1_000);
        assert!(limiter.memory_growing(0, 600, None).unwrap());
        assert!(limiter.table_growing(0, 20, None).unwrap());
        assert!(!limiter.was_denied());
        assert!(!limiter.memory_growing(0, 81, None).unwrap());
        assert!(limiter.was_denied());
        assert!(limiter.memory_growing(600, 680, None).unwrap());
    }

    #[test]
    fn a_growth_that_failed_is_given_back() {
        let mut limiter = limiter(1_000);
        assert!(limiter.memory_growing(0, 1_000, None).unwrap());
        limiter
            .memory_grow_failed(wasmtime::Error::msg("no memory"))
            .unwrap();
        assert!(limiter.memory_growing(0, 1_000, None).unwrap());
    }

    #[test]
    fn a_size_that_overflows_is_denied() {
        let mut limiter = limiter(1_000);
        assert!(!limiter.table_growing(0, usize::MAX, None).unwrap());
        assert!(limiter.was_denied());
    }
}
