//! `/v1/bulletins`: counts that were imported from elsewhere, told to units, who acknowledge them.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_core::ids::UnitId;
use fengqiao_metrics::BulletinDraft;
use fengqiao_service::{BulletinRow, Listed};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::asked::{PageOf, paged};
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Params, Sender};
use crate::once::once_recorded;
use crate::operation::{Group, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::{Anything, Rows};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::write::<Anything, Anything>(
            Group::Assessing,
            Method::POST,
            "/v1/bulletins",
            "issue-bulletin",
            "发布通报",
            || post(issue),
        )
        .note(
            "信访、治安案件、交通事故、火灾等数由外部导入；每个单位每一项都要有数，没有发生写 0。",
        )
        .created(),
        Operation::write::<Anything, Anything>(
            Group::Assessing,
            Method::POST,
            "/v1/bulletins/{id}/acknowledgements",
            "acknowledge-bulletin",
            "签收通报",
            || post(acknowledge),
        )
        .created(),
        paged(Operation::read::<Rows>(
            Group::Assessing,
            "/v1/bulletins",
            "list-bulletins",
            "通报及签收情况，新的在前",
            || get(list),
        )),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    unit: UnitId,
}

async fn issue(
    State(app): State<Shared>,
    sender: Sender,
    key: Key,
    document: Document<BulletinDraft>,
) -> Result<Response, Problem> {
    policy::check_division(&document.value.division, sender.official()?)?;
    once_recorded(&app, &sender, key, &document.digest, async {
        let filed = app.kernel.issue_bulletin(document.value)?;
        Ok((StatusCode::CREATED, shown(&filed.row), filed.record))
    })
    .await
}

async fn acknowledge(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    key: Key,
    document: Document<Given>,
) -> Result<Response, Problem> {
    let unit = document.value.unit;
    policy::check_unit(&unit, sender.official()?, &app.kernel.reference())?;
    once_recorded(&app, &sender, key, &document.digest, async {
        let filed = app.kernel.acknowledge_bulletin(&id, &unit).await?;
        Ok((StatusCode::CREATED, shown(&filed.row), filed.record))
    })
    .await
}

async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Params(page): Params<PageOf>,
) -> Result<Response, Problem> {
    let (division, page) = page.seen_by(sender.official()?)?;
    let Listed { rows, next } = app.kernel.list_bulletins(&division, &page).await?;
    let rows: Vec<Value> = rows.iter().map(shown).collect();
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

fn shown(row: &BulletinRow) -> Value {
    let content = row.bulletin.content();
    let totals = row.bulletin.totals().into_iter();
    let totals: Map<String, Value> = totals
        .map(|(code, sum)| (code.to_string(), json!(sum)))
        .collect();
    json!({
        "id": row.id,
        "division": content.division,
        "window": content.window,
        "columns": content.columns,
        "lines": content.lines,
        "totals": totals,
        "issued-at": row.bulletin.issued_at(),
        "acknowledged": row.bulletin.acknowledged(),
        "outstanding": row.bulletin.outstanding(),
    })
}
