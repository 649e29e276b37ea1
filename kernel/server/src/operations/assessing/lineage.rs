//! `GET /v1/metrics/{formula}`: one figure with the cases above, below or taken out, a page at a time.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use fengqiao_core::ids::CaseId;
use fengqiao_metrics::{FormulaId, Member, Places, Rate};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde_json::{Value, json};

use super::asked::{Named, Part, Wanted, asked, described};
use super::figures::{is, refused};
use super::hidden::hidden;
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Name, Params, Sender};
use crate::operation::{Group, Operation};
use crate::pages;
use crate::problem::Problem;
use crate::schemas::Rows;

pub(super) fn operation() -> Operation {
    let operation = Operation::read::<Rows>(
        Group::Assessing,
        "/v1/metrics/{formula}",
        "read-lineage",
        "一项指标及其案件",
        || get(lineage),
    );
    described(operation)
        .with(
            "part",
            "numerator：分子；denominator：分母；excluded：剔除及原因",
        )
        .with("as", "rate：要求按“率”给出，不是率的拒绝")
        .with("after", "上一页的 next")
        .with("limit", "行数，最多 200")
        .slow()
}

async fn lineage(
    State(app): State<Shared>,
    sender: Sender,
    Name(name): Name,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let word: StrDeserializer<'_, WordError> = name.as_str().into_deserializer();
    let formula = FormulaId::deserialize(word).map_err(|_| Problem::no_such("formula", &name))?;
    let who = sender.official()?;
    let asked = asked(&app, &wanted, who)?;
    let metric = app.kernel.figure(&asked, formula).await?;
    let lineage = &metric.lineage;
    if wanted.named == Some(Named::Rate) {
        Rate::new(formula.formula(), lineage)?;
    }
    let part = wanted.part.unwrap_or(Part::Numerator);
    let listed = |it: &Member| (it.case.clone(), json!({ "entry": it, "case": it.case }));
    let rows: Vec<(CaseId, Value)> = match part {
        Part::Numerator => lineage.numerator.iter().map(listed).collect(),
        Part::Denominator => lineage.denominator.iter().map(listed).collect(),
        Part::Excluded => {
            let out = lineage.excluded.iter();
            out.map(|it| {
                let row = json!({
                    "entry": it.member,
                    "case": it.member.case,
                    "reason": it.reason,
                    "label": it.reason.to_string(),
                });
                (it.member.case.clone(), row)
            })
            .collect()
        }
    };
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for excluded in &lineage.excluded {
        *reasons.entry(excluded.reason.to_string()).or_default() += 1;
    }
    let skipped = pages::skip(wanted.after.as_deref(), None)?;
    let size = usize::try_from(pages::limit(wanted.limit)).unwrap_or(usize::MAX);
    let end = skipped.saturating_add(size);
    let next = (end < rows.len()).then(|| end.to_string());
    let page: Vec<(CaseId, Value)> = rows.into_iter().skip(skipped).take(size).collect();
    let cases: Vec<CaseId> = page.iter().map(|(case, _)| case.clone()).collect();
    let hidden = hidden(&app, &cases, who).await?;
    let page = page.into_iter().filter(|(case, _)| !hidden.contains(case));
    let page: Vec<Value> = page.map(|(_, row)| row).collect();
    Ok(ok(&json!({
        "formula": formula,
        "name": formula.formula().name,
        "words": formula.formula().words(),
        "kind": formula.formula().kind,
        "numerator": lineage.numerator.len(),
        "denominator": lineage.denominator.len(),
        "excluded": lineage.excluded.len(),
        "exclusions": reasons,
        "published": metric.value.shown(Places::Two),
        "is": is(&metric.value),
        "refused": refused(&metric.value),
        "question": metric.question,
        "rows": page,
        "next": next,
    })))
}
