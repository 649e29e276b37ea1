//! Assessment appeals (申诉剔除): they change the assessment's entry, with a public reason, and never the case.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_core::ids::{CaseId, PrincipalId, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::formula::{FormulaId, Formulas};
use crate::limits::MAX_REASON_CHARS;

/// A unit asks that a case isn't counted against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Appeal {
    /// The case.
    pub case: CaseId,
    /// Whose assessment.
    pub unit: UnitId,
    /// In which formulas.
    pub formulas: BTreeSet<FormulaId>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// What was decided; nothing yet.
    #[serde(default)]
    pub decision: Option<AppealDecision>,
}

/// What an assessor decided, for everybody to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AppealDecision {
    /// Granted or denied.
    pub outcome: AppealOutcome,
    /// Who decided.
    pub by: PrincipalId,
    /// When.
    pub at: Timestamp,
    /// Why, published with the figure.
    pub public_reason: String,
}

/// Whether an appeal was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppealOutcome {
    /// 剔除
    Granted,
    /// 不予剔除
    Denied,
}

/// Why an appeal can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppealError {
    /// It names no formula.
    #[error("案件 {0} 的申诉没有写明针对哪项指标，请至少选一项")]
    NoFormula(CaseId),
    /// The decision says no reason, or a longer one than anybody reads.
    #[error("案件 {0} 的申诉结论须写明可公开的理由，不超过 {MAX_REASON_CHARS} 字")]
    Reason(CaseId),
    /// It was decided before it was asked.
    #[error("案件 {0} 的申诉结论早于申诉时间，请核对时间")]
    TooEarly(CaseId),
}

/// Appeals by case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appeals {
    by_case: BTreeMap<CaseId, Vec<Appeal>>,
}

impl Appeals {
    /// Checks and files appeals; the order in which they come makes no difference.
    pub fn new(appeals: Vec<Appeal>) -> Result<Self, AppealError> {
        let mut by_case: BTreeMap<CaseId, Vec<Appeal>> = BTreeMap::new();
        for appeal in appeals {
            appeal.check()?;
            by_case.entry(appeal.case.clone()).or_default().push(appeal);
        }
        for of_case in by_case.values_mut() {
            of_case.sort_by(|one, other| one.place().cmp(&other.place()));
        }
        Ok(Self { by_case })
    }

    /// Those granted, as far as is known at an instant, with their decision; by case.
    pub fn granted(&self, as_of: Timestamp) -> impl Iterator<Item = (&Appeal, &AppealDecision)> {
        let all = self.by_case.values().flatten();
        all.filter_map(move |appeal| Some((appeal, appeal.granted_as_of(as_of)?)))
    }

    /// The decision by which an entry is out of a formula.
    pub(crate) fn against(
        &self,
        entry: &Entry<'_>,
        formula: FormulaId,
        as_of: Timestamp,
    ) -> Option<&AppealDecision> {
        self.of(entry, as_of)
            .find(|(appeal, _)| appeal.formulas.contains(&formula))
            .map(|(_, decision)| decision)
    }

    /// The formulas that an entry is out of.
    pub(crate) fn out_of(&self, entry: &Entry<'_>, as_of: Timestamp) -> Formulas {
        let mut out = Formulas::default();
        for (appeal, _) in self.of(entry, as_of) {
            appeal.formulas.iter().for_each(|formula| out.put(*formula));
        }
        out
    }

    fn of(
        &self,
        entry: &Entry<'_>,
        as_of: Timestamp,
    ) -> impl Iterator<Item = (&Appeal, &AppealDecision)> {
        let unit = entry.unit(as_of);
        let of_case = self.by_case.get(&entry.case.case).into_iter().flatten();
        of_case
            .filter(move |appeal| unit == Some(&appeal.unit))
            .filter_map(move |appeal| Some((appeal, appeal.granted_as_of(as_of)?)))
    }

    /// Whether there is none at all, so that nobody need be looked up.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_case.is_empty()
    }
}

impl Appeal {
    fn check(&self) -> Result<(), AppealError> {
        if self.formulas.is_empty() {
            return Err(AppealError::NoFormula(self.case.clone()));
        }
        let Some(decision) = &self.decision else {
            return Ok(());
        };
        let reason = decision.public_reason.trim();
        if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
            return Err(AppealError::Reason(self.case.clone()));
        }
        if decision.at < self.asked_at {
            return Err(AppealError::TooEarly(self.case.clone()));
        }
        Ok(())
    }

    fn granted_as_of(&self, as_of: Timestamp) -> Option<&AppealDecision> {
        self.decision
            .as_ref()
            .filter(|decision| decision.outcome == AppealOutcome::Granted && decision.at <= as_of)
    }

    /// By what appeals of one case are put in order, so that the reason shown doesn't depend on who came first.
    fn place(&self) -> (Timestamp, &UnitId, Option<&str>) {
        let reason = self
            .decision
            .as_ref()
            .map(|decision| decision.public_reason.as_str());
        (self.asked_at, &self.unit, reason)
    }
}
