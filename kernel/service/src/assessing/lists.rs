//! The sheets that were published, and those that couldn't be made.

use fengqiao_core::ids::DivisionCode;

use super::sheets::{AssessmentSheet, SheetFailure};
use super::{AssessError, Listed, read};
use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{AssessmentKind, Page, Store};
use crate::ports::{Clock, Ids};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// A published sheet.
    pub async fn sheet(&self, id: &str) -> Result<AssessmentSheet, AssessError> {
        let row = self.store.assessment(AssessmentKind::Sheet, id).await?;
        let row = row.ok_or_else(|| AssessError::NoSuch("考核表", id.to_owned()))?;
        read(&row.record)
    }

    /// All sheets of a division and below it, the oldest first.
    pub(crate) async fn published(
        &self,
        division: &DivisionCode,
    ) -> Result<Vec<AssessmentSheet>, AssessError> {
        let rows = self.all(AssessmentKind::Sheet, division).await?;
        rows.iter().map(|row| read(&row.record)).collect()
    }

    /// A page of the sheets of a division and below it, the newest first.
    pub async fn list_sheets(
        &self,
        division: &DivisionCode,
        page: &Page,
    ) -> Result<Listed<AssessmentSheet>, AssessError> {
        let kind = AssessmentKind::Sheet;
        let kept = self.store.assessments(kind, Some(division), page).await?;
        Listed::of(kept, page, |row| read(&row.record))
    }

    /// A page of the sheets that couldn't be made, and why.
    pub async fn list_failures(
        &self,
        division: &DivisionCode,
        page: &Page,
    ) -> Result<Listed<SheetFailure>, AssessError> {
        let kind = AssessmentKind::SheetFailure;
        let kept = self.store.assessments(kind, Some(division), page).await?;
        Listed::of(kept, page, |row| read(&row.record))
    }
}
