//! The only writer: commands that wait together share one durable write.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::{CommitError, StoreError};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::SqliteStore;
use super::error::{busy, corrupt, repeat, stopped, unavailable};
use super::rows::key;
use super::script::{Failure, Script};

/// How many commands may wait; one more is refused as busy.
pub(super) const MAX_QUEUED_COMMANDS: usize = 1024;
/// How many commands share a durable write at the most.
pub(super) const MAX_BATCH_COMMANDS: usize = 64;
/// How long a batch goes on taking in what arrives.
const MAX_BATCH_TIME: Duration = Duration::from_millis(2);

/// A command that waits for its durable write.
#[derive(Debug)]
pub(super) struct Job {
    /// What is written, all or nothing.
    pub(super) script: Script,
    /// The versions that it was decided on, to say which one moved.
    pub(super) expected: Vec<(Subject, u64)>,
    /// Whether what was deleted must leave the files before the answer.
    pub(super) scrub: bool,
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
    /// Queues a script and waits until it is durable; answers how many rows its RETURNING clauses gave.
    pub(super) async fn write(
        &self,
        script: Script,
        expected: Vec<(Subject, u64)>,
        scrub: bool,
    ) -> Result<u64, CommitError> {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            script,
            expected,
            scrub,
            reply,
        };
        self.writer.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => busy(),
            mpsc::error::TrySendError::Closed(_) => stopped(),
        })?;
        answer.await.map_err(|_| stopped())?
    }
}

/// Writes until every store that could send has gone, then closes the file.
pub(super) async fn run(
    mut connection: SqliteConnection,
    mut jobs: mpsc::Receiver<Job>,
    tally: Arc<Tally>,
) {
    let mut waiting = Vec::with_capacity(MAX_BATCH_COMMANDS);
    while jobs.recv_many(&mut waiting, MAX_BATCH_COMMANDS).await > 0 {
        let batch = Batch::collect(&mut connection, &mut waiting, &mut jobs).await;
        batch.settle(&mut connection, &tally).await;
    }
    if let Err(error) = connection.close().await {
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
    async fn collect(
        connection: &mut SqliteConnection,
        waiting: &mut Vec<Job>,
        jobs: &mut mpsc::Receiver<Job>,
    ) -> Self {
        let mut batch = Self {
            done: Vec::with_capacity(MAX_BATCH_COMMANDS),
            lost: execute(connection, "BEGIN IMMEDIATE").await.err(),
        };
        let begun = Instant::now();
        for job in waiting.drain(..) {
            batch.carry_out(connection, job).await;
        }
        while goes_on(batch.done.len(), begun.elapsed()) {
            let Ok(job) = jobs.try_recv() else { break };
            batch.carry_out(connection, job).await;
        }
        batch
    }

    async fn carry_out(&mut self, connection: &mut SqliteConnection, job: Job) {
        let result = match &self.lost {
            Some(error) => Err(repeat(error).into()),
            None => match command(connection, job.script, &job.expected).await {
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
            scrub: job.scrub,
        });
    }

    /// Makes the batch durable, and only then answers everyone in it.
    async fn settle(mut self, connection: &mut SqliteConnection, tally: &Tally) {
        let commands = self.done.iter().filter(|done| done.result.is_ok()).count() as u64;
        if self.lost.is_none() && commands > 0 {
            self.lost = execute(connection, "COMMIT").await.err();
        }
        if self.lost.is_some() || commands == 0 {
            // Nothing is left to do where SQLite has rolled back by itself.
            let _ = execute(connection, "ROLLBACK").await;
        } else {
            tally.commands.fetch_add(commands, Ordering::Relaxed);
            tally.durable_writes.fetch_add(1, Ordering::Relaxed);
        }
        let scrubbed = match self
            .done
            .iter()
            .any(|done| done.scrub && done.result.is_ok())
        {
            true if self.lost.is_none() => scrub(connection).await,
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
    }
}

/// Whether a batch of so many commands takes in another one that has arrived, so long after it began.
fn goes_on(commands: usize, elapsed: Duration) -> bool {
    commands < MAX_BATCH_COMMANDS && elapsed < MAX_BATCH_TIME
}

/// One command. The outer error means that the whole transaction is lost.
async fn command(
    connection: &mut SqliteConnection,
    script: Script,
    expected: &[(Subject, u64)],
) -> Result<Result<u64, CommitError>, StoreError> {
    match script.run(connection).await {
        Ok(rows) => Ok(Ok(rows)),
        Err(Failure::Script(error)) => Ok(Err(refusal(connection, error, expected).await?)),
        Err(Failure::Transaction(error)) => Err(unavailable(error)),
    }
}

/// What a broken constraint means: a key that is taken, an older version, or a fault.
async fn refusal(
    connection: &mut SqliteConnection,
    error: sqlx::Error,
    expected: &[(Subject, u64)],
) -> Result<CommitError, StoreError> {
    let message = error
        .as_database_error()
        .map_or("", |error| error.message());
    if message.contains("answers.principal") {
        return Ok(CommitError::KeyTaken);
    }
    if !message.contains("version-conflict") {
        return Ok(corrupt(error).into());
    }
    for (subject, expected) in expected {
        let actual = version(connection, subject).await?;
        if actual != *expected {
            return Ok(CommitError::Conflict {
                subject: subject.clone(),
                expected: *expected,
                actual,
            });
        }
    }
    Ok(corrupt("事件编号不连续").into())
}

async fn version(connection: &mut SqliteConnection, subject: &Subject) -> Result<u64, StoreError> {
    let (kind, id) = key(subject);
    let version: i64 = sqlx::query_scalar(
        "SELECT coalesce(max(version), 0) FROM events WHERE subject_kind = ? AND subject = ?",
    )
    .bind(kind)
    .bind(id)
    .fetch_one(connection)
    .await
    .map_err(unavailable)?;
    u64::try_from(version).map_err(corrupt)
}

/// Carries the write-ahead log over into the file and empties it, so that erased bytes are in neither.
async fn scrub(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(connection)
        .await
        .map_err(unavailable)?;
    if busy == 0 {
        Ok(())
    } else {
        Err(StoreError::Unavailable(
            "已删除，但预写日志尚有读者，旧字节未清空：请再次执行删除".to_owned(),
        ))
    }
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), StoreError> {
    sqlx::query(sql)
        .execute(connection)
        .await
        .map(|_| ())
        .map_err(unavailable)
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
