//! Bulletins (通报): counts from elsewhere, told to units, who say that they have read them.

use fengqiao_core::ids::{DivisionCode, UnitId};
use fengqiao_metrics::{Acknowledged, Bulletin, BulletinDraft};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AssessError, read};
use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{AssessmentKind, Store};
use crate::ports::{Clock, Ids};

/// A bulletin with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BulletinRow {
    /// The division and the month: one bulletin each.
    pub id: String,
    /// It, with who has acknowledged.
    pub bulletin: Bulletin,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Acknowledgement {
    bulletin: String,
    unit: UnitId,
    at: Timestamp,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Checks the counts and issues the bulletin of a division and a month.
    pub async fn issue_bulletin(&self, draft: BulletinDraft) -> Result<BulletinRow, AssessError> {
        let division = draft.division.clone();
        let reference = self.reference();
        for line in &draft.lines {
            let unit = reference.units().get(&line.unit);
            if !unit.is_some_and(|unit| division.contains(&unit.division)) {
                return Err(AssessError::UnknownUnit(line.unit.to_string()));
            }
        }
        let id = format!("{division}-{}", draft.window.to_string().replace('/', "_"));
        let bulletin = draft.issue(self.clock.now())?;
        self.keep(AssessmentKind::Bulletin, id.clone(), &division, &bulletin)
            .await?;
        Ok(BulletinRow { id, bulletin })
    }

    /// A bulletin with everybody's acknowledgement.
    pub async fn bulletin(&self, id: &str) -> Result<BulletinRow, AssessError> {
        let row = self.store.assessment(AssessmentKind::Bulletin, id).await?;
        let row = row.ok_or_else(|| AssessError::NoSuch("通报", id.to_owned()))?;
        let mut bulletin: Bulletin = read(&row.record)?;
        for row in self
            .all(AssessmentKind::Acknowledgement, &row.division)
            .await?
        {
            let given: Acknowledgement = read(&row.record)?;
            if given.bulletin == id {
                bulletin.acknowledge(&given.unit, given.at)?;
            }
        }
        Ok(BulletinRow {
            id: row.name,
            bulletin,
        })
    }

    /// A unit says that it has read its line. Said again, the first time stands.
    pub async fn acknowledge_bulletin(
        &self,
        id: &str,
        unit: &UnitId,
    ) -> Result<BulletinRow, AssessError> {
        let mut row = self.bulletin(id).await?;
        let at = self.clock.now();
        if row.bulletin.acknowledge(unit, at)? == Acknowledged::Now {
            let division = row.bulletin.content().division.clone();
            let given = Acknowledgement {
                bulletin: id.to_owned(),
                unit: unit.clone(),
                at,
            };
            let name = format!("{id}/{unit}");
            let kept = self
                .keep(AssessmentKind::Acknowledgement, name, &division, &given)
                .await;
            if !matches!(kept, Err(AssessError::Already(_))) {
                kept?;
            }
        }
        Ok(row)
    }

    /// The bulletins of a division and below it, the oldest first.
    pub async fn bulletins(
        &self,
        division: &DivisionCode,
    ) -> Result<Vec<BulletinRow>, AssessError> {
        let mut rows = Vec::new();
        for row in self.all(AssessmentKind::Bulletin, division).await? {
            rows.push(self.bulletin(&row.name).await?);
        }
        Ok(rows)
    }
}
