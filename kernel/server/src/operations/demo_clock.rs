//! `/v1/demo/clock`: the movable time of a demonstration.

use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_service::ports::Clock as _;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::answers::ok;
use crate::app::Shared;
use crate::demo;
use crate::extract::Document;
use crate::operation::{Group, Headers, Operation};
use crate::problem::Problem;
use crate::schemas::DemoTime;

pub(super) fn operations() -> Vec<Operation> {
    let path = "/v1/demo/clock";
    let (read_name, move_name) = ("read-demo-clock", "move-demo-clock");
    vec![
        Operation::read::<DemoTime>(
            Group::Demonstration,
            path,
            read_name,
            "演示时间",
            || get(read),
        ),
        Operation::write::<Wanted, DemoTime>(
            Group::Demonstration,
            Method::POST,
            path,
            move_name,
            "拨快演示时间",
            || post(forward),
        )
        .note("只能向前；途中到期的时限按到期先后逐一处理。")
        .headers(Headers::Plain)
        .slow(),
    ]
}

/// The time that the clock is to show.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Not before what it shows.
    now: Timestamp,
}

async fn read(State(app): State<Shared>) -> Response {
    ok(&json!({ "now": app.clock.now(), "breached": 0 }))
}

async fn forward(
    State(app): State<Shared>,
    Document { value: wanted, .. }: Document<Wanted>,
) -> Result<Response, Problem> {
    let Some(demonstration) = &app.demonstration else {
        return Err(Problem::no_such_route());
    };
    let swept = demo::forward(&app, demonstration, wanted.now).await?;
    app.metrics.swept(&swept);
    let breached = swept.breached;
    Ok(ok(&json!({ "now": app.clock.now(), "breached": breached })))
}
