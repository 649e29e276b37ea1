//! What rows of registers name must be there, and what must be complete is complete.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_core::ids::{DivisionCode, Level};

use super::{Checked, Registers, refuse};
use crate::catalogue::Catalogue;
use crate::divisions::Divisions;
use crate::error::Reason;
use crate::register::{COMMON, Entry, Holds, Register};
use crate::snapshot::Reference;
use crate::stations::{RADIUS, SERVICES};

/// Registers whose rows stand in a grid.
const OF_GRIDS: [&str; 2] = ["grid-aliases", "teams"];

/// Divisions, units, words and rows of other registers that the rows name.
pub(super) fn names(register: &Register, all: &Registers, reference: &Reference) -> Checked {
    // Rows come by division, and a division has one edition of a codebook.
    let mut codebooks: BTreeMap<&str, Option<&Catalogue>> = BTreeMap::new();
    let mut division: Option<DivisionCode> = None;
    for row in register.iter() {
        if division
            .as_ref()
            .is_none_or(|known| known.as_str() != row.division())
        {
            let known = row.division().parse().ok();
            division = known.filter(|code| reference.divisions().get(code).is_some());
            codebooks.clear();
        }
        let Some(division) = &division else {
            let (field, code) = ("division".to_owned(), row.division().to_owned());
            return refuse(&row, Reason::UnknownDivision { field, code });
        };
        if OF_GRIDS.contains(&register.kind().code) && division.level() != Level::Grid {
            let code = division.to_string();
            return refuse(&row, Reason::NotAGrid { code });
        }
        for (column, value) in register
            .kind()
            .columns
            .iter()
            .zip(row.values().skip(COMMON.len()))
        {
            if value.is_empty() {
                continue;
            }
            let field = || column.name.to_owned();
            match column.holds {
                Holds::Unit => {
                    let known = value
                        .parse()
                        .is_ok_and(|id| reference.units().get(&id).is_some());
                    if !known {
                        let (field, id) = (field(), value.to_owned());
                        return refuse(&row, Reason::UnknownUnit { field, id });
                    }
                }
                Holds::Row(of) => {
                    if all.get(of).is_none_or(|other| other.get(value).is_none()) {
                        let (field, id) = (field(), value.to_owned());
                        return refuse(&row, Reason::UnknownRow { field, id, of });
                    }
                }
                Holds::Word(code) | Holds::Words(code) => {
                    let codebook = codebooks
                        .entry(code)
                        .or_insert_with(|| reference.catalogue(code, division));
                    words(&row, column.name, code, *codebook)?;
                }
                Holds::Text | Holds::Personal | Holds::Count | Holds::OneOf(_) => {}
            }
        }
    }
    Ok(())
}

fn words(
    row: &Entry<'_>,
    column: &str,
    code: &'static str,
    codebook: Option<&Catalogue>,
) -> Checked {
    let column = || column.to_owned();
    let Some(codebook) = codebook else {
        let field = column();
        return refuse(row, Reason::NoCodebook { field, code });
    };
    for word in row.list(&column()) {
        let Some(entry) = codebook.begins(&[word]).first() else {
            let (column, value) = (column(), word.to_owned());
            return refuse(row, Reason::NotInCodebook { column, value });
        };
        let radius = entry.get(RADIUS).unwrap_or_default();
        if code == SERVICES && !radius.parse::<u32>().is_ok_and(|metres| metres > 0) {
            return Err(codebook.origin(entry).refuse(Reason::BadValue {
                field: RADIUS.to_owned(),
                value: radius.to_owned(),
                wanted: "应为半径的米数，例如 500",
            }));
        }
    }
    Ok(())
}

/// Once a county says of one grid who is responsible for it, it says so of every grid (格中有人).
pub(super) fn every_grid_has_somebody(posts: &Register, divisions: &Divisions) -> Checked {
    let county = |code: &DivisionCode| {
        let county = divisions.at_level(code, Level::County);
        county.map(|county| county.code.clone())
    };
    let mut watched = BTreeSet::new();
    let mut counties: BTreeMap<DivisionCode, Entry<'_>> = BTreeMap::new();
    for row in posts.iter() {
        let Ok(code) = row.division().parse::<DivisionCode>() else {
            continue;
        };
        if code.level() == Level::Grid {
            if let Some(county) = county(&code) {
                counties.entry(county).or_insert(row);
            }
            watched.insert(code);
        }
    }
    if counties.is_empty() {
        return Ok(());
    }
    for grid in divisions
        .iter()
        .filter(|division| division.level == Level::Grid)
    {
        let keeper = county(grid.code).and_then(|county| counties.get(&county).copied());
        if let Some(row) = keeper.filter(|_| !watched.contains(grid.code)) {
            let (grid, name) = (grid.code.to_string(), grid.name.to_owned());
            return refuse(&row, Reason::NobodyInGrid { grid, name });
        }
    }
    Ok(())
}

/// A grid that has one team has one of each kind, and no two of a kind (十支队伍).
pub(super) fn every_team_of_a_grid_is_there(teams: &Register, reference: &Reference) -> Checked {
    let rows: Vec<Entry<'_>> = teams.iter().collect();
    for grid in rows.chunk_by(|one, other| one.division() == other.division()) {
        let mut kinds: BTreeMap<&str, &Entry<'_>> = BTreeMap::new();
        for row in grid {
            let kind = row.get("kind").unwrap_or_default();
            if let Some(first) = kinds.insert(kind, row) {
                let (grid, kind) = (row.division().to_owned(), kind.to_owned());
                let first = first.origin();
                return refuse(row, Reason::TeamTwice { grid, kind, first });
            }
        }
        let (Some(first), Some(Ok(code))) =
            (grid.first(), grid.first().map(|row| row.division().parse()))
        else {
            continue;
        };
        let codebook = reference.catalogue("team-kinds", &code);
        let words = codebook.into_iter().flat_map(Catalogue::words);
        let missing: Vec<String> = words
            .filter(|word| !kinds.contains_key(word))
            .map(str::to_owned)
            .collect();
        if !missing.is_empty() {
            let grid = first.division().to_owned();
            return refuse(first, Reason::TeamsMissing { grid, missing });
        }
    }
    Ok(())
}
