//! The sheets that were published, and those that couldn't be made.

use fengqiao_core::ids::DivisionCode;

use super::sheets::{AssessmentSheet, SheetFailure};
use super::{AssessError, read};
use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{AssessmentKind, Store};
use crate::ports::{Clock, Ids};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// A published sheet.
    pub async fn sheet(&self, id: &str) -> Result<AssessmentSheet, AssessError> {
        let row = self.store.assessment(AssessmentKind::Sheet, id).await?;
        let row = row.ok_or_else(|| AssessError::NoSuch("考核表", id.to_owned()))?;
        read(&row.record)
    }

    /// The sheets of a division and below it, the oldest first.
    pub async fn published(
        &self,
        division: &DivisionCode,
    ) -> Result<Vec<AssessmentSheet>, AssessError> {
        let rows = self.all(AssessmentKind::Sheet, division).await?;
        rows.iter().map(|row| read(&row.record)).collect()
    }

    /// The sheets that couldn't be made, and why.
    pub async fn unpublished(
        &self,
        division: &DivisionCode,
    ) -> Result<Vec<SheetFailure>, AssessError> {
        let rows = self.all(AssessmentKind::SheetFailure, division).await?;
        rows.iter().map(|row| read(&row.record)).collect()
    }
}
