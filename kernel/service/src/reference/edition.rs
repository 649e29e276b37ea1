//! An edition of the reference data: built from all files as they hold on one day, and recorded with what made it up.

use std::collections::BTreeSet;
use std::sync::Arc;

use fengqiao_calendar::{Calendar, CalendarError, local_date};
use fengqiao_reference::{
    Catalogue, DataError, Divisions, KINDS as REGISTERS, Reference, Register, Registers, Source,
    Units,
};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::ports::store::{Edition, ReferenceChange, ReferenceRow};

/// How the rows of notices of holidays are named.
const CALENDAR: &str = "calendar:";

/// What the store is told: new versions of files, and the edition that all of them make up.
pub(super) fn change(
    rows: &[ReferenceRow],
    fresh: Vec<ReferenceRow>,
    reference: &Reference,
    at: Timestamp,
) -> ReferenceChange {
    let files = rows
        .iter()
        .map(|row| (row.name.clone(), row.version.clone()));
    let of_people = fresh.iter().map(|row| &row.name);
    ReferenceChange {
        without_past: of_people
            .filter(|name| holds_people(name))
            .cloned()
            .collect(),
        rows: fresh,
        edition: Edition {
            version: reference.version().to_owned(),
            day: local_date(at),
            files: files.collect(),
            at,
        },
    }
}

/// Whether a file, by its row's name, belongs to a register with people in it.
fn holds_people(name: &str) -> bool {
    let kind = name
        .split_once(':')
        .and_then(|(kind, _)| fengqiao_reference::kind(kind));
    kind.is_some_and(|kind| {
        kind.columns
            .iter()
            .any(fengqiao_reference::Column::is_personal)
    })
}

/// Builds the snapshot of a day of all files, or says which one is wrong and where. What depends neither on a changed
/// kind nor on the day is taken over from the snapshot before.
pub(crate) fn build(
    rows: &[ReferenceRow],
    day: Date,
    before: Option<(&Reference, &BTreeSet<&str>)>,
) -> Result<Reference, DataError> {
    let of = |kind: &'static str| {
        let files = rows.iter().filter_map(move |row| {
            let (of, file) = row.name.split_once(':')?;
            (of == kind).then(|| Source::new(file, &row.content))
        });
        files.collect::<Vec<_>>()
    };
    let kept = |kinds: &[&str]| {
        let (reference, changed) = before?;
        (!kinds.iter().any(|kind| changed.contains(kind))).then_some(reference)
    };
    let divisions = match kept(&["divisions"]) {
        Some(before) => before.shared_divisions(),
        None => Divisions::load(&of("divisions"))?.into(),
    };
    let units = match kept(&["divisions", "units"]) {
        Some(before) => before.shared_units(),
        None => Units::load(&of("units"), &divisions)?.into(),
    };
    let catalogues = of("catalogue")
        .iter()
        .map(Catalogue::from_toml)
        .collect::<Result<Vec<_>, _>>()?;
    let mut registers = Vec::new();
    for kind in &REGISTERS {
        let sources = of(kind.code);
        let before = kept(&[kind.code]).and_then(|before| before.registers().get(kind.code));
        match before.filter(|before| before.next_change().is_none_or(|change| change > day)) {
            Some(before) => registers.push(Arc::clone(before)),
            None if sources.is_empty() => {}
            None => registers.push(Register::load(kind, &sources, day)?.into()),
        }
    }
    let lent = before.map(|(reference, _)| reference.registers().clone());
    let registers = Registers::new(registers, &lent.unwrap_or_default());
    let reference = Reference::new(divisions, units, catalogues)?
        .on(day)?
        .with_registers(registers)?;
    let notices = rows.iter().filter(|row| row.name.starts_with(CALENDAR));
    Ok(notices.fold(reference, |reference, row| reference.beside(&row.version)))
}

/// The working days by the notices that ship and those among the files.
pub(crate) fn working_days(rows: &[ReferenceRow]) -> Result<Calendar, CalendarError> {
    let notices: Vec<(&str, &str)> = rows
        .iter()
        .filter_map(|row| Some((row.name.strip_prefix(CALENDAR)?, row.content.as_str())))
        .collect();
    Calendar::china_with(&notices)
}
