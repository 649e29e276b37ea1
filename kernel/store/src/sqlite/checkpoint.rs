//! Carries the write-ahead log over into the file while the writer goes on: otherwise every so many commands one of them
//! would wait for all the others' pages.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fengqiao_service::ports::store::StoreError;
use rusqlite::Connection;

use super::error::failed;

/// After how many commands the log is carried over (a command fills about a dozen pages).
pub(super) const CHECKPOINT_COMMANDS: u64 = 512;
/// So few pages are left to the writer: only while it stands still can the log begin anew.
const LEFT_TO_THE_WRITER: i64 = 256;
/// How often the log is gone through before the writer has to do the rest, however much that is.
const PASSES: usize = 4;

/// The writer's end: says when there is enough, and hears when the rest is its own.
#[derive(Debug)]
pub(super) struct Checkpoints {
    commands: u64,
    due: SyncSender<()>,
    rest: Arc<AtomicBool>,
    passing: Arc<Mutex<()>>,
}

/// The other end.
#[derive(Debug)]
pub(super) struct Carrier {
    due: Receiver<()>,
    rest: Arc<AtomicBool>,
    /// Held during each pass: SQLite answers whoever wants to empty the log meanwhile that it is busy, at once.
    passing: Arc<Mutex<()>>,
}

/// Both ends.
pub(super) fn checkpoints() -> (Checkpoints, Carrier) {
    let (sender, receiver) = sync_channel(1);
    let rest = Arc::new(AtomicBool::new(false));
    let passing = Arc::default();
    let writers = Checkpoints {
        commands: 0,
        due: sender,
        rest: Arc::clone(&rest),
        passing: Arc::clone(&passing),
    };
    let carrier = Carrier {
        due: receiver,
        rest,
        passing,
    };
    (writers, carrier)
}

impl Checkpoints {
    /// So many commands more are in the log.
    pub(super) fn count(&mut self, commands: u64) {
        self.commands += commands;
        if self.commands >= CHECKPOINT_COMMANDS {
            self.commands = 0;
            // One that is under way already sees these pages too, or the next one does.
            let _ = self.due.try_send(());
        }
    }

    /// Whether the rest is the writer's; said once.
    pub(super) fn is_rest_due(&self) -> bool {
        self.rest.swap(false, Ordering::AcqRel)
    }

    /// Waits until the other end is between two passes, and keeps it there.
    pub(super) fn hold_off(&self) -> MutexGuard<'_, ()> {
        self.passing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Carrier {
    /// Carries over whenever there is enough, until the writer has gone.
    pub(super) fn run(self, connection: Connection) {
        while self.due.recv().is_ok() {
            match self.carry_most(&connection) {
                Ok(()) => self.rest.store(true, Ordering::Release),
                Err(error) => tracing::warn!(%error, "预写日志暂不能并入数据库文件，稍后再试"),
            }
        }
    }

    /// Goes through the log until hardly anything is left.
    fn carry_most(&self, connection: &Connection) -> Result<(), StoreError> {
        for _ in 0..PASSES {
            if self.pass(connection)? <= LEFT_TO_THE_WRITER {
                return Ok(());
            }
        }
        Ok(())
    }

    fn pass(&self, connection: &Connection) -> Result<i64, StoreError> {
        let _passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        carry_over(connection)
    }
}

/// Carries over what is in the log at this moment, without keeping anybody waiting; answers how many pages are left.
pub(super) fn carry_over(connection: &Connection) -> Result<i64, StoreError> {
    let mut checkpoint = connection
        .prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")
        .map_err(failed)?;
    let (there, carried): (i64, i64) = checkpoint
        .query_row([], |row| Ok((row.get(1)?, row.get(2)?)))
        .map_err(failed)?;
    Ok(there - carried)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_due_after_so_many_commands_and_not_before() {
        let (mut writers, carrier) = checkpoints();
        writers.count(CHECKPOINT_COMMANDS - 1);
        assert!(carrier.due.try_recv().is_err());
        writers.count(1);
        assert!(carrier.due.try_recv().is_ok());
    }

    #[test]
    fn the_rest_is_the_writers_once() {
        let (writers, carrier) = checkpoints();
        assert!(!writers.is_rest_due());
        carrier.rest.store(true, Ordering::Release);
        assert!(writers.is_rest_due());
        assert!(!writers.is_rest_due());
    }

    #[test]
    fn the_log_is_emptied_of_erased_bytes_however_busy_the_other_end_is() {
        use super::super::{open, writer};
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("kernel.sqlite");
        let create = Connection::open(&path).unwrap();
        create
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE words (words BLOB)")
            .unwrap();
        let (writing, carrying) = (open::writing(&path).unwrap(), open::writing(&path).unwrap());
        let (writers, carrier) = checkpoints();
        let done = AtomicBool::new(false);
        let erased = std::thread::scope(|threads| {
            let done = &done;
            threads.spawn(move || {
                while !done.load(Ordering::Acquire) {
                    carrier.pass(&carrying).unwrap();
                    std::thread::yield_now();
                }
            });
            let erase = || {
                writing
                    .execute("INSERT INTO words VALUES (zeroblob(100000))", [])
                    .unwrap();
                writing.execute("DELETE FROM words", []).unwrap();
                writer::scrub(&writing, &writers)
            };
            let erased: Vec<_> = (0..100).map(|_| erase()).collect();
            done.store(true, Ordering::Release);
            erased
        });
        let failed: Vec<_> = erased.into_iter().filter_map(Result::err).collect();
        assert!(failed.is_empty(), "{} of 100: {failed:?}", failed.len());
    }

    #[tokio::test]
    async fn everything_in_the_log_is_carried_over_while_the_store_is_open() {
        use crate::conformance::draft::Draft;
        use fengqiao_service::ports::store::Store as _;
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("kernel.sqlite");
        let store = crate::SqliteStore::open(&path).await.unwrap();
        let draft = Draft::registered("甲1", 1);
        store.commit(draft.commit()).await.unwrap();
        let connection = super::super::open::writing(&path).unwrap();
        assert_eq!(carry_over(&connection).unwrap(), 0);
        assert!(store.case(&draft.case().id).await.unwrap().is_some());
    }
}
