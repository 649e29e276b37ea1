//! Which unit is reached through which linked platform; a unit through one at the most, and through none of another place.

use std::collections::BTreeMap;

use fengqiao_core::ids::UnitId;

use super::{Checked, Registers, refuse};
use crate::error::Reason;
use crate::register::{Entry, Register};
use crate::snapshot::Reference;

/// Units with the platform of each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Linked(BTreeMap<UnitId, Box<str>>);

impl Linked {
    pub(crate) fn of(register: &Register) -> Self {
        let rows = register.iter().filter_map(|row| {
            let unit = row.get("unit")?.parse().ok()?;
            Some((unit, row.get("platform")?.into()))
        });
        Self(rows.collect())
    }

    pub(crate) fn platform(&self, unit: &UnitId) -> Option<&str> {
        self.0.get(unit).map(AsRef::as_ref)
    }
}

/// A unit's cases go to one platform, which belongs to the unit's own place: whoever links a unit reaches over it, and
/// the platform's owner reaches over whoever links it.
pub(super) fn check(units: &Register, all: &Registers, reference: &Reference) -> Checked {
    let mut linked: BTreeMap<&str, Entry<'_>> = BTreeMap::new();
    for row in units.iter() {
        let unit = row.get("unit").unwrap_or_default();
        if let Some(first) = linked.insert(unit, row) {
            let (unit, first) = (unit.to_owned(), first.origin());
            return refuse(&row, Reason::LinkedTwice { unit, first });
        }
        let platform = row.get("platform").unwrap_or_default();
        let owner = all
            .get("linked-platforms")
            .and_then(|own| own.get(platform));
        let is_within = |division: &str, above: &str| {
            let codes = (division.parse(), above.parse());
            matches!(codes, (Ok(one), Ok(other)) if reference.divisions().is_within(&one, &other))
        };
        let at_home = unit.parse().is_ok_and(|unit| {
            let division = row.division().parse();
            division.is_ok_and(|division| reference.unit_is_within(&unit, &division))
        });
        if !at_home || !owner.is_some_and(|owner| is_within(row.division(), owner.division())) {
            let (unit, platform) = (unit.to_owned(), platform.to_owned());
            return refuse(&row, Reason::LinkedElsewhere { unit, platform });
        }
    }
    Ok(())
}
