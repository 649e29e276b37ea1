//! The peer `zen-engine`: a compiled decision with a decision table, the case as JSON values for every call.

use anyhow::{Context, Result, anyhow};
use bench_table::{Answer, Office, ROWS, Row};
use fengqiao_core::snapshot::Snapshot;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable};

use crate::Contender;

pub struct Graph {
    decision: Decision,
    runtime: Runtime,
}

impl Graph {
    pub fn new() -> Result<Self> {
        let content: GraphContent = serde_json::from_value(graph())?;
        let mut decision = Decision::from(content);
        decision.compile();
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        Ok(Self { decision, runtime })
    }
}

impl Contender for Graph {
    fn name(&self) -> &'static str {
        "zen-engine, compiled"
    }

    fn decide(&mut self, case: &Snapshot) -> Result<Option<Answer>> {
        let case = Variable::from(serde_json::to_value(case)?);
        let response = self.runtime.block_on(self.decision.evaluate(case));
        let response = response.map_err(|error| anyhow!("{error}"))?;
        read(&response.result).context("no answer").map(Some)
    }
}

/// From the case through a table with a row for each category to the answer.
fn graph() -> Value {
    let table = json!({
        "hitPolicy": "first",
        "inputs": [{ "id": "category", "name": "Category", "field": "matter.category" }],
        "outputs": [
            { "id": "lead", "name": "Lead", "field": "lead" },
            { "id": "assists", "name": "Assists", "field": "assists" },
            { "id": "limit", "name": "Limit", "field": "limit" },
        ],
        "rules": ROWS.iter().map(rule).collect::<Vec<_>>(),
    });
    json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": table },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "e1", "sourceId": "in", "targetId": "table" },
            { "id": "e2", "sourceId": "table", "targetId": "out" },
        ],
    })
}

fn rule(row: &Row) -> Value {
    let assists: Vec<String> = row.assists.iter().copied().map(office).collect();
    json!({
        "_id": row.category,
        "category": format!("'{}'", row.category),
        "lead": office(row.lead),
        "assists": format!("[{}]", assists.join(", ")),
        "limit": format!("'{}'", row.limit),
    })
}

/// An expression of the peer's language for an office in the place of the case.
fn office((level, name): Office) -> String {
    format!("place.path[{}] + '-{name}'", level.depth())
}

fn read(answer: &Variable) -> Option<Answer> {
    let text = |value: &Variable| value.as_str().map(str::to_owned);
    let assists = answer.dot("assists")?;
    let assists = assists.as_array()?;
    let assists = assists.borrow().iter().map(text).collect::<Option<_>>()?;
    Some(Answer {
        lead: text(&answer.dot("lead")?)?,
        assists,
        limit: text(&answer.dot("limit")?)?,
    })
}
