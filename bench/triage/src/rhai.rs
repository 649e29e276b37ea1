//! The peer `rhai`: a compiled script, the table a constant in its scope, the case turned into its values for every call.

use anyhow::{Result, anyhow};
use bench_table::{Answer, Office, ROWS};
use fengqiao_core::snapshot::Snapshot;
use rhai::{AST, Array, Dynamic, Engine, Map, Scope};

use crate::Contender;

const SCRIPT: &str = r#"
    fn unit(path, office) { path[office[0]] + "-" + office[1] }

    let row = table[asked.matter.category];
    let path = asked.place.path;
    let assists = [];
    for office in row.assists { assists.push(unit(path, office)); }
    #{ lead: unit(path, row.lead), assists: assists, limit: row.limit }
"#;

pub struct Script {
    engine: Engine,
    script: AST,
    /// The table alone; each call puts its case on top and takes it away again.
    scope: Scope<'static>,
}

impl Script {
    pub fn new() -> Result<Self> {
        let engine = Engine::new();
        let mut scope = Scope::new();
        scope.push_constant("table", table());
        // Compiled without the scope: an optimizer that knows the table would copy it into the script.
        let script = engine.compile(SCRIPT)?;
        Ok(Self {
            engine,
            script,
            scope,
        })
    }
}

impl Contender for Script {
    fn name(&self) -> &'static str {
        "rhai"
    }

    fn decide(&mut self, case: &Snapshot) -> Result<Option<Answer>> {
        let case = rhai::serde::to_dynamic(case).map_err(|error| anyhow!("{error}"))?;
        let alone = self.scope.len();
        self.scope.push_constant_dynamic("asked", case);
        let answer = self
            .engine
            .eval_ast_with_scope::<Map>(&mut self.scope, &self.script);
        self.scope.rewind(alone);
        read(answer.map_err(|error| anyhow!("{error}"))?).map(Some)
    }
}

fn table() -> Map {
    let row = |row: &bench_table::Row| {
        let assists: Array = row.assists.iter().copied().map(office).collect();
        Map::from([
            ("lead".into(), office(row.lead)),
            ("assists".into(), assists.into()),
            ("limit".into(), row.limit.into()),
        ])
    };
    let rows = ROWS
        .iter()
        .map(|each| (each.category.into(), row(each).into()));
    rows.collect()
}

fn office((level, name): Office) -> Dynamic {
    let depth = i64::try_from(level.depth()).unwrap_or_default();
    Array::from([depth.into(), name.into()]).into()
}

fn read(mut answer: Map) -> Result<Answer> {
    let mut take = |field: &str| answer.remove(field).ok_or_else(|| anyhow!("no {field}"));
    let text = |value: Dynamic| {
        value
            .into_string()
            .map_err(|kind| anyhow!("a {kind}, no text"))
    };
    let lead = text(take("lead")?)?;
    let assists = take("assists")?
        .into_array()
        .map_err(|kind| anyhow!("a {kind}, no list"))?;
    Ok(Answer {
        lead,
        assists: assists.into_iter().map(text).collect::<Result<_>>()?,
        limit: text(take("limit")?)?,
    })
}
