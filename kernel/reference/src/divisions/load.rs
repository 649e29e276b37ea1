//! Reads divisions from CSV and builds the index, or says which row is wrong.

use fengqiao_core::ids::{DivisionCode, Level};

use super::{Divisions, Entry};
use crate::error::{DataError, Origin, Reason};
use crate::limits::MAX_DIVISIONS;
use crate::source::{Source, check_name};

pub(super) fn merge(base: &Divisions, sources: &[Source<'_>]) -> Result<Divisions, DataError> {
    let mut added = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let rows = parse(
            source,
            MAX_DIVISIONS.saturating_sub(base.len() + added.len()),
        )?;
        added.extend(rows.into_iter().map(|row| Added { file, ..row }));
    }
    added.sort_by(|one, other| one.code.cmp(&other.code));
    let origin = |row: &Added| at(sources, row.file, row.line);

    for (one, other) in added.iter().zip(added.iter().skip(1)) {
        if one.code == other.code {
            let code = one.code.to_string();
            return Err(origin(other).refuse(Reason::DuplicateDivision {
                code,
                first: origin(one),
            }));
        }
    }
    for row in &added {
        if base.position(&row.code).is_some() {
            let code = row.code.to_string();
            return Err(origin(row).refuse(Reason::DivisionInForce { code }));
        }
    }

    let mut joined: Vec<Joined> = base
        .iter()
        .map(|division| Joined {
            code: division.code.clone(),
            name: division.name.to_owned(),
            parent: division.parent.cloned(),
            origin: None,
        })
        .collect();
    joined.extend(added.into_iter().map(|row| Joined {
        origin: Some((row.file, row.line)),
        code: row.code,
        name: row.name,
        parent: row.parent,
    }));
    joined.sort_by(|one, other| one.code.cmp(&other.code));
    build(&joined, sources)
}

struct Added {
    file: usize,
    line: u64,
    code: DivisionCode,
    name: String,
    parent: Option<DivisionCode>,
}

struct Joined {
    code: DivisionCode,
    name: String,
    parent: Option<DivisionCode>,
    /// File and line of a new row; rows in force were checked when they came in.
    origin: Option<(usize, u64)>,
}

fn parse(source: &Source<'_>, room: usize) -> Result<Vec<Added>, DataError> {
    let origin = |line| Origin {
        file: source.file.into(),
        line,
    };
    let refuse_syntax = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        origin(line).refuse(Reason::Syntax {
            detail: error.to_string(),
        })
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(source.body().as_bytes());
    let header = reader.headers().map_err(refuse_syntax)?;
    let columns = Columns::find(header).map_err(|reason| origin(1).refuse(reason))?;

    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(refuse_syntax)? {
        let line = record.position().map_or(1, csv::Position::line);
        if rows.len() == room {
            let reason = Reason::TooMany {
                what: "区划",
                limit: MAX_DIVISIONS,
            };
            return Err(origin(line).refuse(reason));
        }
        let row = columns
            .row(&record, line)
            .map_err(|reason| origin(line).refuse(reason))?;
        rows.push(row);
    }
    Ok(rows)
}

struct Columns {
    code: usize,
    name: usize,
    level: usize,
    parent: usize,
}

impl Columns {
    fn find(header: &csv::StringRecord) -> Result<Self, Reason> {
        let find = |column: &str| {
            let found = header.iter().position(|name| name == column);
            found.ok_or_else(|| Reason::MissingColumn {
                column: column.to_owned(),
            })
        };
        Ok(Self {
            code: find("code")?,
            name: find("name")?,
            level: find("level")?,
            parent: find("parent")?,
        })
    }

    fn row(&self, record: &csv::StringRecord, line: u64) -> Result<Added, Reason> {
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
        Ok(Added {
            file: 0,
            line,
            code,
            name: name.to_owned(),
            parent,
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

fn build(joined: &[Joined], sources: &[Source<'_>]) -> Result<Divisions, DataError> {
    let mut rows = Vec::with_capacity(joined.len());
    let mut names = String::with_capacity(joined.iter().map(|row| row.name.len()).sum());
    for row in joined {
        let parent = parent_position(joined, row).map_err(|reason| match row.origin {
            Some((file, line)) => at(sources, file, line).refuse(reason),
            None => at(sources, 0, 1).refuse(reason),
        })?;
        rows.push(Entry {
            code: row.code.clone(),
            parent,
            name_start: narrow(names.len()),
            name_bytes: narrow(row.name.len()),
        });
        names.push_str(&row.name);
    }

    let mut by_parent: Vec<u32> = (0..narrow(rows.len())).collect();
    by_parent.sort_by_key(|at| (rows.get(*at as usize).and_then(|row| row.parent), *at));
    let mut by_name: Vec<u32> = (0..narrow(rows.len())).collect();
    let name_at = |at: &u32| joined.get(*at as usize).map(|row| row.name.as_str());
    by_name.sort_by(|one, other| name_at(one).cmp(&name_at(other)).then(one.cmp(other)));

    let mut divisions = Divisions {
        rows,
        names,
        by_parent,
        by_name,
        version: String::new(),
    };
    divisions.version = divisions.digest();
    Ok(divisions)
}

fn parent_position(joined: &[Joined], row: &Joined) -> Result<Option<u32>, Reason> {
    let Some(parent) = &row.parent else {
        return Ok(None);
    };
    let Ok(at) = joined.binary_search_by(|candidate| candidate.code.cmp(parent)) else {
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

fn at(sources: &[Source<'_>], file: usize, line: u64) -> Origin {
    let file = sources.get(file).map_or("", |source| source.file);
    Origin {
        file: file.into(),
        line,
    }
}

/// Positions and lengths fit: [`MAX_DIVISIONS`] names of [`crate::limits::MAX_NAME_CHARS`] characters are below 2³² bytes.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
