//! `/v1/registers/{kind}/near`: who or what of a register fits a case or a place, the nearest first.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::ids::DivisionCode;
use fengqiao_reference::{Reference, Register};
use serde::Deserialize;
use serde_json::{Value, json};

use super::registers::{has_word, named, shown};
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Name, Params, Sender};
use crate::limits::MAX_WORDS_A_MATCH;
use crate::operation::{Group, Operation};
use crate::pages::{limit, skip};
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;
use crate::schemas::Rows;
use crate::viewing;

/// The register that says which base grid a department's grid is.
const ALIASES: &str = "grid-aliases";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::read::<Rows>(
            Group::Reference,
            "/v1/registers/{kind}/near",
            "near-register",
            "就近匹配队伍、志愿者与调解组织",
            || get(near),
        )
        .note("按案件、区划或部门网格，由近及远列出合适的行；只供辖区内派单的岗位使用，本区划以外的姓名、电话只给出掩码。")
        .with("case", "案件编号：以其所在地为准")
        .with("division", "区划代码")
        .with("alias", "部门网格的编号或名称：以其对应的基础网格为准")
        .with("words", "类别、技能、行业等词，用 ; 分隔，须全部具备")
        .with("after", "上一页的 next")
        .with("limit", "行数，最多 200"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    case: Option<String>,
    division: Option<DivisionCode>,
    alias: Option<String>,
    #[serde(default)]
    words: String,
    after: Option<String>,
    limit: Option<u32>,
}

async fn near(
    State(app): State<Shared>,
    sender: Sender,
    Name(of): Name,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let kind = named(&of)?;
    if policy::is_sensitive(kind.code) {
        let reason = "重点家庭与重点人员不用于匹配，请查阅登记册";
        return Err(Problem::invalid_parameter("kind", reason));
    }
    let words = words(&query.words)?;
    let reference = app.kernel.reference();
    let place = match (&query.case, &query.division, &query.alias) {
        (Some(case), None, None) => {
            let case = viewing::find(&app, case, principal).await?;
            case.matter.place.clone()
        }
        (None, Some(division), None) => within_reach(division, principal)?,
        (None, None, Some(alias)) => {
            within_reach(&grid_of(alias, &reference, principal)?, principal)?
        }
        _ => {
            let reason = "请写明其中一个：案件、区划或部门网格";
            return Err(Problem::invalid_parameter("case、division、alias", reason));
        }
    };
    let divisions = reference.divisions();
    if divisions.get(&place).is_none() {
        return Err(Problem::no_such("division", place.as_str()));
    }
    let mut path = divisions.path(&place);
    path.reverse();
    let path: Vec<DivisionCode> = path.into_iter().map(|one| one.code.clone()).collect();
    let skip = skip(query.after.as_deref(), None)?;
    let limit = usize::try_from(limit(query.limit)).unwrap_or(usize::MAX);
    let register = reference.registers().get(kind.code);
    let mut found = register
        .into_iter()
        .flat_map(|register| register.nearest(&path))
        .filter(|row| words.iter().all(|word| has_word(row, word)))
        .skip(skip);
    let rows = found.by_ref().take(limit);
    let rows: Vec<Value> = rows.map(|row| shown(&row, principal)).collect();
    let next = found.next().map(|_| (skip + rows.len()).to_string());
    Ok(ok(&json!({ "rows": rows, "next": next, "place": place })))
}

fn within_reach(division: &DivisionCode, principal: &Principal) -> Result<DivisionCode, Problem> {
    policy::check_division(division, principal)?;
    Ok(division.clone())
}

fn words(written: &str) -> Result<Vec<&str>, Problem> {
    let words: Vec<&str> = written
        .split([';', '；'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > MAX_WORDS_A_MATCH {
        let reason = format!("一次最多 {MAX_WORDS_A_MATCH} 个词，请只写必须具备的");
        return Err(Problem::invalid_parameter("words", &reason));
    }
    Ok(words)
}

/// The base grid of a department's grid within the principal's reach, by the number or the name of the alias.
fn grid_of(
    alias: &str,
    reference: &Reference,
    principal: &Principal,
) -> Result<DivisionCode, Problem> {
    let unknown = || {
        let reason = "辖区内没有这个部门网格，请在登记册 grid-aliases 中核对编号或名称";
        Problem::invalid_parameter("alias", reason)
    };
    let aliases: &Register = reference.registers().get(ALIASES).ok_or_else(unknown)?;
    let mut grids: Vec<DivisionCode> = aliases
        .within(&principal.division)
        .filter(|row| row.id() == alias || row.get("name") == Some(alias))
        .filter_map(|row| row.division().parse().ok())
        .collect();
    grids.dedup();
    match (grids.pop(), grids.is_empty()) {
        (Some(grid), true) => Ok(grid),
        (Some(_), false) => {
            let reason = "不止一个网格叫这个名称，请改写编号";
            Err(Problem::invalid_parameter("alias", reason))
        }
        (None, _) => Err(unknown()),
    }
}
