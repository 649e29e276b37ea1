//! Writes that aren't commands, answered once: what may be repeated without harm (plugins, bindings, reference data) is answered afterwards, what mayn't (records of assessments) in the same commit.

use axum::http::StatusCode;
use axum::response::Response;
use fengqiao_service::AssessError;
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::{Answer, AssessmentRecord, Commit, CommitError, Store as _};
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
    let recorded = async {
        let (status, body) = work.await?;
        Ok((status, body, None))
    };
    once_recorded(app, sender, key, digest, recorded).await
}

/// The same for work that mayn't be repeated: what it made up is recorded in the commit that keeps the answer, so that
/// neither is ever there without the other.
pub(crate) async fn once_recorded(
    app: &Shared,
    sender: &Sender,
    key: Key,
    digest: &str,
    work: impl Future<Output = Result<(StatusCode, Value, Option<AssessmentRecord>), Problem>>,
) -> Result<Response, Problem> {
    let key = request_key(sender.key_owner(), &key.required()?, digest);
    let _flight = app.kernel.begin(&key)?;
    if let Some(before) = app.kernel.answered(&key).await? {
        return Ok(repeated(&before));
    }
    let (status, body, assessment) = work.await?;
    let kind = assessment.as_ref().map(|record| record.kind);
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
        assessment,
        at: Some(at),
        ..Commit::default()
    };
    let Err(error) = app.kernel.store().commit(commit).await else {
        return Ok(answer(status, body, None));
    };
    // Whoever went away in the middle may have been answered after all.
    if let Some(before) = app.kernel.answered(&key).await? {
        return Ok(repeated(&before));
    }
    Err(match (error, kind) {
        (CommitError::RecordTaken, Some(kind)) => AssessError::already(kind).into(),
        (error, _) => error.into(),
    })
}

/// The answer that a request got before.
pub(crate) fn repeated(before: &Answer) -> Response {
    let status = StatusCode::from_u16(before.status).unwrap_or(StatusCode::OK);
    answer(status, before.body.clone(), before.version)
}
