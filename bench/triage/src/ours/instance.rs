//! What lies under every call of ours: an instance on an engine set up as the host's; and another thread, under some.

use anyhow::{Context, Result};
use bench_table::Answer;
use fengqiao_core::snapshot::Snapshot;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
};

use super::{INSTANCE, THERE};
use crate::Contender;

/// A store and an instance of the plugin, both dropped at once: here, or on a thread of the guests.
pub struct Instance {
    engine: Engine,
    pre: InstancePre<()>,
    here: Runtime,
    there: Option<Runtime>,
}

impl Instance {
    pub fn here(component: &[u8]) -> Result<Self> {
        let engine = engine()?;
        let component = Component::from_binary(&engine, component)?;
        let mut linker = Linker::new(&engine);
        linker.define_unknown_imports_as_traps(&component)?;
        let pre = linker.instantiate_pre(&component)?;
        let here = Builder::new_current_thread().build()?;
        Ok(Self {
            engine,
            pre,
            here,
            there: None,
        })
    }

    pub fn there(component: &[u8]) -> Result<Self> {
        let there = Builder::new_multi_thread().enable_time().build()?;
        Ok(Self {
            there: Some(there),
            ..Self::here(component)?
        })
    }
}

impl Contender for Instance {
    fn name(&self) -> &'static str {
        if self.there.is_some() {
            THERE
        } else {
            INSTANCE
        }
    }

    fn is_whole(&self) -> bool {
        false
    }

    fn decide(&mut self, _: &Snapshot) -> Result<Option<Answer>> {
        match &self.there {
            None => self.here.block_on(make(&self.engine, &self.pre))?,
            Some(there) => {
                let (engine, pre) = (self.engine.clone(), self.pre.clone());
                let made = self.here.block_on(async {
                    let mut work = JoinSet::new();
                    work.spawn_on(async move { make(&engine, &pre).await }, there.handle());
                    work.join_next().await
                });
                made.context("nothing was made")???;
            }
        }
        Ok(None)
    }
}

async fn make(engine: &Engine, pre: &InstancePre<()>) -> Result<()> {
    let mut store = Store::new(engine, ());
    store.set_epoch_deadline(1);
    pre.instantiate_async(&mut store).await?;
    Ok(())
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
