//! What doesn't agree with a linked platform, and the platform's own list of what it has open.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, put};
use fengqiao_core::case::Case;
use fengqiao_core::ids::Code;
use fengqiao_service::MismatchRow;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Params, Sender};
use crate::limits::MAX_OPEN_NUMBERS;
use crate::once::once;
use crate::operation::{Group, Operation};
use crate::pages::page;
use crate::policy;
use crate::problem::Problem;
use crate::schemas::{Anything, Rows};

pub(super) fn operations() -> Vec<Operation> {
    let group = Group::Linked;
    vec![
        Operation::write::<OpenNumbers, Anything>(
            group,
            Method::PUT,
            "/v1/linked/{platform}/open",
            "put-linked-open",
            "平台上报全部在办编号",
            || put(open),
        )
        .note("整份替换上一份，最多 10000 个派单编号。答复两边各有多少、只有一边有的各多少；逐件见对账一览。")
        .slow(),
        Operation::read::<Rows>(
            group,
            "/v1/linked/{platform}/reconciliation",
            "reconcile-linked",
            "对账一览：两边不一致的",
            || get(reconcile),
        )
        .note("kind 为哪里不一致，note 为怎么办。一页看 limit 件派单，只列其中不一致的，可能一行没有；next 不为空就还有。")
        .with("after", "上一页的 next")
        .with("limit", "一页看多少件，最多 200"),
    ]
}

/// What the platform has open.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OpenNumbers {
    /// The numbers of the orders, as they were sent.
    orders: BTreeSet<Code>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    after: Option<String>,
    limit: Option<u32>,
}

async fn open(
    State(app): State<Shared>,
    sender: Sender,
    Name(platform): Name,
    key: Key,
    Document {
        value: OpenNumbers { orders },
        digest,
    }: Document<OpenNumbers>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let platform = policy::check_platform(&platform, principal, &app.kernel.reference())?;
    if orders.len() > MAX_OPEN_NUMBERS {
        return Err(Problem::too_many_rows(MAX_OPEN_NUMBERS));
    }
    once(&app, &sender, key, &digest, async {
        let compared = app.kernel.take_open_list(&platform, orders).await?;
        Ok((StatusCode::OK, json!(compared)))
    })
    .await
}

async fn reconcile(
    State(app): State<Shared>,
    sender: Sender,
    Name(platform): Name,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let reference = app.kernel.reference();
    let platform = policy::check_platform(&platform, principal, &reference)?;
    // A platform knows what was sent to it; whoever else reads the list is told of no case that they may not see.
    let sees = |case: &Case| {
        principal.platform.is_some() || policy::check_case(case, principal, &reference).is_ok()
    };
    let page = page(query.after, query.limit);
    let (rows, next) = app.kernel.reconcile(&platform, &page, &sees).await?;
    let rows: Vec<Value> = rows.iter().map(line).collect();
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

fn line(row: &MismatchRow) -> Value {
    json!({
        "kind": row.kind,
        "note": row.kind.words(),
        "order": row.number,
        "theirs": row.theirs,
        "number": row.case,
        "unit": row.unit,
        "code": row.refusal,
        "since": row.since,
    })
}
