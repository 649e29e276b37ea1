//! Opens the file: pragmas, migrations, the writer and the readers.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fengqiao_service::ports::store::StoreError;
use rusqlite::{Connection, OpenFlags};
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection as _};
use tokio::sync::mpsc;

use super::SqliteStore;
use super::cases::Cases;
use super::checkpoint::checkpoints;
use super::error::{failed, unavailable};
use super::readers::Readers;
use super::writer::{self, MAX_QUEUED_COMMANDS, Tally};

/// How many readers may be at work at once.
const READERS: u32 = 4;
/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How many different statements a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 128;
/// After how many pages (128 MiB) the writer carries the write-ahead log over itself, should nobody else have done it.
const CHECKPOINT_PAGES: i64 = 32_000;
/// How much of the file the writer keeps in memory, in negative KiB as SQLite wants it.
const WRITER_CACHE_KIB: i64 = -65_536;

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
        migrate(&file, path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(file.read_only(true))
            .await
            .map_err(unavailable)?;
        let connection = writing(path).map_err(failed)?;
        let (writer, jobs) = mpsc::channel(MAX_QUEUED_COMMANDS);
        let counters = Arc::new(Tally::default());
        let tally = Arc::clone(&counters);
        let (checkpoints, carrier) = checkpoints();
        let carrying = writing(path).map_err(failed)?;
        thread("sqlite-log", move || carrier.run(carrying))?;
        thread("sqlite-writer", move || {
            writer::run(connection, jobs, &tally, checkpoints);
        })?;
        let store = Self {
            readers,
            look_ups: Arc::new(Readers::of(path)),
            cases: Arc::new(Cases::default()),
            writer,
            counters,
        };
        store.catch_up().await?;
        Ok(store)
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    let thread = std::thread::Builder::new().name(name.to_owned());
    let started = thread.spawn(run).map(|_| ());
    started.map_err(|error| StoreError::Unavailable(format!("不能启动写入线程：{error}")))
}

/// A connection that changes the file.
pub(super) fn writing(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    for (pragma, value) in [
        ("synchronous", "FULL"),
        ("secure_delete", "ON"),
        ("foreign_keys", "ON"),
    ] {
        connection.pragma_update(None, pragma, value)?;
    }
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
    Ok(connection)
}

/// What every connection is set to.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Nothing personal may land in a temporary file.
    connection.pragma_update(None, "temp_store", "MEMORY")
}

async fn migrate(file: &SqliteConnectOptions, path: &Path) -> Result<(), StoreError> {
    let file = file
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let mut connection = file.connect().await.map_err(|error| {
        StoreError::Unavailable(format!(
            "不能打开数据库 {}（{error}）：请确认目录已存在且可写",
            path.display()
        ))
    })?;
    let migrated = sqlx::migrate!("./migrations/sqlite")
        .run(&mut connection)
        .await;
    migrated.map_err(|error| match error {
        MigrateError::VersionMissing(version) => StoreError::Unavailable(format!(
            "数据库由更新的程序建立（含本程序没有的迁移 {version}）：请用同版或更新的程序打开"
        )),
        MigrateError::VersionMismatch(version) => StoreError::Unavailable(format!(
            "迁移 {version} 与数据库中登记的校验和不符：数据库由另一份程序建立，请核对程序来源"
        )),
        other => StoreError::Unavailable(format!("数据库升级未完成：{other}")),
    })?;
    connection.close().await.map_err(unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_writer_syncs_every_commit_and_overwrites_what_it_deletes() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("kernel.sqlite");
        let _store = SqliteStore::open(&path).await.unwrap();
        let connection = writing(&path).unwrap();
        for (pragma, full) in [
            ("synchronous", 2),
            ("secure_delete", 1),
            ("foreign_keys", 1),
        ] {
            let set: i64 = connection
                .pragma_query_value(None, pragma, |row| row.get(0))
                .unwrap();
            assert_eq!(set, full, "{pragma}");
        }
        let journal: String = connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(journal, "wal");
    }
}
