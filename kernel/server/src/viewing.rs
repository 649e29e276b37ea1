//! Finding a case for a sender and looking at it with their eyes.

use std::sync::Arc;

use axum::http::StatusCode;
use fengqiao_core::case::Case;
use fengqiao_core::ids::CaseId;
use fengqiao_service::ports::store::Store as _;
use fengqiao_service::{CaseView, ReadError};

use crate::app::Shared;
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;

/// The case, if the principal may see it.
pub(crate) async fn find(
    app: &Shared,
    id: &str,
    principal: &Principal,
) -> Result<Arc<Case>, Problem> {
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
    let viewer = policy::viewer(case, principal, &app.kernel.reference()).ok_or_else(no_part)?;
    app.kernel
        .view(&case.id, &viewer)
        .await
        .map_err(|error| match error {
            ReadError::NotFound(_) => no_part(),
            ReadError::Store(error) => error.into(),
        })
}

fn no_part() -> Problem {
    let detail = "您或您的单位在该案件中没有承担工作";
    Problem::new(
        StatusCode::FORBIDDEN,
        "out-of-scope",
        "超出管辖范围",
        detail,
    )
}
