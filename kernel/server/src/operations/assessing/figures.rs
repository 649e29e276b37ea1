//! `GET /v1/metrics`: every formula of a window, each with its counts, its exclusions and the path to its cases.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_metrics::{Basis, Counts, Figure, FormulaId, Places, Pyramid, Scope, Sheets, Value};
use fengqiao_service::{Asked, Counted};
use serde_json::{Map, Value as Json, json};

use super::asked::{By, Wanted, asked, described};
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Params, Sender};
use crate::operation::{Group, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::Anything;

pub(super) fn operation() -> Operation {
    let operation = Operation::read::<Anything>(
        Group::Assessing,
        "/v1/metrics",
        "read-figures",
        "统计指标：公式、分子、分母、剔除及原因",
        || get(figures),
    );
    described(operation)
        .with(
            "by",
            "细分：unit、division、kind、category、channel、level、reporter、settled、received-by、theme",
        )
        .note("每个数都能列出案件：见各项的 cases。分子不在分母之中的不称为“率”。")
        .slow()
}

async fn figures(
    State(app): State<Shared>,
    sender: Sender,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let who = sender.official()?;
    let asked = asked(&app, &wanted, who)?;
    let dimension = match wanted.by {
        Some(By::Word(dimension)) => Some(dimension),
        _ => None,
    };
    if policy::handles(who.role) && wanted.by.is_some() {
        return Err(Problem::out_of_scope("其他单位"));
    }
    let counted = app.kernel.count(&asked, dimension).await?;
    let counts = counts_of(&counted.sheets, &asked);
    let mut body = Map::new();
    body.insert("division".to_owned(), json!(asked.division));
    body.insert("period".to_owned(), json!(asked.period));
    body.insert("basis".to_owned(), json!(asked.basis));
    body.insert("selection".to_owned(), json!(asked.selection));
    body.extend(told(&counts, &asked));
    body.insert("named".to_owned(), named(&counts, &counted, &asked));
    body.insert("pyramid".to_owned(), pyramid(&counts, asked.basis));
    body.insert("slices".to_owned(), slices(&counted, &asked, wanted.by));
    Ok(ok(&Json::Object(body)))
}

fn counts_of(sheets: &Sheets, asked: &Asked) -> Counts {
    match &asked.selection.scope {
        Scope::Whole => sheets.whole.clone(),
        Scope::Division(division) => sheets.division(division),
        Scope::Unit(unit) => sheets.unit(unit),
    }
}

fn told(counts: &Counts, asked: &Asked) -> Map<String, Json> {
    let figures = counts.figures(asked.basis).into_iter();
    let figures: Vec<Json> = figures.map(|it| figure(&it, counts, asked, None)).collect();
    let tallies: Map<String, Json> = counts
        .tallies(asked.basis)
        .into_iter()
        .map(|(code, count)| (code, json!(count)))
        .collect();
    Map::from_iter([
        ("figures".to_owned(), json!(figures)),
        ("tallies".to_owned(), json!(tallies)),
    ])
}

/// The rates that the place names, under its own words.
fn named(counts: &Counts, counted: &Counted, asked: &Asked) -> Json {
    let Some(rates) = &counted.rules.rates else {
        return json!([]);
    };
    let named = rates.figures(counts, asked.basis).into_iter();
    named
        .map(|(word, it)| figure(&it, counts, asked, Some(word)))
        .collect()
}

fn figure(figure: &Figure, counts: &Counts, asked: &Asked, word: Option<&str>) -> Json {
    let formula = figure.formula.formula();
    let exclusions = counts.exclusions(figure.formula, asked.basis).into_iter();
    let exclusions: Vec<Json> = exclusions
        .map(|(why, count)| json!({ "reason": why, "label": why.label(), "count": count }))
        .collect();
    json!({
        "formula": figure.formula,
        "name": word.unwrap_or(formula.name),
        "words": formula.words(),
        "kind": formula.kind,
        "numerator": figure.counts.above,
        "denominator": figure.counts.below,
        "excluded": figure.counts.excluded,
        "exclusions": exclusions,
        "published": figure.value.shown(Places::Two),
        "is": is(&figure.value),
        "refused": refused(&figure.value),
        "cases": cases(figure.formula, asked),
    })
}

pub(super) fn is(value: &Value) -> &'static str {
    match value {
        Value::Rate(_) => "rate",
        Value::Throughput(_) => "throughput",
        Value::Growth(_) => "growth",
        Value::None(_) => "none",
    }
}

pub(super) fn refused(value: &Value) -> Option<String> {
    match value {
        Value::None(why) => Some(why.to_string()),
        _ => None,
    }
}

/// Where the cases of a figure are listed: the same window, as far as was known.
fn cases(formula: FormulaId, asked: &Asked) -> String {
    let basis = match asked.basis {
        Basis::Raw => "raw",
        Basis::Deduplicated => "deduplicated",
    };
    let unit = match &asked.selection.scope {
        Scope::Unit(unit) => format!("&unit={unit}"),
        _ => String::new(),
    };
    format!(
        "/v1/metrics/{}?window={}&division={}&as-of={}&basis={basis}{unit}",
        formula.code(),
        asked.period.window,
        asked.division,
        asked.period.as_of,
    )
}

fn pyramid(counts: &Counts, basis: Basis) -> Json {
    let pyramid = Pyramid::of(counts, basis);
    let steps = pyramid.steps.iter().map(|step| {
        json!({
            "level": step.level,
            "closed": step.closed,
            "formula": step.formula,
            "published": step.share.shown(Places::Two),
        })
    });
    json!({
        "steps": steps.collect::<Vec<_>>(),
        "above": pyramid.above,
        "closed": pyramid.closed,
        "upright": pyramid.is_upright(),
    })
}

fn slices(counted: &Counted, asked: &Asked, by: Option<By>) -> Json {
    let slice = |word: Json, counts: &Counts| {
        let mut slice = told(counts, asked);
        slice.insert("word".to_owned(), word);
        Json::Object(slice)
    };
    let sheets = &counted.sheets;
    match by {
        None => Json::Null,
        Some(By::Unit) => {
            let units = sheets.units.iter();
            units
                .map(|(unit, counts)| slice(json!(unit), counts))
                .collect()
        }
        Some(By::Division) => {
            let below = sheets.divisions.iter();
            let below = below.filter(|(code, _)| code.parent().as_ref() == Some(&asked.division));
            below
                .map(|(code, counts)| slice(json!(code), counts))
                .collect()
        }
        Some(By::Word(_)) => {
            let words = counted.by.iter();
            words
                .map(|(word, sheets)| slice(json!(word), &counts_of(sheets, asked)))
                .collect()
        }
    }
}
