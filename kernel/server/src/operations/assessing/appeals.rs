//! `/v1/appeals`: a unit asks that a case isn't counted against it, an assessor decides in public; the case stays as it is.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_core::ids::{CaseId, UnitId};
use fengqiao_metrics::{AppealOutcome, FormulaId};
use fengqiao_service::{AppealWanted, AssessError, Listed};
use serde::Deserialize;
use serde_json::json;

use super::asked::{PageOf, paged};
use super::hidden::hidden;
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
            "/v1/appeals",
            "ask-appeal",
            "申诉剔除",
            || post(ask),
        )
        .created(),
        Operation::write::<Anything, Anything>(
            Group::Assessing,
            Method::POST,
            "/v1/appeals/{id}/decision",
            "decide-appeal",
            "申诉结论，须写可公开的理由",
            || post(decide),
        )
        .created(),
        paged(Operation::read::<Rows>(
            Group::Assessing,
            "/v1/appeals",
            "list-appeals",
            "申诉及结论，新的在前",
            || get(list),
        )),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    case: CaseId,
    unit: UnitId,
    formulas: BTreeSet<FormulaId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Word {
    outcome: AppealOutcome,
    public_reason: String,
}

async fn ask(
    State(app): State<Shared>,
    sender: Sender,
    key: Key,
    document: Document<Wanted>,
) -> Result<Response, Problem> {
    let wanted = document.value;
    let who = sender.official()?;
    if who.unit.as_ref() != Some(&wanted.unit) {
        return Err(Problem::out_of_scope("该单位").with("unit", wanted.unit.as_str()));
    }
    let accusing = hidden(&app, std::slice::from_ref(&wanted.case), who).await?;
    if accusing.contains(&wanted.case) {
        return Err(AssessError::NoSuch("案件", wanted.case.to_string()).into());
    }
    once_recorded(&app, &sender, key, &document.digest, async {
        let filed = app
            .kernel
            .appeal(AppealWanted {
                case: wanted.case,
                unit: wanted.unit,
                formulas: wanted.formulas,
            })
            .await?;
        Ok((StatusCode::CREATED, json!(filed.row), filed.record))
    })
    .await
}

async fn decide(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    key: Key,
    document: Document<Word>,
) -> Result<Response, Problem> {
    let who = sender.official()?.clone();
    let asked = app.kernel.appeal_of(&id).await?;
    policy::check_division(&asked.division, &who)?;
    let Word {
        outcome,
        public_reason,
    } = document.value;
    once_recorded(&app, &sender, key, &document.digest, async {
        let filed = app
            .kernel
            .decide_appeal(&id, outcome, &who.name, public_reason)
            .await?;
        Ok((StatusCode::CREATED, json!(filed.row), filed.record))
    })
    .await
}

/// Who belongs to a unit sees its own appeals, and those of the units below it; a page may then hold fewer rows.
async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Params(page): Params<PageOf>,
) -> Result<Response, Problem> {
    let who = sender.official()?;
    let (division, page) = page.seen_by(who)?;
    let reference = app.kernel.reference();
    let Listed { mut rows, next } = app.kernel.list_appeals(&division, &page).await?;
    rows.retain(|row| {
        !policy::handles(who.role) || policy::check_unit(&row.appeal.unit, who, &reference).is_ok()
    });
    let cases: Vec<CaseId> = rows.iter().map(|row| row.appeal.case.clone()).collect();
    let hidden = hidden(&app, &cases, who).await?;
    rows.retain(|row| !hidden.contains(&row.appeal.case));
    Ok(ok(&json!({ "rows": rows, "next": next })))
}
