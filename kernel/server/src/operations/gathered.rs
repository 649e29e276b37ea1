//! `GET /v1/divisions/{code}/proceedings/{id}/cases`: the cases that a proceeding of a division is about, such as those of a common problem.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::ids::{Seq, Subject};
use fengqiao_core::proceeding::Gathered;
use fengqiao_service::ports::store::{CaseFilter, Store as _};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::command_docket::division;
use super::list_cases::collect;
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Names, Params, Sender};
use crate::operation::{Group, Operation};
use crate::pages::limit;
use crate::problem::Problem;
use crate::schemas::Rows;

pub(super) fn operation() -> Operation {
    Operation::read::<Rows>(
        Group::Dockets,
        "/v1/divisions/{code}/proceedings/{id}/cases",
        "list-gathered-cases",
        "一项程序汇集的案件",
        || get(list),
    )
    .note("例如共性问题：同一区划同一类别、启动之前规定天数内和之后登记的案件，程序结束后不再增加。不汇集案件的程序，答复为空。只列出本人可以查看的案件，最新的在前。")
    .with("after", "上一页的 next")
    .with("limit", "行数，最多 200")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    after: Option<String>,
    limit: Option<u32>,
}

async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Names(code, id): Names,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let division = division(&app, &code, principal)?;
    let number: Option<Seq> = id.parse().ok();
    let subject = Subject::Division(division.clone());
    let docket = app.kernel.store().docket(&subject).await?;
    let mut all = docket.proceedings.iter();
    let found = all.find(|proceeding| Some(proceeding.id) == number);
    let proceeding = found.ok_or_else(|| Problem::no_such("proceeding", &id))?;
    let set = app.kernel.rules_at(&division).await?;
    let graph = set.rules.proceedings.get(&proceeding.kind);
    let gathers = graph.and_then(|graph| graph.gathers.as_ref());
    let Some(gathered) = gathers.and_then(|gathers| proceeding.gathered(gathers)) else {
        return Ok(ok(&json!({ "rows": [], "next": null })));
    };
    let Gathered {
        category,
        since,
        until,
    } = gathered;
    let filter = CaseFilter {
        place: Some(division),
        category: Some(category),
        since: Some(since),
        until: until.and_then(the_next_moment),
        ..CaseFilter::default()
    };
    let (rows, next) = collect(&app, principal, &filter, query.after, limit(query.limit)).await?;
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

/// The list ends before a time; whatever came in at the end itself is in it.
fn the_next_moment(last: Timestamp) -> Option<Timestamp> {
    last.checked_add(SignedDuration::from_millis(1)).ok()
}
