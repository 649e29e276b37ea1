//! `POST /v1/cases`: hand in a matter.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use fengqiao_core::command::{Command, Registration};
use fengqiao_service::ports::store::Person;
use fengqiao_service::{Mode, Receipt, Request, SubmitError, Target};

use crate::answers::{self, Reader, answer, ok};
use crate::app::Shared;
use crate::extract::{Document, Key, Params, Sender, request_key};
use crate::limits::MAX_NUMBER_TRIES;
use crate::operation::{Group, Operation};
use crate::operations::command_case::{DryRun, counted};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::{PersonSchema, Registered};

pub(super) fn operation() -> Operation {
    Operation::write::<Registration<String, PersonSchema>, Registered>(
        Group::Cases,
        Method::POST,
        "/v1/cases",
        "register-case",
        "登记诉求",
        || post(register),
    )
    .note("不带令牌即为群众本人提交；查询码只在此告知一次，用同一 Idempotency-Key 重试得到同样的答复。")
    .with("dry_run", "true 时只试算，不登记")
    .created()
}

/// Intake never refuses what isn't ours: a place outside the sender's division is taken in and goes its way.
async fn register(
    State(app): State<Shared>,
    sender: Sender,
    Params(dry): Params<DryRun>,
    key: Key,
    Document {
        value: registration,
        digest,
    }: Document<Registration<String, Person>>,
) -> Result<Response, Problem> {
    if let Some(principal) = sender.principal() {
        policy::check_command("register", principal)?;
    }
    let set = app.kernel.rules_at(&registration.matter.place).await?;
    let reader = Reader::of(&sender, app.kernel.reference());
    let mut request = Request {
        target: Target::NewCase,
        command: Command::Register(Box::new(registration)),
        actor: sender.actor(),
        expected: None,
        key: None,
        mode: dry.mode(),
    };
    if request.mode == Mode::DryRun {
        let tried = app.kernel.submit(request, &|_| (200, String::new())).await;
        return match counted(&app, "register", Mode::DryRun, tried)? {
            Receipt::Done(outcome) => Ok(ok(&answers::permitted(&outcome))),
            Receipt::Again(before) => Ok(crate::once::repeated(&before)),
        };
    }
    let key = key.required()?;
    request.key = Some(request_key(sender.key_owner(), &key, &digest));
    let wording = |outcome: &fengqiao_service::Outcome| {
        (
            StatusCode::CREATED.as_u16(),
            answers::registered(outcome, &reader, &set.rules, Some(&key)).to_string(),
        )
    };
    let mut tries = 1;
    let submitted = loop {
        match app.kernel.submit(request.clone(), &wording).await {
            // The number was taken by another case: the next try gets another one.
            Err(SubmitError::Stale { .. }) if tries < MAX_NUMBER_TRIES => tries += 1,
            submitted => break submitted,
        }
    };
    match counted(&app, "register", Mode::Commit, submitted)? {
        Receipt::Done(outcome) => {
            let body = answers::registered(&outcome, &reader, &set.rules, None).to_string();
            Ok(answer(StatusCode::CREATED, body, Some(outcome.version)))
        }
        Receipt::Again(before) => {
            let status = StatusCode::from_u16(before.status).unwrap_or(StatusCode::CREATED);
            Ok(answer(
                status,
                answers::unsealed(&before, &key),
                before.version,
            ))
        }
    }
}
