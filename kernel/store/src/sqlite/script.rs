//! Statements with their values, carried out in one go.

use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe, Encode, Sqlite, Type};

use fengqiao_service::ports::store::StoreError;

use super::error::corrupt;

/// Statements that belong together, all or nothing. They cross to SQLite's thread once, whatever their number, and are
/// kept prepared there by their text: so the text is made of constant pieces, and lists go in as one JSON value.
#[derive(Debug, Default)]
pub(super) struct Script {
    statements: Vec<&'static str>,
    values: SqliteArguments,
}

impl Script {
    /// A script without statements.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a statement with one `?` for each value bound to it afterwards.
    pub(super) fn then(&mut self, statement: &'static str) -> &mut Self {
        self.statements.push(statement);
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
    pub(super) async fn run(self, connection: &mut SqliteConnection) -> Result<u64, Failure> {
        let alone = self.statements.len() == 1;
        let rows = match self.statements.as_slice() {
            // A statement is all or nothing by itself.
            [statement] => sqlx::query_with(*statement, self.values).fetch_all(&mut *connection),
            statements => {
                let sql = statements.join(";\n");
                let sql = format!("SAVEPOINT command;\n{sql};\nRELEASE command");
                sqlx::query_with(AssertSqlSafe(sql), self.values).fetch_all(&mut *connection)
            }
        };
        let error = match rows.await {
            Ok(rows) => return Ok(rows.len() as u64),
            Err(error) => error,
        };
        // After a broken constraint the transaction stands; after anything else (a full disk, a failed read) SQLite may
        // have rolled all of it back.
        if !error.as_database_error().is_some_and(is_constraint) {
            return Err(Failure::Transaction(error));
        }
        if !alone {
            let back = sqlx::query("ROLLBACK TO command;\nRELEASE command");
            back.execute(connection)
                .await
                .map_err(Failure::Transaction)?;
        }
        Err(Failure::Script(error))
    }
}

/// How a script fails.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was taken back, and nothing else of its transaction.
    Script(sqlx::Error),
    /// The transaction is lost.
    Transaction(sqlx::Error),
}

/// SQLITE_CONSTRAINT, in the low byte of every code of a broken constraint and of a trigger that refuses.
fn is_constraint(error: &dyn DatabaseError) -> bool {
    let code = error.code().and_then(|code| code.parse::<i32>().ok());
    code.is_some_and(|code| code & 0xff == 19)
}
