//! The tree of administrative divisions, indexed by code, by parent and by name.

mod load;

use std::cmp::Ordering;
use std::ops::Range;

use fengqiao_core::ids::{DivisionCode, Level};
use serde::Serialize;

use crate::digest::Digest;
use crate::error::DataError;
use crate::limits::{MAX_DIVISIONS, MAX_PAGE_ROWS};
use crate::source::Source;

/// What stands between the names of a path.
const PATH_SEPARATORS: [char; 5] = ['/', '／', '>', ' ', '　'];

/// Every division of one snapshot. A division lies within another by its parent links, which an
/// administrative change may set against the digits of the code.
#[derive(Debug, Clone)]
pub struct Divisions {
    /// Sorted by code; look-ups touch these and the parents alone, which stay in the processor's cache.
    keys: Vec<Key>,
    /// The position of each one's parent.
    parents: Vec<Option<u32>>,
    /// Code and name, in the order of the keys.
    rows: Vec<Entry>,
    /// All names, one behind the other.
    names: String,
    /// Positions sorted by parent, roots first, then by code.
    by_parent: Vec<u32>,
    /// Positions sorted by name, then by code.
    by_name: Vec<u32>,
    version: String,
}

#[derive(Debug, Clone)]
struct Entry {
    code: DivisionCode,
    name_start: u32,
    name_bytes: u16,
    level: Level,
}

/// A code as one number that sorts as the code does: even for 12 digits, odd for a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u64);

impl Key {
    fn of(code: &DivisionCode) -> Self {
        let digits = code.as_str().bytes();
        let number = digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
        Self(if code.level() == Level::Grid {
            number * 2 + 1
        } else {
            number * 2_000
        })
    }
}

/// One division as the index shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Division<'a> {
    /// Its statistical code.
    pub code: &'a DivisionCode,
    /// Its official name.
    pub name: &'a str,
    /// Its level, read from the code.
    pub level: Level,
    /// The division right above it; none for a root of the loaded data.
    pub parent: Option<&'a DivisionCode>,
}

/// A part of a longer answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// At most as many as were asked for.
    pub items: Vec<T>,
    /// What to pass as `skip` for the next page; none at the end.
    pub next: Option<usize>,
}

impl Divisions {
    /// Loads the files as one tree; rows may stand in any order and in any file.
    ///
    /// Each is CSV with exactly the columns `code`, `name`, `level` (province, prefecture, county,
    /// township, village or grid) and `parent`; up to [`MAX_DIVISIONS`] rows in all.
    ///
    /// # Errors
    /// The first row that is wrong; nothing is loaded then.
    pub fn load(sources: &[Source<'_>]) -> Result<Self, DataError> {
        Self::default().merge(sources)
    }

    /// Makes the next version: all that is in force here, and the rows of `sources` with it. A district adds its grids so.
    ///
    /// # Errors
    /// The first row that is wrong, or that is in force already; this version stays as it is.
    pub fn merge(&self, sources: &[Source<'_>]) -> Result<Self, DataError> {
        load::merge(self, sources, MAX_DIVISIONS)
    }

    /// Names this content; equal content has an equal version, whatever the order of the rows.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many divisions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The division with this code.
    #[must_use]
    pub fn get(&self, code: &DivisionCode) -> Option<Division<'_>> {
        self.position(code).and_then(|at| self.view(at))
    }

    /// Every division, by code.
    pub fn iter(&self) -> impl Iterator<Item = Division<'_>> {
        (0..self.rows.len()).filter_map(|at| self.view(at))
    }

    /// The divisions that have no parent here, by code.
    pub fn roots(&self) -> impl Iterator<Item = Division<'_>> {
        self.children_at(None)
    }

    /// The divisions right below, by code; none for an unknown division.
    pub fn children(&self, code: &DivisionCode) -> impl Iterator<Item = Division<'_>> {
        let parent = self.position(code);
        parent.into_iter().flat_map(|at| self.children_at(Some(at)))
    }

    /// The grids right below, which have a code of 15 digits.
    pub fn grids(&self, code: &DivisionCode) -> impl Iterator<Item = Division<'_>> {
        self.children(code)
            .filter(|child| child.level == Level::Grid)
    }

    /// The division itself, then its parent, up to a root; nothing for an unknown division.
    pub fn ancestors(&self, code: &DivisionCode) -> impl Iterator<Item = Division<'_>> {
        self.climb(self.position(code))
            .filter_map(|at| self.view(at))
    }

    /// From the root down to the division itself; empty for an unknown division.
    #[must_use]
    pub fn path(&self, code: &DivisionCode) -> Vec<Division<'_>> {
        let mut path: Vec<_> = self.ancestors(code).collect();
        path.reverse();
        path
    }

    /// Whether `inner` is `outer` or lies below it; false when either is unknown.
    #[must_use]
    pub fn is_within(&self, inner: &DivisionCode, outer: &DivisionCode) -> bool {
        let outer = Key::of(outer);
        self.climb(self.position(inner))
            .any(|at| self.keys.get(at) == Some(&outer))
    }

    /// Whether one lies within the other, so that a rule for both would meet somewhere.
    #[must_use]
    pub fn overlap(&self, one: &DivisionCode, other: &DivisionCode) -> bool {
        self.is_within(one, other) || self.is_within(other, one)
    }

    /// The division of `level` that the place is or lies in: the county of a village, for instance.
    #[must_use]
    pub fn at_level(&self, place: &DivisionCode, level: Level) -> Option<Division<'_>> {
        self.ancestors(place)
            .find(|division| division.level == level)
    }

    /// The lowest division that holds both, whose units are superior to both (共同上级).
    #[must_use]
    pub fn common(&self, one: &DivisionCode, other: &DivisionCode) -> Option<Division<'_>> {
        self.ancestors(one)
            .find(|division| self.is_within(other, division.code))
    }

    /// Every division of exactly this name, by code; within `within` where that is given.
    #[must_use]
    pub fn by_name(&self, name: &str, within: Option<&DivisionCode>) -> Vec<Division<'_>> {
        let range = self.names_from(|candidate| candidate.cmp(name));
        self.named(range, within).collect()
    }

    /// The divisions whose name, or code where `prefix` is digits, begins with `prefix`, by name or by code.
    ///
    /// Skips `skip` of them and gives `limit`, at most [`MAX_PAGE_ROWS`].
    #[must_use]
    pub fn search(
        &self,
        prefix: &str,
        within: Option<&DivisionCode>,
        skip: usize,
        limit: usize,
    ) -> Page<Division<'_>> {
        let is_code = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        if is_code {
            let range = equal_range(&self.rows, |row| starts(row.code.as_str(), prefix));
            let found = range.filter_map(|at| self.view(at));
            page(
                found.filter(|division| self.lies(division, within)),
                skip,
                limit,
            )
        } else {
            let range = self.names_from(|name| starts(name, prefix));
            page(self.named(range, within), skip, limit)
        }
    }

    /// The divisions that a written path means (`丙区/丁镇/戊村`), whose last name begins theirs and whose others begin,
    /// in this order, those of divisions above them; some may be left out.
    ///
    /// Skips `skip` of them and gives `limit`, at most [`MAX_PAGE_ROWS`].
    #[must_use]
    pub fn search_path(
        &self,
        path: &str,
        within: Option<&DivisionCode>,
        skip: usize,
        limit: usize,
    ) -> Page<Division<'_>> {
        let mut names = path.split(PATH_SEPARATORS).map(str::trim);
        let mut names: Vec<&str> = names.by_ref().filter(|name| !name.is_empty()).collect();
        let last = names.pop().unwrap_or_default();
        let found = self.named(self.names_from(|name| starts(name, last)), within);
        let lies_below = |division: &Division<'_>| {
            let mut above = self.ancestors(division.code).skip(1);
            let mut names = names.iter().rev();
            names.all(|name| above.any(|division| division.name.starts_with(name)))
        };
        page(found.filter(lies_below), skip, limit)
    }

    fn position(&self, code: &DivisionCode) -> Option<usize> {
        self.keys.binary_search(&Key::of(code)).ok()
    }

    fn view(&self, at: usize) -> Option<Division<'_>> {
        let row = self.rows.get(at)?;
        let parent = self.parent_of(at).and_then(|parent| self.rows.get(parent));
        Some(Division {
            code: &row.code,
            name: self.name(row),
            level: row.level,
            parent: parent.map(|parent| &parent.code),
        })
    }

    fn name(&self, row: &Entry) -> &str {
        let start = row.name_start as usize;
        self.names
            .get(start..start + usize::from(row.name_bytes))
            .unwrap_or_default()
    }

    fn climb(&self, from: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(from, |at| self.parent_of(*at))
    }

    fn parent_of(&self, at: usize) -> Option<usize> {
        let parent = self.parents.get(at).copied().flatten();
        parent.map(|parent| parent as usize)
    }

    fn children_at(&self, parent: Option<usize>) -> impl Iterator<Item = Division<'_>> {
        let range = equal_range(&self.by_parent, |at| {
            self.parent_of(*at as usize).cmp(&parent)
        });
        let children = self.by_parent.get(range).unwrap_or_default();
        children.iter().filter_map(|at| self.view(*at as usize))
    }

    fn names_from(&self, order: impl Fn(&str) -> Ordering) -> Range<usize> {
        equal_range(&self.by_name, |at| {
            let row = self.rows.get(*at as usize);
            order(row.map(|row| self.name(row)).unwrap_or_default())
        })
    }

    fn named<'a, 'w>(
        &'a self,
        range: Range<usize>,
        within: Option<&'w DivisionCode>,
    ) -> impl Iterator<Item = Division<'a>> + use<'a, 'w> {
        let found = self.by_name.get(range).unwrap_or_default().iter();
        let found = found.filter_map(|at| self.view(*at as usize));
        found.filter(move |division| self.lies(division, within))
    }

    fn lies(&self, division: &Division<'_>, within: Option<&DivisionCode>) -> bool {
        within.is_none_or(|outer| self.is_within(division.code, outer))
    }

    fn digest(&self) -> String {
        let mut digest = Digest::default();
        for division in self.iter() {
            digest.field(division.code.as_str());
            digest.field(division.name);
            digest.option(division.parent.map(DivisionCode::as_str));
        }
        digest.version()
    }
}

impl Default for Divisions {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            parents: Vec::new(),
            rows: Vec::new(),
            names: String::new(),
            by_parent: Vec::new(),
            by_name: Vec::new(),
            version: Digest::default().version(),
        }
    }
}

fn starts(text: &str, prefix: &str) -> Ordering {
    if text.starts_with(prefix) {
        Ordering::Equal
    } else {
        text.cmp(prefix)
    }
}

fn equal_range<T>(sorted: &[T], order: impl Fn(&T) -> Ordering) -> Range<usize> {
    let start = sorted.partition_point(|item| order(item).is_lt());
    let rest = sorted.get(start..).unwrap_or_default();
    start..start + rest.partition_point(|item| order(item).is_eq())
}

fn page<T>(found: impl Iterator<Item = T>, skip: usize, limit: usize) -> Page<T> {
    let limit = limit.clamp(1, MAX_PAGE_ROWS);
    let mut found = found.skip(skip);
    let items: Vec<T> = found.by_ref().take(limit).collect();
    let next = found.next().map(|_| skip + items.len());
    Page { items, next }
}
