//! The pyramid of levels: how many cases were closed at each, and how many at it or below.

use fengqiao_core::ids::Level;
use serde::Serialize;

use crate::count::Counts;
use crate::countable::Countable;
use crate::formula::FormulaId;
use crate::judge::Basis;
use crate::value::Value;

/// One level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// The level.
    pub level: Level,
    /// Cases closed at this level.
    pub closed: u64,
    /// The formula of the share closed here or below, under which its cases are listed.
    pub formula: FormulaId,
    /// That share.
    pub share: Value,
}

/// Where matters are settled, the grid first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pyramid {
    /// From the grid up to the prefecture.
    pub steps: Vec<Step>,
    /// Closed above the prefecture.
    pub above: u64,
    /// All that were closed.
    pub closed: u64,
}

const STEPS: [(Level, Countable, FormulaId); 5] = [
    (
        Level::Grid,
        Countable::ClosedWithinGrid,
        FormulaId::LevelShareGrid,
    ),
    (
        Level::Village,
        Countable::ClosedWithinVillage,
        FormulaId::LevelShareVillage,
    ),
    (
        Level::Township,
        Countable::ClosedWithinTownship,
        FormulaId::LevelShareTownship,
    ),
    (
        Level::County,
        Countable::ClosedWithinCounty,
        FormulaId::LevelShareCounty,
    ),
    (
        Level::Prefecture,
        Countable::ClosedWithinPrefecture,
        FormulaId::LevelSharePrefecture,
    ),
];

impl Pyramid {
    /// The pyramid of a sheet.
    pub fn of(counts: &Counts, basis: Basis) -> Self {
        let mut below = 0;
        let mut steps = Vec::new();
        for (level, within, formula) in STEPS {
            let within = counts.fact(within, basis);
            steps.push(Step {
                level,
                closed: within.saturating_sub(below),
                formula,
                share: counts.value(formula, basis),
            });
            below = within;
        }
        let closed = counts.fact(Countable::Closed, basis);
        Self {
            steps,
            above: closed.saturating_sub(below),
            closed,
        }
    }

    /// Whether no level closed more than the one below it (正金字塔), the grid and the village taken as one base.
    pub fn is_upright(&self) -> bool {
        let mut closed: Vec<u64> = Vec::new();
        for step in &self.steps {
            match (step.level, closed.last_mut()) {
                (Level::Village, Some(base)) => *base += step.closed,
                _ => closed.push(step.closed),
            }
        }
        closed.push(self.above);
        closed.is_sorted_by(|lower, higher| lower >= higher)
    }
}
