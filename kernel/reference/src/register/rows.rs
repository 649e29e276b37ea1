//! The rows of a register, packed: one text with all fields, and where each ends.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::error::Origin;
use crate::register::{COMMON, Column, Holds, Kind};

/// Separates the values of one field; a full-width semicolon does too.
const SEPARATORS: [char; 2] = [';', '；'];

/// Rows as they were read, with the orders in which they are looked up.
#[derive(Debug, Clone)]
pub(crate) struct Entries {
    kind: &'static Kind,
    text: String,
    /// Where each field ends in the text, row by row.
    ends: Vec<u32>,
    files: Vec<Arc<str>>,
    /// The file, by its position, and the line of each row.
    origins: Vec<(u32, u32)>,
    /// Rows in force, by identifier.
    by_id: Vec<u32>,
    /// Rows in force, by division, then by identifier.
    by_division: Vec<u32>,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    rows: &'a Entries,
    at: u32,
}

impl Entries {
    pub(super) fn new(kind: &'static Kind) -> Self {
        Self {
            kind,
            text: String::new(),
            ends: Vec::new(),
            files: Vec::new(),
            origins: Vec::new(),
            by_id: Vec::new(),
            by_division: Vec::new(),
        }
    }

    pub(super) fn file(&mut self, name: &str) {
        self.files.push(name.into());
    }

    /// Adds a row of the file added last; fields in the order of the columns. The loader keeps to the limits, so positions fit.
    pub(super) fn push<'f>(&mut self, fields: impl Iterator<Item = &'f str>, line: u64) {
        for field in fields {
            self.text.push_str(field);
            self.ends.push(narrow(self.text.len()));
        }
        let file = narrow(self.files.len().saturating_sub(1));
        self.origins
            .push((file, u32::try_from(line).unwrap_or(u32::MAX)));
    }

    /// How many rows were read, in force or not.
    pub(super) fn read(&self) -> usize {
        self.origins.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn row(&self, at: usize) -> Entry<'_> {
        let at = narrow(at);
        Entry { rows: self, at }
    }

    /// Puts these rows, sorted by identifier, in force.
    pub(super) fn put_in_force(&mut self, by_id: Vec<u32>) {
        let mut by_division = by_id.clone();
        by_division.sort_by(|one, other| {
            let key = |at: &u32| (self.field(*at, 1), self.field(*at, 0));
            key(one).cmp(&key(other))
        });
        self.by_id = by_id;
        self.by_division = by_division;
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn by_id(&self) -> impl Iterator<Item = Entry<'_>> {
        self.by_id.iter().map(|at| Entry {
            rows: self,
            at: *at,
        })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        self.by_division.iter().map(|at| Entry {
            rows: self,
            at: *at,
        })
    }

    pub(super) fn nth(&self, at: usize) -> Option<Entry<'_>> {
        let at = *self.by_division.get(at)?;
        Some(Entry { rows: self, at })
    }

    pub(super) fn get(&self, id: &str) -> Option<Entry<'_>> {
        let found = self.by_id.binary_search_by(|at| self.field(*at, 0).cmp(id));
        let at = *self.by_id.get(found.ok()?)?;
        Some(Entry { rows: self, at })
    }

    pub(super) fn below(&self, prefix: &str) -> impl Iterator<Item = Entry<'_>> {
        let order = |at: &u32| {
            let division = self.field(*at, 1);
            if division.starts_with(prefix) {
                Ordering::Equal
            } else {
                division.cmp(prefix)
            }
        };
        let start = self.by_division.partition_point(|at| order(at).is_lt());
        let rest = self.by_division.get(start..).unwrap_or_default();
        let count = rest.partition_point(|at| order(at).is_eq());
        let found = rest.get(..count).unwrap_or_default();
        found.iter().map(|at| Entry {
            rows: self,
            at: *at,
        })
    }

    fn field(&self, row: u32, column: usize) -> &str {
        let at = row as usize * (COMMON.len() + self.kind.columns.len()) + column;
        let end = self.ends.get(at).copied().unwrap_or_default() as usize;
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or_default() as usize;
        self.text.get(start..end).unwrap_or_default()
    }
}

impl<'a> Entry<'a> {
    /// What names the row in its register.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.rows.field(self.at, 0)
    }

    /// The code of its division.
    #[must_use]
    pub fn division(&self) -> &'a str {
        self.rows.field(self.at, 1)
    }

    /// The value of a column, its own or one that all registers have, unless it is empty or unknown.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&'a str> {
        let own = self.rows.kind.columns.iter().map(|own| own.name);
        let at = COMMON
            .into_iter()
            .chain(own)
            .position(|name| name == column)?;
        Some(self.rows.field(self.at, at)).filter(|value| !value.is_empty())
    }

    /// The parts of a column that lists several values.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let parts = self.get(column).unwrap_or_default().split(SEPARATORS);
        parts.map(str::trim).filter(|part| !part.is_empty())
    }

    /// All that is filled in, with the column that it stands in; none for those that all registers have.
    pub fn fields(
        &self,
    ) -> impl Iterator<Item = (&'static str, Option<&'static Column>, &'a str)> + use<'a> {
        let own = self
            .rows
            .kind
            .columns
            .iter()
            .map(|own| (own.name, Some(own)));
        let all = COMMON.into_iter().map(|name| (name, None)).chain(own);
        let all = all.zip(self.values());
        all.filter(|(_, value)| !value.is_empty())
            .map(|((name, column), value)| (name, column, value))
    }

    /// Every field in the order of the columns, empty ones too.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (rows, row) = (self.rows, self.at);
        (0..COMMON.len() + rows.kind.columns.len()).map(move |at| rows.field(row, at))
    }

    /// Where it was read.
    #[must_use]
    pub fn origin(&self) -> Origin {
        let (file, line) = self
            .rows
            .origins
            .get(self.at as usize)
            .copied()
            .unwrap_or_default();
        let file = self.rows.files.get(file as usize).cloned();
        Origin {
            file: file.unwrap_or_else(|| "".into()),
            line: u64::from(line),
        }
    }

    pub(super) fn at(&self) -> u32 {
        self.at
    }
}

impl Column {
    /// Whether it holds something about a person.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.holds == Holds::Personal
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
