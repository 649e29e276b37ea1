//! Statements with their values, carried out in one go.

use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe, Encode, Sqlite, Type};

use fengqiao_service::ports::store::StoreError;

use super::error::corrupt;

/// Statements that belong together, behind a savepoint of their own. They cross to SQLite's thread once, whatever their number, and are kept prepared
/// there by their text: so the text is made of few constant pieces, and lists go in as one JSON value.
#[derive(Debug)]
pub(super) struct Script {
    sql: String,
    values: SqliteArguments,
}

/// Takes back a script that failed, and nothing else of its transaction.
pub(super) const TAKE_BACK: &str = "ROLLBACK TO command;\nRELEASE command";

impl Script {
    /// A script without statements.
    pub(super) fn new() -> Self {
        Self {
            sql: "SAVEPOINT command".to_owned(),
            values: SqliteArguments::default(),
        }
    }

    /// Adds a statement with one `?` for each value bound to it afterwards.
    pub(super) fn then(&mut self, statement: &'static str) -> &mut Self {
        self.sql.push_str(";\n");
        self.sql.push_str(statement);
        self
    }

    /// Binds the next value.
    pub(super) fn bind<'v, V>(&mut self, value: V) -> Result<&mut Self, StoreError>
    where
        V: Encode<'v, Sqlite> + Type<Sqlite>,
    {
        self.values.add(value).map_err(corrupt)?;
        Ok(self)
    }

    /// Carries it out; answers how many rows its RETURNING clauses gave.
    pub(super) async fn run(
        mut self,
        connection: &mut SqliteConnection,
    ) -> Result<u64, sqlx::Error> {
        self.then("RELEASE command");
        let rows = sqlx::query_with(AssertSqlSafe(self.sql), self.values)
            .fetch_all(connection)
            .await?;
        Ok(rows.len() as u64)
    }
}
