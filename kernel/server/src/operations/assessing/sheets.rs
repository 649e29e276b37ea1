//! `/v1/assessments`: the sheet of a period, tried or published; beside its ranking stands what the watch shows.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_core::ids::DivisionCode;
use fengqiao_metrics::{Basis, Period, Window};
use fengqiao_service::AssessmentSheet;
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::Page;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::{PageOf, paged};
use super::hidden::shown;
use super::watching::finding;
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Params, Sender};
use crate::once::once_recorded;
use crate::operation::{Group, Operation};
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;
use crate::schemas::{Anything, Rows};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::read::<Anything>(
            Group::Assessing,
            "/v1/assessments-draft",
            "draft-assessment",
            "试算考核表，不登记",
            || get(draft),
        )
        .with("division", "区划代码")
        .with("window", "统计期：2026 或 2026-05")
        .with("basis", "raw：按件；deduplicated：并案去重")
        .slow(),
        Operation::write::<Anything, Anything>(
            Group::Assessing,
            Method::POST,
            "/v1/assessments",
            "publish-assessment",
            "公布考核表",
            || post(publish),
        )
        .note("内核计数，区划绑定的评分插件逐个单位评分，内核核对总分并排名；有一个单位评不出，整表不公布并留下记录。同一期再次公布为新的一版。")
        .created()
        .slow(),
        paged(Operation::read::<Rows>(
            Group::Assessing,
            "/v1/assessments",
            "list-assessments",
            "已公布的考核表和未生成的记录，新的在前",
            || get(list),
        ))
        .with("failures-after", "未生成的记录：上一页的 failures-next"),
        Operation::read::<Anything>(
            Group::Assessing,
            "/v1/assessments/{id}",
            "read-assessment",
            "一张考核表及旁列的异常提示",
            || get(read),
        )
        .slow(),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    division: DivisionCode,
    window: Window,
    #[serde(default)]
    basis: Basis,
}

async fn draft(
    State(app): State<Shared>,
    sender: Sender,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let who = sender.official()?;
    policy::check_division(&wanted.division, who)?;
    let period = period(&app, wanted.window)?;
    let sheet = app
        .kernel
        .draft_sheet(&wanted.division, period, wanted.basis)
        .await?;
    Ok(ok(&beside(&app, &sheet, who).await?))
}

async fn publish(
    State(app): State<Shared>,
    sender: Sender,
    key: Key,
    document: Document<Wanted>,
) -> Result<Response, Problem> {
    let who = sender.official()?.clone();
    let wanted = document.value;
    policy::check_division(&wanted.division, &who)?;
    let period = period(&app, wanted.window)?;
    once_recorded(&app, &sender, key, &document.digest, async {
        let filed = app
            .kernel
            .publish_sheet(&wanted.division, period, wanted.basis, &who.name)
            .await?;
        let body = beside(&app, &filed.row, &who).await?;
        Ok((StatusCode::CREATED, body, filed.record))
    })
    .await
}

async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Params(mut wanted): Params<PageOf>,
) -> Result<Response, Problem> {
    let after = wanted.failures_after.take();
    let (division, page) = wanted.seen_by(sender.official()?)?;
    let sheets = app.kernel.list_sheets(&division, &page).await?;
    let page = Page { after, ..page };
    let failures = app.kernel.list_failures(&division, &page).await?;
    Ok(ok(&json!({
        "rows": sheets.rows,
        "next": sheets.next,
        "failures": failures.rows,
        "failures-next": failures.next,
    })))
}

async fn read(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let sheet = app.kernel.sheet(&id).await?;
    let who = sender.official()?;
    policy::check_division(&sheet.division, who)?;
    Ok(ok(&beside(&app, &sheet, who).await?))
}

fn period(app: &Shared, window: Window) -> Result<Period, Problem> {
    let period = Period::new(window, app.clock.now());
    period.map_err(|error| Problem::invalid_parameter("window", &error.to_string()))
}

/// A sheet that stands is shown, whether or not its cases can be looked at together.
async fn beside(app: &Shared, sheet: &AssessmentSheet, who: &Principal) -> Result<Value, Problem> {
    Ok(match app.kernel.watch_of(sheet).await {
        Ok(watch) => {
            let watch = shown(app, watch, who).await?;
            let watch: Vec<Value> = watch.iter().map(finding).collect();
            json!({ "sheet": sheet, "watch": watch })
        }
        Err(error) => {
            let refused = Problem::from(error);
            json!({ "sheet": sheet, "watch": null, "watch-refused": refused.body()["detail"] })
        }
    })
}
