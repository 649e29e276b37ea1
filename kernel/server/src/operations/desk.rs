//! `GET /v1/desk`: what waits for a person in a division and below it.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::ids::DivisionCode;
use fengqiao_service::ports::store::Store as _;
use serde::Deserialize;
use serde_json::json;

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Params, Sender};
use crate::operation::{Group, Operation};
use crate::pages::{next, page};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::Rows;

pub(super) fn operation() -> Operation {
    Operation::read::<Rows>(
        Group::Dockets,
        "/v1/desk",
        "read-desk",
        "待办：任务与待批事项",
        || get(desk),
    )
    .with("division", "区划代码；不写即为本人的区划")
    .with("after", "上一页的 next")
    .with("limit", "行数，最多 200")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    division: Option<DivisionCode>,
    after: Option<String>,
    limit: Option<u32>,
}

async fn desk(
    State(app): State<Shared>,
    sender: Sender,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let division = query.division.unwrap_or_else(|| principal.division.clone());
    policy::check_division(&division, principal)?;
    let page = page(query.after, query.limit);
    let rows = app.kernel.store().desk(&division, &page).await?;
    let last = rows.last().map(|row| row.cursor.as_str());
    let next = next(&page, rows.len(), last);
    let reference = app.kernel.reference();
    let mut seen = Vec::new();
    for row in rows {
        if policy::sees_subject(app.kernel.store(), &row.subject, principal, &reference).await? {
            seen.push(row);
        }
    }
    let rows: Vec<_> = seen
        .iter()
        .map(|row| {
            json!({
                "subject": row.subject, "kind": row.kind, "id": row.id, "role": row.role,
                "code": row.code, "since": row.since,
            })
        })
        .collect();
    Ok(ok(&json!({ "rows": rows, "next": next })))
}
