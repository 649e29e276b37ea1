//! Appeals (申诉剔除): asked by a unit, decided by an assessor with a public reason; the case stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_core::ids::{CaseId, DivisionCode, PrincipalId, UnitId};
use fengqiao_metrics::{Appeal, AppealDecision, AppealOutcome, Appeals, CaseAccount, FormulaId};
use serde::Serialize;

use super::{AssessError, Filed, Listed, read, write};
use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{AssessmentKind, AssessmentRecord, Page, Store};
use crate::ports::{Clock, Ids};
use crate::words::sha256;

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
    /// A unit asks that a case isn't counted against it, in which it had a part. The appeal is filed where the case is,
    /// under a number that follows from what is asked: asked again, it is the same.
    pub async fn appeal(&self, wanted: AppealWanted) -> Result<Filed<AppealRow>, AssessError> {
        let accounts = self.store.facts(std::slice::from_ref(&wanted.case)).await?;
        let account = accounts.into_iter().next();
        let account =
            account.ok_or_else(|| AssessError::NoSuch("案件", wanted.case.to_string()))?;
        if !had_part(&account, &wanted.unit) {
            return Err(AssessError::NoPart {
                case: wanted.case,
                unit: wanted.unit,
            });
        }
        let id = number_of(&wanted)?;
        let row = AppealRow {
            id,
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
        let id = row.id.clone();
        let record = self.record(AssessmentKind::Appeal, id, &row.division, &row.appeal)?;
        Ok(Filed {
            row,
            record: Some(record),
        })
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
    ) -> Result<Filed<AppealRow>, AssessError> {
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
        let record = self.record(kind, row.id.clone(), &row.division, &decision)?;
        Ok(Filed {
            row,
            record: Some(record),
        })
    }

    /// All appeals of a division and below it, the oldest first.
    pub(crate) async fn appeals(
        &self,
        division: &DivisionCode,
    ) -> Result<Vec<Appeal>, AssessError> {
        let decided = self.all(AssessmentKind::AppealDecision, division).await?;
        let mut decisions = by_name(decided)?;
        let asked = self.all(AssessmentKind::Appeal, division).await?;
        let rows = asked.into_iter();
        rows.map(|row| Ok(appeal(row, &mut decisions)?.appeal))
            .collect()
    }

    /// A page of the appeals of a division and below it, the newest first.
    pub async fn list_appeals(
        &self,
        division: &DivisionCode,
        page: &Page,
    ) -> Result<Listed<AppealRow>, AssessError> {
        let kind = AssessmentKind::Appeal;
        let asked = self.store.assessments(kind, Some(division), page).await?;
        let names: Vec<String> = asked.iter().map(|it| it.record.name.clone()).collect();
        let kind = AssessmentKind::AppealDecision;
        let decided = self.store.assessments_named(kind, &names).await?;
        let mut decisions = by_name(decided)?;
        Listed::of(asked, page, |row| appeal(row, &mut decisions))
    }
}

fn by_name(
    decided: Vec<AssessmentRecord>,
) -> Result<BTreeMap<String, AppealDecision>, AssessError> {
    let read = |row: AssessmentRecord| Ok((row.name, read(&row.record)?));
    decided.into_iter().map(read).collect()
}

fn appeal(
    row: AssessmentRecord,
    decisions: &mut BTreeMap<String, AppealDecision>,
) -> Result<AppealRow, AssessError> {
    let mut appeal: Appeal = read(&row.record)?;
    appeal.decision = decisions.remove(&row.name);
    Ok(AppealRow {
        id: row.name,
        division: row.division,
        appeal,
    })
}

/// Whether something of the case counts for a unit: it led, mediated, gave an order or got one.
fn had_part(account: &CaseAccount, unit: &UnitId) -> bool {
    let facts = &account.facts;
    facts.turns.iter().any(|turn| turn.unit == *unit)
        || facts.mediations.iter().any(|it| it.unit == *unit)
        || facts
            .orders
            .iter()
            .any(|it| it.addressee == *unit || it.issuer.as_ref() == Some(unit))
        || account
            .procedures
            .iter()
            .any(|it| it.addressee.as_ref() == Some(unit) || it.issuer.as_ref() == Some(unit))
}

/// The same for the same case, unit and formulas.
fn number_of(wanted: &AppealWanted) -> Result<String, AssessError> {
    let asked = write(&(&wanted.case, &wanted.unit, &wanted.formulas))?;
    Ok(sha256(asked.as_bytes()))
}
