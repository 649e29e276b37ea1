//! Bulletins (通报): counts from elsewhere, told to units, who say that they have read them.

use std::collections::BTreeMap;

use fengqiao_core::ids::{DivisionCode, UnitId};
use fengqiao_metrics::{Acknowledged, Bulletin, BulletinDraft};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AssessError, Filed, Listed, read};
use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{AssessmentKind, Page, Store};
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
    pub fn issue_bulletin(&self, draft: BulletinDraft) -> Result<Filed<BulletinRow>, AssessError> {
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
        let record = self.record(AssessmentKind::Bulletin, id.clone(), &division, &bulletin)?;
        Ok(Filed {
            row: BulletinRow { id, bulletin },
            record: Some(record),
        })
    }

    /// A bulletin with everybody's acknowledgement.
    pub async fn bulletin(&self, id: &str) -> Result<BulletinRow, AssessError> {
        let row = self.store.assessment(AssessmentKind::Bulletin, id).await?;
        let row = row.ok_or_else(|| AssessError::NoSuch("通报", id.to_owned()))?;
        let bulletin: Bulletin = read(&row.record)?;
        let mut rows = vec![BulletinRow {
            id: row.name,
            bulletin,
        }];
        self.acknowledge_all(&mut rows).await?;
        rows.pop()
            .ok_or_else(|| AssessError::NoSuch("通报", id.to_owned()))
    }

    /// A unit says that it has read its line. Said again, the first time stands.
    pub async fn acknowledge_bulletin(
        &self,
        id: &str,
        unit: &UnitId,
    ) -> Result<Filed<BulletinRow>, AssessError> {
        let mut row = self.bulletin(id).await?;
        let at = self.clock.now();
        let mut record = None;
        if row.bulletin.acknowledge(unit, at)? == Acknowledged::Now {
            let division = row.bulletin.content().division.clone();
            let given = Acknowledgement {
                bulletin: id.to_owned(),
                unit: unit.clone(),
                at,
            };
            let kind = AssessmentKind::Acknowledgement;
            record = Some(self.record(kind, acknowledgement(id, unit), &division, &given)?);
        }
        Ok(Filed { row, record })
    }

    /// A page of the bulletins of a division and below it, the newest first.
    pub async fn list_bulletins(
        &self,
        division: &DivisionCode,
        page: &Page,
    ) -> Result<Listed<BulletinRow>, AssessError> {
        let kind = AssessmentKind::Bulletin;
        let kept = self.store.assessments(kind, Some(division), page).await?;
        let mut listed = Listed::of(kept, page, |row| {
            Ok(BulletinRow {
                bulletin: read(&row.record)?,
                id: row.name,
            })
        })?;
        self.acknowledge_all(&mut listed.rows).await?;
        Ok(listed)
    }

    /// Puts in who has acknowledged, in one read for all of them.
    async fn acknowledge_all(&self, rows: &mut [BulletinRow]) -> Result<(), AssessError> {
        let mut places = BTreeMap::new();
        for (place, row) in rows.iter().enumerate() {
            for line in &row.bulletin.content().lines {
                places.insert(acknowledgement(&row.id, &line.unit), place);
            }
        }
        let names: Vec<String> = places.keys().cloned().collect();
        let kind = AssessmentKind::Acknowledgement;
        for kept in self.store.assessments_named(kind, &names).await? {
            let given: Acknowledgement = read(&kept.record)?;
            let row = places.get(&kept.name).and_then(|it| rows.get_mut(*it));
            if let Some(row) = row {
                row.bulletin.acknowledge(&given.unit, given.at)?;
            }
        }
        Ok(())
    }
}

/// The name of a unit's acknowledgement.
fn acknowledgement(bulletin: &str, unit: &UnitId) -> String {
    format!("{bulletin}/{unit}")
}
