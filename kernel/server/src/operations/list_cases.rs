//! `GET /v1/cases`: the cases that the sender may see, newest first.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::case::Case;
use fengqiao_core::ids::{Code, DivisionCode, UnitId};
use fengqiao_core::stage::StageName;
use fengqiao_service::ports::store::{CaseFilter, Page, Store as _};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Params, Sender};
use crate::limits::MAX_PAGES_READ;
use crate::operation::{Group, Operation};
use crate::pages::limit;
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;
use crate::schemas::Rows;

pub(super) fn operation() -> Operation {
    Operation::read::<Rows>(
        Group::Cases,
        "/v1/cases",
        "list-cases",
        "案件一览",
        || get(list),
    )
    .note("只列出本人管辖范围内的案件；承办人和单位负责人看到本单位承担的案件。")
    .with("division", "现在由该区划或其下级办理")
    .with("stage", "环节")
    .with("unit", "由该单位承担")
    .with("category", "类别")
    .with("place", "发生在该区划或其下级")
    .with("since", "登记时间不早于")
    .with("until", "登记时间早于")
    .with("after", "上一页的 next")
    .with("limit", "行数，最多 200")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    division: Option<DivisionCode>,
    stage: Option<StageName>,
    unit: Option<UnitId>,
    category: Option<Code>,
    place: Option<DivisionCode>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    after: Option<String>,
    limit: Option<u32>,
}

async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let limit = limit(query.limit);
    let after = query.after.clone();
    let filter = within_reach(query, principal)?;
    let (rows, next) = collect(&app, principal, &filter, after, limit).await?;
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

/// The filter, narrowed to what the sender reaches. Where nothing narrows it, each row is judged by itself anyway.
fn within_reach(query: Query, principal: &Principal) -> Result<CaseFilter, Problem> {
    let Query {
        division,
        stage,
        mut unit,
        category,
        place,
        since,
        until,
        ..
    } = query;
    let mut narrowed = division.clone();
    if policy::handles(principal.role) {
        unit = unit.or_else(|| principal.unit.clone());
    } else {
        for asked in division.iter().chain(&place) {
            policy::check_division(asked, principal)?;
        }
        if place.is_none() {
            narrowed = narrowed.or_else(|| Some(principal.division.clone()));
        }
    }
    Ok(CaseFilter {
        division: narrowed,
        stage,
        unit,
        category,
        place,
        since,
        until,
    })
}

/// Goes through the store's pages until enough rows are found that the sender may see.
pub(super) async fn collect(
    app: &Shared,
    principal: &Principal,
    filter: &CaseFilter,
    mut after: Option<String>,
    limit: u32,
) -> Result<(Vec<Value>, Option<String>), Problem> {
    let reference = app.kernel.reference();
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut lines = Vec::new();
    for _ in 0..MAX_PAGES_READ {
        let rows = app
            .kernel
            .store()
            .cases(
                filter,
                &Page {
                    after: after.clone(),
                    limit,
                },
            )
            .await?;
        let last_page = rows.len() < wanted;
        for row in rows {
            after = Some(row.cursor);
            if policy::check_case(&row.case, principal, &reference).is_ok() {
                lines.push(line(app, &row.case).await?);
            }
            if lines.len() == wanted {
                return Ok((lines, after));
            }
        }
        if last_page {
            return Ok((lines, None));
        }
    }
    Ok((lines, after))
}

/// A case in a list: what it is and where it stands, without words and people.
async fn line(app: &Shared, case: &Case) -> Result<Value, Problem> {
    let set = app.kernel.rules_of(case).await?;
    let stage = case.stage.name();
    let due = case
        .docket
        .clocks
        .iter()
        .filter(|clock| clock.state.is_live())
        .map(|clock| clock.deadline.due)
        .min();
    Ok(json!({
        "number": case.id,
        "version": case.docket.version,
        "stage": stage.as_str(),
        "stage-label": set.rules.stage_label(stage),
        "kind": case.matter.kind,
        "category": case.matter.category,
        "place": case.matter.place,
        "division": case.division,
        "lead": case.stage.lead(),
        "registered-at": case.registered_at,
        "next-due": due,
        "suspended-until": case.suspended_until,
        "merged-into": case.merged.as_ref().map(|merging| &merging.into),
        "closed": case.outcome.closed.is_some(),
    }))
}
