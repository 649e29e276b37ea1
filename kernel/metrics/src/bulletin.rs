//! Monthly bulletins (通报): imported counts of each unit beside each other, and which units have acknowledged them.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_core::ids::{Code, DivisionCode, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::limits::{MAX_BULLETIN_COLUMNS, MAX_BULLETIN_UNITS};
use crate::window::Window;

/// A bulletin before it is issued: what was imported, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BulletinDraft {
    /// Whose.
    pub division: DivisionCode,
    /// Which month.
    pub window: Window,
    /// What is counted: petitions, public-security cases, traffic accidents, fires…
    pub columns: Vec<Column>,
    /// One line a unit.
    pub lines: Vec<Line>,
}

/// Something that is counted elsewhere and imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Column {
    /// Its code: `petitions`, `public-security`, `traffic-accidents`, `fires`.
    pub code: Code,
    /// What people read.
    pub label: String,
}

/// A unit's counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Line {
    /// The unit that is told.
    pub unit: UnitId,
    /// Its counts by column.
    pub counts: BTreeMap<Code, u64>,
}

/// An issued bulletin. Its numbers never change; acknowledgements are added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Bulletin {
    draft: BulletinDraft,
    issued_at: Timestamp,
    acknowledged: BTreeMap<UnitId, Timestamp>,
}

/// What an acknowledgement changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acknowledged {
    /// It is the first of this unit.
    Now,
    /// The unit had acknowledged before; the first time stands.
    Before(Timestamp),
}

/// Why a bulletin isn't issued, or an acknowledgement not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BulletinError {
    /// No column or too many.
    #[error("通报应有 1 到 {MAX_BULLETIN_COLUMNS} 个统计项")]
    Columns,
    /// A column stands twice.
    #[error("统计项 {0} 重复")]
    ColumnTwice(Code),
    /// No unit or too many.
    #[error("通报应列 1 到 {MAX_BULLETIN_UNITS} 个单位")]
    Units,
    /// A unit stands twice.
    #[error("单位 {0} 列了两次，请合并为一行")]
    UnitTwice(UnitId),
    /// A number is missing: none is not zero.
    #[error("单位 {unit} 缺“{column}”的数，没有发生请写 0")]
    Missing {
        /// Whose.
        unit: UnitId,
        /// Which.
        column: Code,
    },
    /// A number belongs to no column.
    #[error("单位 {unit} 多出未定义的统计项 {column}")]
    Unknown {
        /// Whose.
        unit: UnitId,
        /// Which.
        column: Code,
    },
    /// The unit isn't on the bulletin.
    #[error("单位 {0} 不在本期通报之列，无需签收")]
    NotAddressed(UnitId),
    /// Nobody acknowledges what isn't issued yet.
    #[error("签收时间早于通报发布时间，请核对")]
    TooEarly,
}

impl BulletinDraft {
    /// Checks the numbers and issues the bulletin.
    pub fn issue(mut self, at: Timestamp) -> Result<Bulletin, BulletinError> {
        if self.columns.is_empty() || self.columns.len() > MAX_BULLETIN_COLUMNS {
            return Err(BulletinError::Columns);
        }
        if self.lines.is_empty() || self.lines.len() > MAX_BULLETIN_UNITS {
            return Err(BulletinError::Units);
        }
        let mut columns = BTreeSet::new();
        if let Some(column) = self.columns.iter().find(|it| !columns.insert(&it.code)) {
            return Err(BulletinError::ColumnTwice(column.code.clone()));
        }
        let mut units = BTreeSet::new();
        if let Some(line) = self.lines.iter().find(|line| !units.insert(&line.unit)) {
            return Err(BulletinError::UnitTwice(line.unit.clone()));
        }
        self.lines
            .iter()
            .try_for_each(|line| line.check(&columns))?;
        self.lines.sort_by(|one, other| one.unit.cmp(&other.unit));
        Ok(Bulletin {
            draft: self,
            issued_at: at,
            acknowledged: BTreeMap::new(),
        })
    }
}

impl Line {
    fn check(&self, columns: &BTreeSet<&Code>) -> Result<(), BulletinError> {
        let unit = || self.unit.clone();
        if let Some(column) = columns
            .iter()
            .find(|column| !self.counts.contains_key(**column))
        {
            let column = (*column).clone();
            return Err(BulletinError::Missing {
                unit: unit(),
                column,
            });
        }
        match self.counts.keys().find(|column| !columns.contains(column)) {
            Some(column) => Err(BulletinError::Unknown {
                unit: unit(),
                column: column.clone(),
            }),
            None => Ok(()),
        }
    }
}

impl Bulletin {
    /// What was issued, the units in order.
    pub fn content(&self) -> &BulletinDraft {
        &self.draft
    }

    /// When.
    pub fn issued_at(&self) -> Timestamp {
        self.issued_at
    }

    /// The sum of every column, in their order.
    pub fn totals(&self) -> Vec<(&Code, u64)> {
        let of = |code: &Code| {
            let counts = self
                .draft
                .lines
                .iter()
                .filter_map(|line| line.counts.get(code));
            counts.fold(0, |sum: u64, count| sum.saturating_add(*count))
        };
        self.draft
            .columns
            .iter()
            .map(|it| (&it.code, of(&it.code)))
            .collect()
    }

    /// A unit says that it has read its line.
    pub fn acknowledge(
        &mut self,
        unit: &UnitId,
        at: Timestamp,
    ) -> Result<Acknowledged, BulletinError> {
        if !self.draft.lines.iter().any(|line| line.unit == *unit) {
            return Err(BulletinError::NotAddressed(unit.clone()));
        }
        if at < self.issued_at {
            return Err(BulletinError::TooEarly);
        }
        if let Some(first) = self.acknowledged.get(unit) {
            return Ok(Acknowledged::Before(*first));
        }
        self.acknowledged.insert(unit.clone(), at);
        Ok(Acknowledged::Now)
    }

    /// The units that have acknowledged, and when.
    pub fn acknowledged(&self) -> &BTreeMap<UnitId, Timestamp> {
        &self.acknowledged
    }

    /// The units that haven't.
    pub fn outstanding(&self) -> Vec<&UnitId> {
        let units = self.draft.lines.iter().map(|line| &line.unit);
        units
            .filter(|unit| !self.acknowledged.contains_key(*unit))
            .collect()
    }
}
