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

/// A case's columns, by which it is found, and itself.
pub(super) struct CaseRow {
    pub(super) version: i64,
    pub(super) stage: &'static str,
    pub(super) division: String,
    pub(super) place: String,
    pub(super) category: Option<String>,
    pub(super) kind: String,
    pub(super) solved: Option<String>,
    pub(super) registered_at: i64,
    pub(super) state: String,
}

impl CaseRow {
    pub(super) fn of(case: &Case) -> Result<Self, StoreError> {
        let matter = &case.matter;
        let solved = case.outcome.solved.as_ref();
        Ok(Self {
            version: number(case.docket.version)?,
            stage: case.stage.name().as_str(),
            division: case.division.as_str().to_owned(),
            place: matter.place.as_str().to_owned(),
            category: matter
                .category
                .as_ref()
                .map(|code| code.as_str().to_owned()),
            kind: word(&matter.kind)?,
            solved: solved.map(|fact| word(&fact.value)).transpose()?,
            registered_at: millis(case.registered_at),
            state: to_json(case)?,
        })
    }
}

/// A count as SQLite keeps it.
pub(super) fn number(count: u64) -> Result<i64, StoreError> {
    i64::try_from(count).map_err(corrupt)
}

/// Active assignments: `[unit, role]`.
pub(super) fn units(case: &Case) -> Vec<Value> {
    let active = case
        .assignments
        .iter()
        .filter(|assignment| assignment.state == AssignmentState::Active)
        .map(|assignment| (&assignment.unit, assignment.role));
    // A unit that was given the same part twice is one row.
    let active: BTreeSet<_> = active.collect();
    active.iter().map(|part| json!(part)).collect()
}

/// Live clocks: `[clock, name, owner, due, state]`.
pub(super) fn clocks(docket: &Docket) -> Vec<Value> {
    let live = docket.clocks.iter().filter_map(|clock| {
        let state = match clock.state {
            ClockState::Running => "running",
            ClockState::Paused { .. } => "paused",
            ClockState::Met { .. } | ClockState::Breached { .. } | ClockState::Cancelled { .. } => {
                return None;
            }
        };
        let due = millis(clock.deadline.due);
        Some(json!([clock.id, clock.name, clock.owner, due, state]))
    });
    live.collect()
}

/// Open tasks and approvals: `[id, kind, division, role, code, since]`.
pub(super) fn desk(docket: &Docket) -> Vec<Value> {
    let tasks = docket.tasks.iter().filter(|task| task.done_at.is_none());
    let tasks = tasks.map(|task| {
        let since = millis(task.raised_at);
        json!([task.id, "task", task.desk, task.role, task.code, since])
    });
    let approvals = docket
        .approvals
        .iter()
        .filter(|approval| approval.decision.is_none());
    let approvals = approvals.map(|approval| {
        let since = millis(approval.asked_at);
        let code = approval.what.name();
        json!([
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
