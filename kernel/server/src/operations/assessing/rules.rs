//! `/v1/counting-rules`: what of a place's procedures counts as what, and which rates it names.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, put};
use fengqiao_core::ids::DivisionCode;
use fengqiao_metrics::CountingRules;
use serde::Deserialize;
use serde_json::json;

use super::asked::Whose;
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Document, Key, Params, Sender};
use crate::once::once_recorded;
use crate::operation::{Group, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::Anything;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::read::<Anything>(
            Group::Assessing,
            "/v1/counting-rules",
            "read-counting-rules",
            "统计口径",
            || get(read),
        )
        .with("division", "区划代码；不写即为本人的区划"),
        Operation::write::<Anything, Anything>(
            Group::Assessing,
            Method::PUT,
            "/v1/counting-rules",
            "put-counting-rules",
            "设定统计口径",
            || put(write),
        )
        .note("哪些程序算指令、算调解、算警示牌，本地的考核比率叫什么；已公布的考核表不变。"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    division: DivisionCode,
    rules: CountingRules,
}

async fn read(
    State(app): State<Shared>,
    sender: Sender,
    Params(whose): Params<Whose>,
) -> Result<Response, Problem> {
    let who = sender.official()?;
    let division = whose.seen_by(who)?;
    let rules = app.kernel.counting_rules(&division).await?;
    Ok(ok(&json!({ "division": division, "rules": rules })))
}

async fn write(
    State(app): State<Shared>,
    sender: Sender,
    key: Key,
    document: Document<Wanted>,
) -> Result<Response, Problem> {
    let Wanted { division, rules } = document.value;
    policy::check_division(&division, sender.official()?)?;
    once_recorded(&app, &sender, key, &document.digest, async {
        let filed = app.kernel.set_counting_rules(&division, rules)?;
        let body = json!({ "division": division, "rules": filed.row });
        Ok((StatusCode::OK, body, filed.record))
    })
    .await
}
