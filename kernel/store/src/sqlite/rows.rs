//! The rows that follow from how a subject stands: what is searched, what is due, what lies on a desk.

use std::collections::BTreeSet;

use fengqiao_core::case::Case;
use fengqiao_core::clock::ClockState;
use fengqiao_core::docket::Docket;
use fengqiao_core::ids::{CaseId, DivisionCode, Subject, UnitId};
use fengqiao_core::matter::AssignmentState;
use fengqiao_service::ports::store::StoreError;
use jiff::Timestamp;
use rusqlite::types::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::corrupt;

/// The values of a row, in the order of its table's columns.
pub(super) type Row = Vec<Value>;

/// A subject as two columns.
pub(super) fn key(subject: &Subject) -> (&'static str, &str) {
    match subject {
        Subject::Case(id) => ("case", id.as_str()),
        Subject::Unit(id) => ("unit", id.as_str()),
        Subject::Division(code) => ("division", code.as_str()),
    }
}

/// The subject of two columns.
pub(super) fn subject(kind: &str, id: &str) -> Result<Subject, StoreError> {
    match kind {
        "case" => CaseId::parse(id).map(Subject::Case),
        "unit" => UnitId::parse(id).map(Subject::Unit),
        "division" => DivisionCode::parse(id).map(Subject::Division),
        other => return Err(corrupt(format!("没有 `{other}` 这样的主体"))),
    }
    .map_err(corrupt)
}

/// Milliseconds since 1970.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The time of a column.
pub(super) fn time(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(corrupt)
}

pub(super) fn to_json<V: Serialize>(value: &V) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(corrupt)
}

pub(super) fn from_json<V: DeserializeOwned>(text: &str) -> Result<V, StoreError> {
    serde_json::from_str(text).map_err(corrupt)
}

/// The word by which a plain value is written everywhere.
pub(super) fn word<V: Serialize>(value: &V) -> Result<String, StoreError> {
    match serde_json::to_value(value).map_err(corrupt)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(corrupt(format!("`{other}` 不是一个词"))),
    }
}

/// A column of text.
pub(super) fn text(words: impl Into<String>) -> Value {
    Value::Text(words.into())
}

/// A column of text that may be missing.
pub(super) fn optional(words: Option<impl Into<String>>) -> Value {
    words.map_or(Value::Null, text)
}

/// A count as SQLite keeps it.
pub(super) fn number(count: u64) -> Result<i64, StoreError> {
    i64::try_from(count).map_err(corrupt)
}

/// A case's row: itself, and the columns by which it is found.
pub(super) fn case_row(case: &Case) -> Result<Row, StoreError> {
    let solved = case.outcome.solved.as_ref();
    Ok(vec![
        text(case.id.as_str()),
        number(case.docket.version)?.into(),
        text(case.stage.name().as_str()),
        optional(solved.map(|fact| word(&fact.value)).transpose()?),
        to_json(case)?.into(),
        text(case.division.as_str()),
        text(case.matter.place.as_str()),
        optional(case.matter.category.as_ref().map(|code| code.as_str())),
        word(&case.matter.kind)?.into(),
        millis(case.registered_at).into(),
    ])
}

/// A docket's row.
pub(super) fn docket_row(subject: &Subject, docket: &Docket) -> Result<Row, StoreError> {
    let (kind, id) = key(subject);
    let version = number(docket.version)?;
    Ok(vec![
        text(kind),
        text(id),
        version.into(),
        to_json(docket)?.into(),
    ])
}

/// The rows of active assignments.
pub(super) fn unit_rows(case: &Case) -> Result<Vec<Row>, StoreError> {
    let active = case
        .assignments
        .iter()
        .filter(|assignment| assignment.state == AssignmentState::Active)
        .map(|assignment| (&assignment.unit, assignment.role));
    // A unit that was given the same part twice is one row.
    let active: BTreeSet<_> = active.collect();
    let rows = active.into_iter().map(|(unit, role)| {
        Ok(vec![
            text(case.id.as_str()),
            text(unit.as_str()),
            word(&role)?.into(),
        ])
    });
    rows.collect()
}

/// The rows of live clocks.
pub(super) fn clock_rows(subject: &Subject, docket: &Docket) -> Vec<Row> {
    let (kind, id) = key(subject);
    let live = docket.clocks.iter().filter_map(|clock| {
        let state = match clock.state {
            ClockState::Running => "running",
            ClockState::Paused { .. } => "paused",
            ClockState::Met { .. } | ClockState::Breached { .. } | ClockState::Cancelled { .. } => {
                return None;
            }
        };
        Some(vec![
            text(kind),
            text(id),
            clock.id.into(),
            text(clock.name.as_str()),
            optional(clock.owner.as_ref().map(|unit| unit.as_str())),
            millis(clock.deadline.due).into(),
            text(state),
        ])
    });
    live.collect()
}

/// The rows of open tasks and approvals.
pub(super) fn desk_rows(subject: &Subject, docket: &Docket) -> Result<Vec<Row>, StoreError> {
    let (of, name) = key(subject);
    let tasks = docket.tasks.iter().filter(|task| task.done_at.is_none());
    let tasks = tasks.map(|task| {
        Ok(vec![
            text(of),
            text(name),
            task.id.into(),
            text("task"),
            text(task.desk.as_str()),
            word(&task.role)?.into(),
            text(task.code.as_str()),
            millis(task.raised_at).into(),
        ])
    });
    let approvals = docket.approvals.iter().filter(|approval| approval.waits());
    let approvals = approvals.map(|approval| {
        Ok(vec![
            text(of),
            text(name),
            approval.id.into(),
            text("approval"),
            text(approval.division.as_str()),
            word(&approval.role)?.into(),
            text(approval.what.name()),
            millis(approval.asked_at).into(),
        ])
    });
    tasks.chain(approvals).collect()
}
