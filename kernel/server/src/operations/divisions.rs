//! `GET /v1/divisions`: the tree of divisions.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::ids::DivisionCode;
use fengqiao_reference::Division;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Name, Params};
use crate::operation::{Group, Operation};
use crate::pages::{limit, skip};
use crate::problem::Problem;
use crate::schemas::{DivisionLine, Rows};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::read::<Rows>(
            Group::Reference,
            "/v1/divisions",
            "list-divisions",
            "查找区划",
            || get(list),
        )
        .with("within", "只在该区划内")
        .with("name", "名称或代码的开头")
        .with("path", "逐级名称，例如 某区/某镇/某村，可省去中间几级")
        .with("after", "上一页的 next")
        .with("skip", "同 after")
        .with("limit", "行数，最多 200"),
        Operation::read::<DivisionLine>(
            Group::Reference,
            "/v1/divisions/{code}",
            "read-division",
            "区划及其上级",
            || get(read),
        ),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    within: Option<DivisionCode>,
    name: Option<String>,
    path: Option<String>,
    after: Option<String>,
    skip: Option<usize>,
    limit: Option<u32>,
}

async fn list(
    State(app): State<Shared>,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let reference = app.kernel.reference();
    let divisions = reference.divisions();
    if let Some(within) = &query.within
        && divisions.get(within).is_none()
    {
        return Err(Problem::no_such("division", within.as_str()));
    }
    let skip = skip(query.after.as_deref(), query.skip)?;
    let limit = usize::try_from(limit(query.limit)).unwrap_or(usize::MAX);
    let within = query.within.as_ref();
    let page = match (&query.path, &query.name) {
        (Some(path), None) => divisions.search_path(path, within, skip, limit),
        (None, name) => divisions.search(name.as_deref().unwrap_or_default(), within, skip, limit),
        (Some(_), Some(_)) => {
            return Err(Problem::invalid_parameter(
                "path",
                "name 和 path 只能写一个",
            ));
        }
    };
    let rows: Vec<Value> = page.items.iter().map(line).collect();
    Ok(ok(
        &json!({ "rows": rows, "next": page.next.map(|next| next.to_string()) }),
    ))
}

async fn read(State(app): State<Shared>, Name(code): Name) -> Result<Response, Problem> {
    let reference = app.kernel.reference();
    let known = code.parse().ok();
    let known: Option<Division<'_>> = known
        .as_ref()
        .and_then(|code| reference.divisions().get(code));
    let division = known.ok_or_else(|| Problem::no_such("division", &code))?;
    let path: Vec<Value> = reference
        .divisions()
        .path(division.code)
        .iter()
        .map(line)
        .collect();
    let mut body = line(&division);
    if let Some(object) = body.as_object_mut() {
        object.insert("path".to_owned(), path.into());
    }
    Ok(ok(&body))
}

fn line(division: &Division<'_>) -> Value {
    json!({
        "code": division.code,
        "name": division.name,
        "level": division.level,
        "parent": division.parent,
    })
}
