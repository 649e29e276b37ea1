//! Whose reference data is: nobody brings, changes or takes away what isn't within their reach.

use fengqiao_core::ids::DivisionCode;
use fengqiao_reference::{
    Catalogue, Division, Divisions, Kind, Reference, Register, Source, Unit, Units, kind,
};
use jiff::civil::Date;

use super::{ReferenceError, ReferenceFile};
use crate::ports::store::ReferenceRow;

/// Whether a file may take the place of an older one of its kind and name.
pub(super) fn check_file(
    file: &ReferenceFile,
    old: Option<&ReferenceRow>,
    before: &Divisions,
    day: Date,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    if let Some(old) = old {
        let what = format!("文件 {} ", file.name);
        check_reach(what, old.keeper.as_ref(), before, reach)?;
    }
    let texts = old.into_iter().map(|old| old.content.as_str());
    for text in texts.chain([file.content.as_str()]) {
        let source = Source::new(&file.name, text);
        if file.kind == "calendar" {
            check_reach(format!("日历 {} ", file.name), None, before, reach)?;
        } else if file.kind == "catalogue" {
            check_catalogue(&source, before, reach)?;
        } else if let Some(kind) = kind(&file.kind) {
            check_rows(kind, &source, day, reach)?;
        }
    }
    Ok(())
}

/// Whether the divisions and units that are new, gone or others than before lie within reach.
pub(super) fn check_whole(
    before: &Reference,
    after: &Reference,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    if !std::ptr::eq(before.divisions(), after.divisions()) {
        check_divisions(before.divisions(), after.divisions(), reach)?;
    }
    if !std::ptr::eq(before.units(), after.units()) {
        check_units(before.units(), after.units(), reach)?;
    }
    Ok(())
}

/// What is a division's lies within reach; what is no one division's needs a reach over all that are known.
fn check_reach(
    what: String,
    keeper: Option<&DivisionCode>,
    divisions: &Divisions,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    match keeper {
        Some(keeper) if reach.contains(keeper) => Ok(()),
        Some(keeper) => Err(ReferenceError::OutOfReach {
            what,
            division: keeper.clone(),
        }),
        None if reaches_all(divisions, reach) => Ok(()),
        None => Err(ReferenceError::Everybodys { what }),
    }
}

/// Nobody reaches all divisions where none is known yet.
fn reaches_all(divisions: &Divisions, reach: &DivisionCode) -> bool {
    !divisions.is_empty() && divisions.roots().all(|root| reach.contains(root.code))
}

/// A catalogue that is kept for a division is that division's; one that is kept for none holds everywhere.
fn check_catalogue(
    source: &Source<'_>,
    divisions: &Divisions,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    let catalogue = Catalogue::from_toml(source)?;
    let head = catalogue.head();
    let what = format!("目录 {} ", head.code);
    check_reach(what, head.division.as_ref(), divisions, reach)
}

/// Every division that is new, gone or another than before lies within reach. The first table brings also what lies above
/// whoever brings it, and beside: nothing of anybody's is there yet.
fn check_divisions(
    before: &Divisions,
    after: &Divisions,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    if before.is_empty() {
        return Ok(());
    }
    let changed = |division: &Division<'_>, other: &Divisions| {
        other.get(division.code).as_ref() != Some(division)
    };
    let gone = before.iter().filter(|division| changed(division, after));
    let new = after.iter().filter(|division| changed(division, before));
    match gone
        .chain(new)
        .find(|division| !reach.contains(division.code))
    {
        Some(division) => Err(ReferenceError::OutOfReach {
            what: format!("区划 {} ", division.name),
            division: division.code.clone(),
        }),
        None => Ok(()),
    }
}

/// Every unit that is new, gone or another than before lies within reach.
fn check_units(before: &Units, after: &Units, reach: &DivisionCode) -> Result<(), ReferenceError> {
    let changed = |unit: &&Unit, other: &Units| other.get(&unit.id) != Some(*unit);
    let gone = before.iter().filter(|unit| changed(unit, after));
    let new = after.iter().filter(|unit| changed(unit, before));
    match gone.chain(new).find(|unit| !reach.contains(&unit.division)) {
        Some(unit) => Err(ReferenceError::OutOfReach {
            what: format!("单位 {} ", unit.id),
            division: unit.division.clone(),
        }),
        None => Ok(()),
    }
}

/// Every row of a file of a register, on whichever day it holds, lies within reach.
fn check_rows(
    kind: &'static Kind,
    source: &Source<'_>,
    day: Date,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    let register = Register::load(kind, &[*source], day)?;
    match register.named().find(|division| !reach.contains(division)) {
        Some(division) => Err(ReferenceError::OutOfReach {
            what: format!("登记册“{}”的行", kind.title),
            division: division.clone(),
        }),
        None => Ok(()),
    }
}
