//! What is recorded beside a case's history: what plugins answered, and which attempts were refused.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::{Kept, Page, Store as _};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Name, Params, Sender};
use crate::operation::{Group, Operation};
use crate::pages::{next, page};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::Rows;
use crate::viewing::find;

/// The hook that reads a channel's messages.
const INTAKE: &str = "intake";

pub(super) fn operations() -> Vec<Operation> {
    let read = |path, name, title, handler| {
        Operation::read::<Rows>(Group::Cases, path, name, title, handler)
            .with("after", "上一页的 next")
            .with("limit", "行数，最多 200")
    };
    vec![
        read(
            "/v1/cases/{id}/consultations",
            "read-consultations",
            "插件答复记录",
            || get(consultations),
        )
        .note("渠道来件的读取结果含来源，只给能看整案的人看；其他人看到的 answer 为空。"),
        read(
            "/v1/cases/{id}/refusals",
            "read-refusals",
            "被拒绝的操作",
            || get(refusals),
        ),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    after: Option<String>,
    limit: Option<u32>,
}

async fn consultations(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let case = find(&app, &id, principal).await?;
    let shows_source = policy::sees_whole(&case, principal, &app.kernel.reference());
    let page = page(query.after, query.limit);
    let rows = app
        .kernel
        .store()
        .consultations(&Subject::Case(case.id.clone()), &page)
        .await?;
    let next = next_of(&page, &rows);
    let rows: Vec<Value> = rows
        .iter()
        .map(|Kept { record: row, .. }| {
            // What a channel's adapter read says by which channel, under which number and through which unit it came.
            let is_shown = shows_source || row.hook != INTAKE;
            let (answer, failure) = match &row.answer {
                Ok(answer) if is_shown => (serde_json::from_str::<Value>(answer).ok(), None),
                Ok(_) => (None, None),
                Err(failure) => (None, Some(failure)),
            };
            json!({
                "version": row.version,
                "hook": row.hook,
                "binding": row.binding,
                "component": row.component,
                "input": row.input,
                "reference": row.reference,
                "answer": answer,
                "failure": failure,
                "at": row.at,
            })
        })
        .collect();
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

async fn refusals(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let case = find(&app, &id, sender.official()?).await?;
    let page = page(query.after, query.limit);
    let rows = app
        .kernel
        .store()
        .refused(&Subject::Case(case.id.clone()), &page)
        .await?;
    let next = next_of(&page, &rows);
    let rows: Vec<_> = rows.into_iter().map(|kept| kept.record).collect();
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

fn next_of<R>(page: &Page, rows: &[Kept<R>]) -> Option<String> {
    let last = rows.last().map(|kept| kept.cursor.as_str());
    next(page, rows.len(), last)
}
