//! Allowances (额度): a ceiling for one year on a division's docket, with what is reserved and what is spent of it.

use serde::{Deserialize, Serialize};

use crate::clock::Provenance;
use crate::ids::{Code, Level, Seq, Subject};

/// The money of one kind that a division may give in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Allowance {
    /// What it is for, as the profile declares it.
    pub kind: Code,
    /// The calendar year in China.
    pub year: i16,
    /// The most that may be taken, in fen.
    pub ceiling_fen: u64,
    /// What was spent, in fen.
    pub spent_fen: u64,
    /// What is reserved and neither spent nor released.
    pub reservations: Vec<Reservation>,
}

/// A part of an allowance that is kept for one proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Reservation {
    /// On whose docket the proceeding runs.
    pub holder: Subject,
    /// Its number there.
    pub proceeding: Seq,
    /// How much, in fen.
    pub fen: u64,
}

/// What a jurisdiction says about a kind of allowance: where it is set, and between which bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AllowanceRule {
    /// The kind.
    pub kind: Code,
    /// Its local name.
    pub label: String,
    /// The level of the divisions that have one.
    pub level: Level,
    /// The least that it must be in a year, in fen.
    #[serde(default)]
    pub at_least_fen: Option<u64>,
    /// The most that it may be in a year, in fen.
    #[serde(default)]
    pub at_most_fen: Option<u64>,
    /// Whose word the bounds are.
    pub provenance: Provenance,
}

/// What a move of a proceeding does to an allowance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Draw {
    /// Which kind of allowance: that of the nearest division above the matter which has one this year.
    pub allowance: Code,
    /// What is done.
    pub how: DrawHow,
    /// The field that says how much, in fen; for spending it may be left empty, and all that is reserved is spent.
    pub amount: Code,
}

/// What is done to an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DrawHow {
    /// 预留: the amount is kept for the proceeding, up to the ceiling.
    Reserve,
    /// 支出: at most what was reserved; the rest is free again.
    Spend,
    /// 退回: all that was reserved is free again.
    Release,
}

impl Allowance {
    /// What is reserved or spent.
    pub fn taken_fen(&self) -> u64 {
        let reserved = self.reservations.iter().map(|kept| kept.fen);
        reserved.fold(self.spent_fen, u64::saturating_add)
    }

    /// What may still be reserved.
    pub fn left_fen(&self) -> u64 {
        self.ceiling_fen.saturating_sub(self.taken_fen())
    }

    /// What is kept for a proceeding.
    pub fn reservation(&self, holder: &Subject, proceeding: Seq) -> Option<&Reservation> {
        let mut kept = self.reservations.iter();
        kept.find(|kept| &kept.holder == holder && kept.proceeding == proceeding)
    }

    /// Whether this is the allowance of a kind in a year.
    pub fn is(&self, kind: &Code, year: i16) -> bool {
        &self.kind == kind && self.year == year
    }
}

/// An amount as people read it: `1,234.50` yuan.
pub fn yuan(fen: u64) -> String {
    let digits = (fen / 100).to_string();
    let first = match digits.len() % 3 {
        0 => 3,
        rest => rest,
    };
    let mut text: String = digits.chars().take(first).collect();
    for (index, digit) in digits.chars().skip(first).enumerate() {
        if index % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    match fen % 100 {
        0 => text,
        rest => format!("{text}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_as_people_read_it() {
        let written = [
            (0, "0"),
            (5, "0.05"),
            (99_900, "999"),
            (123_450, "1,234.50"),
            (5_000_000_000, "50,000,000"),
        ];
        for (fen, text) in written {
            assert_eq!(yuan(fen), text);
        }
    }
}
