//! What a catalogue must be, seen with the divisions and units that it names: no overlap, no gap, nobody unknown.

use std::collections::BTreeMap;

use fengqiao_core::ids::DivisionCode;

use crate::catalogue::{Catalogue, OneLead, OneRow, Row};
use crate::divisions::{Division, Divisions};
use crate::error::{DataError, Reason};
use crate::units::Units;

/// Rows of every day; two of them are in each other's way only where a day belongs to both.
pub(super) fn catalogue(
    catalogue: &Catalogue,
    divisions: &Divisions,
    units: &Units,
) -> Result<(), DataError> {
    let head = catalogue.head();
    if let Some(keeper) = &head.division {
        division(divisions, "division", keeper.as_str())
            .map_err(|reason| catalogue.head_origin().refuse(reason))?;
    }
    for row in catalogue.rows() {
        let refuse = |reason| catalogue.origin(row).refuse(reason);
        for column in head.division_columns() {
            for code in row.list(column) {
                division(divisions, column, code).map_err(refuse)?;
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
    if let Some(rule) = &head.one_lead {
        one_lead(catalogue, rule, divisions)?;
    }
    if let Some(rule) = &head.one_row {
        one_row(catalogue, rule, divisions)?;
    }
    Ok(())
}

/// A code that must be that of a division.
pub(super) fn division(divisions: &Divisions, field: &str, code: &str) -> Result<(), Reason> {
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

/// Every matter of an edition has a row in every place where the catalogue holds, if its head says so.
pub(super) fn no_gap(catalogue: &Catalogue, divisions: &Divisions) -> Result<(), DataError> {
    let head = catalogue.head();
    let Some(rule) = head.one_row.as_ref().filter(|rule| rule.everywhere) else {
        return Ok(());
    };
    let tops: Vec<Division<'_>> = match &head.division {
        Some(keeper) => divisions.get(keeper).into_iter().collect(),
        None => divisions.roots().collect(),
    };
    for rows in groups(catalogue, &rule.matter) {
        let held = held(&rows, rule.division.as_deref());
        let places: Vec<&DivisionCode> = held.keys().flatten().collect();
        let everywhere = held.contains_key(&None);
        let mut gaps = tops.iter().filter(|_| !everywhere);
        let gap = gaps.find_map(|top| gap(top, &places, divisions));
        if let (Some(gap), Some(first)) = (gap, rows.first()) {
            return Err(catalogue.origin(first).refuse(Reason::NoRowFor {
                matter: matter(first, &rule.matter),
                code: gap.code.to_string(),
                name: gap.name.to_owned(),
            }));
        }
    }
    Ok(())
}

/// The first division, from the top down, that lies in none of the places and has none of them below it.
fn gap<'d>(
    top: &Division<'d>,
    places: &[&DivisionCode],
    divisions: &'d Divisions,
) -> Option<Division<'d>> {
    if places
        .iter()
        .any(|place| divisions.is_within(top.code, place))
    {
        return None;
    }
    if !places
        .iter()
        .any(|place| divisions.is_within(place, top.code))
    {
        return Some(*top);
    }
    let mut below = divisions.children(top.code);
    below.find_map(|child| gap(&child, places, divisions))
}

fn one_lead(catalogue: &Catalogue, rule: &OneLead, divisions: &Divisions) -> Result<(), DataError> {
    let text = |row: &Row, column: &String| row.get(column).unwrap_or_default().to_owned();
    for rows in groups(catalogue, std::slice::from_ref(&rule.item)) {
        meetings(
            &rows,
            rule.division.as_deref(),
            divisions,
            |first, later| {
                if first.get(&rule.lead) == later.get(&rule.lead) {
                    return Ok(());
                }
                Err(catalogue.origin(later).refuse(Reason::TwoLeads {
                    item: text(later, &rule.item),
                    lead: text(later, &rule.lead),
                    other: text(first, &rule.lead),
                    first: catalogue.origin(first),
                }))
            },
        )?;
    }
    Ok(())
}

fn one_row(catalogue: &Catalogue, rule: &OneRow, divisions: &Divisions) -> Result<(), DataError> {
    for rows in groups(catalogue, &rule.matter) {
        meetings(
            &rows,
            rule.division.as_deref(),
            divisions,
            |first, later| {
                Err(catalogue.origin(later).refuse(Reason::Overlap {
                    matter: matter(later, &rule.matter),
                    first: catalogue.origin(first),
                }))
            },
        )?;
    }
    Ok(())
}

/// The rows that have the same values in these columns, group by group, as they stand in the file.
fn groups<'c>(catalogue: &'c Catalogue, columns: &[String]) -> Vec<Vec<&'c Row>> {
    let mut groups: BTreeMap<Vec<Option<&str>>, Vec<&Row>> = BTreeMap::new();
    let mut rows: Vec<&Row> = catalogue.rows().iter().collect();
    rows.sort_by_key(|row| row.line);
    for row in rows {
        let key = columns.iter().map(|column| row.get(column)).collect();
        groups.entry(key).or_default().push(row);
    }
    groups.into_values().collect()
}

/// Where each row holds, by place; `None` is everywhere.
fn held<'c>(
    rows: &[&'c Row],
    column: Option<&str>,
) -> BTreeMap<Option<DivisionCode>, Vec<&'c Row>> {
    let mut held: BTreeMap<Option<DivisionCode>, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        let places = row.list(column.unwrap_or_default());
        let mut places: Vec<_> = places.map(|code| code.parse().ok()).collect();
        if places.is_empty() {
            places.push(None);
        }
        for place in places {
            held.entry(place).or_default().push(row);
        }
    }
    held
}

/// Tells of any two rows that meet: on one day, and where one's division is the other's or above it. A row without a
/// division is above all.
fn meetings(
    rows: &[&Row],
    column: Option<&str>,
    divisions: &Divisions,
    mut met: impl FnMut(&Row, &Row) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let mut meet = |one: &Row, other: &Row| {
        if one.line == other.line || !one.validity.meets(other.validity) {
            Ok(())
        } else if one.line < other.line {
            met(one, other)
        } else {
            met(other, one)
        }
    };
    let held = held(rows, column);
    for (place, here) in &held {
        for (at, row) in here.iter().enumerate() {
            for other in here.iter().skip(at + 1) {
                meet(row, other)?;
            }
        }
        let above = place
            .iter()
            .flat_map(|place| divisions.ancestors(place).skip(1));
        let above = above.map(|above| Some(above.code.clone()));
        let everywhere = place.iter().map(|_| None);
        for others in above.chain(everywhere).filter_map(|place| held.get(&place)) {
            for row in here {
                for other in others {
                    meet(row, other)?;
                }
            }
        }
    }
    Ok(())
}

fn matter(row: &Row, columns: &[String]) -> String {
    let values = columns
        .iter()
        .map(|column| row.get(column).unwrap_or_default());
    values.collect::<Vec<_>>().join("/")
}
