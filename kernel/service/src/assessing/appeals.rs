//! Appeals (申诉剔除): asked by a unit, decided by an assessor with a public reason; the case stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_core::ids::{CaseId, DivisionCode, PrincipalId, UnitId};
use fengqiao_metrics::{Appeal, AppealDecision, AppealOutcome, Appeals, FormulaId};
use serde::Serialize;

use super::{AssessError, read};
use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{AssessmentKind, Store};
use crate::ports::{Clock, Ids};

/// What a unit asks for.
#[derive(Debug, Clone)]
pub struct AppealWanted {
    /// The case.
    pub case: CaseId,
    /// Whose assessment.
    pub unit: UnitId,
    /// In which formulas.
    pub formulas: BTreeSet<FormulaId>,
}

/// An appeal with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AppealRow {
    /// Its number.
    pub id: String,
    /// The division of the case's place.
    pub division: DivisionCode,
    /// It, with what was decided.
    pub appeal: Appeal,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// A unit asks that a case isn't counted against it; answers the appeal's number. It is filed where the case is.
    pub async fn appeal(&self, wanted: AppealWanted) -> Result<AppealRow, AssessError> {
        let accounts = self.store.facts(std::slice::from_ref(&wanted.case)).await?;
        let account = accounts.into_iter().next();
        let account =
            account.ok_or_else(|| AssessError::NoSuch("案件", wanted.case.to_string()))?;
        let row = AppealRow {
            id: self.ids.text().to_string(),
            division: account.facts.place,
            appeal: Appeal {
                case: wanted.case,
                unit: wanted.unit,
                formulas: wanted.formulas,
                asked_at: self.clock.now(),
                decision: None,
            },
        };
        Appeals::new(vec![row.appeal.clone()])?;
        let (id, division) = (row.id.clone(), row.division.clone());
        self.keep(AssessmentKind::Appeal, id, &division, &row.appeal)
            .await?;
        Ok(row)
    }

    /// The place of an appeal, for whoever asks whether it is within reach.
    pub async fn appeal_of(&self, id: &str) -> Result<AppealRow, AssessError> {
        let row = self.store.assessment(AssessmentKind::Appeal, id).await?;
        let row = row.ok_or_else(|| AssessError::NoSuch("申诉", id.to_owned()))?;
        Ok(AppealRow {
            id: row.name,
            division: row.division,
            appeal: read(&row.record)?,
        })
    }

    /// An assessor decides, once and for everybody to read.
    pub async fn decide_appeal(
        &self,
        id: &str,
        outcome: AppealOutcome,
        by: &PrincipalId,
        public_reason: String,
    ) -> Result<AppealRow, AssessError> {
        let mut row = self.appeal_of(id).await?;
        let decision = AppealDecision {
            outcome,
            by: by.clone(),
            at: self.clock.now(),
            public_reason,
        };
        row.appeal.decision = Some(decision.clone());
        Appeals::new(vec![row.appeal.clone()])?;
        let kind = AssessmentKind::AppealDecision;
        self.keep(kind, row.id.clone(), &row.division, &decision)
            .await?;
        Ok(row)
    }

    /// All appeals of a division and below it, the oldest first.
    pub async fn appeals(&self, division: &DivisionCode) -> Result<Vec<AppealRow>, AssessError> {
        let decided = self.all(AssessmentKind::AppealDecision, division).await?;
        let mut decisions: BTreeMap<String, AppealDecision> = BTreeMap::new();
        for row in decided {
            decisions.insert(row.name, read(&row.record)?);
        }
        let asked = self.all(AssessmentKind::Appeal, division).await?;
        let rows = asked.into_iter().map(|row| {
            let mut appeal: Appeal = read(&row.record)?;
            appeal.decision = decisions.remove(&row.name);
            Ok(AppealRow {
                id: row.name,
                division: row.division,
                appeal,
            })
        });
        rows.collect()
    }
}
