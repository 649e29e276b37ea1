//! `/v1/cases/{id}/dossier`: seal the dossier of a case, read the sealed bytes, print them.

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use fengqiao_core::views::dossier::Dossier;
use fengqiao_service::{Outcome, Receipt, Viewer};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::answers::{self, Reader, answer};
use crate::app::Shared;
use crate::dossier_page::page;
use crate::extract::{Document, Key, Name, Seen, Sender, request_key};
use crate::once::repeated;
use crate::operation::{Body, Group, Headers, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::Done;
use crate::viewing::find;

pub(super) fn operations() -> Vec<Operation> {
    let (group, path) = (Group::Cases, "/v1/cases/{id}/dossier");
    vec![
        Operation::write::<Nothing, Done>(group, Method::POST, path, "seal-dossier", "封卷", || {
            post(seal)
        })
        .note("把归档或终结案件的全过程封存为一份卷宗，只封一次；不完整的说明缺什么。")
        .headers(Headers::KeyAndVersion)
        .slow(),
        Operation::read::<Dossier>(group, path, "read-dossier", "卷宗", || get(read)).note(
            "逐字节为封存时的内容：其 SHA-256 就是 ETag，也就是案件中 sealed 一项的 sha256。个人信息已遮蔽。",
        ),
        Operation::read::<Nothing>(
            group,
            "/v1/cases/{id}/dossier/page",
            "read-dossier-page",
            "可打印的卷宗",
            || get(printable),
        )
        .note("一页完整的 HTML，不引用任何外部内容。")
        .answers(200, Some(Body::of("text/html"))),
    ]
}

/// Nothing has to be said: the kernel makes the dossier itself.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn seal(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    key: Key,
    seen: Seen,
    Document { digest, .. }: Document<Nothing>,
) -> Result<Response, Problem> {
    let case = find(&app, &id, sender.official()?).await?;
    let set = app.kernel.rules_of(&case).await?;
    let reader = Reader::of(&sender, app.kernel.reference());
    let key = request_key(sender.key_owner(), &key.required()?, &digest);
    let wording = |outcome: &Outcome| {
        let body = answers::carried_out(outcome, &reader, &set.rules);
        (StatusCode::OK.as_u16(), body)
    };
    let expected = seen.required()?;
    let actor = sender.actor();
    let sealed = app.kernel.seal(&case.id, &actor, expected, key, &wording);
    match sealed.await? {
        Receipt::Done(outcome) => {
            let body = outcome.worded.unwrap_or_default();
            Ok(answer(StatusCode::OK, body, Some(outcome.version)))
        }
        Receipt::Again(before) => Ok(repeated(&before)),
    }
}

async fn read(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let (document, sha256) = document(&app, &sender, &id).await?;
    let mut response = document.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{sha256}\"")) {
        headers.insert(ETAG, tag);
    }
    Ok(response)
}

async fn printable(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let (document, sha256) = document(&app, &sender, &id).await?;
    let dossier: Value = serde_json::from_str(&document).unwrap_or_default();
    Ok(Html(page(&dossier, &sha256)).into_response())
}

/// The sealed bytes and their digest, for whoever sees the case whole.
async fn document(app: &Shared, sender: &Sender, id: &str) -> Result<(String, String), Problem> {
    let principal = sender.official()?;
    let case = find(app, id, principal).await?;
    let viewer = policy::viewer(&case, principal, &app.kernel.reference());
    if !matches!(viewer, Some(Viewer::Supervisor(_))) {
        return Err(Problem::out_of_scope("该卷宗"));
    }
    let Some(seal) = &case.sealed else {
        let missing = app.kernel.dossier_lacks(&case.id).await?;
        return Err(Problem::not_sealed(missing));
    };
    match app.kernel.sealed(&case).await? {
        Some(document) => Ok((document, seal.sha256.to_string())),
        None => Err(Problem::dossier_erased(seal.sha256.as_str())),
    }
}
