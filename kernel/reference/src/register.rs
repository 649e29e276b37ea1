//! A register: rows of one kind, each in a division, each with the days on which it holds. One loader for all of them.

mod kinds;
mod load;
mod rows;

pub(crate) use kinds::station_point;
pub use kinds::{KINDS, kind, read_point};
pub(crate) use rows::Entries;
pub use rows::Entry;

use std::collections::BTreeSet;

use fengqiao_core::ids::{DivisionCode, Level};
use jiff::civil::Date;

use crate::error::{DataError, Reason};
use crate::limits::{MAX_REGISTER_BYTES, MAX_REGISTER_ROWS};
use crate::source::Source;

/// What a register is called and what stands in it, besides `id`, `division`, `valid-from` and `valid-until`.
#[derive(Debug)]
pub struct Kind {
    /// The word in paths, commands and files.
    pub code: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Its own columns.
    pub columns: &'static [Column],
    /// What must hold between the columns of one row.
    pub(crate) check: fn(&Fields<'_>) -> Result<(), Reason>,
}

/// The filled-in fields of a row that is being read, by column.
pub(crate) type Fields<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// One column.
#[derive(Debug)]
pub struct Column {
    /// Its word in the header.
    pub name: &'static str,
    /// What it may hold.
    pub holds: Holds,
    /// Whether it must be filled in.
    pub required: bool,
}

/// What a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    Text,
    /// A person's name, phone or number: shown to few, told to no plugin, written in no event and no message.
    Personal,
    /// A whole number.
    Count,
    /// The identifier of a unit.
    Unit,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A word that begins a row of the catalogue of this code, as it holds in the row's division.
    Word(&'static str),
    /// Several such words, separated by `;`.
    Words(&'static str),
    /// The identifier of a row of the register of this code.
    Row(&'static str),
}

/// The columns that every register has, before its own.
pub(crate) const COMMON: [&str; 4] = ["id", "division", "valid-from", "valid-until"];

/// All rows of one kind that hold on one day.
#[derive(Debug, Clone)]
pub struct Register {
    kind: &'static Kind,
    pub(crate) rows: Entries,
    named: BTreeSet<DivisionCode>,
    version: String,
    next_change: Option<Date>,
}

impl Register {
    /// Loads the files as one register, CSV with a header or TOML with tables `[[row]]`, and keeps the rows that hold on `day`.
    ///
    /// A row may follow another of the same identifier where no day belongs to both.
    ///
    /// # Errors
    /// The first row that is wrong, on whichever day; nothing is loaded then.
    pub fn load(kind: &'static Kind, sources: &[Source<'_>], day: Date) -> Result<Self, DataError> {
        load::load(kind, sources, day, MAX_REGISTER_ROWS, MAX_REGISTER_BYTES)
    }

    /// What kind of register it is.
    #[must_use]
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// Names the rows that hold; equal rows have an equal version, whatever their order.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every division that has a row, on whichever day it holds.
    pub fn named(&self) -> impl Iterator<Item = &DivisionCode> {
        self.named.iter()
    }

    /// The first later day on which other rows hold.
    #[must_use]
    pub fn next_change(&self) -> Option<Date> {
        self.next_change
    }

    /// How many rows hold.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row holds.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row with this identifier.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Entry<'_>> {
        self.rows.get(id)
    }

    /// Every row, by division, then by identifier.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        self.rows.iter()
    }

    /// The row at this position of [`Register::iter`].
    #[must_use]
    pub fn nth(&self, at: usize) -> Option<Entry<'_>> {
        self.rows.nth(at)
    }

    /// The rows whose division's code begins with `prefix`, by division, then by identifier.
    pub fn below(&self, prefix: &str) -> impl Iterator<Item = Entry<'_>> {
        self.rows.below(prefix)
    }

    /// The rows of this division and of those below it by its code, by division, then by identifier.
    pub fn within(&self, division: &DivisionCode) -> impl Iterator<Item = Entry<'_>> {
        let digits = match division.level() {
            Level::Province => 2,
            Level::Prefecture => 4,
            Level::County => 6,
            Level::Township => 9,
            Level::Village => 12,
            Level::Grid => 15,
        };
        let prefix = division.as_str().get(..digits);
        self.below(prefix.unwrap_or(division.as_str()))
    }

    /// Every row, the nearest first, of a place whose path leads from itself to the top: its own and those below it, then the
    /// others of each division above it in turn, then all others; among equally near ones by division, then by identifier.
    pub fn nearest<'a>(&'a self, path: &'a [DivisionCode]) -> impl Iterator<Item = Entry<'a>> {
        let lies = |division: &DivisionCode, row: &Entry<'_>| {
            let own: Result<DivisionCode, _> = row.division().parse();
            own.is_ok_and(|own| division.contains(&own))
        };
        let above = path.iter().enumerate().flat_map(move |(steps, division)| {
            let known = path.get(..steps).and_then(<[_]>::last);
            self.within(division)
                .filter(move |row| known.is_none_or(|known| !lies(known, row)))
        });
        let others = self
            .iter()
            .filter(move |row| path.last().is_none_or(|top| !lies(top, row)));
        above.chain(others)
    }

    /// The rows of exactly this division, by identifier.
    pub fn in_division<'a>(&'a self, code: &'a str) -> impl Iterator<Item = Entry<'a>> {
        self.below(code)
            .take_while(move |row| row.division() == code)
    }
}
