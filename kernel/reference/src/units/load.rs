//! Reads units from TOML and checks them against the divisions and each other.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_core::ids::{DivisionCode, UnitId};
use serde::Deserialize;
use toml::Spanned;

use super::{Unit, Units};
use crate::divisions::Divisions;
use crate::error::{DataError, Origin, Reason};
use crate::limits::MAX_PORTFOLIOS;
use crate::source::{Lines, Source, check_name};

pub(super) fn load(
    sources: &[Source<'_>],
    divisions: &Divisions,
    limit: usize,
) -> Result<Units, DataError> {
    let mut drafts = Vec::new();
    for source in sources {
        let lines = source.lines();
        let file: File = toml::from_str(source.text).map_err(|error| lines.syntax(&error))?;
        for row in file.units {
            let draft = row.check(&lines, divisions)?;
            if drafts.len() == limit {
                let reason = Reason::TooMany {
                    what: "单位",
                    limit,
                };
                return Err(draft.origin.refuse(reason));
            }
            drafts.push(draft);
        }
    }
    drafts.sort_by(|one, other| one.unit.id.cmp(&other.unit.id));
    refuse_duplicate_ids(&drafts)?;
    refuse_duplicate_names(&drafts)?;
    refuse_unknown_parents(&drafts)?;
    refuse_cycles(&drafts)?;
    Ok(index(drafts))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "unit")]
    units: Vec<UnitRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct UnitRow {
    id: Spanned<String>,
    name: Spanned<String>,
    kind: Option<Spanned<String>>,
    division: Spanned<String>,
    #[serde(default)]
    portfolios: Vec<Spanned<String>>,
    parent: Option<Spanned<String>>,
    business_parent: Option<Spanned<String>>,
}

struct Draft {
    unit: Unit,
    origin: Origin,
    /// Where the parents are written, in the order of [`Unit::parents`].
    parents: Vec<(&'static str, Origin)>,
}

impl UnitRow {
    fn check(self, lines: &Lines<'_>, divisions: &Divisions) -> Result<Draft, DataError> {
        let line_of = |field: &Spanned<String>| lines.origin(field.span().start);
        let id_in = |field: &Spanned<String>| {
            let id = field.get_ref();
            id.parse::<UnitId>().map_err(|error| {
                let reason = Reason::BadUnitId {
                    id: id.clone(),
                    detail: error.to_string(),
                };
                line_of(field).refuse(reason)
            })
        };

        check_name("name", self.name.get_ref())
            .map_err(|reason| line_of(&self.name).refuse(reason))?;
        if let Some(kind) = &self.kind {
            check_name("kind", kind.get_ref()).map_err(|reason| line_of(kind).refuse(reason))?;
        }
        let mut parents = Vec::new();
        parents.extend(self.parent.iter().map(|field| ("parent", line_of(field))));
        parents.extend(
            self.business_parent
                .iter()
                .map(|field| ("business-parent", line_of(field))),
        );

        Ok(Draft {
            origin: line_of(&self.id),
            parents,
            unit: Unit {
                id: id_in(&self.id)?,
                division: known_division(&self.division, divisions)
                    .map_err(|reason| line_of(&self.division).refuse(reason))?,
                portfolios: portfolios(&self.portfolios, lines)?,
                parent: self.parent.as_ref().map(id_in).transpose()?,
                business_parent: self.business_parent.as_ref().map(id_in).transpose()?,
                kind: self
                    .kind
                    .map_or(Unit::DEFAULT_KIND.to_owned(), Spanned::into_inner),
                name: self.name.into_inner(),
            },
        })
    }
}

fn known_division(field: &Spanned<String>, divisions: &Divisions) -> Result<DivisionCode, Reason> {
    let code = field.get_ref();
    let division: DivisionCode = code
        .parse()
        .map_err(|_| Reason::BadDivisionCode { code: code.clone() })?;
    match divisions.get(&division) {
        Some(_) => Ok(division),
        None => Err(Reason::UnknownDivision {
            field: "division".to_owned(),
            code: code.clone(),
        }),
    }
}

fn portfolios(fields: &[Spanned<String>], lines: &Lines<'_>) -> Result<Vec<String>, DataError> {
    let mut seen = BTreeSet::new();
    for (count, field) in fields.iter().enumerate() {
        let portfolio = field.get_ref();
        let checked = if count == MAX_PORTFOLIOS {
            Err(Reason::TooMany {
                what: "职责",
                limit: MAX_PORTFOLIOS,
            })
        } else if seen.insert(portfolio) {
            check_name("portfolios", portfolio)
        } else {
            Err(Reason::DuplicatePortfolio {
                portfolio: portfolio.clone(),
            })
        };
        checked.map_err(|reason| lines.origin(field.span().start).refuse(reason))?;
    }
    Ok(fields.iter().map(|field| field.get_ref().clone()).collect())
}

fn refuse_duplicate_ids(sorted: &[Draft]) -> Result<(), DataError> {
    for (one, other) in sorted.iter().zip(sorted.iter().skip(1)) {
        if one.unit.id == other.unit.id {
            let id = one.unit.id.to_string();
            let reason = Reason::DuplicateUnit {
                id,
                first: one.origin.clone(),
            };
            return Err(other.origin.refuse(reason));
        }
    }
    Ok(())
}

fn refuse_duplicate_names(drafts: &[Draft]) -> Result<(), DataError> {
    let mut seen = BTreeMap::new();
    for draft in drafts {
        let unit = &draft.unit;
        if let Some(first) = seen.insert((&unit.division, &unit.name), &draft.origin) {
            return Err(draft.origin.refuse(Reason::DuplicateUnitName {
                name: unit.name.clone(),
                division: unit.division.to_string(),
                first: first.clone(),
            }));
        }
    }
    Ok(())
}

fn refuse_unknown_parents(sorted: &[Draft]) -> Result<(), DataError> {
    for draft in sorted {
        for (parent, (field, origin)) in draft.unit.parents().zip(&draft.parents) {
            if find(sorted, parent).is_none() {
                let (field, id) = ((*field).to_owned(), parent.to_string());
                return Err(origin.refuse(Reason::UnknownUnit { field, id }));
            }
        }
    }
    Ok(())
}

/// Takes away, again and again, the units whose parents are all gone. What stays has a parent that
/// stays, so walking upward from any of them must come round.
fn refuse_cycles(sorted: &[Draft]) -> Result<(), DataError> {
    let mut waiting: Vec<usize> = Vec::with_capacity(sorted.len());
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); sorted.len()];
    let mut free = Vec::new();
    for (at, draft) in sorted.iter().enumerate() {
        let parents: BTreeSet<usize> = draft
            .unit
            .parents()
            .filter_map(|parent| find(sorted, parent))
            .collect();
        waiting.push(parents.len());
        if parents.is_empty() {
            free.push(at);
        }
        for parent in parents {
            if let Some(children) = below.get_mut(parent) {
                children.push(at);
            }
        }
    }
    while let Some(at) = free.pop() {
        for child in below.get(at).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*child) {
                *count -= 1;
                if *count == 0 {
                    free.push(*child);
                }
            }
        }
    }
    let stays = |at: &usize| waiting.get(*at).is_some_and(|count| *count > 0);
    match (0..sorted.len()).find(|at| stays(at)) {
        Some(start) => Err(cycle(sorted, start, stays)),
        None => Ok(()),
    }
}

fn cycle(sorted: &[Draft], start: usize, stays: impl Fn(&usize) -> bool) -> DataError {
    let up = |at: &usize| {
        let mut parents = sorted
            .get(*at)?
            .unit
            .parents()
            .filter_map(|parent| find(sorted, parent));
        parents.find(&stays)
    };
    let mut way: Vec<usize> = Vec::new();
    let mut walked = BTreeSet::new();
    let mut next = Some(start);
    while let Some(at) = next.filter(|at| walked.insert(*at)) {
        way.push(at);
        next = up(&at);
    }
    let circle = way.iter().skip_while(|at| Some(**at) != next).chain(&next);
    let drafts: Vec<&Draft> = circle.filter_map(|at| sorted.get(*at)).collect();
    let units = drafts
        .iter()
        .map(|draft| draft.unit.id.to_string())
        .collect();
    let origin = drafts.first().map_or(
        Origin {
            file: "".into(),
            line: 1,
        },
        |draft| draft.origin.clone(),
    );
    origin.refuse(Reason::SupervisionCycle { units })
}

fn find(sorted: &[Draft], id: &UnitId) -> Option<usize> {
    sorted.binary_search_by(|draft| draft.unit.id.cmp(id)).ok()
}

fn index(sorted: Vec<Draft>) -> Units {
    let rows: Vec<(Unit, Origin)> = sorted
        .into_iter()
        .map(|draft| (draft.unit, draft.origin))
        .collect();
    let unit = |at: &usize| rows.get(*at).map(|(unit, _)| unit);
    let mut by_division: Vec<usize> = (0..rows.len()).collect();
    by_division.sort_by_key(|at| unit(at).map(|unit| &unit.division));
    let mut by_name: Vec<usize> = (0..rows.len()).collect();
    by_name.sort_by_key(|at| unit(at).map(|unit| &unit.name));
    let mut units = Units {
        rows,
        by_division,
        by_name,
        version: String::new(),
    };
    units.version = units.digest();
    units
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn one_unit_above_the_limit_is_refused_with_its_line() {
        let divisions = "code,name,level,parent\n990000000000,甲,province,\n";
        let divisions = Divisions::load(&[Source::new("divisions.csv", divisions)]).unwrap();
        let text = r#"
[[unit]]
id = "u1"
name = "一局"
division = "990000000000"
[[unit]]
id = "u2"
name = "二局"
division = "990000000000"
"#;
        let sources = [Source::new("units.toml", text)];
        assert_eq!(load(&sources, &divisions, 2).unwrap().len(), 2);

        let error = load(&sources, &divisions, 1).unwrap_err();
        assert_eq!(error.line, 7);
        assert_eq!(
            *error.reason,
            Reason::TooMany {
                what: "单位",
                limit: 1
            }
        );
    }
}
