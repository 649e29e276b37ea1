//! The process about itself: health, metrics, time, and the description of this interface.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::Store as _;
use serde_json::json;

use crate::answers::{answer, ok};
use crate::app::Shared;
use crate::metrics;
use crate::operation::{Body, Group, Operation};
use crate::schemas::Anything;

pub(super) fn operations() -> Vec<Operation> {
    let read = |path, name, title, handler: fn() -> MethodRouter<Shared>| {
        Operation::read::<Anything>(Group::Process, path, name, title, handler)
    };
    let text =
        |operation: Operation, media_type| operation.answers(200, Some(Body::of(media_type)));
    vec![
        read("/healthz", "healthz", "进程是否健康", || get(health)),
        read("/readyz", "readyz", "是否可以接受请求", || {
            get(ready)
        }),
        text(
            read(
                "/metrics",
                "metrics",
                "运行指标（Prometheus 文本）",
                || get(counters),
            ),
            "text/plain",
        ),
        read("/v1/time", "read-time", "内核时间", || get(time)),
        read(
            "/openapi.json",
            "openapi",
            "接口说明（OpenAPI 3.1）",
            || get(openapi),
        ),
        text(
            read("/", "page", "接口说明（网页）", || get(page)),
            "text/html",
        ),
    ]
}

/// Red when nobody looks at the clocks any more, or the sandbox can't keep its time limits.
async fn health(State(app): State<Shared>) -> Response {
    let clocks = app.pulse.is_fresh();
    let sandbox = app.kernel.advisor().health().ticks;
    state(
        clocks && sandbox,
        json!({ "clocks": clocks, "sandbox": sandbox }),
    )
}

async fn ready(State(app): State<Shared>) -> Response {
    let store = app.kernel.store().ping().await.is_ok();
    let sandbox = app.kernel.advisor().health().ticks;
    state(
        store && sandbox,
        json!({ "store": store, "sandbox": sandbox }),
    )
}

fn state(good: bool, parts: serde_json::Value) -> Response {
    let status = if good {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let word = if good { "ok" } else { "failing" };
    answer(
        status,
        json!({ "status": word, "parts": parts }).to_string(),
        None,
    )
}

async fn counters(State(app): State<Shared>) -> Response {
    let text = metrics::text(&app).await;
    (
        [(
            CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        )],
        text,
    )
        .into_response()
}

async fn time(State(app): State<Shared>) -> Response {
    ok(&json!({ "now": app.clock.now(), "demonstration": app.demonstration.is_some() }))
}

async fn openapi(State(app): State<Shared>) -> Response {
    answer(StatusCode::OK, app.openapi.clone(), None)
}

async fn page(State(app): State<Shared>) -> Response {
    (
        [(CONTENT_TYPE, "text/html; charset=utf-8")],
        app.page.clone(),
    )
        .into_response()
}
