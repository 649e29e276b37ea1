//! Many things by filter, a page at a time, and the counts of related cases.

use std::sync::Arc;

use fengqiao_core::case::Case;
use fengqiao_core::ids::{CaseId, DivisionCode, Level, Subject};
use fengqiao_core::matter::PartyRole;
use fengqiao_service::ports::advisor::{Query, Same, Which};
use fengqiao_service::ports::store::{
    CaseFilter, CaseRow, Consultation, DeskRow, Kept, MAX_PAGE_ROWS, Page, RefusedAttempt,
    StoreError,
};
use serde::de::DeserializeOwned;
use sqlx::{QueryBuilder, Sqlite};

use super::SqliteStore;
use super::error::unavailable;
use super::rows::{from_json, key, millis, subject, time, to_json, word};

const DAY_MS: i64 = 86_400_000;

impl SqliteStore {
    pub(super) async fn list_accusing(&self, ids: &[CaseId]) -> Result<Vec<Arc<Case>>, StoreError> {
        let states: Vec<String> = sqlx::query_scalar(
            "SELECT state FROM cases WHERE id IN (SELECT value FROM json_each(?)) \
             AND EXISTS (SELECT 1 FROM json_each(state, '$.parties') AS party \
             WHERE party.value ->> 'role' = ?)",
        )
        .bind(to_json(&ids)?)
        .bind(word(&PartyRole::Accused)?)
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        let cases = states.iter().map(|state| from_json(state).map(Arc::new));
        cases.collect()
    }

    pub(super) async fn list_cases(
        &self,
        filter: &CaseFilter,
        page: &Page,
    ) -> Result<Vec<CaseRow>, StoreError> {
        let mut sql =
            QueryBuilder::<Sqlite>::new("SELECT registered_at, id, state FROM cases WHERE 1");
        if let Some(division) = &filter.division {
            inside(&mut sql, " AND division", division.prefix());
        }
        if let Some(place) = &filter.place {
            inside(&mut sql, " AND place", place.prefix());
        }
        if let Some(stage) = filter.stage {
            sql.push(" AND stage = ").push_bind(stage.as_str());
        }
        if let Some(category) = &filter.category {
            sql.push(" AND category = ")
                .push_bind(category.as_str().to_owned());
        }
        if let Some(unit) = &filter.unit {
            sql.push(" AND id IN (SELECT case_id FROM case_units WHERE unit = ")
                .push_bind(unit.as_str().to_owned())
                .push(")");
        }
        if let Some(since) = filter.since {
            sql.push(" AND registered_at >= ").push_bind(millis(since));
        }
        if let Some(until) = filter.until {
            sql.push(" AND registered_at < ").push_bind(millis(until));
        }
        if let Some(cursor) = &page.after {
            let (at, id) = split(cursor)?;
            sql.push(" AND (registered_at, id) < (")
                .push_bind(at)
                .push(", ")
                .push_bind(id.to_owned())
                .push(")");
        }
        sql.push(" ORDER BY registered_at DESC, id DESC LIMIT ")
            .push_bind(limit(page));
        let rows: Vec<(i64, String, String)> = sql
            .build_query_as()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter()
            .map(|(at, id, state)| {
                Ok(CaseRow {
                    cursor: format!("{at}.{id}"),
                    case: from_json(&state)?,
                })
            })
            .collect()
    }

    /// Oldest first: what has lain longest is on top.
    pub(super) async fn list_desk(
        &self,
        division: &DivisionCode,
        page: &Page,
    ) -> Result<Vec<DeskRow>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT since, subject_kind, subject, id, kind, role, code FROM desk WHERE 1",
        );
        inside(&mut sql, " AND division", division.prefix());
        if let Some(cursor) = &page.after {
            let (since, place) = split(cursor)?;
            sql.push(
                " AND (since, subject_kind || ':' || subject || '/' || kind || '/' || id) > (",
            )
            .push_bind(since)
            .push(", ")
            .push_bind(place.to_owned())
            .push(")");
        }
        sql.push(
            " ORDER BY since, subject_kind || ':' || subject || '/' || kind || '/' || id LIMIT ",
        )
        .push_bind(limit(page));
        let rows: Vec<(i64, String, String, u32, String, String, String)> = sql
            .build_query_as()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter()
            .map(|(since, of, name, id, kind, role, code)| {
                Ok(DeskRow {
                    cursor: format!("{since}.{of}:{name}/{kind}/{id}"),
                    subject: subject(&of, &name)?,
                    kind,
                    id,
                    role,
                    code,
                    since: time(since)?,
                })
            })
            .collect()
    }

    pub(super) async fn count_related(
        &self,
        case: &Case,
        query: &Query,
    ) -> Result<u64, StoreError> {
        let until = millis(case.registered_at);
        let mut sql =
            QueryBuilder::<Sqlite>::new("SELECT count(*) FROM cases WHERE registered_at <= ");
        sql.push_bind(until)
            .push(" AND registered_at >= ")
            .push_bind(until.saturating_sub(i64::from(query.within_days) * DAY_MS))
            .push(" AND id <> ")
            .push_bind(case.id.as_str().to_owned());
        for same in &query.same {
            match same {
                Same::Place => {
                    let place = at_level(&case.matter.place, query.at);
                    inside(&mut sql, " AND place", place.prefix());
                }
                // What nobody classified is like nothing else.
                Same::Category => match &case.matter.category {
                    None => return Ok(0),
                    Some(code) => {
                        sql.push(" AND category = ")
                            .push_bind(code.as_str().to_owned());
                    }
                },
                Same::Kind => {
                    sql.push(" AND kind = ").push_bind(word(&case.matter.kind)?);
                }
            }
        }
        sql.push(match query.only {
            Which::All => "",
            Which::Unsolved => " AND solved IS NOT 'solved' AND stage <> 'ended'",
            Which::Open => " AND stage NOT IN ('closed', 'archived', 'ended')",
        });
        let count: i64 = sql
            .build_query_scalar()
            .fetch_one(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(count.unsigned_abs())
    }

    pub(super) async fn list_consultations(
        &self,
        of: &Subject,
        page: &Page,
    ) -> Result<Vec<Kept<Consultation>>, StoreError> {
        self.list_records("SELECT id, consultation FROM consultations", of, page)
            .await
    }

    pub(super) async fn list_refused(
        &self,
        of: &Subject,
        page: &Page,
    ) -> Result<Vec<Kept<RefusedAttempt>>, StoreError> {
        self.list_records("SELECT id, refusal FROM refusals", of, page)
            .await
    }

    /// Records beside the history, newest first. Their number is their cursor.
    async fn list_records<R: DeserializeOwned>(
        &self,
        select: &'static str,
        of: &Subject,
        page: &Page,
    ) -> Result<Vec<Kept<R>>, StoreError> {
        let (kind, id) = key(of);
        let mut sql = QueryBuilder::<Sqlite>::new(select);
        sql.push(" WHERE subject_kind = ")
            .push_bind(kind)
            .push(" AND subject = ")
            .push_bind(id.to_owned());
        if let Some(cursor) = &page.after {
            let last: i64 = cursor
                .parse()
                .map_err(|_| StoreError::Cursor(cursor.clone()))?;
            sql.push(" AND id < ").push_bind(last);
        }
        sql.push(" ORDER BY id DESC LIMIT ").push_bind(limit(page));
        let rows: Vec<(i64, String)> = sql
            .build_query_as()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.iter()
            .map(|(id, json)| {
                Ok(Kept {
                    cursor: id.to_string(),
                    record: from_json(json)?,
                })
            })
            .collect()
    }
}

/// A code that begins with a prefix of digits; `:` comes right after `9`.
pub(super) fn inside(sql: &mut QueryBuilder<Sqlite>, column: &'static str, prefix: &str) {
    sql.push(column)
        .push(" >= ")
        .push_bind(prefix.to_owned())
        .push(column)
        .push(" < ")
        .push_bind(format!("{prefix}:"));
}

/// The widest division on the place's path that isn't above the level; the place itself where there is none.
fn at_level(place: &DivisionCode, level: Option<Level>) -> DivisionCode {
    let path = place.path();
    let wide = level.and_then(|level| path.into_iter().find(|division| division.level() <= level));
    wide.unwrap_or_else(|| place.clone())
}

pub(super) fn limit(page: &Page) -> u32 {
    page.limit.clamp(1, MAX_PAGE_ROWS)
}

/// A cursor: milliseconds, a dot, and what tells rows of the same time apart.
pub(super) fn split(cursor: &str) -> Result<(i64, &str), StoreError> {
    cursor
        .split_once('.')
        .and_then(|(at, rest)| Some((at.parse().ok()?, rest)))
        .ok_or_else(|| StoreError::Cursor(cursor.to_owned()))
}
