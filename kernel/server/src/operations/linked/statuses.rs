//! What a linked platform says back, a batch at a time: each row has its own result, and none is lost.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use fengqiao_core::command::Claim;
use fengqiao_core::ids::{Code, Digest};
use fengqiao_core::matter::Evidence;
use fengqiao_service::ports::store::{LinkedOutcome, LinkedState};
use fengqiao_service::{Carried, Said};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::Shared;
use crate::extract::{Document, Key, Name, Sender};
use crate::limits::MAX_BATCH_ROWS;
use crate::once::once;
use crate::operation::{Group, Operation};
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;
use crate::schemas::Rows;
use crate::secret::sha256;

pub(super) fn operation() -> Operation {
    Operation::write::<Batch, Rows>(
        Group::Linked,
        Method::POST,
        "/v1/linked/{platform}/statuses",
        "take-linked-statuses",
        "平台回传状态",
        || post(take),
    )
    .note("每行按该承办单位自己的操作办理，最多 200 行，各有结果（outcome）：done 已办理，noted 已记下，refused 未接受（code、text 为理由，更正后用新的 status 再报），unknown 没有这个派单编号，failed 暂未办成（用原 status 再报）。status 是平台自己的状态编号，重报同一条得到同样的结果。")
}

/// A batch.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Batch {
    /// At most 200.
    rows: Vec<Row>,
}

/// What the platform says about one order.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Row {
    /// The platform's own number of this status.
    status: Code,
    /// The order's number, as it was sent.
    order: Code,
    /// The platform's own number of the order.
    #[serde(default)]
    number: Option<Code>,
    /// `received`, `signed`, `contacted`, `reported` or `returned`.
    #[schemars(with = "String")]
    state: LinkedState,
    /// What was said, found or done.
    #[serde(default)]
    text: String,
    /// What came with it, by digest.
    #[serde(default)]
    evidence: Vec<Evidence>,
    /// Of a report: whether the matter is solved.
    #[serde(default)]
    solved: Option<Claim>,
}

async fn take(
    State(app): State<Shared>,
    sender: Sender,
    Name(platform): Name,
    key: Key,
    Document {
        value: Batch { rows },
        digest,
    }: Document<Batch>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let platform = policy::check_platform(&platform, principal, &app.kernel.reference())?;
    if rows.len() > MAX_BATCH_ROWS {
        return Err(Problem::too_many_rows(MAX_BATCH_ROWS));
    }
    once(&app, &sender, key, &digest, async {
        let mut said = Vec::with_capacity(rows.len());
        for row in rows {
            let status = row.status.clone();
            let line = match one(&app, &platform, principal, row).await {
                Ok(carried) => {
                    app.metrics.command("linked-status", word(&carried));
                    line(&carried)
                }
                Err(problem) => {
                    app.metrics.command("linked-status", problem.code());
                    failed(&status, &problem)
                }
            };
            said.push(line);
        }
        Ok((StatusCode::OK, json!({ "rows": said, "next": null })))
    })
    .await
}

async fn one(
    app: &Shared,
    platform: &Code,
    principal: &Principal,
    row: Row,
) -> Result<Carried, Problem> {
    let whole = serde_json::to_vec(&row).unwrap_or_default();
    let digest = Digest::parse(&sha256(&[&whole]))
        .map_err(|error| Problem::invalid_parameter("status", &error.to_string()))?;
    let said = Said {
        platform: platform.clone(),
        principal: principal.name.clone(),
        id: row.status,
        digest,
        number: row.order,
        theirs: row.number,
        state: row.state,
        text: row.text,
        evidence: row.evidence,
        solved: row.solved,
    };
    Ok(app.kernel.take_status(said).await?)
}

/// The stable word for the count of what became of statuses.
fn word(carried: &Carried) -> &'static str {
    match carried.status.outcome {
        LinkedOutcome::Done => "done",
        LinkedOutcome::Noted => "noted",
        LinkedOutcome::Refused => "refused",
        LinkedOutcome::Unknown => "unknown",
    }
}

fn line(carried: &Carried) -> Value {
    let status = &carried.status;
    json!({
        "status": status.id,
        "order": status.number,
        "outcome": status.outcome,
        "code": status.refusal,
        "text": carried.why,
        "again": carried.is_again,
    })
}

fn failed(status: &Code, problem: &Problem) -> Value {
    let mut body = problem.body();
    let text = body.get_mut("detail").map(Value::take).unwrap_or_default();
    json!({ "status": status, "outcome": "failed", "code": problem.code(), "text": text })
}
