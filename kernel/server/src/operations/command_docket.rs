//! Dockets of units and divisions: read them, and carry out commands on them.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_core::command::Command;
use fengqiao_core::ids::{DivisionCode, Subject, UnitId};
use fengqiao_service::ports::store::{Person, Store as _};
use fengqiao_service::{Mode, Receipt, Request, Target};

use super::command_case::{DryRun, counted};
use crate::answers::{self, answer, ok};
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Params, Seen, Sender, request_key};
use crate::once::repeated;
use crate::operation::{Group, Headers, Operation};
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;
use crate::schemas::{Anything, DocketDone, PersonSchema};

pub(super) fn operations() -> Vec<Operation> {
    let group = Group::Dockets;
    let read =
        |path, name, title, handler| Operation::read::<Anything>(group, path, name, title, handler);
    let write = |path, name, title, handler| {
        Operation::write::<Command<String, PersonSchema>, DocketDone>(
            group,
            Method::POST,
            path,
            name,
            title,
            handler,
        )
        .headers(Headers::KeyAndVersion)
        .with(
            "dry_run",
            "true 时只试算，不写入；此时不需要 Idempotency-Key 和 If-Match",
        )
    };
    vec![
        read(
            "/v1/units/{id}/docket",
            "read-unit-docket",
            "单位的台账",
            || get(read_unit),
        ),
        write(
            "/v1/units/{id}/commands",
            "command-unit",
            "办理单位台账上的事项",
            || post(command_unit),
        ),
        read(
            "/v1/divisions/{code}/docket",
            "read-division-docket",
            "区划的台账",
            || get(read_division),
        ),
        write(
            "/v1/divisions/{code}/commands",
            "command-division",
            "办理区划台账上的事项（授权等）",
            || post(command_division),
        ),
    ]
}

async fn read_unit(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let unit = unit(&app, &id, sender.official()?)?;
    read(&app, &Subject::Unit(unit)).await
}

async fn read_division(
    State(app): State<Shared>,
    sender: Sender,
    Name(code): Name,
) -> Result<Response, Problem> {
    let division = division(&app, &code, sender.official()?)?;
    read(&app, &Subject::Division(division)).await
}

async fn command_unit(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    Params(dry): Params<DryRun>,
    key: Key,
    seen: Seen,
    document: Document<Command<String, Person>>,
) -> Result<Response, Problem> {
    let target = Target::Unit(unit(&app, &id, sender.official()?)?);
    command(&app, &sender, target, dry.mode(), key, seen, document).await
}

async fn command_division(
    State(app): State<Shared>,
    sender: Sender,
    Name(code): Name,
    Params(dry): Params<DryRun>,
    key: Key,
    seen: Seen,
    document: Document<Command<String, Person>>,
) -> Result<Response, Problem> {
    let target = Target::Division(division(&app, &code, sender.official()?)?);
    command(&app, &sender, target, dry.mode(), key, seen, document).await
}

async fn read(app: &Shared, subject: &Subject) -> Result<Response, Problem> {
    let docket = app.kernel.store().docket(subject).await?;
    let version = docket.version;
    Ok(answer(
        StatusCode::OK,
        serde_json::to_string(&docket).unwrap_or_default(),
        Some(version),
    ))
}

async fn command(
    app: &Shared,
    sender: &Sender,
    target: Target,
    mode: Mode,
    key: Key,
    seen: Seen,
    Document {
        value: command,
        digest,
    }: Document<Command<String, Person>>,
) -> Result<Response, Problem> {
    let name = command.name();
    policy::check_command(name, sender.official()?)?;
    let (key, expected) = match mode {
        Mode::DryRun => (None, seen.0),
        Mode::Commit => {
            let key = request_key(sender.key_owner(), &key.required()?, &digest);
            (Some(key), Some(seen.required()?))
        }
    };
    let request = Request {
        target,
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
            answers::docketed(outcome).to_string(),
        )
    };
    match counted(app, name, mode, app.kernel.submit(request, &wording).await)? {
        Receipt::Done(outcome) if mode == Mode::DryRun => Ok(ok(&answers::permitted(&outcome))),
        Receipt::Done(outcome) => Ok(answer(
            StatusCode::OK,
            outcome.worded.unwrap_or_default(),
            Some(outcome.version),
        )),
        Receipt::Again(before) => Ok(repeated(&before)),
    }
}

fn unit(app: &Shared, id: &str, principal: &Principal) -> Result<UnitId, Problem> {
    let unit: UnitId = id.parse().map_err(|_| Problem::no_such("unit", id))?;
    policy::check_unit(&unit, principal, &app.kernel.reference())?;
    Ok(unit)
}

pub(super) fn division(
    app: &Shared,
    code: &str,
    principal: &Principal,
) -> Result<DivisionCode, Problem> {
    let division: DivisionCode = code
        .parse()
        .map_err(|_| Problem::no_such("division", code))?;
    if app.kernel.reference().divisions().get(&division).is_none() {
        return Err(Problem::no_such("division", code));
    }
    policy::check_division(&division, principal)?;
    Ok(division)
}
