//! Writes that aren't commands (plugins, bindings, reference data) answered once: they may be repeated without harm, and their answer is kept under the key.

use axum::http::StatusCode;
use axum::response::Response;
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::{Answer, Commit, Store as _};
use serde_json::Value;

use crate::answers::answer;
use crate::app::Shared;
use crate::extract::{Key, Sender, request_key};
use crate::problem::Problem;

/// Does the work, or repeats the answer that the same request got before.
pub(crate) async fn once(
    app: &Shared,
    sender: &Sender,
    key: Key,
    digest: &str,
    work: impl Future<Output = Result<(StatusCode, Value), Problem>>,
) -> Result<Response, Problem> {
    let key = request_key(sender.key_owner(), &key.required()?, digest);
    let _flight = app.kernel.begin(&key)?;
    if let Some(before) = app.kernel.answered(&key).await? {
        return Ok(repeated(&before));
    }
    let (status, body) = work.await?;
    let body = body.to_string();
    let at = app.clock.now();
    let kept = Answer {
        request: key.request.clone(),
        status: status.as_u16(),
        body: body.clone(),
        version: None,
        at,
    };
    let commit = Commit {
        answer: Some((key.key.clone(), kept)),
        at: Some(at),
        ..Commit::default()
    };
    let Err(error) = app.kernel.store().commit(commit).await else {
        return Ok(answer(status, body, None));
    };
    // Whoever went away in the middle may have been answered after all.
    match app.kernel.answered(&key).await? {
        Some(before) => Ok(repeated(&before)),
        None => Err(error.into()),
    }
}

/// The answer that a request got before.
pub(crate) fn repeated(before: &Answer) -> Response {
    let status = StatusCode::from_u16(before.status).unwrap_or(StatusCode::OK);
    answer(status, before.body.clone(), before.version)
}
