//! The organisations that can be given work, by identifier, by division and by name.

mod load;

use std::collections::BTreeSet;

use fengqiao_core::ids::{DivisionCode, UnitId};
use serde::Serialize;

use crate::digest::Digest;
use crate::divisions::Divisions;
use crate::error::{DataError, Origin};
use crate::limits::MAX_UNITS;
use crate::source::Source;

/// One organisation (单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unit {
    /// What every record calls it.
    pub id: UnitId,
    /// What people call it; the only one of this name in its division.
    pub name: String,
    /// A code that the jurisdiction chooses (a hub, a department, a station); [`Unit::DEFAULT_KIND`] where none is written.
    pub kind: String,
    /// The division that it serves and belongs to.
    pub division: DivisionCode,
    /// What it is in charge of (分管), as codes or words that the jurisdiction's catalogues use too; in the file's order.
    pub portfolios: Vec<String>,
    /// The unit above it in the administration (属地主管).
    pub parent: Option<UnitId>,
    /// The unit above it in its trade (业务主管); both may supervise it (双重管理).
    pub business_parent: Option<UnitId>,
}

impl Unit {
    /// The kind of a unit whose row names none.
    pub const DEFAULT_KIND: &'static str = "department";

    /// Whether it is in charge of `portfolio`.
    #[must_use]
    pub fn has_portfolio(&self, portfolio: &str) -> bool {
        self.portfolios.iter().any(|own| own == portfolio)
    }

    /// The units right above it, the administrative one first.
    pub fn parents(&self) -> impl Iterator<Item = &UnitId> {
        self.parent.iter().chain(&self.business_parent)
    }
}

/// Every unit of one snapshot.
#[derive(Debug, Clone)]
pub struct Units {
    /// Sorted by identifier; each with where it was read.
    rows: Vec<(Unit, Origin)>,
    /// Positions sorted by division, then by identifier.
    by_division: Vec<usize>,
    /// Positions sorted by name, then by identifier.
    by_name: Vec<usize>,
    version: String,
}

impl Units {
    /// Loads the files as one register; a unit may name a parent of any file.
    ///
    /// Each is TOML with tables `[[unit]]` of `id`, `name`, `division`, and as needed `kind`, `portfolios`, `parent`, `business-parent`.
    ///
    /// # Errors
    /// The first row that is wrong; nothing is loaded then.
    pub fn load(sources: &[Source<'_>], divisions: &Divisions) -> Result<Self, DataError> {
        load::load(sources, divisions, MAX_UNITS)
    }

    /// Names this content; equal content has an equal version, whatever the order of the rows.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The unit with this identifier.
    #[must_use]
    pub fn get(&self, id: &UnitId) -> Option<&Unit> {
        self.row(id).map(|(unit, _)| unit)
    }

    /// Every unit, by identifier.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.rows.iter().map(|(unit, _)| unit)
    }

    /// The units of exactly this division, not of those below it, by identifier.
    pub fn in_division(&self, division: &DivisionCode) -> impl Iterator<Item = &Unit> {
        self.equal(&self.by_division, |unit| unit.division.cmp(division))
    }

    /// The units of exactly this name in all divisions, by identifier.
    pub fn by_name(&self, name: &str) -> impl Iterator<Item = &Unit> {
        self.equal(&self.by_name, |unit| unit.name.as_str().cmp(name))
    }

    /// The units right above: administrative first, then business, each once; nothing for an unknown unit.
    #[must_use]
    pub fn supervisors(&self, id: &UnitId) -> Vec<&Unit> {
        let mut supervisors: Vec<&Unit> = Vec::new();
        for parent in self.get(id).into_iter().flat_map(Unit::parents) {
            let known = supervisors.iter().any(|unit| unit.id == *parent);
            if let Some(unit) = self.get(parent).filter(|_| !known) {
                supervisors.push(unit);
            }
        }
        supervisors
    }

    /// Whether `superior` is above `id` by any chain of parents of either kind; no unit is above itself.
    #[must_use]
    pub fn is_above(&self, superior: &UnitId, id: &UnitId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = self.supervisors(id);
        while let Some(unit) = open.pop() {
            if unit.id == *superior {
                return true;
            }
            if seen.insert(&unit.id) {
                open.extend(self.supervisors(&unit.id));
            }
        }
        false
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &(Unit, Origin)> {
        self.rows.iter()
    }

    fn row(&self, id: &UnitId) -> Option<&(Unit, Origin)> {
        let at = self
            .rows
            .binary_search_by(|(unit, _)| unit.id.cmp(id))
            .ok()?;
        self.rows.get(at)
    }

    fn equal<'a>(
        &'a self,
        index: &'a [usize],
        order: impl Fn(&Unit) -> std::cmp::Ordering,
    ) -> impl Iterator<Item = &'a Unit> {
        let unit = |at: &usize| self.rows.get(*at).map(|(unit, _)| unit);
        let start = index.partition_point(|at| unit(at).is_some_and(|unit| order(unit).is_lt()));
        let rest = index.get(start..).unwrap_or_default();
        let count = rest.partition_point(|at| unit(at).is_some_and(|unit| order(unit).is_eq()));
        rest.iter()
            .take(count)
            .filter_map(|at| self.rows.get(*at))
            .map(|(unit, _)| unit)
    }

    fn digest(&self) -> String {
        let mut digest = Digest::default();
        for unit in self.iter() {
            digest.field(unit.id.as_str());
            digest.field(&unit.name);
            digest.field(&unit.kind);
            digest.field(unit.division.as_str());
            digest.list(&unit.portfolios);
            digest.option(unit.parent.as_ref().map(UnitId::as_str));
            digest.option(unit.business_parent.as_ref().map(UnitId::as_str));
        }
        digest.version()
    }
}

impl Default for Units {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            by_division: Vec::new(),
            by_name: Vec::new(),
            version: Digest::default().version(),
        }
    }
}
