//! A native function: what the decision itself costs.

use std::collections::HashMap;

use anyhow::Result;
use bench_table::{Answer, ROWS, Row, unit};
use fengqiao_core::snapshot::Snapshot;

use crate::Contender;

/// The table by category.
pub struct Native(HashMap<&'static str, &'static Row>);

impl Native {
    pub fn new() -> Self {
        Self(ROWS.iter().map(|row| (row.category, row)).collect())
    }
}

impl Contender for Native {
    fn name(&self) -> &'static str {
        "native Rust"
    }

    fn decide(&mut self, case: &Snapshot) -> Result<Option<Answer>> {
        Ok(decide(&self.0, case))
    }
}

fn decide(table: &HashMap<&'static str, &'static Row>, case: &Snapshot) -> Option<Answer> {
    let category = case.matter.as_ref()?.category.as_ref()?;
    let row = table.get(category.as_str())?;
    let path: Vec<&str> = case
        .place
        .as_ref()?
        .path
        .iter()
        .map(|code| code.as_str())
        .collect();
    let assists = row.assists.iter().map(|office| unit(&path, *office));
    Some(Answer {
        lead: unit(&path, row.lead)?,
        assists: assists.collect::<Option<_>>()?,
        limit: row.limit.to_owned(),
    })
}
