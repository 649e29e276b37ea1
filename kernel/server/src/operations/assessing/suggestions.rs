//! `GET /v1/metrics-suggestions`: suggestions digested by theme, a page of themes at a time.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use super::asked::{Wanted, asked, described};
use super::hidden::hidden;
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Params, Sender};
use crate::operation::{Group, Operation};
use crate::pages;
use crate::problem::Problem;
use crate::schemas::Rows;

pub(super) fn operation() -> Operation {
    let operation = Operation::read::<Rows>(
        Group::Assessing,
        "/v1/metrics-suggestions",
        "read-suggestions",
        "建议按主题摘要：件数、办结、采纳及其案件",
        || get(suggestions),
    );
    described(operation)
        .with("after", "上一页的 next")
        .with("limit", "行数，最多 200")
        .note("没有写主题的建议按类别归并；标记为 adopted 的计为采纳。")
        .slow()
}

async fn suggestions(
    State(app): State<Shared>,
    sender: Sender,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let who = sender.official()?;
    let asked = asked(&app, &wanted, who)?;
    let rows = app.kernel.suggestions(&asked).await?;
    let skipped = pages::skip(wanted.after.as_deref(), None)?;
    let size = usize::try_from(pages::limit(wanted.limit)).unwrap_or(usize::MAX);
    let end = skipped.saturating_add(size);
    let next = (end < rows.len()).then(|| end.to_string());
    let mut page: Vec<_> = rows.into_iter().skip(skipped).take(size).collect();
    for row in &mut page {
        let accusing = hidden(&app, &row.cases, who).await?;
        row.cases.retain(|case| !accusing.contains(case));
    }
    Ok(ok(&json!({ "rows": page, "next": next })))
}
