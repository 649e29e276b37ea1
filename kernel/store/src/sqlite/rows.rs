//! The rows that follow from how a subject stands: what is searched, what is due, what lies on a desk.

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

/// Active assignments: `[unit, role]`.
pub(super) fn units(case: &Case) -> Result<String, StoreError> {
    let active = case
        .assignments
        .iter()
        .filter(|assignment| assignment.state == AssignmentState::Active)
        .map(|assignment| json!([assignment.unit, assignment.role]));
    to_json(&active.collect::<Vec<_>>())
}

/// Live clocks: `[clock, name, owner, due, state]`.
pub(super) fn clocks(docket: &Docket) -> Result<String, StoreError> {
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
    to_json(&live.collect::<Vec<_>>())
}

/// Open tasks and approvals: `[id, kind, division, role, code, since]`.
pub(super) fn desk(docket: &Docket) -> Result<String, StoreError> {
    let tasks = docket
        .tasks
        .iter()
        .filter(|task| task.done_at.is_none())
        .map(|task| {
            let since = millis(task.raised_at);
            json!([task.id, "task", task.desk, task.role, task.code, since])
        });
    let approvals = docket
        .approvals
        .iter()
        .filter(|approval| approval.decision.is_none())
        .map(|approval| {
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
    to_json(&tasks.chain(approvals).collect::<Vec<_>>())
}
