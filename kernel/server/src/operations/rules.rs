//! `GET /v1/rules`: the rules in force in a place, joined along its divisions over the law.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::clock::PlacedRule;
use fengqiao_core::ids::DivisionCode;
use fengqiao_core::views::UNCONFIRMED;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::Params;
use crate::operation::{Group, Operation};
use crate::problem::Problem;
use crate::schemas::Anything;

pub(super) fn operation() -> Operation {
    Operation::read::<Anything>(
        Group::Plugins,
        "/v1/rules",
        "read-rules",
        "一个地方现行的规则",
        || get(rules),
    )
    .note("用语、时限及其出处、程序、评价等级；未经本地文件确认的时限注明。")
    .with("place", "区划代码")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    place: DivisionCode,
}

async fn rules(
    State(app): State<Shared>,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    if app
        .kernel
        .reference()
        .divisions()
        .get(&query.place)
        .is_none()
    {
        return Err(Problem::no_such("division", query.place.as_str()));
    }
    let set = app.kernel.rules_at(&query.place).await?;
    let rules = &set.rules;
    let mut body = serde_json::to_value(rules).unwrap_or_default();
    let clocks: Vec<Value> = rules.clocks.iter().map(clock).collect();
    if let Some(object) = body.as_object_mut() {
        object.insert("place".to_owned(), query.place.as_str().into());
        object.insert("clocks".to_owned(), clocks.into());
    }
    Ok(ok(&body))
}

fn clock(placed: &PlacedRule) -> Value {
    let unconfirmed = placed
        .rule
        .provenance
        .is_unconfirmed()
        .then_some(UNCONFIRMED);
    json!({ "division": placed.division, "rule": placed.rule, "unconfirmed": unconfirmed })
}
