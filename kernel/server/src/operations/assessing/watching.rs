//! `GET /v1/metrics-watch`, `GET /v1/metrics-elapsed`: patterns that a good figure may hide, and how long things took.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_metrics::{Finding, Scope};
use serde_json::{Value, json};

use super::asked::{Wanted, asked, described};
use super::hidden::shown;
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Params, Sender};
use crate::operation::{Group, Operation};
use crate::problem::Problem;
use crate::schemas::Rows;

pub(super) fn operations() -> Vec<Operation> {
    let read = |path, name, title, handler| {
        described(Operation::read::<Rows>(
            Group::Assessing,
            path,
            name,
            title,
            handler,
        ))
        .slow()
    };
    vec![
        read(
            "/v1/metrics-watch",
            "read-watch",
            "数据异常提示：只提示并列出案件，不作结论",
            || get(watch),
        ),
        read(
            "/v1/metrics-elapsed",
            "read-elapsed",
            "各环节用时：发布、发现、登记与五个第一时间",
            || get(elapsed),
        ),
    ]
}

async fn watch(
    State(app): State<Shared>,
    sender: Sender,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let who = sender.official()?;
    let asked = asked(&app, &wanted, who)?;
    let mut found = app.kernel.watch(&asked).await?;
    if let Scope::Unit(unit) = &asked.selection.scope {
        found.retain(|finding| finding.unit == *unit);
    }
    let found = shown(&app, found, who).await?;
    let rows: Vec<Value> = found.iter().map(finding).collect();
    Ok(ok(&json!({ "rows": rows, "next": null })))
}

/// A finding as people read it.
pub(super) fn finding(finding: &Finding) -> Value {
    json!({
        "unit": finding.unit,
        "concern": finding.concern,
        "label": finding.concern.label(),
        "cases": finding.cases,
    })
}

async fn elapsed(
    State(app): State<Shared>,
    sender: Sender,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let asked = asked(&app, &wanted, sender.official()?)?;
    let spans = app.kernel.elapsed(&asked).await?;
    let rows: Vec<Value> = spans
        .iter()
        .map(|it| {
            json!({
                "span": it.span,
                "label": it.span.label(),
                "median-s": it.median_s,
                "p90-s": it.p90_s,
                "longest-s": it.longest_s,
                "count": it.cases.len(),
            })
        })
        .collect();
    Ok(ok(&json!({ "rows": rows, "next": null })))
}
