//! Connections that look one thing up: by its key, on the caller's thread.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use fengqiao_service::ports::store::StoreError;
use rusqlite::{Connection, OpenFlags};

use super::error::failed;
use super::open::prepare;

/// How many connections are kept for the next look-up.
const MAX_IDLE_READERS: usize = 16;

/// Readers of one file. A look-up by key takes a few microseconds, less than handing it to another thread would; whatever
/// may take longer belongs elsewhere. In write-ahead mode a reader waits for nobody.
#[derive(Debug)]
pub(super) struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Readers of a file that is there.
    pub(super) fn of(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            idle: Mutex::default(),
        }
    }

    /// Looks something up.
    pub(super) fn look_up<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open().map_err(failed)?,
        };
        let found = read(&connection).map_err(failed);
        let mut idle = self.idle();
        if idle.len() < MAX_IDLE_READERS {
            idle.push(connection);
        }
        found
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        prepare(&connection)?;
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks up within a look-up, so that all of them hold a connection at once.
    fn nested(readers: &Readers, deep: usize) -> i64 {
        let found = readers.look_up(|connection| {
            if deep > 0 {
                return Ok(nested(readers, deep - 1));
            }
            connection.query_row("SELECT count(*) FROM cases", [], |row| row.get(0))
        });
        found.unwrap()
    }

    #[tokio::test]
    async fn no_more_readers_are_kept_than_the_most() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("kernel.sqlite");
        let _store = crate::SqliteStore::open(&path).await.unwrap();
        let readers = Readers::of(&path);
        assert_eq!(nested(&readers, MAX_IDLE_READERS), 0);
        assert_eq!(readers.idle().len(), MAX_IDLE_READERS);
    }

    #[tokio::test]
    async fn a_reader_changes_nothing() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("kernel.sqlite");
        let _store = crate::SqliteStore::open(&path).await.unwrap();
        let readers = Readers::of(&path);
        let refused = readers.look_up(|connection| connection.execute("DELETE FROM cases", []));
        assert!(refused.unwrap_err().to_string().contains("readonly"));
    }
}
