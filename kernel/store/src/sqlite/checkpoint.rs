//! Carries the write-ahead log over into the file while the writer goes on: otherwise every so many commands one of them
//! would wait for all the others' pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

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
}

/// The other end.
#[derive(Debug)]
pub(super) struct Carrier {
    due: Receiver<()>,
    rest: Arc<AtomicBool>,
}

/// Both ends.
pub(super) fn checkpoints() -> (Checkpoints, Carrier) {
    let (sender, receiver) = sync_channel(1);
    let rest = Arc::new(AtomicBool::new(false));
    let writers = Checkpoints {
        commands: 0,
        due: sender,
        rest: Arc::clone(&rest),
    };
    let carrier = Carrier {
        due: receiver,
        rest,
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
}

impl Carrier {
    /// Carries over whenever there is enough, until the writer has gone.
    pub(super) fn run(self, connection: Connection) {
        while self.due.recv().is_ok() {
            match carry_most(&connection) {
                Ok(()) => self.rest.store(true, Ordering::Release),
                Err(error) => tracing::warn!(%error, "预写日志暂不能并入数据库文件，稍后再试"),
            }
        }
    }
}

/// Goes through the log until hardly anything is left.
fn carry_most(connection: &Connection) -> Result<(), StoreError> {
    for _ in 0..PASSES {
        if carry_over(connection)? <= LEFT_TO_THE_WRITER {
            return Ok(());
        }
    }
    Ok(())
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
