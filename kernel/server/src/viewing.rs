//! As what a sender looks at a case: a handler's eyes for a unit's people, the hub's for everybody else whose reach contains it.

use axum::http::StatusCode;
use fengqiao_core::case::Case;
use fengqiao_core::ids::CaseId;
use fengqiao_service::ports::store::Store as _;
use fengqiao_service::{CaseView, ReadError, Viewer};

use crate::app::Shared;
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;

/// The viewer that a principal is.
pub(crate) fn viewer(principal: &Principal) -> Viewer {
    match principal
        .unit
        .as_ref()
        .filter(|_| policy::handles(principal.role))
    {
        Some(unit) => Viewer::Handler {
            unit: unit.clone(),
            principal: principal.name.clone(),
        },
        None => Viewer::Supervisor(principal.actor()),
    }
}

/// The case, if the principal may see it.
pub(crate) async fn find(app: &Shared, id: &str, principal: &Principal) -> Result<Case, Problem> {
    let id: CaseId = id.parse().map_err(|_| Problem::no_such("case", id))?;
    let case = app
        .kernel
        .store()
        .case(&id)
        .await?
        .ok_or_else(|| Problem::no_such("case", id.as_str()))?;
    policy::check_case(&case, principal, &app.kernel.reference())?;
    Ok(case)
}

/// The case as the principal sees it. Who may know of a case without having a part in it sees nothing of it.
pub(crate) async fn look(
    app: &Shared,
    case: &Case,
    principal: &Principal,
) -> Result<CaseView, Problem> {
    app.kernel
        .view(&case.id, &viewer(principal))
        .await
        .map_err(|error| match error {
            ReadError::NotFound(_) => {
                let detail = "您的单位在该案件中没有承担工作";
                Problem::new(
                    StatusCode::FORBIDDEN,
                    "out-of-scope",
                    "超出管辖范围",
                    detail,
                )
            }
            ReadError::Store(error) => error.into(),
        })
}
