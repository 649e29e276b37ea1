//! What lies under every call of ours: another thread, and an instance on an engine set up as the host's.

use anyhow::Result;
use bench_table::Answer;
use fengqiao_core::snapshot::Snapshot;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
};

use super::{HOP, INSTANCE};
use crate::Contender;

/// To a thread of the guests and back, with nothing to do there.
pub struct Hop {
    here: Runtime,
    workers: Runtime,
}

impl Hop {
    pub fn new() -> Result<Self> {
        Ok(Self {
            here: tokio::runtime::Builder::new_current_thread().build()?,
            workers: tokio::runtime::Builder::new_multi_thread()
                .enable_time()
                .build()?,
        })
    }
}

impl Contender for Hop {
    fn name(&self) -> &'static str {
        HOP
    }

    fn is_whole(&self) -> bool {
        false
    }

    fn decide(&mut self, _: &Snapshot) -> Result<Option<Answer>> {
        let workers = self.workers.handle();
        self.here.block_on(async {
            let mut work = JoinSet::new();
            work.spawn_on(async {}, workers);
            work.join_next().await
        });
        Ok(None)
    }
}

/// A store and an instance of the plugin, both dropped at once.
pub struct Instance {
    engine: Engine,
    pre: InstancePre<()>,
    runtime: Runtime,
}

impl Instance {
    pub fn new(component: &[u8]) -> Result<Self> {
        let engine = engine()?;
        let component = Component::from_binary(&engine, component)?;
        let mut linker = Linker::new(&engine);
        linker.define_unknown_imports_as_traps(&component)?;
        let pre = linker.instantiate_pre(&component)?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        Ok(Self {
            engine,
            pre,
            runtime,
        })
    }
}

impl Contender for Instance {
    fn name(&self) -> &'static str {
        INSTANCE
    }

    fn is_whole(&self) -> bool {
        false
    }

    fn decide(&mut self, _: &Snapshot) -> Result<Option<Answer>> {
        let mut store = Store::new(&self.engine, ());
        store.set_epoch_deadline(1);
        self.runtime
            .block_on(self.pre.instantiate_async(&mut store))?;
        Ok(None)
    }
}

/// The settings of the host's engine that count here.
fn engine() -> Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(128)
        .total_stacks(128)
        .total_core_instances(512)
        .total_memories(256)
        .total_tables(512)
        .max_memory_size(128 << 20);
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Auto)
            .linear_memory_keep_resident(1 << 20)
            .table_keep_resident(1 << 20);
    }
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .concurrency_support(false)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .max_wasm_stack(512 << 10)
        .async_stack_size(2 << 20)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Ok(Engine::new(&config)?)
}
