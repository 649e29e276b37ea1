//! Cases that accuse the reader: their numbers stand in no list for them.

use std::collections::BTreeSet;

use fengqiao_core::ids::CaseId;
use fengqiao_metrics::Finding;
use fengqiao_service::ports::store::Store as _;

use crate::app::Shared;
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;

/// Which of these cases accuse the reader or their unit.
pub(super) async fn hidden(
    app: &Shared,
    cases: &[CaseId],
    who: &Principal,
) -> Result<BTreeSet<CaseId>, Problem> {
    let accusing = app.kernel.store().accusing(cases).await?;
    let hidden = accusing.iter().filter(|case| policy::accused(case, who));
    Ok(hidden.map(|case| case.id.clone()).collect())
}

/// What the reader may know of findings: a unit those about itself and the units below it, and nobody a case that
/// accuses them.
pub(super) async fn shown(
    app: &Shared,
    mut findings: Vec<Finding>,
    who: &Principal,
) -> Result<Vec<Finding>, Problem> {
    if policy::handles(who.role) {
        let reference = app.kernel.reference();
        findings.retain(|it| policy::check_unit(&it.unit, who, &reference).is_ok());
    }
    let cases: BTreeSet<CaseId> = findings.iter().flat_map(|it| it.cases.clone()).collect();
    let cases: Vec<CaseId> = cases.into_iter().collect();
    let hidden = hidden(app, &cases, who).await?;
    for finding in &mut findings {
        finding.cases.retain(|case| !hidden.contains(case));
    }
    Ok(findings)
}
