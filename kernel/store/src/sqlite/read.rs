//! One thing at a time: a case, a docket, its events, the answer under a key, what waits.

use std::sync::Arc;

use fengqiao_core::case::Case;
use fengqiao_core::docket::Docket;
use fengqiao_core::event::Recorded;
use fengqiao_core::ids::{CaseId, Seq, Subject};
use fengqiao_service::ports::store::{Answer, DueClock, IdempotencyKey, OutboxRow, StoreError};
use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Executor, QueryBuilder, Sqlite};

use super::SqliteStore;
use super::error::{corrupt, unavailable};
use super::rows::{from_json, key, millis, subject, time};

impl SqliteStore {
    pub(super) fn read_case(&self, id: &CaseId) -> Result<Option<Arc<Case>>, StoreError> {
        let version = self.look_ups.look_up(|connection| {
            let mut version =
                connection.prepare_cached("SELECT version FROM cases WHERE id = ?")?;
            version
                .query_row([id.as_str()], |row| row.get(0))
                .optional()
        })?;
        let Some(version) = version else {
            return Ok(None);
        };
        if let Some(kept) = self.cases.at(id, version) {
            return Ok(Some(kept));
        }
        let state: Option<String> = self.look_ups.look_up(|connection| {
            let mut state = connection.prepare_cached("SELECT state FROM cases WHERE id = ?")?;
            state.query_row([id.as_str()], |row| row.get(0)).optional()
        })?;
        let Some(state) = state else {
            return Ok(None);
        };
        let case: Arc<Case> = Arc::new(from_json(&state)?);
        self.cases.put(Arc::clone(&case));
        Ok(Some(case))
    }

    pub(super) fn read_docket(&self, of: &Subject) -> Result<Docket, StoreError> {
        if let Subject::Case(id) = of {
            let case = self.read_case(id)?;
            return Ok(case.map(|case| case.docket.clone()).unwrap_or_default());
        }
        let (kind, id) = key(of);
        let state: Option<String> = self.look_ups.look_up(|connection| {
            let mut state = connection.prepare_cached(
                "SELECT state FROM dockets WHERE subject_kind = ? AND subject = ?",
            )?;
            state.query_row([kind, id], |row| row.get(0)).optional()
        })?;
        state
            .as_deref()
            .map_or_else(|| Ok(Docket::default()), from_json)
    }

    pub(super) async fn read_events(
        &self,
        of: &Subject,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        events(&self.readers, of, after, i64::from(limit)).await
    }

    pub(super) fn read_answer(&self, key: &IdempotencyKey) -> Result<Option<Answer>, StoreError> {
        type Columns = (String, u16, String, Option<i64>, i64);
        let row: Option<Columns> = self.look_ups.look_up(|connection| {
            let mut answer = connection.prepare_cached(
                "SELECT request, status, body, version, at FROM answers WHERE principal = ? AND key = ?",
            )?;
            answer
                .query_row([&key.principal, &key.key], |row| row.try_into())
                .optional()
        })?;
        row.map(|(request, status, body, version, at)| {
            Ok(Answer {
                request,
                status,
                body,
                version: version.map(u64::try_from).transpose().map_err(corrupt)?,
                at: time(at)?,
            })
        })
        .transpose()
    }

    pub(super) async fn read_due_clocks(
        &self,
        now: Timestamp,
        after: Option<&DueClock>,
        limit: u32,
    ) -> Result<Vec<DueClock>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT subject_kind, subject, clock, due FROM clocks WHERE state = 'running' AND due < ",
        );
        sql.push_bind(millis(now));
        if let Some(last) = after {
            let (kind, id) = key(&last.subject);
            sql.push(" AND (due, subject_kind, subject, clock) > (")
                .push_bind(millis(last.due))
                .push(", ")
                .push_bind(kind)
                .push(", ")
                .push_bind(id.to_owned())
                .push(", ")
                .push_bind(last.clock)
                .push(")");
        }
        sql.push(" ORDER BY due, subject_kind, subject, clock LIMIT ")
            .push_bind(limit);
        let rows: Vec<(String, String, Seq, i64)> = sql
            .build_query_as()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter()
            .map(|(kind, id, clock, due)| {
                Ok(DueClock {
                    subject: subject(&kind, &id)?,
                    clock,
                    due: time(due)?,
                })
            })
            .collect()
    }

    pub(super) async fn read_outbox(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let rows: Vec<(i64, String, i64)> = sqlx::query_as(
            "SELECT id, effect, at FROM outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        rows.into_iter()
            .map(|(id, effect, at)| {
                Ok(OutboxRow {
                    id,
                    effect: from_json(&effect)?,
                    at: time(at)?,
                })
            })
            .collect()
    }
}

/// The whole history of a subject, as one moment sees it.
pub(super) async fn all_events(
    moment: &mut SqliteConnection,
    of: &Subject,
) -> Result<Vec<Recorded>, StoreError> {
    events(moment, of, 0, i64::MAX).await
}

async fn events<'c>(
    connection: impl Executor<'c, Database = Sqlite>,
    of: &Subject,
    after: i64,
    limit: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let (kind, id) = key(of);
    let rows: Vec<(i64, i64, String, String)> = sqlx::query_as(
        "SELECT version, at, actor, event FROM events \
         WHERE subject_kind = ? AND subject = ? AND version > ? ORDER BY version LIMIT ?",
    )
    .bind(kind)
    .bind(id)
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(unavailable)?;
    rows.into_iter()
        .map(|(version, at, actor, event)| {
            Ok(Recorded {
                subject: of.clone(),
                version: u64::try_from(version).map_err(corrupt)?,
                at: time(at)?,
                actor: from_json(&actor)?,
                event: from_json(&event)?,
            })
        })
        .collect()
}
