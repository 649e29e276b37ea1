//! A database file in a directory that goes when the test ends.

use std::path::PathBuf;

use fengqiao_store::SqliteStore;
use fengqiao_store::conformance::Backend;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use tempfile::TempDir;

/// A directory with a database file in it.
#[derive(Debug)]
pub(crate) struct Files {
    directory: TempDir,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self {
            directory: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.directory.path().join("kernel.sqlite")
    }

    /// Every byte of the database and what lies beside it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.directory.path()).unwrap();
        files
            .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect()
    }

    /// A connection of somebody who goes past the store.
    pub(crate) async fn intruder(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.database());
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Carries out a statement past the store.
    pub(crate) async fn intrude(&self, sql: &str) -> Result<u64, sqlx::Error> {
        let mut connection = self.intruder().await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await?;
        Ok(done.rows_affected())
    }
}

impl Backend for Files {
    type Store = SqliteStore;

    async fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.database()).await.unwrap()
    }
}
