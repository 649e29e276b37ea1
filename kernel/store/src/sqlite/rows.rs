//! The rows that follow from how a subject stands: what is searched, what is due, what lies on a desk.

use std::collections::BTreeSet;

use fengqiao_core::case::Case;
use fengqiao_core::clock::ClockState;
use fengqiao_core::docket::Docket;
use fengqiao_core::ids::{CaseId, DivisionCode, Subject, UnitId};
use fengqiao_core::matter::AssignmentState;
use fengqiao_service::ports::store::StoreError;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::corrupt;

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
        Value::String(word) => Ok(word),
        other => Err(corrupt(format!("`{other}` 不是一个词"))),
    }
}

/// A case's row: itself, and the columns by which it is found. As `command.sql` reads it.
pub(super) fn case_row(case: &Case) -> Result<Value, StoreError> {
    let solved = case.outcome.solved.as_ref();
    Ok(json!([
        case.id,
        number(case.docket.version)?,
        case.stage.name().as_str(),
        solved.map(|fact| fact.value),
        to_json(case)?,
        case.division,
        case.matter.place,
        case.matter.category,
        case.matter.kind,
        millis(case.registered_at)
    ]))
}

/// A docket's row.
pub(super) fn docket_row(subject: &Subject, docket: &Docket) -> Result<Value, StoreError> {
    let (kind, id) = key(subject);
    let version = number(docket.version)?;
    Ok(json!([kind, id, version, to_json(docket)?]))
}

/// A count as SQLite keeps it.
pub(super) fn number(count: u64) -> Result<i64, StoreError> {
    i64::try_from(count).map_err(corrupt)
}

/// The rows of active assignments.
pub(super) fn unit_rows(case: &Case) -> Vec<Value> {
    let active = case
        .assignments
        .iter()
        .filter(|assignment| assignment.state == AssignmentState::Active)
        .map(|assignment| (&assignment.unit, assignment.role));
    // A unit that was given the same part twice is one row.
    let active: BTreeSet<_> = active.collect();
    let rows = active.iter();
    rows.map(|(unit, role)| json!([case.id, unit, role]))
        .collect()
}

/// The rows of live clocks.
pub(super) fn clock_rows(subject: &Subject, docket: &Docket) -> Vec<Value> {
    let (kind, id) = key(subject);
    let live = docket.clocks.iter().filter_map(|clock| {
        let state = match clock.state {
            ClockState::Running => "running",
            ClockState::Paused { .. } => "paused",
            ClockState::Met { .. } | ClockState::Breached { .. } | ClockState::Cancelled { .. } => {
                return None;
            }
        };
        let due = millis(clock.deadline.due);
        Some(json!([
            kind,
            id,
            clock.id,
            clock.name,
            clock.owner,
            due,
            state
        ]))
    });
    live.collect()
}

/// The rows of open tasks and approvals.
pub(super) fn desk_rows(subject: &Subject, docket: &Docket) -> Vec<Value> {
    let (of, name) = key(subject);
    let tasks = docket.tasks.iter().filter(|task| task.done_at.is_none());
    let tasks = tasks.map(|task| {
        let since = millis(task.raised_at);
        json!([
            of, name, task.id, "task", task.desk, task.role, task.code, since
        ])
    });
    let approvals = docket.approvals.iter().filter(|approval| approval.waits());
    let approvals = approvals.map(|approval| {
        let (since, code) = (millis(approval.asked_at), approval.what.name());
        json!([
            of,
            name,
            approval.id,
            "approval",
            approval.division,
            approval.role,
            code,
            since
        ])
    });
    tasks.chain(approvals).collect()
}
