//! The only writer: commands that wait together share one durable write.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fengqiao_service::ports::store::{CommitError, StoreError};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::SqliteStore;
use super::checkpoint::{Checkpoints, carry_over};
use super::commit::Rows;
use super::error::{busy, corrupt, failed, repeat, stopped};
use super::put::{self, Failure, is_constraint};
use super::script::Script;

/// How many commands may wait; one more is refused as busy.
pub(super) const MAX_QUEUED_COMMANDS: usize = 1024;
/// How many commands share a durable write at the most.
pub(super) const MAX_BATCH_COMMANDS: usize = 64;
/// How long a batch goes on taking in what arrives.
const MAX_BATCH_TIME: Duration = Duration::from_millis(2);

/// What is written, all or nothing.
#[derive(Debug)]
pub(super) enum Task {
    /// A commit.
    Rows(Box<Rows>),
    /// Anything else.
    Script(Script),
    /// Deletes rows; every byte of them must leave the files before the answer.
    Erasure(Script),
}

/// A command that waits for its durable write.
#[derive(Debug)]
pub(super) struct Job {
    task: Task,
    reply: oneshot::Sender<Result<u64, CommitError>>,
}

/// Commands committed since the file was opened, and the durable writes that they took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    /// Commands that were committed.
    pub commands: u64,
    /// Transactions that carried them.
    pub durable_writes: u64,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    commands: AtomicU64,
    durable_writes: AtomicU64,
}

impl Tally {
    pub(super) fn read(&self) -> Counters {
        Counters {
            commands: self.commands.load(Ordering::Relaxed),
            durable_writes: self.durable_writes.load(Ordering::Relaxed),
        }
    }
}

impl SqliteStore {
    /// Queues a task and waits until it is durable; answers how many rows a script wrote.
    pub(super) async fn write(&self, task: Task) -> Result<u64, CommitError> {
        let (reply, answer) = oneshot::channel();
        let job = Job { task, reply };
        self.writer.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => busy(),
            mpsc::error::TrySendError::Closed(_) => stopped(),
        })?;
        answer.await.map_err(|_| stopped())?
    }
}

/// Writes until every store that could send has gone, then closes the file. Has a thread of its own: it waits for the
/// disk most of the time.
pub(super) fn run(
    connection: Connection,
    mut jobs: mpsc::Receiver<Job>,
    tally: &Tally,
    mut checkpoints: Checkpoints,
) {
    let mut waiting = Vec::with_capacity(MAX_BATCH_COMMANDS);
    while jobs.blocking_recv_many(&mut waiting, MAX_BATCH_COMMANDS) > 0 {
        let batch = Batch::collect(&connection, &mut waiting, &mut jobs);
        let commands = batch.settle(&connection, tally, &checkpoints);
        checkpoints.count(commands);
        if checkpoints.is_rest_due()
            && let Err(error) = carry_over(&connection)
        {
            tracing::warn!(%error, "预写日志暂不能并入数据库文件，稍后再试");
        }
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "the database file wasn't closed cleanly");
    }
}

/// Commands carried out in one open transaction, whose answers wait for its end.
struct Batch {
    done: Vec<Done>,
    /// Why the transaction is lost, if it is.
    lost: Option<StoreError>,
}

struct Done {
    reply: oneshot::Sender<Result<u64, CommitError>>,
    result: Result<u64, CommitError>,
    scrub: bool,
}

impl Batch {
    /// Carries out all that waited, and what arrives meanwhile. A lone command waits for nobody; those that arrive while
    /// a batch is written to the disk are the next batch.
    fn collect(
        connection: &Connection,
        waiting: &mut Vec<Job>,
        jobs: &mut mpsc::Receiver<Job>,
    ) -> Self {
        let mut batch = Self {
            done: Vec::with_capacity(MAX_BATCH_COMMANDS),
            lost: execute(connection, "BEGIN IMMEDIATE").err(),
        };
        // Whoever came while this transaction had to wait for another program's is in it, however slow the disk is.
        while waiting.len() < MAX_BATCH_COMMANDS {
            let Ok(job) = jobs.try_recv() else { break };
            waiting.push(job);
        }
        let begun = Instant::now();
        for job in waiting.drain(..) {
            batch.carry_out(connection, job);
        }
        while goes_on(batch.done.len(), begun.elapsed()) {
            let Ok(job) = jobs.try_recv() else { break };
            batch.carry_out(connection, job);
        }
        batch
    }

    fn carry_out(&mut self, connection: &Connection, job: Job) {
        let scrub = matches!(job.task, Task::Erasure(_));
        let result = match &self.lost {
            Some(error) => Err(repeat(error).into()),
            None => match command(connection, job.task) {
                Ok(result) => result,
                Err(lost) => {
                    let answer = Err(repeat(&lost).into());
                    self.lost = Some(lost);
                    answer
                }
            },
        };
        self.done.push(Done {
            reply: job.reply,
            result,
            scrub,
        });
    }

    /// Makes the batch durable, and only then answers everyone in it; answers here how many commands were carried out.
    fn settle(mut self, connection: &Connection, tally: &Tally, checkpoints: &Checkpoints) -> u64 {
        let commands = self.done.iter().filter(|done| done.result.is_ok()).count() as u64;
        if self.lost.is_none() && commands > 0 {
            self.lost = execute(connection, "COMMIT").err();
        }
        if self.lost.is_some() || commands == 0 {
            // Nothing is left to do where SQLite has rolled back by itself.
            let _ = execute(connection, "ROLLBACK");
        } else {
            tally.commands.fetch_add(commands, Ordering::Relaxed);
            tally.durable_writes.fetch_add(1, Ordering::Relaxed);
        }
        let scrubbed = match self
            .done
            .iter()
            .any(|done| done.scrub && done.result.is_ok())
        {
            true if self.lost.is_none() => scrub(connection, checkpoints),
            _ => Ok(()),
        };
        for done in self.done {
            let result = match (&self.lost, &scrubbed) {
                (Some(error), _) => Err(repeat(error).into()),
                (None, Err(error)) if done.scrub => Err(repeat(error).into()),
                _ => done.result,
            };
            // Whoever went away meanwhile finds the answer under its key.
            let _ = done.reply.send(result);
        }
        commands
    }
}

/// Whether a batch of so many commands takes in another one that has arrived, so long after it began.
fn goes_on(commands: usize, elapsed: Duration) -> bool {
    commands < MAX_BATCH_COMMANDS && elapsed < MAX_BATCH_TIME
}

/// One command, all of it or nothing. The outer error means that the whole transaction is lost.
fn command(connection: &Connection, task: Task) -> Result<Result<u64, CommitError>, StoreError> {
    execute(connection, "SAVEPOINT command")?;
    let put = match task {
        Task::Rows(rows) => put::put(connection, *rows).map(|()| 0),
        Task::Script(script) | Task::Erasure(script) => {
            script.run(connection).map_err(Failure::Sqlite)
        }
    };
    let refused = match put {
        Ok(written) => {
            execute(connection, "RELEASE command")?;
            return Ok(Ok(written));
        }
        // After a broken constraint the transaction stands; after anything else (a full disk, a failed read) SQLite may
        // have rolled all of it back.
        Err(Failure::Sqlite(error)) if !is_constraint(&error) => return Err(failed(error)),
        // A broken constraint besides the key and the version is a fault of the program.
        Err(Failure::Sqlite(error)) => corrupt(error).into(),
        Err(Failure::Refused(error)) => error,
    };
    execute(connection, "ROLLBACK TO command")?;
    execute(connection, "RELEASE command")?;
    Ok(Err(refused))
}

/// Carries the write-ahead log over into the file and empties it, so that erased bytes are in neither.
pub(super) fn scrub(connection: &Connection, checkpoints: &Checkpoints) -> Result<(), StoreError> {
    let _alone = checkpoints.hold_off();
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(failed)?;
    if busy == 0 {
        Ok(())
    } else {
        Err(StoreError::Unavailable(
            "已删除，但预写日志尚有读者，旧字节未清空：请再次执行删除".to_owned(),
        ))
    }
}

fn execute(connection: &Connection, sql: &'static str) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.execute([]).map(|_| ()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_takes_in_sixty_four_commands_and_none_that_arrive_two_milliseconds_later() {
        let early = Duration::from_micros(1_999);
        assert!(goes_on(63, early));
        assert!(!goes_on(64, early));
        assert!(!goes_on(1, Duration::from_millis(2)));
    }
}
