//! `POST /v1/query`: what the citizen with the query code sees and may do, without signing in.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use fengqiao_core::actor::Actor;
use fengqiao_core::command::Command;
use fengqiao_core::ids::CaseId;
use fengqiao_service::ports::store::{Person, Store as _};
use fengqiao_service::{CaseView, Mode, Receipt, Request, Target, Viewer};
use schemars::JsonSchema;
use serde::Deserialize;

use super::command_case::counted;
use crate::answers::{self, answer};
use crate::app::Shared;
use crate::extract::{Document, Key, Seen, request_key};
use crate::once::repeated;
use crate::operation::{Group, Headers, Operation};
use crate::policy::CITIZEN_COMMANDS;
use crate::problem::Problem;
use crate::schemas::{CaseSeen, Done, PersonSchema};
use crate::secret::{code_fits, code_fits_nobody};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::write::<Proof, CaseSeen>(
            Group::Query,
            Method::POST,
            "/v1/query",
            "query-case",
            "凭编号与查询码查看",
            || post(query),
        )
        .note("编号不存在与查询码不对，答复相同。")
        .headers(Headers::Plain),
        Operation::write::<CitizenCommand<PersonSchema>, Done>(
            Group::Query,
            Method::POST,
            "/v1/query/commands",
            "command-by-query",
            "凭编号与查询码评价、撤回、补充等",
            || post(command),
        )
        .note("可用的命令：rate、withdraw、attach、protect；以及程序中留给诉求人的步骤（open-proceeding、move-proceeding）。")
        .headers(Headers::KeyAndVersion),
    ]
}

/// What shows whose case it is.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Proof {
    /// The case number.
    number: String,
    /// The query code.
    query_code: String,
}

/// A command of the citizen.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[serde(bound(deserialize = "P: Deserialize<'de>"))]
struct CitizenCommand<P> {
    /// The case number.
    number: String,
    /// The query code.
    query_code: String,
    /// What to do.
    command: Command<String, P>,
}

async fn query(
    State(app): State<Shared>,
    Document { value: proof, .. }: Document<Proof>,
) -> Result<Response, Problem> {
    let id = prove(&app, &proof.number, &proof.query_code).await?;
    let view = app
        .kernel
        .view(&id, &Viewer::QueryCode)
        .await
        .map_err(|_| Problem::wrong_query_code())?;
    let version = match &view {
        CaseView::Citizen(view) => Some(view.summary.version),
        CaseView::Handler(_) | CaseView::Supervisor(_) => None,
    };
    Ok(answer(
        StatusCode::OK,
        serde_json::to_string(&view).unwrap_or_default(),
        version,
    ))
}

async fn command(
    State(app): State<Shared>,
    key: Key,
    seen: Seen,
    Document {
        value: asked,
        digest,
    }: Document<CitizenCommand<Person>>,
) -> Result<Response, Problem> {
    let id = prove(&app, &asked.number, &asked.query_code).await?;
    let key = request_key(format!("query:{id}"), &key.required()?, &digest);
    let name = asked.command.name();
    if !CITIZEN_COMMANDS.contains(&name) {
        return Err(Problem::not_yours(name));
    }
    let expected = seen.required()?;
    let case = app
        .kernel
        .store()
        .case(&id)
        .await?
        .ok_or_else(Problem::wrong_query_code)?;
    let set = app.kernel.rules_of(&case).await?;
    let request = Request {
        target: Target::Case(id),
        command: asked.command,
        actor: Actor::Citizen { principal: None },
        expected: Some(expected),
        key: Some(key),
        mode: Mode::Commit,
        message: None,
    };
    let citizen = answers::Reader::Citizen;
    let wording = |outcome: &fengqiao_service::Outcome| {
        (
            StatusCode::OK.as_u16(),
            answers::carried_out(outcome, &citizen, &set.rules).to_string(),
        )
    };
    match counted(
        &app,
        name,
        Mode::Commit,
        app.kernel.submit(request, &wording).await,
    )? {
        Receipt::Done(outcome) => {
            let body = answers::carried_out(&outcome, &citizen, &set.rules).to_string();
            Ok(answer(StatusCode::OK, body, Some(outcome.version)))
        }
        Receipt::Again(before) => Ok(repeated(&before)),
    }
}

/// Compares the code with its hash; for a number that doesn't exist the same work is done, and the answer is the same.
async fn prove(app: &Shared, number: &str, code: &str) -> Result<CaseId, Problem> {
    let id: Option<CaseId> = number.trim().parse().ok();
    let hash = match &id {
        Some(id) => app.kernel.store().query_hash(id).await?,
        None => None,
    };
    let fits = match &hash {
        Some(hash) => code_fits(code, hash),
        None => code_fits_nobody(code),
    };
    id.filter(|_| fits).ok_or_else(Problem::wrong_query_code)
}
