//! `GET /v1/units`: the units that can be given work.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::ids::{DivisionCode, UnitId};
use fengqiao_reference::Unit;
use serde::Deserialize;
use serde_json::json;

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Name, Params};
use crate::operation::{Group, Operation};
use crate::pages::{limit, skip};
use crate::problem::Problem;
use crate::schemas::{Rows, UnitLine};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::read::<Rows>(
            Group::Reference,
            "/v1/units",
            "list-units",
            "查找单位",
            || get(list),
        )
        .with("division", "该区划及其下级的单位")
        .with("portfolio", "分管该项职责的单位")
        .with("name", "名称中含有的字")
        .with("after", "上一页的 next")
        .with("limit", "行数，最多 200"),
        Operation::read::<UnitLine>(
            Group::Reference,
            "/v1/units/{id}",
            "read-unit",
            "单位",
            || get(read),
        ),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    division: Option<DivisionCode>,
    portfolio: Option<String>,
    name: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

impl Query {
    fn fits(&self, unit: &Unit) -> bool {
        self.division
            .as_ref()
            .is_none_or(|division| division.contains(&unit.division))
            && self
                .portfolio
                .as_deref()
                .is_none_or(|portfolio| unit.has_portfolio(portfolio))
            && self
                .name
                .as_deref()
                .is_none_or(|name| unit.name.contains(name))
    }
}

async fn list(
    State(app): State<Shared>,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let reference = app.kernel.reference();
    if let Some(division) = &query.division
        && reference.divisions().get(division).is_none()
    {
        return Err(Problem::no_such("division", division.as_str()));
    }
    let skip = skip(query.after.as_deref(), None)?;
    let limit = usize::try_from(limit(query.limit)).unwrap_or(usize::MAX);
    let mut found = reference
        .units()
        .iter()
        .filter(|unit| query.fits(unit))
        .skip(skip);
    let rows: Vec<&Unit> = found.by_ref().take(limit).collect();
    let next = found.next().map(|_| (skip + rows.len()).to_string());
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

async fn read(State(app): State<Shared>, Name(id): Name) -> Result<Response, Problem> {
    let reference = app.kernel.reference();
    let known = id.parse::<UnitId>().ok();
    let unit = known.as_ref().and_then(|id| reference.units().get(id));
    Ok(ok(unit.ok_or_else(|| Problem::no_such("unit", &id))?))
}
