//! Reads divisions from CSV and builds the index, or says which row is wrong.

use csv::StringRecord;
use fengqiao_core::ids::{DivisionCode, Level};

use super::{Divisions, Entry, Key};
use crate::error::{DataError, Origin, Reason};
use crate::source::{Source, check_name};
use crate::table::Table;

pub(super) fn merge(
    base: &Divisions,
    sources: &[Source<'_>],
    limit: usize,
) -> Result<Divisions, DataError> {
    let mut drafts: Vec<Draft> = base.iter().map(Draft::in_force).collect();
    for source in sources {
        parse(source, limit, &mut drafts)?;
    }
    // The sort is stable: of rows with one code, the one in force comes first, then they stand as they were read.
    drafts.sort_by(|one, other| one.code.cmp(&other.code));
    refuse_duplicates(&drafts)?;
    index(drafts)
}

struct Draft {
    code: DivisionCode,
    name: String,
    parent: Option<DivisionCode>,
    /// Where a new row stands; rows in force were checked when they came in.
    origin: Option<Origin>,
}

impl Draft {
    fn in_force(division: super::Division<'_>) -> Self {
        Self {
            code: division.code.clone(),
            name: division.name.to_owned(),
            parent: division.parent.cloned(),
            origin: None,
        }
    }

    fn refuse(&self, reason: Reason) -> DataError {
        let origin = self.origin.clone();
        origin
            .unwrap_or(Origin {
                file: "".into(),
                line: 1,
            })
            .refuse(reason)
    }
}

fn parse(source: &Source<'_>, limit: usize, drafts: &mut Vec<Draft>) -> Result<(), DataError> {
    let mut table = Table::open(source)?;
    let columns = Columns::find(table.header());
    let columns = columns.map_err(|reason| table.header_origin().refuse(reason))?;
    let mut record = StringRecord::new();
    while let Some(origin) = table.next(&mut record)? {
        if drafts.len() == limit {
            return Err(origin.refuse(Reason::TooMany {
                what: "区划",
                limit,
            }));
        }
        let draft = columns
            .draft(&record)
            .map_err(|reason| origin.refuse(reason))?;
        drafts.push(Draft {
            origin: Some(origin),
            ..draft
        });
    }
    Ok(())
}

struct Columns {
    code: usize,
    name: usize,
    level: usize,
    parent: usize,
}

impl Columns {
    fn find(header: &StringRecord) -> Result<Self, Reason> {
        let find = |column: &str| {
            let found = header.iter().position(|name| name == column);
            found.ok_or_else(|| Reason::MissingColumn {
                column: column.to_owned(),
            })
        };
        let columns = Self {
            code: find("code")?,
            name: find("name")?,
            level: find("level")?,
            parent: find("parent")?,
        };
        let known = ["code", "name", "level", "parent"];
        match header.iter().find(|column| !known.contains(column)) {
            Some(column) => Err(Reason::UnknownColumn {
                column: column.to_owned(),
            }),
            None => Ok(columns),
        }
    }

    fn draft(&self, record: &StringRecord) -> Result<Draft, Reason> {
        let field = |column: usize| record.get(column).unwrap_or_default();
        let code = parse_code(field(self.code))?;
        let name = field(self.name);
        check_name("name", name)?;
        let (stated, actual) = (field(self.level), level_word(code.level()));
        if stated != actual {
            let (code, stated) = (code.to_string(), stated.to_owned());
            return Err(Reason::WrongLevel {
                code,
                stated,
                actual,
            });
        }
        let parent = match field(self.parent) {
            "" if matches!(code.level(), Level::Village | Level::Grid) => {
                return Err(Reason::NoParent {
                    code: code.to_string(),
                });
            }
            "" => None,
            parent => Some(parse_code(parent)?),
        };
        Ok(Draft {
            code,
            name: name.to_owned(),
            parent,
            origin: None,
        })
    }
}

fn parse_code(code: &str) -> Result<DivisionCode, Reason> {
    code.parse().map_err(|_| Reason::BadDivisionCode {
        code: code.to_owned(),
    })
}

/// The word of the `level` column.
fn level_word(level: Level) -> &'static str {
    match level {
        Level::Province => "province",
        Level::Prefecture => "prefecture",
        Level::County => "county",
        Level::Township => "township",
        Level::Village => "village",
        Level::Grid => "grid",
    }
}

fn refuse_duplicates(sorted: &[Draft]) -> Result<(), DataError> {
    for (one, other) in sorted.iter().zip(sorted.iter().skip(1)) {
        if one.code == other.code {
            let code = one.code.to_string();
            return Err(other.refuse(match &one.origin {
                Some(first) => Reason::DuplicateDivision {
                    code,
                    first: first.clone(),
                },
                None => Reason::DivisionInForce { code },
            }));
        }
    }
    Ok(())
}

fn index(sorted: Vec<Draft>) -> Result<Divisions, DataError> {
    let keys: Vec<Key> = sorted.iter().map(|row| Key::of(&row.code)).collect();
    let mut parents = Vec::with_capacity(sorted.len());
    for row in &sorted {
        parents.push(parent_position(&keys, row).map_err(|reason| row.refuse(reason))?);
    }
    let mut by_parent: Vec<u32> = (0..narrow(sorted.len())).collect();
    by_parent.sort_by_key(|at| (parents.get(*at as usize), *at));
    let mut by_name: Vec<u32> = (0..narrow(sorted.len())).collect();
    by_name.sort_by_key(|at| (sorted.get(*at as usize).map(|row| row.name.as_str()), *at));

    let mut rows = Vec::with_capacity(sorted.len());
    let mut names = String::with_capacity(sorted.iter().map(|row| row.name.len()).sum());
    for row in sorted {
        rows.push(Entry {
            level: row.code.level(),
            code: row.code,
            name_start: narrow(names.len()),
            name_bytes: u16::try_from(row.name.len()).unwrap_or(u16::MAX),
        });
        names.push_str(&row.name);
    }
    let version = String::new();
    let mut divisions = Divisions {
        keys,
        parents,
        rows,
        names,
        by_parent,
        by_name,
        version,
    };
    divisions.version = divisions.digest();
    Ok(divisions)
}

fn parent_position(keys: &[Key], row: &Draft) -> Result<Option<u32>, Reason> {
    let Some(parent) = &row.parent else {
        return Ok(None);
    };
    let Ok(at) = keys.binary_search(&Key::of(parent)) else {
        let code = parent.to_string();
        return Err(Reason::UnknownDivision {
            field: "parent".to_owned(),
            code,
        });
    };
    let holds = match (parent.level(), row.code.level()) {
        (above, Level::Grid) => matches!(above, Level::Township | Level::Village),
        (above, level) => above > level,
    };
    if holds {
        Ok(Some(narrow(at)))
    } else {
        let (code, parent) = (row.code.to_string(), parent.to_string());
        Err(Reason::WrongParentLevel { code, parent })
    }
}

/// Positions fit: a million names of at most 100 characters are below 2³² bytes.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn one_division_above_the_limit_is_refused_with_its_line() {
        let text = "code,name,level,parent\n990000000000,甲,province,\n990100000000,乙,prefecture,990000000000\n";
        let sources = [Source::new("divisions.csv", text)];
        assert_eq!(merge(&Divisions::default(), &sources, 2).unwrap().len(), 2);

        let error = merge(&Divisions::default(), &sources, 1).unwrap_err();
        assert_eq!(error.line, 3);
        assert_eq!(
            *error.reason,
            Reason::TooMany {
                what: "区划",
                limit: 1
            }
        );
    }

    #[test]
    fn divisions_in_force_count_towards_the_limit() {
        let base = [Source::new(
            "base.csv",
            "code,name,level,parent\n990000000000,甲,province,\n",
        )];
        let more = [Source::new(
            "more.csv",
            "code,name,level,parent\n980000000000,乙,province,\n",
        )];
        let base = merge(&Divisions::default(), &base, 1).unwrap();
        assert_eq!(
            *merge(&base, &more, 1).unwrap_err().reason,
            Reason::TooMany {
                what: "区划",
                limit: 1
            }
        );
    }
}
