//! One immutable snapshot of all reference data, checked as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use fengqiao_core::ids::{DivisionCode, UnitId};

use crate::catalogue::{Catalogue, OneLead, Row};
use crate::digest::Digest;
use crate::divisions::Divisions;
use crate::error::{DataError, Reason};
use crate::units::{Unit, Units};

/// What the kernel and its plugins look up while they answer one question.
#[derive(Debug, Clone)]
pub struct Reference {
    divisions: Arc<Divisions>,
    units: Arc<Units>,
    /// By code, then by the division that keeps it.
    catalogues: Arc<BTreeMap<(String, Option<DivisionCode>), Catalogue>>,
    version: String,
}

impl Reference {
    /// Puts a snapshot together.
    ///
    /// # Errors
    /// The first unit or catalogue row that names a division or a unit that isn't there, an item
    /// with two leads in one place, or a catalogue installed twice; no snapshot is made then.
    pub fn new(
        divisions: impl Into<Arc<Divisions>>,
        units: impl Into<Arc<Units>>,
        catalogues: Vec<Catalogue>,
    ) -> Result<Self, DataError> {
        let (divisions, units) = (divisions.into(), units.into());
        for (unit, origin) in units.rows() {
            known_division(&divisions, "division", unit.division.as_str())
                .map_err(|reason| origin.refuse(reason))?;
        }
        let mut installed = BTreeMap::new();
        for catalogue in catalogues {
            check(&catalogue, &divisions, &units)?;
            let head = catalogue.head_origin();
            let key = (
                catalogue.code().to_owned(),
                catalogue.head().division.clone(),
            );
            if let Some(twin) = installed.insert(key, catalogue) {
                let code = twin.code().to_owned();
                return Err(head.refuse(Reason::DuplicateCatalogue { code }));
            }
        }
        let mut digest = Digest::default();
        digest.field(divisions.version());
        digest.field(units.version());
        for catalogue in installed.values() {
            digest.field(catalogue.digest());
        }
        Ok(Self {
            divisions,
            units,
            catalogues: Arc::new(installed),
            version: digest.version(),
        })
    }

    /// Names the whole content; recorded with whatever was decided on it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The divisions.
    #[must_use]
    pub fn divisions(&self) -> &Divisions {
        &self.divisions
    }

    /// The units.
    #[must_use]
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// Every catalogue, by code.
    pub fn catalogues(&self) -> impl Iterator<Item = &Catalogue> {
        self.catalogues.values()
    }

    /// The catalogue of this code that holds in `place`: the nearest division up the path that keeps one, then the one that holds everywhere.
    #[must_use]
    pub fn catalogue(&self, code: &str, place: &DivisionCode) -> Option<&Catalogue> {
        let keepers = self
            .divisions
            .ancestors(place)
            .map(|keeper| Some(keeper.code.clone()));
        let mut keys = keepers
            .chain([None])
            .map(|keeper| (code.to_owned(), keeper));
        keys.find_map(|key| self.catalogues.get(&key))
    }

    /// The units in charge of `portfolio` for `place`, those of the nearest division up the path first, then by identifier.
    pub fn units_for(&self, portfolio: &str, place: &DivisionCode) -> impl Iterator<Item = &Unit> {
        self.units_over(place)
            .filter(move |unit| unit.has_portfolio(portfolio))
    }

    /// The unit of this name that a person in `place` means: that of the nearest division up the path.
    #[must_use]
    pub fn unit_named(&self, name: &str, place: &DivisionCode) -> Option<&Unit> {
        self.units_over(place).find(|unit| unit.name == name)
    }

    /// The units of `place` and of the divisions above it, nearest first, then by identifier.
    pub fn units_over(&self, place: &DivisionCode) -> impl Iterator<Item = &Unit> {
        let divisions = self.divisions.ancestors(place);
        divisions.flat_map(|division| self.units.in_division(division.code))
    }

    /// Whether the unit belongs to `division` or to one below it; false for an unknown unit.
    #[must_use]
    pub fn unit_is_within(&self, unit: &UnitId, division: &DivisionCode) -> bool {
        let unit = self.units.get(unit);
        unit.is_some_and(|unit| self.divisions.is_within(&unit.division, division))
    }
}

impl Default for Reference {
    fn default() -> Self {
        let mut digest = Digest::default();
        let (divisions, units) = (Divisions::default(), Units::default());
        digest.field(divisions.version());
        digest.field(units.version());
        Self {
            divisions: divisions.into(),
            units: units.into(),
            catalogues: Arc::default(),
            version: digest.version(),
        }
    }
}

fn check(catalogue: &Catalogue, divisions: &Divisions, units: &Units) -> Result<(), DataError> {
    let head = catalogue.head();
    if let Some(keeper) = &head.division {
        known_division(divisions, "division", keeper.as_str())
            .map_err(|reason| catalogue.head_origin().refuse(reason))?;
    }
    for row in catalogue.rows() {
        let refuse = |reason| catalogue.origin(row).refuse(reason);
        for column in head.division_columns() {
            for code in row.list(column) {
                known_division(divisions, column, code).map_err(refuse)?;
            }
        }
        for column in &head.units {
            for id in row.list(column) {
                if !id.parse().is_ok_and(|id| units.get(&id).is_some()) {
                    let (field, id) = (column.clone(), id.to_owned());
                    return Err(refuse(Reason::UnknownUnit { field, id }));
                }
            }
        }
    }
    match &head.one_lead {
        Some(rule) => check_one_lead(catalogue, rule, divisions),
        None => Ok(()),
    }
}

fn known_division(divisions: &Divisions, field: &str, code: &str) -> Result<(), Reason> {
    let Ok(division) = code.parse() else {
        return Err(Reason::BadDivisionCode {
            code: code.to_owned(),
        });
    };
    match divisions.get(&division) {
        Some(_) => Ok(()),
        None => Err(Reason::UnknownDivision {
            field: field.to_owned(),
            code: code.to_owned(),
        }),
    }
}

fn check_one_lead(
    catalogue: &Catalogue,
    rule: &OneLead,
    divisions: &Divisions,
) -> Result<(), DataError> {
    let mut rows: Vec<&Row> = catalogue.rows().iter().collect();
    rows.sort_by_key(|row| (row.get(&rule.item), row.line));
    for same_item in rows.chunk_by(|one, other| one.get(&rule.item) == other.get(&rule.item)) {
        for (count, row) in same_item.iter().enumerate() {
            let before = same_item.iter().take(count);
            let clash = |first: &&&Row| {
                first.get(&rule.lead) != row.get(&rule.lead) && meet(rule, first, row, divisions)
            };
            if let Some(first) = before.into_iter().find(clash) {
                let text = |row: &Row, column| row.get(column).unwrap_or_default().to_owned();
                return Err(catalogue.origin(row).refuse(Reason::TwoLeads {
                    item: text(row, &rule.item),
                    lead: text(row, &rule.lead),
                    other: text(first, &rule.lead),
                    first: catalogue.origin(first),
                }));
            }
        }
    }
    Ok(())
}

/// Whether two rows hold in one place; a row without divisions holds everywhere.
fn meet(rule: &OneLead, one: &Row, other: &Row, divisions: &Divisions) -> bool {
    let places = |row: &Row| -> Vec<DivisionCode> {
        let column = rule.division.as_deref().unwrap_or_default();
        row.list(column)
            .filter_map(|code| code.parse().ok())
            .collect()
    };
    let (one, other) = (places(one), places(other));
    one.is_empty()
        || other.is_empty()
        || one
            .iter()
            .any(|a| other.iter().any(|b| divisions.overlap(a, b)))
}
