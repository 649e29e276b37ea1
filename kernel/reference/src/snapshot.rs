//! One immutable snapshot of all reference data, checked as a whole.

mod checked;

use std::collections::BTreeMap;
use std::sync::Arc;

use fengqiao_core::ids::{DivisionCode, Level, UnitId};
use fengqiao_core::matter::Point;
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::digest::Digest;
use crate::divisions::Divisions;
use crate::error::{DataError, Reason};
use crate::registers::Registers;
use crate::stations::{Nearby, RADIUS, Radii, SERVICES};
use crate::units::{Unit, Units};

/// What the kernel and its plugins look up while they answer one question.
#[derive(Debug, Clone)]
pub struct Reference {
    divisions: Arc<Divisions>,
    units: Arc<Units>,
    /// By code, then by the division that keeps it.
    catalogues: Arc<BTreeMap<String, BTreeMap<Option<DivisionCode>, Catalogue>>>,
    registers: Registers,
    /// When rows of catalogues begin or cease to hold.
    next_change: Option<Date>,
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
            checked::division(&divisions, "division", unit.division.as_str())
                .map_err(|reason| origin.refuse(reason))?;
        }
        let mut installed: BTreeMap<String, BTreeMap<_, Catalogue>> = BTreeMap::new();
        for catalogue in catalogues {
            checked::catalogue(&catalogue, &divisions, &units)?;
            let head = catalogue.head_origin();
            let keepers = installed.entry(catalogue.code().to_owned()).or_default();
            let keeper = catalogue.head().division.clone();
            if let Some(twin) = keepers.insert(keeper, catalogue) {
                let code = twin.code().to_owned();
                return Err(head.refuse(Reason::DuplicateCatalogue { code }));
            }
        }
        let mut digest = Digest::default();
        digest.field(divisions.version());
        digest.field(units.version());
        for catalogue in installed.values().flat_map(BTreeMap::values) {
            digest.field(catalogue.digest());
        }
        Ok(Self {
            divisions,
            units,
            catalogues: Arc::new(installed),
            registers: Registers::default(),
            next_change: None,
            version: digest.version(),
        })
    }

    /// The snapshot of one day: of every catalogue, the rows that hold on it.
    ///
    /// # Errors
    /// A catalogue that has a gap on that day.
    pub fn on(mut self, day: Date) -> Result<Self, DataError> {
        self.next_change = self
            .catalogues()
            .filter_map(|catalogue| catalogue.next_change(day))
            .min();
        let mut digest = Digest::default();
        digest.field(self.divisions.version());
        digest.field(self.units.version());
        let mut catalogues: BTreeMap<String, BTreeMap<_, Catalogue>> = BTreeMap::new();
        for (code, keepers) in self.catalogues.iter() {
            for (keeper, catalogue) in keepers {
                let edition = catalogue.on(day)?;
                checked::no_gap(&edition, &self.divisions)?;
                digest.field(edition.digest());
                let editions = catalogues.entry(code.clone()).or_default();
                editions.insert(keeper.clone(), edition);
            }
        }
        self.catalogues = Arc::new(catalogues);
        self.version = digest.version();
        Ok(self)
    }

    /// The first later day on which other rows of catalogues or registers hold; known once the snapshot is of a day.
    #[must_use]
    pub fn next_change(&self) -> Option<Date> {
        let changes = [self.next_change, self.registers.next_change()];
        changes.into_iter().flatten().min()
    }

    /// The same in an edition of its own, because something that is kept beside it has this version.
    #[must_use]
    pub fn beside(mut self, version: &str) -> Self {
        let mut digest = Digest::default();
        digest.field(&self.version);
        digest.field(version);
        self.version = digest.version();
        self
    }

    /// The same with these registers in the place of those it had.
    ///
    /// # Errors
    /// The first row that names a division, a unit, a word or a row that isn't there, or shows that something is missing.
    pub fn with_registers(mut self, registers: Registers) -> Result<Self, DataError> {
        registers.check(&self)?;
        let mut digest = Digest::default();
        digest.field(&self.version);
        for register in registers.iter() {
            digest.field(register.version());
        }
        if registers.iter().next().is_some() {
            self.version = digest.version();
        }
        self.registers = registers;
        Ok(self)
    }

    /// Names the whole content; recorded with whatever was decided on it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The divisions, to be used in the next snapshot.
    #[must_use]
    pub fn shared_divisions(&self) -> Arc<Divisions> {
        Arc::clone(&self.divisions)
    }

    /// The units, to be used in the next snapshot.
    #[must_use]
    pub fn shared_units(&self) -> Arc<Units> {
        Arc::clone(&self.units)
    }

    /// The divisions.
    #[must_use]
    pub fn divisions(&self) -> &Divisions {
        &self.divisions
    }

    /// The registers.
    #[must_use]
    pub fn registers(&self) -> &Registers {
        &self.registers
    }

    /// The services that stations are to offer around a place, with the radius of each.
    #[must_use]
    pub fn radii(&self, place: &DivisionCode) -> Radii {
        let services = self.catalogue(SERVICES, place).into_iter();
        let services = services.flat_map(|catalogue| {
            catalogue.words().filter_map(|word| {
                let row = catalogue.begins(&[word]).first()?;
                Some((word.to_owned(), row.get(RADIUS)?.parse().ok()?))
            })
        });
        services.collect()
    }

    /// What a rule is told of a point in `place`; none where no stations are loaded.
    #[must_use]
    pub fn nearby(&self, point: Point, place: &DivisionCode) -> Option<Nearby> {
        let stations = self.registers.stations()?;
        Some(stations.nearby(point, &self.radii(place)))
    }

    /// Whether a phone or identity number stands on a care list of the county of `place`.
    #[must_use]
    pub fn is_in_care(&self, number: &str, place: &DivisionCode) -> bool {
        let county = |code: &DivisionCode| {
            let county = self.divisions.at_level(code, Level::County);
            county.map(|county| county.code.clone())
        };
        let here = county(place);
        let care = self.registers.care().into_iter();
        let mut keepers = care.flat_map(|care| care.keepers(number));
        here.is_some() && keepers.any(|keeper| county(keeper) == here)
    }

    /// The linked platform through which a unit is reached.
    #[must_use]
    pub fn platform_of(&self, unit: &UnitId) -> Option<&str> {
        self.registers.linked()?.platform(unit)
    }

    /// The units.
    #[must_use]
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// Every catalogue, by code.
    pub fn catalogues(&self) -> impl Iterator<Item = &Catalogue> {
        self.catalogues.values().flat_map(BTreeMap::values)
    }

    /// The catalogue of this code that holds in `place`: the nearest division up the path that keeps one, then the one that holds everywhere.
    #[must_use]
    pub fn catalogue(&self, code: &str, place: &DivisionCode) -> Option<&Catalogue> {
        let keepers = self.catalogues.get(code)?;
        let path = self.divisions.ancestors(place);
        let mut path = path.map(|keeper| Some(keeper.code.clone())).chain([None]);
        path.find_map(|keeper| keepers.get(&keeper))
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
            registers: Registers::default(),
            next_change: None,
            version: digest.version(),
        }
    }
}
