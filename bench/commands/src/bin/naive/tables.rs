//! The tables, and one transaction a command: begun, written, committed, before the request is answered.

use std::path::Path;

use serde_json::json;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row};

use crate::case::{Case, Clock, Step};

pub struct Tables(SqlitePool);

/// What a command was answered.
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub version: u64,
}

/// Why it wasn't carried out.
pub enum Refused {
    Unknown,
    Stale,
    KeyReused,
    NotHandling,
    Broken(String),
}

impl<E: std::error::Error> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Broken(error.to_string())
    }
}

impl Tables {
    /// One connection: SQLite has one writer, and waiting for a connection is cheaper than waiting for its lock.
    pub async fn open(path: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("wal_autocheckpoint", "8000")
            .pragma("cache_size", "-65536")
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        sqlx::raw_sql(include_str!("tables.sql"))
            .execute(&pool)
            .await?;
        Ok(Self(pool))
    }

    pub async fn register(&self, case: &Case) -> Result<(), Refused> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&case.id)
            .bind(case.version as i64)
            .bind(&case.stage)
            .bind(&case.division)
            .bind(&case.place)
            .bind(&case.category)
            .bind(&case.kind)
            .bind(case.registered_at)
            .bind(serde_json::to_string(case)?)
            .execute(&mut *tx)
            .await?;
        for assignment in &case.assignments {
            sqlx::query("INSERT INTO case_units VALUES (?, ?, ?)")
                .bind(&case.id)
                .bind(&assignment.unit)
                .bind(&assignment.role)
                .execute(&mut *tx)
                .await?;
        }
        for clock in &case.clocks {
            put_clock(&mut tx, &case.id, clock).await?;
        }
        Ok(tx.commit().await?)
    }

    #[allow(clippy::too_many_arguments, reason = "as a handler hands them over")]
    pub async fn progress(
        &self,
        id: &str,
        name: &str,
        key: &str,
        request: &str,
        expected: u64,
        words: &str,
        now: i64,
    ) -> Result<Answer, Refused> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(answer) = answered(&mut tx, name, key, request).await? {
            return Ok(answer);
        }
        let state: Option<String> = sqlx::query_scalar("SELECT state FROM cases WHERE id = ?")
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        let mut case: Case = serde_json::from_str(&state.ok_or(Refused::Unknown)?)?;
        if case.version != expected {
            return Err(Refused::Stale);
        }
        if case.stage != "handling" {
            return Err(Refused::NotHandling);
        }
        let text_id = format!("t-{}", &key[..24]);
        let step = case.progress(&text_id, words.chars().count(), now);
        put_step(&mut tx, &case, &step, expected, name, now).await?;
        sqlx::query("INSERT INTO texts VALUES (?, ?, ?)")
            .bind(&text_id)
            .bind(id)
            .bind(words)
            .execute(&mut *tx)
            .await?;
        let body = json!({
            "case": case, "version": case.version, "stage": case.stage,
            "events": step.events.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            "clocks": [step.started],
        })
        .to_string();
        sqlx::query("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(name)
            .bind(key)
            .bind(request)
            .bind(200)
            .bind(&body)
            .bind(case.version as i64)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Answer {
            status: 200,
            body,
            version: case.version,
        })
    }
}

/// The answer that this key got before.
async fn answered(
    tx: &mut SqliteConnection,
    name: &str,
    key: &str,
    request: &str,
) -> Result<Option<Answer>, Refused> {
    let row = sqlx::query(
        "SELECT request, status, body, version FROM answers WHERE principal = ? AND key = ?",
    )
    .bind(name)
    .bind(key)
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.get::<String, _>(0) != request {
        return Err(Refused::KeyReused);
    }
    Ok(Some(Answer {
        status: row.get(1),
        body: row.get(2),
        version: row.get::<i64, _>(3) as u64,
    }))
}

/// Events, the case, its clocks, what a check said, what is to be told.
async fn put_step(
    tx: &mut SqliteConnection,
    case: &Case,
    step: &Step,
    before: u64,
    name: &str,
    now: i64,
) -> Result<(), Refused> {
    let actor =
        json!({ "actor": "official", "principal": name, "role": "unit-handler" }).to_string();
    let mut sql = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)".to_owned();
    sql.push_str(&", (?, ?, ?, ?, ?, ?)".repeat(step.events.len() - 1));
    let mut events = sqlx::query(sqlx::AssertSqlSafe(sql));
    for (version, (event, json)) in (before + 1..).zip(&step.events) {
        events = events
            .bind(&case.id)
            .bind(version as i64)
            .bind(now)
            .bind(event)
            .bind(&actor)
            .bind(json);
    }
    events.execute(&mut *tx).await?;
    sqlx::query("UPDATE cases SET version = ?, stage = ?, state = ? WHERE id = ?")
        .bind(case.version as i64)
        .bind(&case.stage)
        .bind(serde_json::to_string(case)?)
        .bind(&case.id)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM clocks WHERE subject = ? AND clock = ?")
        .bind(&case.id)
        .bind(step.met)
        .execute(&mut *tx)
        .await?;
    put_clock(tx, &case.id, &step.started).await?;
    sqlx::query("INSERT INTO outbox (effect, at) VALUES (?, ?)")
        .bind(&step.effect)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let checked = json!({
        "subject": case.id, "version": before, "hook": "guard", "binding": "hand-written", "at": now,
        "component": "6bcdbfaf29f544c71345471f30cac3f11d586b5c8499919aba725e2889879a11",
        "input": "77f52b8cb2e0e476bcc1f0f25da6b436927ca43d2a5380ba020eb751147a2333",
        "answer": { "verdict": "permit" },
    });
    sqlx::query("INSERT INTO consultations (subject, at, consultation) VALUES (?, ?, ?)")
        .bind(&case.id)
        .bind(now)
        .bind(checked.to_string())
        .execute(&mut *tx)
        .await?;
    Ok(())
}

async fn put_clock(tx: &mut SqliteConnection, case: &str, clock: &Clock) -> Result<(), Refused> {
    sqlx::query("INSERT INTO clocks VALUES (?, ?, ?, ?, ?, ?)")
        .bind(case)
        .bind(clock.id)
        .bind(&clock.name)
        .bind(&clock.owner)
        .bind(clock.due)
        .bind(&clock.state)
        .execute(tx)
        .await?;
    Ok(())
}
