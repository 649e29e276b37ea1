//! `/v1/assessments`: the sheet of a period, tried or published; beside its ranking stands what the watch shows.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_core::ids::DivisionCode;
use fengqiao_metrics::{Basis, Period, Window};
use fengqiao_service::AssessmentSheet;
use fengqiao_service::ports::Clock as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::Whose;
use super::watching::finding;
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Params, Sender};
use crate::once::once;
use crate::operation::{Group, Operation};
use crate::policy;
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
        Operation::read::<Rows>(
            Group::Assessing,
            "/v1/assessments",
            "list-assessments",
            "已公布的考核表",
            || get(list),
        )
        .with("division", "区划代码；不写即为本人的区划"),
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
    policy::check_division(&wanted.division, sender.official()?)?;
    let period = period(&app, wanted.window)?;
    let sheet = app
        .kernel
        .draft_sheet(&wanted.division, period, wanted.basis)
        .await?;
    Ok(ok(&beside(&app, &sheet).await?))
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
    once(&app, &sender, key, &document.digest, async {
        let sheet = app
            .kernel
            .publish_sheet(&wanted.division, period, wanted.basis, &who.name)
            .await?;
        Ok((StatusCode::CREATED, beside(&app, &sheet).await?))
    })
    .await
}

async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Params(whose): Params<Whose>,
) -> Result<Response, Problem> {
    let who = sender.official()?;
    let division = whose.seen_by(who)?;
    let sheets = app.kernel.published(&division).await?;
    let failures = app.kernel.unpublished(&division).await?;
    Ok(ok(
        &json!({ "rows": sheets, "failures": failures, "next": null }),
    ))
}

async fn read(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let sheet = app.kernel.sheet(&id).await?;
    policy::check_division(&sheet.division, sender.official()?)?;
    Ok(ok(&beside(&app, &sheet).await?))
}

fn period(app: &Shared, window: Window) -> Result<Period, Problem> {
    let period = Period::new(window, app.clock.now());
    period.map_err(|error| Problem::invalid_parameter("window", &error.to_string()))
}

/// A sheet that stands is shown, whether or not its cases can be looked at together.
async fn beside(app: &Shared, sheet: &AssessmentSheet) -> Result<Value, Problem> {
    Ok(match app.kernel.watch_of(sheet).await {
        Ok(watch) => {
            let watch: Vec<Value> = watch.iter().map(finding).collect();
            json!({ "sheet": sheet, "watch": watch })
        }
        Err(error) => {
            let refused = Problem::from(error);
            json!({ "sheet": sheet, "watch": null, "watch-refused": refused.body()["detail"] })
        }
    })
}
