//! Allowances (额度): which kinds there are, between which bounds, and what moves of proceedings draw on them.

use serde::{Deserialize, Serialize};

use super::Provenance;

/// A kind of allowance: where it is set, and between which bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AllowanceRule {
    /// The kind.
    pub kind: String,
    /// Its local name.
    pub label: String,
    /// The level of the divisions that have one: `village`, `township`, `county`, `prefecture`.
    pub level: String,
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
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Draw {
    /// Which kind: that of the nearest division above the matter which has one this year.
    pub allowance: String,
    /// What is done.
    pub how: DrawHow,
    /// The field that says how much, in fen; for spending it may be left empty, and all that is reserved is spent.
    pub amount: String,
}

/// What is done to an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrawHow {
    /// The amount is kept for the proceeding, up to the ceiling.
    Reserve,
    /// At most what was reserved is spent; the rest is free again.
    Spend,
    /// All that was reserved is free again. A proceeding that ends does so by itself.
    Release,
}
