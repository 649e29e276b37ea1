//! Ours: the kernel's own host asks a plugin, on a fresh instance for every call.

mod asked;
mod instance;

use std::sync::Arc;

use anyhow::Result;
use bench_table::{Office, ROWS};
use fengqiao_core::snapshot::Group;
use fengqiao_host::{HostConfig, Isolation, WasmAdvisor};
use fengqiao_reference::{Catalogue, Divisions, Reference, Source, Units};
use fengqiao_service::ports::advisor::{Advisor, Hook};
use serde_json::json;

use crate::Contender;
use asked::Asked;

pub const HEADLINE: &str = "ours, table in a catalogue";
pub const FRESH_MEMORY: &str = "ours, table in a catalogue, fresh memory";
const IN_CODE: &str = "ours, table in the plugin's code";
const IN_CONFIG: &str = "ours, table in the configuration";
pub const INSTANCE: &str = "  part: an instance";
pub const THERE: &str = "  part: an instance on another thread";
pub const EMPTY: &str = "  part: a call with nothing in it";
pub const RECEIVED: &str = "  part: a call with the case, a pass out";
pub const ANSWERED: &str = "  part: a call with the case, an answer out";

const CATALOGUE: &str = "forty-rows";

const ALL: &[Group] = &[
    Group::Place,
    Group::Matter,
    Group::Parties,
    Group::Source,
    Group::History,
    Group::Assignments,
    Group::Clocks,
    Group::Proceedings,
];

/// Every way to ask ours, and the parts of a call.
pub fn all(component: &[u8]) -> Result<Vec<Box<dyn Contender>>> {
    let runtime = Arc::new(
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?,
    );
    let pooled = host(component, Isolation::Pooled, &runtime)?;
    let fresh = host(component, Isolation::FreshMemory, &runtime)?;
    let digest = runtime.block_on(pooled.admit(component))?.digest;
    let ask =
        |name, host: &Arc<WasmAdvisor>, config: serde_json::Value| -> Result<Box<dyn Contender>> {
            let asked = Asked::new(
                name,
                Arc::clone(host),
                Arc::clone(&runtime),
                &digest,
                config.to_string(),
            )?;
            Ok(Box::new(asked))
        };
    Ok(vec![
        ask(
            HEADLINE,
            &pooled,
            json!({ "by": "catalogue", "table": CATALOGUE }),
        )?,
        ask(
            FRESH_MEMORY,
            &fresh,
            json!({ "by": "catalogue", "table": CATALOGUE }),
        )?,
        ask(IN_CODE, &pooled, json!({ "by": "code" }))?,
        ask(IN_CONFIG, &pooled, json!({ "by": "rows", "table": rows() }))?,
        Box::new(instance::Instance::here(component)?),
        Box::new(instance::Instance::there(component)?),
        Box::new(
            Asked::new(
                EMPTY,
                Arc::clone(&pooled),
                Arc::clone(&runtime),
                &digest,
                json!({ "by": "pass" }).to_string(),
            )?
            .without_case(),
        ),
        ask(RECEIVED, &pooled, json!({ "by": "pass" }))?,
        ask(ANSWERED, &pooled, json!({ "by": "canned" }))?,
    ])
}

fn host(
    component: &[u8],
    isolation: Isolation,
    runtime: &tokio::runtime::Runtime,
) -> Result<Arc<WasmAdvisor>> {
    let host = WasmAdvisor::new(HostConfig {
        isolation,
        ..HostConfig::default()
    })?;
    let really = host.health().isolation;
    anyhow::ensure!(really == isolation, "this machine isolates as {really:?}");
    host.set_reference(Arc::new(reference()?));
    let inspection = runtime.block_on(host.admit(component))?;
    anyhow::ensure!(
        inspection.manifest.hooks.contains(&Hook::Triage),
        "the plugin doesn't route"
    );
    Ok(Arc::new(host))
}

/// The divisions of the cases, and the table as a catalogue of the county.
fn reference() -> Result<Reference> {
    const DIVISIONS: &str = "code,name,level,parent\n\
        990000000000,甲省,province,\n\
        990100000000,乙市,prefecture,990000000000\n\
        990101000000,丙区,county,990100000000\n\
        990101001000,丁镇,township,990101000000\n\
        990101001002,戊村,village,990101001000\n";
    let divisions = Divisions::load(&[Source::new("divisions.csv", DIVISIONS)])?;
    let units = Units::load(&[], &divisions)?;
    let head = format!(
        "[catalogue]\ncode = \"{CATALOGUE}\"\nversion = \"1\"\ndivision = \"990101000000\"\nkey = [\"category\"]\n"
    );
    let rows: String = ROWS
        .iter()
        .map(|row| {
            let assists: Vec<String> = row.assists.iter().copied().map(written).collect();
            format!(
                "[[row]]\ncategory = \"{}\"\nlead = \"{}\"\nassists = \"{}\"\nlimit = \"{}\"\n",
                row.category,
                written(row.lead),
                assists.join(";"),
                row.limit
            )
        })
        .collect();
    let catalogue = Catalogue::from_toml(&Source::new("forty-rows.toml", &[head, rows].concat()))?;
    Ok(Reference::new(divisions, units, vec![catalogue])?)
}

fn written((level, name): Office) -> String {
    format!("{}-{name}", level.depth())
}

/// The table as configuration.
fn rows() -> serde_json::Value {
    let office = |(level, name): Office| json!([level.depth(), name]);
    let rows = ROWS.iter().map(|row| {
        let assists: Vec<_> = row.assists.iter().copied().map(office).collect();
        json!({ "category": row.category, "lead": office(row.lead), "assists": assists, "limit": row.limit })
    });
    rows.collect()
}
