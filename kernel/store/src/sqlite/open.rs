//! Opens the file: pragmas, migrations, the writer and the readers.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fengqiao_service::ports::store::StoreError;
use sqlx::ConnectOptions;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use tokio::sync::mpsc;

use super::SqliteStore;
use super::error::unavailable;
use super::writer::{self, MAX_QUEUED_COMMANDS, Tally};

/// How many readers may be at work at once.
const READERS: u32 = 4;
/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How many different scripts the writer keeps prepared.
const PREPARED_SCRIPTS: usize = 512;
/// After how many pages the write-ahead log is carried over into the file (32 MiB).
const CHECKPOINT_PAGES: &str = "8000";
/// How much of the file the writer keeps in memory, in negative KiB as SQLite wants it.
const WRITER_CACHE_KIB: &str = "-65536";

impl SqliteStore {
    /// Opens or creates the file at `path`, whose directory must exist, and brings its tables up to date. A file that a
    /// newer program made, or whose tables were made by other migrations than this program's, is refused.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let file = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            // Nothing personal may land in a temporary file.
            .pragma("temp_store", "MEMORY")
            .disable_statement_logging();
        let mut connection = writing(&file).connect().await.map_err(|error| {
            StoreError::Unavailable(format!(
                "不能打开数据库 {}（{error}）：请确认目录已存在且可写",
                path.display()
            ))
        })?;
        migrate(&mut connection).await?;
        sqlx::raw_sql(include_str!("command.sql"))
            .execute(&mut connection)
            .await
            .map_err(unavailable)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(file.read_only(true))
            .await
            .map_err(unavailable)?;
        let (writer, jobs) = mpsc::channel(MAX_QUEUED_COMMANDS);
        let counters = Arc::new(Tally::default());
        tokio::spawn(writer::run(connection, jobs, Arc::clone(&counters)));
        Ok(Self {
            readers,
            writer,
            counters,
        })
    }
}

fn writing(file: &SqliteConnectOptions) -> SqliteConnectOptions {
    file.clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("cache_size", WRITER_CACHE_KIB)
        .statement_cache_capacity(PREPARED_SCRIPTS)
}

async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::migrate!("./migrations/sqlite")
        .run(connection)
        .await
        .map_err(|error| match error {
            MigrateError::VersionMissing(version) => StoreError::Unavailable(format!(
                "数据库由更新的程序建立（含本程序没有的迁移 {version}）：请用同版或更新的程序打开"
            )),
            MigrateError::VersionMismatch(version) => StoreError::Unavailable(format!(
                "迁移 {version} 与数据库中登记的校验和不符：数据库由另一份程序建立，请核对程序来源"
            )),
            other => StoreError::Unavailable(format!("数据库升级未完成：{other}")),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_writer_syncs_every_commit_and_overwrites_what_it_deletes() {
        let directory = tempfile::TempDir::new().unwrap();
        let file = SqliteConnectOptions::new().filename(directory.path().join("kernel.sqlite"));
        let mut connection = writing(&file).connect().await.unwrap();
        for (pragma, full) in [
            ("PRAGMA synchronous", 2),
            ("PRAGMA secure_delete", 1),
            ("PRAGMA foreign_keys", 1),
        ] {
            let set: i64 = sqlx::query_scalar(pragma)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            assert_eq!(set, full, "{pragma}");
        }
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(journal, "wal");
    }
}
