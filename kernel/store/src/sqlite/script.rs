//! Statements with their values, carried out in one go.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// Statements that belong together, all or nothing. They are kept prepared by their text: so the text is constant, and
/// lists go in as one JSON value.
#[derive(Debug, Default)]
pub(super) struct Script {
    steps: Vec<(&'static str, Vec<Value>)>,
}

impl Script {
    /// A script without statements.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a statement with one value for each `?` in it.
    pub(super) fn then<const N: usize>(
        &mut self,
        statement: &'static str,
        values: [Value; N],
    ) -> &mut Self {
        self.steps.push((statement, values.into()));
        self
    }

    /// Carries it out; answers how many rows were written.
    pub(super) fn run(self, connection: &Connection) -> rusqlite::Result<u64> {
        let mut written = 0;
        for (statement, values) in self.steps {
            let mut statement = connection.prepare_cached(statement)?;
            written += statement.execute(params_from_iter(values))? as u64;
        }
        Ok(written)
    }
}
