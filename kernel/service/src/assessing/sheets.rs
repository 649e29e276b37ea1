//! The sheet of a period: the kernel tallies, the division's plugin scores each unit, the kernel checks, ranks and keeps it.

use std::collections::BTreeMap;

use fengqiao_core::ids::{BindingId, Digest, DivisionCode, PrincipalId, Subject, UnitId};
use fengqiao_metrics::{
    Basis, Countable, Counts, Finding, Period, Ranked, ScoreSheet, Selection, rank,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::counting::Asked;
use super::{AssessError, Filed, write};
use crate::Service;
use crate::ports::advisor::{Advisor, Binding, Hook, Tallied};
use crate::ports::store::{AssessmentKind, Store};
use crate::ports::{Clock, Ids};
use crate::words::sha256;

/// A sheet: what was counted, by whom it was scored, and the ranks. It can be made again from the same facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AssessmentSheet {
    /// The division, the period and how often it was published.
    pub id: String,
    /// Whose.
    pub division: DivisionCode,
    /// Over which time, and until when facts were known.
    pub period: Period,
    /// Whether merged cases count.
    pub basis: Basis,
    /// The plugin's binding that scored.
    pub binding: BindingId,
    /// The plugin.
    pub component: Digest,
    /// A digest of its configuration.
    pub configuration: String,
    /// How often this period was published before, and this once more.
    pub revision: u32,
    /// Who published it; nobody where it was only tried.
    pub published_by: Option<PrincipalId>,
    /// When it was made.
    pub at: Timestamp,
    /// The counts of everybody together, by code.
    pub group: BTreeMap<String, u64>,
    /// Everybody who was scored, the best first.
    pub units: Vec<Scored>,
}

/// A unit on a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Scored {
    /// 1 is the best; equals share it.
    pub rank: usize,
    /// Who.
    pub unit: UnitId,
    /// How they did, item by item.
    pub score: ScoreSheet,
    /// What the plugin was told of them: every code whose entries can be listed.
    pub tallies: BTreeMap<String, u64>,
}

/// A sheet that couldn't be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SheetFailure {
    /// Whose.
    pub division: DivisionCode,
    /// Over which time.
    pub period: Period,
    /// At whom it failed.
    pub unit: String,
    /// The binding that couldn't score.
    pub binding: BindingId,
    /// The failure's kind.
    pub failure: String,
    /// When.
    pub at: Timestamp,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Makes a sheet without recording it.
    pub async fn draft_sheet(
        &self,
        division: &DivisionCode,
        period: Period,
        basis: Basis,
    ) -> Result<AssessmentSheet, AssessError> {
        let asked = Asked {
            division: division.clone(),
            selection: Selection::default(),
            period,
            basis,
        };
        let counted = self.count(&asked, None).await?;
        let binding = self.scoring(division)?;
        let reference = self.reference();
        let assessed = |unit: &UnitId| {
            let facts = reference.units().get(unit);
            facts.is_some_and(|facts| {
                let kinds = &counted.rules.assessed;
                division.contains(&facts.division)
                    && (kinds.is_empty() || kinds.contains(&facts.kind))
            })
        };
        let units = counted.sheets.units.iter();
        let units: Vec<(&UnitId, &Counts)> = units
            .filter(|(unit, counts)| assessed(unit) && did_something(counts, basis))
            .collect();
        if units.is_empty() {
            return Err(AssessError::NobodyToScore);
        }
        let group = counted.sheets.group(units.iter().map(|(unit, _)| *unit));
        let group = group.tallies(basis);
        let mut scores: BTreeMap<UnitId, (ScoreSheet, Vec<(String, u64)>)> = BTreeMap::new();
        for (unit, counts) in units {
            let own = counts.tallies(basis);
            let score = self.score(&binding, unit, period, &own, &group).await;
            scores.insert(unit.clone(), (score?, own));
        }
        let totals = scores.iter();
        let totals = totals.map(|(unit, (score, _))| (unit.clone(), score.total_hundredths));
        let ranked: Vec<Ranked<UnitId>> = rank(totals.collect());
        let scored = ranked.into_iter().filter_map(|ranked| {
            let (score, tallies) = scores.remove(&ranked.who)?;
            Some(Scored {
                rank: ranked.rank,
                unit: ranked.who,
                score,
                tallies: tallies.into_iter().collect(),
            })
        });
        Ok(AssessmentSheet {
            id: String::new(),
            division: division.clone(),
            period,
            basis,
            binding: binding.id.clone(),
            component: binding.component.clone(),
            configuration: sha256(binding.config.as_bytes()),
            revision: 0,
            published_by: None,
            at: self.clock.now(),
            group: group.into_iter().collect(),
            units: scored.collect(),
        })
    }

    /// Makes a sheet that is recorded for good. A later one of the same period stands beside it, as its next revision.
    pub async fn publish_sheet(
        &self,
        division: &DivisionCode,
        period: Period,
        basis: Basis,
        by: &PrincipalId,
    ) -> Result<Filed<AssessmentSheet>, AssessError> {
        let mut sheet = match self.draft_sheet(division, period, basis).await {
            Ok(sheet) => sheet,
            Err(error) => {
                self.note_failure(division, period, &error).await?;
                return Err(error);
            }
        };
        let earlier = self.published(division).await?;
        let of_period = |sheet: &&AssessmentSheet| {
            sheet.division == *division && sheet.period.window == period.window
        };
        let earlier = earlier.iter().filter(of_period).map(|sheet| sheet.revision);
        sheet.revision = earlier.max().unwrap_or(0).saturating_add(1);
        let window = period.window.to_string().replace('/', "_");
        sheet.id = format!("{division}-{window}-{}", sheet.revision);
        sheet.published_by = Some(by.clone());
        let (id, kind) = (sheet.id.clone(), AssessmentKind::Sheet);
        let record = self.record(kind, id, division, &sheet)?;
        Ok(Filed {
            row: sheet,
            record: Some(record),
        })
    }

    /// What stands beside the ranking of a sheet.
    pub async fn watch_of(&self, sheet: &AssessmentSheet) -> Result<Vec<Finding>, AssessError> {
        let asked = Asked {
            division: sheet.division.clone(),
            selection: Selection::default(),
            period: sheet.period,
            basis: sheet.basis,
        };
        self.watch(&asked).await
    }

    /// The binding that scores: the nearest division's, and there the first.
    fn scoring(&self, division: &DivisionCode) -> Result<Binding, AssessError> {
        let bindings = self.bindings();
        let along = bindings.iter().filter(|binding| {
            binding.hooks.contains(&Hook::Assess) && binding.division.contains(division)
        });
        let nearest = along.min_by_key(|it| (it.division.level(), it.order, it.id.clone()));
        let none = || AssessError::NoScoring(division.clone());
        nearest.cloned().ok_or_else(none)
    }

    async fn score(
        &self,
        binding: &Binding,
        unit: &UnitId,
        period: Period,
        own: &[(String, u64)],
        group: &[(String, u64)],
    ) -> Result<ScoreSheet, AssessError> {
        let tallied = Tallied {
            subject: Subject::Unit(unit.clone()),
            period: period.window.to_string(),
            own: own.to_vec(),
            group: group.to_vec(),
        };
        let score = self.advisor.assess(binding, &tallied).await;
        let score = score.map_err(|error| AssessError::scoring(unit.as_str(), &error))?;
        score.check().map_err(|error| AssessError::ScoringFailed {
            unit: unit.to_string(),
            failure: "bad-score".to_owned(),
            detail: error.to_string(),
        })?;
        Ok(score)
    }

    async fn note_failure(
        &self,
        division: &DivisionCode,
        period: Period,
        error: &AssessError,
    ) -> Result<(), AssessError> {
        let AssessError::ScoringFailed { unit, failure, .. } = error else {
            return Ok(());
        };
        let binding = self.scoring(division)?;
        let failed = SheetFailure {
            division: division.clone(),
            period,
            unit: unit.clone(),
            binding: binding.id,
            failure: failure.clone(),
            at: self.clock.now(),
        };
        let name = sha256(write(&failed)?.as_bytes());
        let record = self.record(AssessmentKind::SheetFailure, name, division, &failed)?;
        // The same failure at the same instant is one.
        self.store.put_assessment(&record).await?;
        Ok(())
    }
}

/// What a unit did in the period before is no reason to score it in this one.
fn did_something(counts: &Counts, basis: Basis) -> bool {
    let before = Countable::AcceptedBefore.code();
    let tallies = counts.tallies(basis);
    tallies
        .iter()
        .any(|(code, count)| *count > 0 && code != before)
}
