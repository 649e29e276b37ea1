//! The rows follow from the events: compares them, and builds them again.

use std::sync::Arc;

use fengqiao_core::docket::Docket;
use fengqiao_core::event::Recorded;
use fengqiao_core::evolve::evolve;
use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::{After, CommitError, StoreError};
use rusqlite::types::Value;
use sqlx::sqlite::SqliteConnection;

use super::error::{corrupt, unavailable};
use super::facts::{case_facts_row, unit_facts_row};
use super::rows::{Row, case_row, clock_rows, desk_rows, docket_row, key, subject, unit_rows};
use super::writer::Task;
use super::{SqliteStore, commit, read};

const CASES: &str = "SELECT json_array(id, version, stage, solved, state, division, place, category, \
    kind, registered_at) FROM cases WHERE ? = 'case' AND id = ?";
const CASE_UNITS: &str =
    "SELECT json_array(case_id, unit, role) FROM case_units WHERE ? = 'case' AND case_id = ?";
const DOCKETS: &str = "SELECT json_array(subject_kind, subject, version, state) FROM dockets \
    WHERE subject_kind = ? AND subject = ?";
const CLOCKS: &str = "SELECT json_array(subject_kind, subject, clock, name, owner, due, state) \
    FROM clocks WHERE subject_kind = ? AND subject = ?";
const DESK: &str = "SELECT json_array(subject_kind, subject, id, kind, division, role, code, since) \
    FROM desk WHERE subject_kind = ? AND subject = ?";

const CASE_FACTS: &str = "SELECT json_array(case_id, place, first_at, last_at, imported, facts) \
    FROM facts WHERE ? = 'case' AND case_id = ?";
const UNIT_FACTS: &str =
    "SELECT json_array(unit, facts) FROM unit_facts WHERE ? = 'unit' AND unit = ?";

/// Rows that aren't what their subject's events say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whose.
    pub subject: Subject,
    /// In which table.
    pub table: &'static str,
    /// What follows from the events: a JSON array for each row.
    pub expected: Vec<String>,
    /// What is there.
    pub found: Vec<String>,
}

impl SqliteStore {
    /// Every subject that has events.
    pub async fn subjects(&self) -> Result<Vec<Subject>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT DISTINCT subject_kind, subject FROM events ORDER BY subject_kind, subject",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        rows.iter().map(|(kind, id)| subject(kind, id)).collect()
    }

    /// Folds a subject's events and compares every row that follows from them; runs no plugin. Nothing where all is well.
    pub async fn verify(&self, subject: &Subject) -> Result<Vec<Difference>, StoreError> {
        // Events and rows of one moment.
        let mut moment = self.readers.begin().await.map_err(unavailable)?;
        let folded = Folded::read(&mut moment, subject).await?;
        let mut differences = Vec::new();
        for (table, select, expected) in folded.rows(subject)? {
            let expected = sorted(expected.into_iter().map(json).collect());
            let (kind, id) = key(subject);
            let found: Vec<String> = sqlx::query_scalar(select)
                .bind(kind)
                .bind(id)
                .fetch_all(&mut *moment)
                .await
                .map_err(unavailable)?;
            let found = sorted(found);
            if expected != found {
                differences.push(Difference {
                    subject: subject.clone(),
                    table,
                    expected,
                    found,
                });
            }
        }
        Ok(differences)
    }

    /// Puts a subject's rows as its events say, whatever is there. A subject without events is left alone.
    pub async fn rebuild(&self, subject: &Subject) -> Result<(), CommitError> {
        let mut moment = self.readers.begin().await.map_err(unavailable)?;
        let folded = Folded::read(&mut moment, subject).await?;
        drop(moment);
        let Some(after) = &folded.after else {
            return Ok(());
        };
        let rows = commit::rebuilt(subject, folded.version, after)?;
        self.write(Task::Rows(Box::new(rows))).await?;
        if let Subject::Case(id) = subject {
            self.cases.forget(id);
        }
        Ok(())
    }
}

/// A table, the query that reads it, and the rows that follow from the events.
type Table = (&'static str, &'static str, Vec<Row>);

/// A subject as its events say.
struct Folded {
    version: u64,
    after: Option<After>,
}

impl Folded {
    async fn read(moment: &mut SqliteConnection, subject: &Subject) -> Result<Self, StoreError> {
        let mut folded = Self {
            version: 0,
            after: None,
        };
        for recorded in read::all_events(moment, subject).await? {
            folded.version = recorded.version;
            folded.after = Some(next(folded.after, &recorded)?);
        }
        Ok(folded)
    }

    /// Every row that follows.
    fn rows(&self, subject: &Subject) -> Result<[Table; 7], StoreError> {
        let nothing = Docket::default();
        let (mut cases, mut parts, mut dockets) = (Vec::new(), Vec::new(), Vec::new());
        let (mut case_facts, mut unit_facts) = (Vec::new(), Vec::new());
        let docket = match &self.after {
            None => &nothing,
            Some(After::Case(case)) => {
                cases.push(case_row(case)?);
                parts = unit_rows(case)?;
                case_facts.push(case_facts_row(case)?);
                &case.docket
            }
            Some(After::Docket(docket)) => {
                dockets.push(docket_row(subject, docket)?);
                unit_facts.extend(unit_facts_row(subject, docket)?);
                docket.as_ref()
            }
        };
        Ok([
            ("cases", CASES, cases),
            ("case_units", CASE_UNITS, parts),
            ("dockets", DOCKETS, dockets),
            ("clocks", CLOCKS, clock_rows(subject, docket)),
            ("desk", DESK, desk_rows(subject, docket)?),
            ("facts", CASE_FACTS, case_facts),
            ("unit_facts", UNIT_FACTS, unit_facts),
        ])
    }
}

fn next(after: Option<After>, recorded: &Recorded) -> Result<After, StoreError> {
    match (&recorded.subject, after) {
        (Subject::Case(_), Some(After::Case(case))) => {
            evolve(Some(Arc::unwrap_or_clone(case)), recorded)
        }
        (Subject::Case(_), _) => evolve(None, recorded),
        (_, Some(After::Docket(docket))) => return evolve_docket(*docket, recorded),
        (_, _) => return evolve_docket(Docket::default(), recorded),
    }
    .map(|case| After::Case(Arc::new(case)))
    .map_err(corrupt)
}

fn evolve_docket(docket: Docket, recorded: &Recorded) -> Result<After, StoreError> {
    let docket = docket.evolve(recorded).map_err(corrupt)?;
    Ok(After::Docket(Box::new(docket)))
}

/// A row as `json_array` writes it.
fn json(row: Row) -> String {
    let values = row.into_iter().map(|value| match value {
        Value::Integer(number) => number.into(),
        Value::Text(words) => words.into(),
        // Numbers with a fraction and bytes are in none of these tables.
        Value::Null | Value::Real(_) | Value::Blob(_) => serde_json::Value::Null,
    });
    serde_json::Value::Array(values.collect()).to_string()
}

fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort_unstable();
    rows
}
