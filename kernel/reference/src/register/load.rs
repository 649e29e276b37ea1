//! Reads a register from CSV or TOML and checks what can be checked without other reference data.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;
use fengqiao_core::ids::DivisionCode;
use jiff::civil::Date;
use toml::Spanned;

use super::{COMMON, Column, Entries, Holds, Kind, Register};
use crate::cell::Cell;
use crate::digest::Digest;
use crate::error::{DataError, Origin, Reason};
use crate::limits::MAX_FIELD_BYTES;
use crate::source::{Source, check_name};
use crate::table::Table;
use crate::validity::Validity;

/// What is shown in the place of something personal.
const UNSHOWN: &str = "（不显示）";

pub(super) fn load(
    kind: &'static Kind,
    sources: &[Source<'_>],
    day: Date,
    most_rows: usize,
    most_bytes: usize,
) -> Result<Register, DataError> {
    let mut draft = Draft {
        kind,
        rows: Entries::new(kind),
        named: BTreeSet::new(),
        validities: Vec::new(),
        most_rows,
        most_bytes,
    };
    for source in sources {
        draft.rows.file(source.file);
        if source.is_toml() {
            draft.read_toml(source)?;
        } else {
            draft.read_csv(source)?;
        }
    }
    draft.finish(day)
}

struct Draft {
    kind: &'static Kind,
    rows: Entries,
    named: BTreeSet<DivisionCode>,
    validities: Vec<Validity>,
    most_rows: usize,
    most_bytes: usize,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "row")]
    rows: Vec<Spanned<BTreeMap<String, Cell>>>,
}

impl Draft {
    fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let own = self.kind.columns.iter().map(|column| column.name);
        COMMON.into_iter().chain(own)
    }

    fn known(&self, column: &str) -> Result<(), Reason> {
        if self.names().any(|name| name == column) {
            return Ok(());
        }
        let column = column.to_owned();
        Err(Reason::UnknownColumn { column })
    }

    fn read_csv(&mut self, source: &Source<'_>) -> Result<(), DataError> {
        let mut table = Table::open(source)?;
        let header = table.header().clone();
        for column in &header {
            self.known(column)
                .map_err(|reason| table.header_origin().refuse(reason))?;
        }
        let places: Vec<Option<usize>> = self
            .names()
            .map(|name| header.iter().position(|column| column == name))
            .collect();
        let mut record = StringRecord::new();
        while let Some(origin) = table.next(&mut record)? {
            let fields: Vec<&str> = places
                .iter()
                .map(|place| place.and_then(|at| record.get(at)).unwrap_or_default())
                .collect();
            self.row(&fields, &origin)?;
        }
        Ok(())
    }

    fn read_toml(&mut self, source: &Source<'_>) -> Result<(), DataError> {
        let lines = source.lines();
        let file: File = toml::from_str(source.text).map_err(|error| lines.syntax(&error))?;
        for row in file.rows {
            let origin = lines.origin(row.span().start);
            let mut cells = row.into_inner();
            if let Some(column) = cells.keys().find(|column| self.known(column).is_err()) {
                let column = column.clone();
                return Err(origin.refuse(Reason::UnknownColumn { column }));
            }
            let texts: Vec<String> = self
                .names()
                .map(|name| cells.remove(name).map_or(String::new(), Cell::into_text))
                .collect();
            let fields: Vec<&str> = texts.iter().map(|text| text.trim()).collect();
            self.row(&fields, &origin)?;
        }
        Ok(())
    }

    fn row(&mut self, fields: &[&str], origin: &Origin) -> Result<(), DataError> {
        let refuse = |reason| origin.refuse(reason);
        if self.rows.read() == self.most_rows {
            return Err(refuse(Reason::TooMany {
                what: "行",
                limit: self.most_rows,
            }));
        }
        let added: usize = fields.iter().map(|field| field.len()).sum();
        if self.rows.bytes() + added > self.most_bytes {
            return Err(refuse(Reason::TooMany {
                what: "字节数",
                limit: self.most_bytes,
            }));
        }
        let common = |at: usize| fields.get(at).copied().unwrap_or_default();
        check_name("id", common(0)).map_err(refuse)?;
        let division = read_division(common(1)).map_err(refuse)?;
        let validity = Validity::read(filled(common(2)), filled(common(3))).map_err(refuse)?;
        let own = fields.iter().skip(COMMON.len());
        for (column, value) in self.kind.columns.iter().zip(own) {
            check_field(column, filled(value)).map_err(refuse)?;
        }
        let value = |column: &str| {
            let at = self.names().position(|name| name == column)?;
            filled(fields.get(at)?).map(str::to_owned)
        };
        (self.kind.check)(&value).map_err(refuse)?;
        self.named.insert(division);
        self.validities.push(validity);
        self.rows.push(fields.iter().copied(), origin.line);
        Ok(())
    }

    fn finish(self, day: Date) -> Result<Register, DataError> {
        let (mut rows, validities) = (self.rows, self.validities);
        let validity = |at: usize| validities.get(at).copied();
        let mut by_id: Vec<usize> = (0..rows.read()).collect();
        by_id.sort_by(|one, other| {
            let key = |at: usize| (rows.row(at).id(), validity(at), at);
            key(*one).cmp(&key(*other))
        });
        for (one, other) in by_id.iter().zip(by_id.iter().skip(1)) {
            let meet = validity(*one)
                .zip(validity(*other))
                .is_some_and(|(one, other)| one.meets(other));
            let (first, later) = (rows.row(*one.min(other)), rows.row(*one.max(other)));
            if first.id() == later.id() && meet {
                return Err(later.origin().refuse(Reason::DuplicateRow {
                    id: later.id().to_owned(),
                    first: first.origin(),
                }));
            }
        }
        let in_force = by_id
            .into_iter()
            .filter(|at| validity(*at).is_some_and(|validity| validity.holds_on(day)))
            .map(|at| rows.row(at).at())
            .collect();
        rows.put_in_force(in_force);
        let changes = validities.iter();
        let next_change = changes
            .filter_map(|validity| validity.changes_after(day))
            .min();
        let mut digest = Digest::default();
        digest.field(self.kind.code);
        for row in rows.by_id() {
            for value in row.values() {
                digest.field(value);
            }
        }
        Ok(Register {
            kind: self.kind,
            rows,
            named: self.named,
            version: digest.version(),
            next_change,
        })
    }
}

fn filled(field: &str) -> Option<&str> {
    (!field.is_empty()).then_some(field)
}

fn read_division(code: &str) -> Result<DivisionCode, Reason> {
    code.parse().map_err(|_| Reason::BadDivisionCode {
        code: code.to_owned(),
    })
}

/// What can be said of a field by itself; a message about something personal doesn't repeat it.
fn check_field(column: &Column, value: Option<&str>) -> Result<(), Reason> {
    let field = || column.name.to_owned();
    let Some(value) = value else {
        return if column.required {
            Err(Reason::Empty { field: field() })
        } else {
            Ok(())
        };
    };
    if value.len() > MAX_FIELD_BYTES {
        return Err(Reason::TooLong {
            field: field(),
            limit: MAX_FIELD_BYTES,
        });
    }
    if value.chars().any(char::is_control) {
        let shown = if column.is_personal() {
            UNSHOWN.to_owned()
        } else {
            value.escape_debug().to_string()
        };
        return Err(Reason::Untidy {
            field: field(),
            value: shown,
        });
    }
    match column.holds {
        Holds::OneOf(words) if !words.contains(&value) => Err(Reason::NotInCodebook {
            column: field(),
            value: value.to_owned(),
        }),
        Holds::Count if value.parse::<u32>().is_err() => Err(Reason::BadValue {
            field: field(),
            value: value.to_owned(),
            wanted: "应为整数",
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::register::kind;

    const ROOMS: &str = "id,division,name,unit\nr1,990101000000,一号,u1\nr2,990101000000,二号,u1\n";

    fn rooms(rows: usize, bytes: usize) -> Result<Register, DataError> {
        let day = "2024-01-01".parse().unwrap();
        load(
            kind("rooms").unwrap(),
            &[Source::new("rooms.csv", ROOMS)],
            day,
            rows,
            bytes,
        )
    }

    #[test]
    fn one_row_above_the_limit_is_refused_with_its_line() {
        assert_eq!(rooms(2, 1_000).unwrap().len(), 2);
        let error = rooms(1, 1_000).unwrap_err();
        assert_eq!(
            (error.line, *error.reason),
            (
                3,
                Reason::TooMany {
                    what: "行",
                    limit: 1
                }
            )
        );
    }

    #[test]
    fn one_byte_above_the_limit_is_refused_with_its_line() {
        let bytes = 2 * "r1990101000000一号u1".len();
        assert_eq!(rooms(2, bytes).unwrap().len(), 2);
        let error = rooms(2, bytes - 1).unwrap_err();
        let limit = bytes - 1;
        assert_eq!(
            (error.line, *error.reason),
            (
                3,
                Reason::TooMany {
                    what: "字节数",
                    limit
                }
            )
        );
    }
}
