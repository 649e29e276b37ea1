//! The one WebAssembly engine of the process, and how its instances are kept apart.

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, Module, PoolingAllocationConfig, Store,
};

use crate::limits::{Limits, size};

/// Bytes of stack that a guest may use; deeper recursion traps.
const GUEST_STACK_BYTES: usize = 512 << 10;

/// Bytes of a fiber: the guest's stack and room for host functions on top of it.
const FIBER_STACK_BYTES: usize = 2 << 20;

/// Pages that stay in a pooled memory after they were cleaned, in bytes, where the system tells which were touched.
const KEEP_RESIDENT_BYTES: usize = 1 << 20;

/// Table elements of one table.
const TABLE_ELEMENTS: usize = 20_000;

/// How the memory of one call is kept from the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Memories are cleaned and used again, where a probe at start shows that no byte is left over; else as `FreshMemory`.
    #[default]
    Pooled,
    /// Every call maps memory of its own.
    FreshMemory,
}

/// Makes the engine, and says how it really isolates.
///
/// # Errors
/// The configuration doesn't fit this machine.
pub(crate) fn build(
    isolation: Isolation,
    limits: &Limits,
) -> Result<(Engine, Isolation), wasmtime::Error> {
    if isolation == Isolation::Pooled {
        match pooled(limits).and_then(|engine| probe(&engine).map(|clean| (engine, clean))) {
            Ok((engine, true)) => return Ok((engine, Isolation::Pooled)),
            Ok((_, false)) => {
                tracing::error!("a pooled memory kept bytes of an earlier instance: not pooling");
            }
            Err(error) => tracing::warn!(%error, "this machine doesn't pool memories"),
        }
    }
    Ok((Engine::new(&config())?, Isolation::FreshMemory))
}

fn pooled(limits: &Limits) -> Result<Engine, wasmtime::Error> {
    let calls = u32::try_from(limits.calls_in_all).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_stacks(calls)
        .total_core_instances(calls.saturating_mul(4))
        .total_memories(calls.saturating_mul(2))
        .total_tables(calls.saturating_mul(4))
        .total_gc_heaps(1)
        .max_memory_size(size(Limits::CEILING.memory_bytes))
        .table_elements(TABLE_ELEMENTS)
        .max_tables_per_module(4);
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Auto)
            .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
            .table_keep_resident(KEEP_RESIDENT_BYTES);
    }
    let mut config = config();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config)
}

fn config() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .concurrency_support(false)
        .epoch_interruption(true)
        .memory_init_cow(true)
        .cranelift_nan_canonicalization(true)
        .max_wasm_stack(GUEST_STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES);
    config
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_threads(false)
        .wasm_exceptions(false)
        .wasm_tail_call(false)
        .wasm_function_references(false)
        .wasm_gc(false);
    config
}

/// Two pages with the data `fq` at their start, and nothing else.
const PROBE: &[u8] = &[
    0, b'a', b's', b'm', 1, 0, 0, 0, // header
    5, 3, 1, 0, 2, // memory: two pages
    7, 5, 1, 1, b'm', 2, 0, // export "m"
    11, 8, 1, 0, 0x41, 0, 0x0b, 2, b'f', b'q', // data at 0
];

/// Instances of a module, before the probe believes that the next one is clean too.
const PROBE_ROUNDS: usize = 8;

/// Whether every instance finds its memory as the module says, after earlier ones wrote all over theirs.
fn probe(engine: &Engine) -> Result<bool, wasmtime::Error> {
    let module = Module::from_binary(engine, PROBE)?;
    for _ in 0..PROBE_ROUNDS {
        let mut store = Store::new(engine, ());
        store.set_epoch_deadline(1);
        let instance = wasmtime::Instance::new(&mut store, &module, &[])?;
        let Some(memory) = instance.get_memory(&mut store, "m") else {
            return Ok(false);
        };
        let bytes = memory.data_mut(&mut store);
        let is_clean = bytes.starts_with(b"fq") && bytes.iter().skip(2).all(|byte| *byte == 0);
        if !is_clean {
            return Ok(false);
        }
        bytes.fill(0xa5);
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_byte_of_one_instance_is_seen_by_the_next() {
        let engine = pooled(&Limits::DEFAULT).unwrap();
        assert!(probe(&engine).unwrap());
    }

    #[test]
    fn fresh_memory_can_be_asked_for() {
        let (_, isolation) = build(Isolation::FreshMemory, &Limits::DEFAULT).unwrap();
        assert_eq!(isolation, Isolation::FreshMemory);
    }
}
