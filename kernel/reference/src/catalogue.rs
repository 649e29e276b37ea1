//! Versioned tables that plugins look up: which matter goes to whom, by when. The kernel knows their keys, not their meaning.

mod load;

use std::collections::BTreeMap;

use fengqiao_core::ids::DivisionCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::cell::LIST_SEPARATOR;
use crate::digest::Digest;
use crate::error::{DataError, Origin};
use crate::source::Source;
use crate::validity::Validity;

/// What a catalogue says about itself; a TOML file has it in its table `[catalogue]`, a CSV file gets it from outside.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CatalogueHead {
    /// What plugins call it.
    pub code: String,
    /// What the keepers call this edition.
    pub version: String,
    /// The division that keeps it; it holds there and below, unless a lower division keeps one of the same code. Everywhere if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionCode>,
    /// The columns that find a row; no two rows have all of them equal.
    pub key: Vec<String>,
    /// The columns that rows may have beside those named elsewhere in the head; if empty, any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Columns that hold unit identifiers, several of them separated by `;`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// Columns that hold division codes, several of them separated by `;`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub divisions: Vec<String>,
    /// If given, no item may have two leads where their divisions overlap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_lead: Option<OneLead>,
    /// If given, no two rows are for one matter where their divisions overlap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_row: Option<OneRow>,
    /// If given, a column holds exactly the values of a codebook, each at least once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codebook: Option<Codebook>,
}

/// The rule that an item has one lead in one place, in terms of columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneLead {
    /// The column of the item.
    pub item: String,
    /// The column of the lead.
    pub lead: String,
    /// The column of the divisions where the row holds; a row that leaves it empty holds everywhere, as do all if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
}

/// The rule that a matter finds one row in one place, in terms of columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneRow {
    /// The columns that a matter is found by; no row leaves one empty.
    pub matter: Vec<String>,
    /// The column of the divisions where the row holds; a row that leaves it empty holds everywhere, as do all if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// Whether a matter that has a row in one place must have one in every place of the catalogue.
    #[serde(default)]
    pub everywhere: bool,
}

/// The rule that a column covers a codebook and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codebook {
    /// The column.
    pub column: String,
    /// Its allowed values, all of which must occur.
    pub values: Vec<String>,
}

/// One line of a catalogue. An empty field is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Row {
    columns: BTreeMap<String, String>,
    #[serde(skip)]
    pub(crate) line: u64,
    #[serde(skip)]
    pub(crate) validity: Validity,
}

impl Row {
    /// The value of a column, unless it is empty or unknown.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.columns.get(column).map(String::as_str)
    }

    /// The parts of a column that lists several values separated by `;`.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        let parts = self
            .get(column)
            .unwrap_or_default()
            .split([LIST_SEPARATOR, '；']);
        parts.map(str::trim).filter(|part| !part.is_empty())
    }

    /// All that is filled in, by column name.
    #[must_use]
    pub fn columns(&self) -> &BTreeMap<String, String> {
        &self.columns
    }
}

/// One edition of one catalogue.
#[derive(Debug, Clone)]
pub struct Catalogue {
    head: CatalogueHead,
    file: String,
    /// Sorted by key.
    rows: Vec<Row>,
    digest: String,
}

impl Catalogue {
    /// Reads a catalogue from TOML: a table `[catalogue]` with the fields of [`CatalogueHead`], then tables `[[row]]` whose values are strings, integers or lists of strings.
    ///
    /// # Errors
    /// The first row that is wrong; of duplicates and overlaps the reason names the other line.
    pub fn from_toml(source: &Source<'_>) -> Result<Self, DataError> {
        load::from_toml(source)
    }

    /// Reads the rows from CSV, whose header names the columns.
    ///
    /// # Errors
    /// As [`Catalogue::from_toml`].
    pub fn from_csv(head: CatalogueHead, source: &Source<'_>) -> Result<Self, DataError> {
        load::from_csv(head, source)
    }

    /// The edition of one day: the rows that hold on it, by their columns `valid-from` and `valid-until`.
    ///
    /// # Errors
    /// A codebook value without a row on that day.
    pub fn on(&self, day: Date) -> Result<Self, DataError> {
        load::on(self, day)
    }

    /// The first later day on which other rows hold.
    #[must_use]
    pub fn next_change(&self, day: Date) -> Option<Date> {
        let changes = self.rows.iter();
        changes
            .filter_map(|row| row.validity.changes_after(day))
            .min()
    }

    /// What the catalogue says about itself.
    #[must_use]
    pub fn head(&self) -> &CatalogueHead {
        &self.head
    }

    /// What plugins call it.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.head.code
    }

    /// What its keepers call this edition.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.head.version
    }

    /// Names the content, head and rows, whatever the order of the rows.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The rows, by key.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row with exactly these values in the key columns.
    #[must_use]
    pub fn lookup(&self, key: &[&str]) -> Option<&Row> {
        if key.len() != self.head.key.len() {
            return None;
        }
        let order = |row: &Row| self.head.key_of(row).cmp(key.iter().copied());
        let at = self.rows.binary_search_by(order).ok()?;
        self.rows.get(at)
    }

    /// The rows whose first key columns have these values, by key: all items of one category, for instance.
    #[must_use]
    pub fn begins(&self, key: &[&str]) -> &[Row] {
        let key = key.get(..self.head.key.len()).unwrap_or(key);
        let order = |row: &Row| {
            self.head
                .key_of(row)
                .take(key.len())
                .cmp(key.iter().copied())
        };
        let start = self.rows.partition_point(|row| order(row).is_lt());
        let rest = self.rows.get(start..).unwrap_or_default();
        let count = rest.partition_point(|row| order(row).is_eq());
        rest.get(..count).unwrap_or_default()
    }

    /// The different values of the first key column, by themselves: the words of a codebook.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let words = self
            .rows
            .iter()
            .map(|row| self.head.key_of(row).next().unwrap_or_default());
        let mut last = None;
        words.filter(move |word| last.replace(*word) != Some(*word))
    }

    pub(crate) fn origin(&self, row: &Row) -> Origin {
        Origin {
            file: self.file.as_str().into(),
            line: row.line,
        }
    }

    pub(crate) fn head_origin(&self) -> Origin {
        Origin {
            file: self.file.as_str().into(),
            line: 1,
        }
    }
}

impl CatalogueHead {
    /// The values of the key columns of a row, in the head's order.
    fn key_of<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a str> {
        self.key
            .iter()
            .map(|column| row.get(column).unwrap_or_default())
    }

    /// The columns that no row may leave empty.
    fn required(&self) -> impl Iterator<Item = &String> {
        let lead = self
            .one_lead
            .iter()
            .flat_map(|rule| [&rule.item, &rule.lead]);
        let matter = self.one_row.iter().flat_map(|rule| &rule.matter);
        self.key.iter().chain(lead).chain(matter)
    }

    /// Every column that the rules of the head speak of.
    fn ruled(&self) -> impl Iterator<Item = &String> {
        let lead = self.one_lead.iter();
        let lead = lead.flat_map(|rule| [&rule.item, &rule.lead].into_iter().chain(&rule.division));
        let codebook = self.codebook.iter().map(|codebook| &codebook.column);
        let matter = self.one_row.iter();
        let matter = matter.flat_map(|rule| rule.matter.iter().chain(&rule.division));
        self.key
            .iter()
            .chain(&self.units)
            .chain(&self.divisions)
            .chain(lead)
            .chain(matter)
            .chain(codebook)
    }

    /// Every column that holds division codes.
    pub(crate) fn division_columns(&self) -> impl Iterator<Item = &String> {
        let lead = self
            .one_lead
            .iter()
            .filter_map(|rule| rule.division.as_ref());
        let matter = self.one_row.iter();
        let matter = matter.filter_map(|rule| rule.division.as_ref());
        self.divisions.iter().chain(lead).chain(matter)
    }

    fn digest(&self, digest: &mut Digest) {
        digest.field(&self.code);
        digest.field(&self.version);
        digest.option(self.division.as_ref().map(DivisionCode::as_str));
        for columns in [&self.key, &self.columns, &self.units, &self.divisions] {
            digest.list(columns);
        }
        let lead = self.one_lead.as_ref();
        digest.option(lead.map(|rule| rule.item.as_str()));
        digest.option(lead.map(|rule| rule.lead.as_str()));
        digest.option(lead.and_then(|rule| rule.division.as_deref()));
        // A head without the rule has the digest that it had before there was the rule.
        if let Some(rule) = &self.one_row {
            digest.list(&rule.matter);
            digest.option(rule.division.as_deref());
            digest.count(usize::from(rule.everywhere));
        }
        let codebook = self.codebook.as_ref();
        digest.option(codebook.map(|codebook| codebook.column.as_str()));
        digest.list(codebook.map_or(&[], |codebook| &codebook.values));
    }
}
