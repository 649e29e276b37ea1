//! Reads the rows of a catalogue and checks what can be checked without other reference data.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use super::{Catalogue, CatalogueHead, Row};
use crate::cell::Cell;
use crate::digest::Digest;
use crate::error::{DataError, Origin, Reason};
use crate::limits::{MAX_CATALOGUE_COLUMNS, MAX_CATALOGUE_ROWS, MAX_FIELD_BYTES};
use crate::source::{Source, check_name};
use crate::table::Table;
use crate::validity::{FROM, UNTIL, Validity};

pub(super) fn from_toml(source: &Source<'_>) -> Result<Catalogue, DataError> {
    let lines = source.lines();
    let file: File = toml::from_str(source.text).map_err(|error| lines.syntax(&error))?;
    let mut draft = Draft::new(file.catalogue, source.file)?;
    for row in file.rows {
        let origin = lines.origin(row.span().start);
        let fields = row.into_inner().into_iter();
        let fields = fields.map(|(column, cell)| (column, cell.into_text()));
        draft
            .row(fields, origin.line)
            .map_err(|reason| origin.refuse(reason))?;
    }
    draft.finish()
}

pub(super) fn from_csv(head: CatalogueHead, source: &Source<'_>) -> Result<Catalogue, DataError> {
    let mut draft = Draft::new(head, source.file)?;
    let mut table = Table::open(source)?;
    let header = table.header().clone();
    if let Some(column) = draft
        .head
        .ruled()
        .find(|ruled| !header.iter().any(|name| name == *ruled))
    {
        let reason = Reason::MissingColumn {
            column: column.clone(),
        };
        return Err(table.header_origin().refuse(reason));
    }
    let mut record = StringRecord::new();
    while let Some(origin) = table.next(&mut record)? {
        let fields = header.iter().zip(&record);
        let fields = fields.map(|(column, value)| (column.to_owned(), value.to_owned()));
        draft
            .row(fields, origin.line)
            .map_err(|reason| origin.refuse(reason))?;
    }
    draft.finish()
}

pub(super) fn on(catalogue: &Catalogue, day: Date) -> Result<Catalogue, DataError> {
    let rows = catalogue.rows.iter();
    let draft = Draft {
        head: catalogue.head.clone(),
        file: catalogue.file.clone(),
        rows: rows
            .filter(|row| row.validity.holds_on(day))
            .cloned()
            .collect(),
    };
    draft.finish()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    catalogue: CatalogueHead,
    #[serde(default, rename = "row")]
    rows: Vec<Spanned<BTreeMap<String, Cell>>>,
}

struct Draft {
    head: CatalogueHead,
    file: String,
    rows: Vec<Row>,
}

impl Draft {
    fn new(head: CatalogueHead, file: &str) -> Result<Self, DataError> {
        let draft = Self {
            head,
            file: file.to_owned(),
            rows: Vec::new(),
        };
        let key: BTreeSet<&String> = draft.head.key.iter().collect();
        let checked = if key.is_empty() {
            Err(Reason::BadHead {
                detail: "key 至少要有一列",
            })
        } else if key.len() < draft.head.key.len() {
            Err(Reason::BadHead {
                detail: "key 中同一列写了两次",
            })
        } else {
            check_name("code", &draft.head.code)
                .and_then(|()| check_name("version", &draft.head.version))
        };
        checked.map_err(|reason| draft.origin(1).refuse(reason))?;
        Ok(draft)
    }

    fn row(
        &mut self,
        fields: impl Iterator<Item = (String, String)>,
        line: u64,
    ) -> Result<(), Reason> {
        if self.rows.len() == MAX_CATALOGUE_ROWS {
            return Err(Reason::TooMany {
                what: "目录项",
                limit: MAX_CATALOGUE_ROWS,
            });
        }
        let mut columns = BTreeMap::new();
        for (column, value) in fields.filter(|(_, value)| !value.is_empty()) {
            if value.len() > MAX_FIELD_BYTES {
                return Err(Reason::TooLong {
                    field: column,
                    limit: MAX_FIELD_BYTES,
                });
            }
            let head = &self.head;
            if !head.columns.is_empty()
                && column != FROM
                && column != UNTIL
                && !head
                    .ruled()
                    .chain(&head.columns)
                    .any(|known| *known == column)
            {
                return Err(Reason::UnknownColumn { column });
            }
            columns.insert(column, value);
        }
        let end = |column| columns.get(column).map(String::as_str);
        let validity = Validity::read(end(FROM), end(UNTIL))?;
        if columns.len() > MAX_CATALOGUE_COLUMNS {
            return Err(Reason::TooMany {
                what: "列",
                limit: MAX_CATALOGUE_COLUMNS,
            });
        }
        if let Some(empty) = self
            .head
            .required()
            .find(|column| !columns.contains_key(*column))
        {
            return Err(Reason::Empty {
                field: empty.clone(),
            });
        }
        self.rows.push(Row {
            columns,
            line,
            validity,
        });
        Ok(())
    }

    fn finish(mut self) -> Result<Catalogue, DataError> {
        self.check_codebook()?;
        let head = &self.head;
        self.rows.sort_by(|one, other| {
            let key = |row| (head.key_of(row), row.validity);
            let (one, other) = (key(one), key(other));
            one.0.cmp(other.0).then(one.1.cmp(&other.1))
        });
        for (one, other) in self.rows.iter().zip(self.rows.iter().skip(1)) {
            if head.key_of(one).eq(head.key_of(other)) && one.validity.meets(other.validity) {
                let key = head.key_of(one).collect::<Vec<_>>().join("/");
                let first = self.origin(one.line.min(other.line));
                return Err(self
                    .origin(one.line.max(other.line))
                    .refuse(Reason::DuplicateKey { key, first }));
            }
        }
        let digest = self.digest();
        Ok(Catalogue {
            head: self.head,
            file: self.file,
            rows: self.rows,
            digest,
        })
    }

    fn check_codebook(&self) -> Result<(), DataError> {
        let Some(codebook) = &self.head.codebook else {
            return Ok(());
        };
        let column = &codebook.column;
        let allowed: BTreeSet<&str> = codebook.values.iter().map(String::as_str).collect();
        let mut used = BTreeSet::new();
        for row in &self.rows {
            let value = row.get(column).unwrap_or_default();
            used.insert(value);
            if !allowed.contains(value) {
                let (column, value) = (column.clone(), value.to_owned());
                return Err(self
                    .origin(row.line)
                    .refuse(Reason::NotInCodebook { column, value }));
            }
        }
        let missing: Vec<String> = codebook
            .values
            .iter()
            .filter(|value| !used.contains(value.as_str()))
            .cloned()
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(self.origin(1).refuse(Reason::Gap {
                column: column.clone(),
                missing,
            }))
        }
    }

    fn digest(&self) -> String {
        let mut digest = Digest::default();
        self.head.digest(&mut digest);
        for row in &self.rows {
            digest.count(row.columns.len());
            for (column, value) in &row.columns {
                digest.field(column);
                digest.field(value);
            }
        }
        digest.version()
    }

    fn origin(&self, line: u64) -> Origin {
        Origin {
            file: self.file.as_str().into(),
            line,
        }
    }
}
