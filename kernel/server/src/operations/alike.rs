//! `GET /v1/cases/{id}/alike`: cases that may be about the same, for whoever merges or links them.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Name, Sender};
use crate::operation::{Group, Operation};
use crate::problem::Problem;
use crate::schemas::Rows;
use crate::taken::alike_rows;
use crate::viewing::{find, look};

pub(super) fn operation() -> Operation {
    Operation::read::<Rows>(
        Group::Cases,
        "/v1/cases/{id}/alike",
        "read-alike",
        "可能相同的案件",
        || get(read),
    )
    .note("同一地点同一类别（30 天内）或同一诉求人（90 天内）的案件，最多 10 件，只供并案、关联时参考；是否相同由人判断。")
}

/// Whoever sees a case as its handler isn't told who else its reporter is: only a whole view shows what is alike.
async fn read(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let case = find(&app, &id, principal).await?;
    let alike = match look(&app, &case, principal).await? {
        fengqiao_service::CaseView::Supervisor(_) => app.kernel.alike(&case).await?,
        fengqiao_service::CaseView::Handler(_) | fengqiao_service::CaseView::Citizen(_) => {
            Vec::new()
        }
    };
    let rows = alike_rows(&alike, principal, &app.kernel.reference());
    Ok(ok(&json!({ "rows": rows, "next": null })))
}
