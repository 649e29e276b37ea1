//! `GET /v1/cases/{id}` and its parts: each as the sender may see it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::views::{ClockLine, Entry, Summary};
use fengqiao_service::CaseView;
use serde_json::json;

use crate::answers::answer;
use crate::app::Shared;
use crate::extract::{Name, Sender};
use crate::operation::{Group, Operation};
use crate::problem::Problem;
use crate::schemas::{CaseSeen, Rows};
use crate::viewing::{find, look};

pub(super) fn operations() -> Vec<Operation> {
    let group = Group::Cases;
    vec![
        Operation::read::<CaseSeen>(group, "/v1/cases/{id}", "read-case", "案件", || get(read))
            .note("各人所见不同：承办单位看不到受保护的诉求人，被举报方什么也看不到。答复的 ETag 是版本。"),
        Operation::read::<Rows>(group, "/v1/cases/{id}/timeline", "read-timeline", "办理经过", || get(timeline)),
        Operation::read::<Rows>(group, "/v1/cases/{id}/clocks", "read-clocks", "时限及其理由", || get(clocks))
            .note("每个时限都说明怎样算出、依据什么；未经本地文件确认的注明。"),
    ]
}

async fn read(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let (view, version) = seen(&app, &sender, &id).await?;
    Ok(answer(
        StatusCode::OK,
        serde_json::to_string(&view).unwrap_or_default(),
        Some(version),
    ))
}

async fn timeline(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let (view, version) = seen(&app, &sender, &id).await?;
    let rows: &[Entry] = &summary(&view).timeline;
    Ok(answer(
        StatusCode::OK,
        json!({ "rows": rows, "next": null }).to_string(),
        Some(version),
    ))
}

async fn clocks(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let (view, version) = seen(&app, &sender, &id).await?;
    let rows: &[ClockLine] = &summary(&view).clocks;
    Ok(answer(
        StatusCode::OK,
        json!({ "rows": rows, "next": null }).to_string(),
        Some(version),
    ))
}

async fn seen(app: &Shared, sender: &Sender, id: &str) -> Result<(CaseView, u64), Problem> {
    let principal = sender.official()?;
    let case = find(app, id, principal).await?;
    let view = look(app, &case, principal).await?;
    let version = summary(&view).version;
    Ok((view, version))
}

fn summary(view: &CaseView) -> &Summary {
    match view {
        CaseView::Citizen(view) => &view.summary,
        CaseView::Handler(view) => &view.summary,
        CaseView::Supervisor(view) => &view.summary,
    }
}
