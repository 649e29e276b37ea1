//! `/v1/registers/{kind}`: posts, teams, rosters, stations and the other registers, a whole file in, a page of rows out.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, put};
use fengqiao_core::ids::DivisionCode;
use fengqiao_core::mask;
use fengqiao_reference::{Column, Entry, Holds, Kind, kind};
use fengqiao_service::ReferenceError;
use fengqiao_service::ports::store::Store as _;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::put_reference::{CSV, File, TOML, take};
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Key, Name, Params, Sender, receive};
use crate::limits::MAX_DIVISIONS_BYTES;
use crate::operation::{Body, Group, Operation};
use crate::pages::{limit, skip};
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;
use crate::schemas::{Anything, ReferenceTaken, Rows};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::read::<Rows>(
            Group::Reference,
            "/v1/registers/{kind}",
            "list-register",
            "查阅登记册",
            || get(list),
        )
        .note("本区划以外的姓名、电话、证件号只给出掩码。")
        .with("division", "该区划及其下级的行")
        .with("id", "编号")
        .with("unit", "单位编号")
        .with("word", "类别、技能、服务等列中的一个词")
        .with("after", "上一页的 next")
        .with("limit", "行数，最多 200"),
        Operation::write::<Anything, ReferenceTaken>(
            Group::Reference,
            Method::PUT,
            "/v1/registers/{kind}",
            "put-register",
            "导入登记册",
            || put(put_register),
        )
        .takes(Body::of("text/csv"))
        .with("name", "文件名，以 .csv 或 .toml 结尾；同名文件整份替换")
        .note("整份检查，有一处不对就什么都不换；答复中给出文件、行号和原因。")
        .slow()
        .up_to(MAX_DIVISIONS_BYTES),
        Operation::read::<Anything>(
            Group::Reference,
            "/v1/editions/{version}",
            "read-edition",
            "参考数据版本的组成",
            || get(edition),
        ),
    ]
}

async fn put_register(
    State(app): State<Shared>,
    sender: Sender,
    Name(of): Name,
    Params(file): Params<File>,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let kind = named(&of)?;
    let types: Vec<&str> = CSV.into_iter().chain(TOML).collect();
    let received = receive(request, &types).await?;
    take(&app, &sender, key, kind.code, &file, received).await
}

pub(super) fn named(of: &str) -> Result<&'static Kind, Problem> {
    let unknown = || ReferenceError::UnknownKind {
        kind: of.to_owned(),
    };
    kind(of).ok_or_else(|| unknown().into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    division: Option<DivisionCode>,
    id: Option<String>,
    unit: Option<String>,
    word: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

impl Query {
    fn fits(&self, row: &Entry<'_>) -> bool {
        let is = |wanted: &Option<String>, column| {
            wanted.is_none() || wanted.as_deref() == row.get(column)
        };
        let has = |word: &String| has_word(row, word);
        is(&self.id, "id") && is(&self.unit, "unit") && self.word.as_ref().is_none_or(has)
    }
}

/// Whether one of a row's columns of words holds this one.
pub(super) fn has_word(row: &Entry<'_>, word: &str) -> bool {
    let mut words = row
        .fields()
        .filter(|(_, column, _)| column.is_some_and(holds_words));
    words.any(|(name, _, _)| row.list(name).any(|own| own == word))
}

fn holds_words(column: &Column) -> bool {
    matches!(
        column.holds,
        Holds::Word(_) | Holds::Words(_) | Holds::OneOf(_)
    )
}

async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Name(of): Name,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let kind = named(&of)?;
    policy::check_register(kind.code, principal)?;
    // A list of people to care for is seen for one's own division alone.
    let within = match (&query.division, policy::is_sensitive(kind.code)) {
        (Some(division), true) => {
            policy::check_division(division, principal)?;
            Some(division)
        }
        (None, true) => Some(&principal.division),
        (division, false) => division.as_ref(),
    };
    let skip = skip(query.after.as_deref(), None)?;
    let limit = usize::try_from(limit(query.limit)).unwrap_or(usize::MAX);
    let reference = app.kernel.reference();
    let register = reference.registers().get(kind.code);
    let found = register.into_iter().flat_map(|register| {
        register
            .iter()
            .filter(|row| within.is_none_or(|division| lies(row, division)))
    });
    let mut found = found.filter(|row| query.fits(row)).skip(skip);
    let rows: Vec<Value> = found
        .by_ref()
        .take(limit)
        .map(|row| shown(&row, principal))
        .collect();
    let next = found.next().map(|_| (skip + rows.len()).to_string());
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

fn lies(row: &Entry<'_>, division: &DivisionCode) -> bool {
    let own: Result<DivisionCode, _> = row.division().parse();
    own.is_ok_and(|own| division.contains(&own))
}

/// A row; of people, what is masked where they aren't of the reader's own division.
pub(super) fn shown(row: &Entry<'_>, principal: &Principal) -> Value {
    let whole = policy::reads_people(principal) && lies(row, &principal.division);
    let fields = row.fields().map(|(name, column, value)| {
        let is_personal = column.is_some_and(Column::is_personal);
        let value = if is_personal && !whole {
            masked(name, value)
        } else {
            value.to_owned()
        };
        (name.to_owned(), Value::String(value))
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

fn masked(column: &str, value: &str) -> String {
    match column {
        "phone" => mask::phone(value),
        "identity-number" => mask::identity(value),
        _ => mask::name(value),
    }
}

async fn edition(State(app): State<Shared>, Name(version): Name) -> Result<Response, Problem> {
    let edition = app.kernel.store().edition(Some(&version)).await?;
    Ok(ok(
        &edition.ok_or_else(|| Problem::no_such("edition", &version))?
    ))
}
