//! `/v1/plugins`: upload components, and see which there are.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_service::ports::store::Store as _;
use serde_json::{Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Key, Sender, receive};
use crate::limits::MAX_COMPONENT_BYTES;
use crate::once::once;
use crate::operation::{Body, Group, Operation};
use crate::problem::Problem;
use crate::schemas::{Anything, PluginLine, Rows};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::write::<Anything, PluginLine>(
            Group::Plugins,
            Method::POST,
            "/v1/plugins",
            "upload-plugin",
            "上传插件",
            || post(upload),
        )
        .takes(Body::of("application/wasm"))
        .note("内容是一个 WebAssembly 组件；接口、说明和限额都从组件本身读出并核对。")
        .up_to(MAX_COMPONENT_BYTES)
        .created()
        .slow(),
        Operation::read::<Rows>(
            Group::Plugins,
            "/v1/plugins",
            "list-plugins",
            "已上传的插件",
            || get(list),
        ),
    ]
}

async fn upload(
    State(app): State<Shared>,
    sender: Sender,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let by = sender.official()?.clone();
    let received = receive(request, &["application/wasm"]).await?;
    once(&app, &sender, key, &received.digest, async {
        let inspection = app.kernel.upload(received.bytes.to_vec(), by.name.as_str(), &by.division).await?;
        tracing::info!(plugin = inspection.manifest.name, digest = %inspection.digest, "插件已接纳");
        Ok((
            StatusCode::CREATED,
            json!({
                "digest": inspection.digest,
                "size-bytes": inspection.size_bytes,
                "manifest": inspection.manifest,
                "exports": inspection.exports,
                "imports": inspection.imports,
            }),
        ))
    })
    .await
}

async fn list(State(app): State<Shared>) -> Result<Response, Problem> {
    let rows = app.kernel.store().plugins().await?;
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "digest": row.digest,
                "manifest": serde_json::from_str::<Value>(&row.manifest).unwrap_or_default(),
                "uploaded-by": row.uploaded_by,
                "uploaded-at": row.uploaded_at,
            })
        })
        .collect();
    Ok(ok(&json!({ "rows": rows, "next": null })))
}
