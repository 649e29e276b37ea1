//! `POST /v1/imported-cases`: cases of an old system as facts, one JSON line each, with their old numbers.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use fengqiao_metrics::CaseAccount;
use serde_json::json;

use crate::app::Shared;
use crate::extract::{Key, Sender, receive};
use crate::json;
use crate::limits::MAX_IMPORT_BYTES;
use crate::once::once;
use crate::operation::{Body, Group, Operation};
use crate::problem::Problem;
use crate::schemas::Anything;

pub(super) fn operation() -> Operation {
    Operation::write::<Anything, Anything>(
        Group::Assessing,
        Method::POST,
        "/v1/imported-cases",
        "import-cases",
        "导入旧系统的案件（只作统计）",
        || post(import),
    )
    .takes(Body::of("application/x-ndjson"))
    .note("一行一件，用旧编号；整批检查，有一件不对就都不收。同编号再次导入即更正，本系统受理的案件不能被导入覆盖。")
    .up_to(MAX_IMPORT_BYTES)
    .created()
    .slow()
}

async fn import(
    State(app): State<Shared>,
    sender: Sender,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let reach = sender.official()?.division.clone();
    let received = receive(request, &["application/x-ndjson", "text/plain"]).await?;
    let text = received.text()?;
    once(&app, &sender, key, &received.digest, async {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let accounts = lines
            .map(|line| json::parse::<CaseAccount>(line.as_bytes()))
            .collect::<Result<Vec<_>, _>>()?;
        let cases = app.kernel.import_facts(&accounts, &reach).await?;
        Ok((StatusCode::CREATED, json!({ "imported": cases })))
    })
    .await
}
