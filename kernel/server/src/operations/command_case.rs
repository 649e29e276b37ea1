//! `POST /v1/cases/{id}/commands`: carry out a command on a case, or only try it.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use fengqiao_core::command::Command;
use fengqiao_core::refusal::Refusal;
use fengqiao_service::ports::store::Person;
use fengqiao_service::{Mode, Receipt, Request, SubmitError, Target};
use serde::Deserialize;

use crate::answers::{self, Reader, answer, ok};
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Params, Seen, Sender, request_key};
use crate::once::repeated;
use crate::operation::{Group, Headers, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::{Done, PersonSchema};
use crate::viewing::find;

pub(super) fn operation() -> Operation {
    Operation::write::<Command<String, PersonSchema>, Done>(
        Group::Cases,
        Method::POST,
        "/v1/cases/{id}/commands",
        "command-case",
        "办理案件",
        || post(command),
    )
    .note("命令由 do 字段指明。dry_run=true 时走完全同样的路，只是不写入，并说明将产生的时限及其理由。")
    .with("dry_run", "true 时只试算，不写入；此时不需要 Idempotency-Key 和 If-Match")
    .headers(Headers::KeyAndVersion)
}

/// Whether a command is only tried.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DryRun {
    #[serde(default)]
    dry_run: bool,
}

impl DryRun {
    pub(super) fn mode(self) -> Mode {
        if self.dry_run {
            Mode::DryRun
        } else {
            Mode::Commit
        }
    }
}

/// Counts how a command ended.
pub(super) fn counted(
    app: &Shared,
    command: &'static str,
    mode: Mode,
    ended: Result<Receipt, SubmitError>,
) -> Result<Receipt, Problem> {
    // Local codes are without number, and a label should have few values.
    let by_guard = matches!(&ended, Err(SubmitError::Refused(Refusal::Guard { .. })));
    let ended = ended.map_err(Problem::from);
    let outcome = match (&ended, mode) {
        (Ok(Receipt::Again(_)), _) => "repeated",
        (Ok(Receipt::Done(_)), Mode::DryRun) => "tried",
        (Ok(Receipt::Done(_)), Mode::Commit) => "done",
        (Err(_), _) if by_guard => "guard",
        (Err(problem), _) => problem.code(),
    };
    app.metrics.command(command, outcome);
    ended
}

async fn command(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    Params(dry): Params<DryRun>,
    key: Key,
    seen: Seen,
    Document {
        value: command,
        digest,
    }: Document<Command<String, Person>>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let name = command.name();
    policy::check_command(name, principal)?;
    let case = find(&app, &id, principal).await?;
    let set = app.kernel.rules_of(&case).await?;
    let reader = Reader::of(&sender, app.kernel.reference());
    let mode = dry.mode();
    let (key, expected) = match mode {
        Mode::DryRun => (None, seen.0),
        Mode::Commit => {
            let key = request_key(sender.key_owner(), &key.required()?, &digest);
            (Some(key), Some(seen.required()?))
        }
    };
    let request = Request {
        target: Target::Case(case.id.clone()),
        command,
        actor: sender.actor(),
        expected,
        key,
        mode,
        message: None,
    };
    let wording = |outcome: &fengqiao_service::Outcome| {
        (
            StatusCode::OK.as_u16(),
            answers::carried_out(outcome, &reader, &set.rules),
        )
    };
    match counted(&app, name, mode, app.kernel.submit(request, &wording).await)? {
        Receipt::Done(outcome) if mode == Mode::DryRun => Ok(ok(&answers::permitted(&outcome))),
        Receipt::Done(outcome) => {
            let body = outcome.worded.unwrap_or_default();
            Ok(answer(StatusCode::OK, body, Some(outcome.version)))
        }
        Receipt::Again(before) => Ok(repeated(&before)),
    }
}
