//! The peer `extism`: a compiled plugin, a fresh instance for every call, JSON in and out.

use anyhow::Result;
use bench_table::Answer;
use extism::{CompiledPlugin, Plugin, PluginBuilder};
use fengqiao_core::snapshot::Snapshot;
use serde::Deserialize;

use crate::Contender;

pub struct Fresh {
    name: &'static str,
    compiled: CompiledPlugin,
}

impl Fresh {
    /// As its documentation has it.
    pub fn with_defaults(guest: &[u8]) -> Result<Self> {
        let compiled = builder(guest).compile()?;
        Ok(Self {
            name: "extism, fresh plugin",
            compiled,
        })
    }

    /// With the pooling allocator that ours has, which its builder lets an embedder ask for.
    pub fn pooled(guest: &[u8]) -> Result<Self> {
        let mut config = wasmtime_of_extism::Config::new();
        config.allocation_strategy(wasmtime_of_extism::InstanceAllocationStrategy::pooling());
        let compiled = builder(guest).with_wasmtime_config(config).compile()?;
        Ok(Self {
            name: "extism, fresh plugin, pooled",
            compiled,
        })
    }
}

fn builder(guest: &[u8]) -> PluginBuilder<'static> {
    PluginBuilder::new(guest.to_vec())
        .with_wasi(false)
        .with_cache_disabled()
}

/// The guest's answer.
#[derive(Deserialize)]
struct Answered {
    lead: String,
    assists: Vec<String>,
    limit: String,
}

impl Contender for Fresh {
    fn name(&self) -> &'static str {
        self.name
    }

    fn decide(&mut self, case: &Snapshot) -> Result<Option<Answer>> {
        let case = serde_json::to_vec(case)?;
        let mut plugin = Plugin::new_from_compiled(&self.compiled)?;
        let answered: Answered = serde_json::from_slice(plugin.call("triage", case)?)?;
        Ok(Some(Answer {
            lead: answered.lead,
            assists: answered.assists,
            limit: answered.limit,
        }))
    }
}
