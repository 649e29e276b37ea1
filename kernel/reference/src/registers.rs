//! All registers of one snapshot, checked against divisions, units, catalogues and each other.

mod care;
mod check;
mod linked;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::error::{DataError, Reason};
use crate::register::Register;
use crate::snapshot::Reference;
use crate::stations::Stations;

use care::Care;
use linked::Linked;

/// The registers in force, by the code of their kind; one that nobody handed in is absent.
#[derive(Debug, Clone, Default)]
pub struct Registers {
    all: BTreeMap<&'static str, Arc<Register>>,
    stations: Option<Arc<Stations>>,
    care: Option<Arc<Care>>,
    linked: Option<Arc<Linked>>,
}

impl Registers {
    /// Puts registers together and indexes them; `before` lends the index of a register that stays as it was.
    #[must_use]
    pub fn new(registers: impl IntoIterator<Item = Arc<Register>>, before: &Registers) -> Self {
        let all: BTreeMap<_, _> = registers
            .into_iter()
            .map(|register| (register.kind().code, register))
            .collect();
        let is_kept = |code: &str| match (all.get(code), before.all.get(code)) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        let stations = if is_kept("stations") {
            before.stations.clone()
        } else {
            let register = all.get("stations").cloned();
            register.map(|register| Arc::new(Stations::of(register)))
        };
        let care = if is_kept("care") {
            before.care.clone()
        } else {
            let register = all.get("care").cloned();
            register.map(|register| Arc::new(Care::of(&register)))
        };
        let linked = if is_kept("linked-units") {
            before.linked.clone()
        } else {
            let register = all.get("linked-units");
            register.map(|register| Arc::new(Linked::of(register)))
        };
        Self {
            all,
            stations,
            care,
            linked,
        }
    }

    /// The register of this kind.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Arc<Register>> {
        self.all.get(code)
    }

    /// Every register, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Register>> {
        self.all.values()
    }

    /// The stations, by place.
    #[must_use]
    pub fn stations(&self) -> Option<&Stations> {
        self.stations.as_deref()
    }

    pub(crate) fn care(&self) -> Option<&Care> {
        self.care.as_deref()
    }

    pub(crate) fn linked(&self) -> Option<&Linked> {
        self.linked.as_deref()
    }

    /// The first later day on which other rows hold.
    #[must_use]
    pub fn next_change(&self) -> Option<Date> {
        self.iter()
            .filter_map(|register| register.next_change())
            .min()
    }

    /// Whether every row names what there is; the first that doesn't, otherwise.
    pub(crate) fn check(&self, reference: &Reference) -> Result<(), DataError> {
        for register in self.iter() {
            check::names(register, self, reference)?;
        }
        if let Some(posts) = self.get("posts") {
            check::every_grid_has_somebody(posts, reference.divisions())?;
        }
        if let Some(teams) = self.get("teams") {
            check::every_team_of_a_grid_is_there(teams, reference)?;
        }
        if let Some(units) = self.get("linked-units") {
            linked::check(units, self, reference)?;
        }
        Ok(())
    }
}

/// What a register is refused for, at the row that shows it.
pub(crate) type Checked = Result<(), DataError>;

pub(crate) fn refuse(row: &crate::register::Entry<'_>, reason: Reason) -> Checked {
    Err(row.origin().refuse(reason))
}
