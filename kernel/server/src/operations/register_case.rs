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
        message: None,
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
    let submitted = numbered(|| app.kernel.submit(request.clone(), &wording)).await;
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

/// Registers, and where the number was taken by another case, again: the next try gets another number.
pub(super) async fn numbered<T, F: Future<Output = Result<T, SubmitError>>>(
    mut register: impl FnMut() -> F,
) -> Result<T, SubmitError> {
    let mut tries = 1;
    loop {
        match register().await {
            Err(SubmitError::Stale { .. }) if tries < MAX_NUMBER_TRIES => tries += 1,
            registered => return registered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Registers where so many numbers are taken; how it ended, and after how many tries.
    async fn tried(taken: u32) -> (Result<(), SubmitError>, u32) {
        let mut tries = 0;
        let registered = numbered(|| {
            tries += 1;
            std::future::ready(if tries <= taken {
                Err(conflict())
            } else {
                Ok(())
            })
        });
        let registered = registered.await;
        (registered, tries)
    }

    fn conflict() -> SubmitError {
        SubmitError::Stale {
            expected: 0,
            actual: 1,
        }
    }

    #[tokio::test]
    async fn a_number_that_is_taken_is_tried_again_three_times_in_all() {
        assert!(matches!(tried(0).await, (Ok(()), 1)));
        assert!(matches!(tried(2).await, (Ok(()), 3)));
        assert!(matches!(
            tried(3).await,
            (Err(SubmitError::Stale { .. }), 3)
        ));
    }
}
