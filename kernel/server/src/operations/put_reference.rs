//! `PUT /v1/reference/…`: divisions, units, catalogues and calendars, a whole file at a time.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::put;
use serde::Deserialize;
use serde_json::json;

use crate::app::Shared;
use crate::extract::{Key, Params, Received, Sender, receive};
use crate::limits::MAX_DIVISIONS_BYTES;
use crate::once::once;
use crate::operation::{Body, Group, Operation};
use crate::problem::Problem;
use crate::schemas::{Anything, ReferenceTaken};

/// Characters of a file's name.
const MAX_FILE_CHARS: usize = 80;

pub(super) const CSV: [&str; 2] = ["text/csv", "text/plain"];
pub(super) const TOML: [&str; 3] = ["application/toml", "text/plain", "text/toml"];

pub(super) fn operations() -> Vec<Operation> {
    let write = |path, name, title, handler, media_type| {
        Operation::write::<Anything, ReferenceTaken>(
            Group::Reference,
            Method::PUT,
            path,
            name,
            title,
            handler,
        )
        .takes(Body::of(media_type))
        .with("name", "文件名；同名文件整份替换，只限文件所属区划及其上级")
        .note("整份检查，有一处不对就什么都不换；答复中给出文件、行号和原因。")
        .slow()
    };
    vec![
        write(
            "/v1/reference/divisions",
            "put-divisions",
            "导入区划",
            || put(put_divisions),
            "text/csv",
        )
        .up_to(MAX_DIVISIONS_BYTES),
        write(
            "/v1/reference/units",
            "put-units",
            "导入单位",
            || put(put_units),
            "application/toml",
        ),
        write(
            "/v1/reference/catalogues",
            "put-catalogue",
            "导入目录",
            || put(put_catalogue),
            "application/toml",
        ),
        write(
            "/v1/reference/calendars",
            "put-calendar",
            "导入放假安排",
            || put(put_calendar),
            "application/toml",
        ),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    name: String,
}

async fn put_divisions(
    State(app): State<Shared>,
    sender: Sender,
    Params(file): Params<File>,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let received = receive(request, &CSV).await?;
    take(&app, &sender, key, "divisions", &file, received).await
}

async fn put_units(
    State(app): State<Shared>,
    sender: Sender,
    Params(file): Params<File>,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let received = receive(request, &TOML).await?;
    take(&app, &sender, key, "units", &file, received).await
}

async fn put_catalogue(
    State(app): State<Shared>,
    sender: Sender,
    Params(file): Params<File>,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let received = receive(request, &TOML).await?;
    take(&app, &sender, key, "catalogue", &file, received).await
}

async fn put_calendar(
    State(app): State<Shared>,
    sender: Sender,
    Params(file): Params<File>,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let received = receive(request, &TOML).await?;
    take(&app, &sender, key, "calendar", &file, received).await
}

pub(super) async fn take(
    app: &Shared,
    sender: &Sender,
    key: Key,
    kind: &'static str,
    file: &File,
    received: Received,
) -> Result<Response, Problem> {
    let name = &file.name;
    let tidy = !name.is_empty()
        && name.chars().count() <= MAX_FILE_CHARS
        && !name.chars().any(char::is_control);
    if !tidy {
        return Err(Problem::invalid_parameter(
            "name",
            "请给出 1 到 80 个字符的文件名",
        ));
    }
    let content = received.text()?;
    let reach = &sender.official()?.division;
    once(app, sender, key, &received.digest, async {
        let version = app.kernel.put_reference(kind, name, content, reach).await?;
        tracing::info!(kind, file = name, version, "参考数据已更新");
        Ok((
            StatusCode::OK,
            json!({ "kind": kind, "name": name, "version": version }),
        ))
    })
    .await
}
