//! What goes out to a linked platform: each part of its units, and what happens to it, with the case as the unit may see it.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::{LinkedRow, Store as _};
use fengqiao_service::{CaseView, ReadError, Viewer};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Params, Sender};
use crate::once::once;
use crate::operation::{Group, Operation};
use crate::pages::limit;
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;
use crate::schemas::{Anything, Rows};

pub(super) fn operations() -> Vec<Operation> {
    let group = Group::Linked;
    vec![
        Operation::read::<Rows>(
            group,
            "/v1/linked/{platform}/outbox",
            "read-linked-outbox",
            "平台取件：派单及其变动",
            || get(read),
        )
        .note("seq 在一个平台内连续无缺号；order 是派单编号，始终不变。case 为取件时承办单位可见的案件，已收回的为空；受保护的诉求人不在其中。")
        .with("after", "已取到的最后一个 seq；不写即从头")
        .with("limit", "行数，最多 200"),
        Operation::write::<Acknowledgement, Anything>(
            group,
            Method::POST,
            "/v1/linked/{platform}/acknowledgements",
            "acknowledge-linked",
            "平台确认收到",
            || post(acknowledge),
        ),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    #[serde(default)]
    after: u64,
    limit: Option<u32>,
}

/// What the platform has.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Acknowledgement {
    /// Everything up to this `seq`.
    through: u64,
}

async fn read(
    State(app): State<Shared>,
    sender: Sender,
    Name(platform): Name,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let platform = policy::check_platform(&platform, principal, &app.kernel.reference())?;
    let limit = limit(query.limit);
    let store = app.kernel.store();
    let sent = store.linked_outbox(&platform, query.after, limit).await?;
    let mut rows = Vec::with_capacity(sent.len());
    for row in &sent {
        let case = seen(&app, row, principal).await?;
        rows.push(line(row, case.as_ref()));
    }
    let full = u32::try_from(sent.len()).is_ok_and(|read| read == limit);
    let next = sent
        .last()
        .filter(|_| full)
        .map(|last| last.seq.to_string());
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

/// The case as the unit may see it now; nothing of one that isn't the unit's any more.
async fn seen(
    app: &Shared,
    row: &LinkedRow,
    principal: &Principal,
) -> Result<Option<CaseView>, Problem> {
    let reference = app.kernel.reference();
    let is_linked = reference.platform_of(&row.order.unit) == Some(row.order.platform.as_str());
    if !is_linked {
        return Ok(None);
    }
    let viewer = Viewer::Handler {
        unit: row.order.unit.clone(),
        principal: principal.name.clone(),
    };
    match app.kernel.view(&row.order.case, &viewer).await {
        Ok(view) => Ok(Some(view)),
        Err(ReadError::NotFound(_)) => Ok(None),
        Err(ReadError::Store(error)) => Err(error.into()),
    }
}

fn line(row: &LinkedRow, case: Option<&CaseView>) -> Value {
    json!({
        "seq": row.seq,
        "order": row.order.number,
        "number": row.order.case,
        "unit": row.order.unit,
        "change": row.change,
        "change-label": row.change.label(),
        "at": row.at,
        "acknowledged-at": row.acknowledged_at,
        "case": case,
    })
}

async fn acknowledge(
    State(app): State<Shared>,
    sender: Sender,
    Name(platform): Name,
    key: Key,
    Document {
        value: Acknowledgement { through },
        digest,
    }: Document<Acknowledgement>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let platform = policy::check_platform(&platform, principal, &app.kernel.reference())?;
    once(&app, &sender, key, &digest, async {
        let at = app.clock.now();
        let store = app.kernel.store();
        let acknowledged = store.acknowledge_linked(&platform, through, at).await?;
        Ok((StatusCode::OK, json!({ "acknowledged": acknowledged })))
    })
    .await
}
