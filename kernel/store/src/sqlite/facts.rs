//! What is counted, and what assessments recorded.

use fengqiao_core::case::Case;
use fengqiao_core::docket::Docket;
use fengqiao_core::ids::{CaseId, DivisionCode, Subject};
use fengqiao_metrics::{CaseAccount, UnitAccount};
use fengqiao_service::facts;
use fengqiao_service::ports::store::{
    AssessmentKind, AssessmentRecord, CommitError, FactsFilter, ImportError, Kept, MAX_PAGE_ROWS,
    Page, StoreError,
};
use rusqlite::types::Value;
use serde_json::json;
use sqlx::{QueryBuilder, Sqlite};

use super::SqliteStore;
use super::commit::Rows;
use super::error::{changed, corrupt, plain, unavailable};
use super::rows::{Row, from_json, millis, text, time, to_json, word};
use super::script::Script;
use super::writer::Task;

/// Cases whose facts are read at a time.
const FACTS_A_READ: usize = 5_000;

/// A case's row.
pub(super) fn case_facts_row(case: &Case) -> Result<Row, StoreError> {
    let account = facts::of_case(case);
    let (first, last) = account.span();
    Ok(vec![
        text(case.id.as_str()),
        text(case.matter.place.as_str()),
        millis(first).into(),
        millis(last).into(),
        Value::Integer(0),
        to_json(&account)?.into(),
    ])
}

/// A unit's row; none for a division.
pub(super) fn unit_facts_row(
    subject: &Subject,
    docket: &Docket,
) -> Result<Option<Row>, StoreError> {
    let Subject::Unit(unit) = subject else {
        return Ok(None);
    };
    let account = facts::of_unit(unit, docket);
    Ok(Some(vec![text(unit.as_str()), to_json(&account)?.into()]))
}

impl SqliteStore {
    /// Cases that were there before anything was counted get their rows, from their events.
    pub(super) async fn catch_up(&self) -> Result<(), StoreError> {
        let behind: Vec<(String, String)> = sqlx::query_as(
            "SELECT 'case', id FROM cases WHERE id NOT IN (SELECT case_id FROM facts) \
             UNION ALL SELECT subject_kind, subject FROM dockets WHERE subject_kind = 'unit' \
             AND subject NOT IN (SELECT unit FROM unit_facts)",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        for (kind, id) in behind {
            let subject = super::rows::subject(&kind, &id)?;
            self.rebuild(&subject).await.map_err(corrupt)?;
        }
        Ok(())
    }

    pub(super) async fn find_facts(&self, filter: &FactsFilter) -> Result<Vec<CaseId>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT case_id FROM facts WHERE last_at >= ");
        sql.push_bind(millis(filter.from))
            .push(" AND first_at < ")
            .push_bind(millis(filter.until));
        if let Some(division) = &filter.division {
            let prefix = division.prefix();
            sql.push(" AND place >= ")
                .push_bind(prefix.to_owned())
                .push(" AND place < ")
                .push_bind(format!("{prefix}:"));
        }
        let ids: Vec<String> = sql
            .build_query_scalar()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        let mut ids = ids
            .iter()
            .map(|id| CaseId::parse(id).map_err(corrupt))
            .collect::<Result<Vec<_>, _>>()?;
        ids.sort();
        Ok(ids)
    }

    pub(super) async fn read_facts(&self, ids: &[CaseId]) -> Result<Vec<CaseAccount>, StoreError> {
        let mut accounts = Vec::with_capacity(ids.len());
        for some in ids.chunks(FACTS_A_READ) {
            let rows: Vec<String> = sqlx::query_scalar(
                "SELECT facts FROM facts WHERE case_id IN (SELECT value FROM json_each(?)) \
                 ORDER BY case_id",
            )
            .bind(to_json(&some)?)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
            for row in &rows {
                accounts.push(from_json(row)?);
            }
        }
        Ok(accounts)
    }

    pub(super) async fn read_unit_facts(&self) -> Result<Vec<UnitAccount>, StoreError> {
        let rows: Vec<String> = sqlx::query_scalar("SELECT facts FROM unit_facts ORDER BY unit")
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.iter().map(|row| from_json(row)).collect()
    }

    pub(super) async fn write_facts(
        &self,
        accounts: &[CaseAccount],
        reach: &DivisionCode,
    ) -> Result<(), ImportError> {
        let ids: Vec<&CaseId> = accounts.iter().map(|it| &it.facts.case).collect();
        let ids = to_json(&ids)?;
        let mut rows = Vec::with_capacity(accounts.len());
        for account in accounts {
            let (first, last) = account.span();
            let facts = &account.facts;
            rows.push(json!([
                facts.case,
                facts.place,
                millis(first),
                millis(last),
                to_json(account)?
            ]));
        }
        let mut script = Script::new();
        // The writer looks itself, so that nobody's row comes in between.
        script.then(
            "INSERT INTO facts (case_id, place, first_at, last_at, imported, facts) \
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, 1, value ->> 4 \
             FROM json_each(?1) WHERE NOT EXISTS (SELECT 1 FROM facts \
             WHERE case_id IN (SELECT value FROM json_each(?2)) \
             AND (imported = 0 OR place < ?3 OR place >= ?4)) \
             ON CONFLICT (case_id) DO UPDATE SET \
             place = excluded.place, first_at = excluded.first_at, last_at = excluded.last_at, \
             facts = excluded.facts",
            [
                to_json(&rows)?.into(),
                text(ids.as_str()),
                text(reach.prefix()),
                text(format!("{}:", reach.prefix())),
            ],
        );
        let written = self.write(Task::Script(script)).await.map_err(plain)?;
        if written == 0 && !accounts.is_empty() {
            return Err(self.in_the_way(&ids, reach).await?);
        }
        Ok(())
    }

    /// Which row an import may not replace.
    async fn in_the_way(&self, ids: &str, reach: &DivisionCode) -> Result<ImportError, StoreError> {
        let found: Option<(String, bool)> = sqlx::query_as(
            "SELECT case_id, imported FROM facts \
             WHERE case_id IN (SELECT value FROM json_each(?)) \
             AND (imported = 0 OR place < ? OR place >= ?) ORDER BY case_id LIMIT 1",
        )
        .bind(ids)
        .bind(reach.prefix())
        .bind(format!("{}:", reach.prefix()))
        .fetch_optional(&self.readers)
        .await
        .map_err(unavailable)?;
        // Its keeper may have corrected the row's place meanwhile.
        let (id, imported) = found.ok_or_else(changed)?;
        let id = CaseId::parse(&id).map_err(corrupt)?;
        Ok(if imported {
            ImportError::Elsewhere(id)
        } else {
            ImportError::OurOwn(id)
        })
    }

    pub(super) async fn write_assessment(
        &self,
        row: &AssessmentRecord,
    ) -> Result<bool, StoreError> {
        let rows = Rows {
            assessment: Some(assessment_row(row)?),
            ..Rows::default()
        };
        match self.write(Task::Rows(Box::new(rows))).await {
            Ok(_) => Ok(true),
            Err(CommitError::RecordTaken) => Ok(false),
            Err(error) => Err(plain(error)),
        }
    }

    pub(super) async fn list_assessments(
        &self,
        kind: AssessmentKind,
        division: Option<&DivisionCode>,
        page: &Page,
    ) -> Result<Vec<Kept<AssessmentRecord>>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT seq, name, division, at, record FROM assessments WHERE kind = ",
        );
        sql.push_bind(word(&kind)?);
        if let Some(division) = division {
            let prefix = division.prefix();
            sql.push(" AND division >= ")
                .push_bind(prefix.to_owned())
                .push(" AND division < ")
                .push_bind(format!("{prefix}:"));
        }
        if let Some(cursor) = &page.after {
            let last: i64 = cursor
                .parse()
                .map_err(|_| StoreError::Cursor(cursor.clone()))?;
            sql.push(" AND seq < ").push_bind(last);
        }
        sql.push(" ORDER BY seq DESC LIMIT ")
            .push_bind(page.limit.clamp(1, MAX_PAGE_ROWS));
        let rows: Vec<(i64, String, String, i64, String)> = sql
            .build_query_as()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter()
            .map(|(seq, name, division, at, record)| {
                Ok(Kept {
                    cursor: seq.to_string(),
                    record: record_of(kind, name, &division, at, record)?,
                })
            })
            .collect()
    }

    pub(super) async fn read_assessments(
        &self,
        kind: AssessmentKind,
        names: &[String],
    ) -> Result<Vec<AssessmentRecord>, StoreError> {
        let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
            "SELECT name, division, at, record FROM assessments \
             WHERE kind = ? AND name IN (SELECT value FROM json_each(?)) ORDER BY seq",
        )
        .bind(word(&kind)?)
        .bind(to_json(&names)?)
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        rows.into_iter()
            .map(|(name, division, at, record)| record_of(kind, name, &division, at, record))
            .collect()
    }

    pub(super) async fn read_assessment(
        &self,
        kind: AssessmentKind,
        name: &str,
    ) -> Result<Option<AssessmentRecord>, StoreError> {
        let row: Option<(String, i64, String)> = sqlx::query_as(
            "SELECT division, at, record FROM assessments WHERE kind = ? AND name = ?",
        )
        .bind(word(&kind)?)
        .bind(name)
        .fetch_optional(&self.readers)
        .await
        .map_err(unavailable)?;
        row.map(|(division, at, record)| record_of(kind, name.to_owned(), &division, at, record))
            .transpose()
    }
}

/// What an assessment recorded, as a row.
pub(super) fn assessment_row(record: &AssessmentRecord) -> Result<Row, StoreError> {
    Ok(vec![
        word(&record.kind)?.into(),
        text(record.name.as_str()),
        text(record.division.as_str()),
        millis(record.at).into(),
        text(record.record.as_str()),
    ])
}

fn record_of(
    kind: AssessmentKind,
    name: String,
    division: &str,
    at: i64,
    record: String,
) -> Result<AssessmentRecord, StoreError> {
    Ok(AssessmentRecord {
        kind,
        name,
        division: DivisionCode::parse(division).map_err(corrupt)?,
        at: time(at)?,
        record,
    })
}
