//! What a place sets: how much is enough, which shares count how much, what a card takes away.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::Provenance;

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) quantity: Quantity,
    /// Efficiency, quality, satisfaction.
    pub(crate) shares: Vec<Share>,
    pub(crate) cards: Vec<Card>,
}

/// How much somebody did.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Quantity {
    pub(crate) code: String,
    pub(crate) label: String,
    /// What is counted.
    pub(crate) tally: String,
    /// So many give all the points, more gives no more: nobody is to gain by collecting cases.
    pub(crate) enough: u64,
    pub(crate) weight_hundredths: i64,
    /// Whose word the numbers are.
    #[serde(rename = "provenance")]
    pub(crate) _provenance: Provenance,
}

/// A part of a whole.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Share {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) above: Vec<String>,
    pub(crate) below: Vec<String>,
    #[serde(default)]
    pub(crate) excluded: Vec<String>,
    pub(crate) weight_hundredths: i64,
    /// Whose word the weight is.
    #[serde(rename = "provenance")]
    pub(crate) _provenance: Provenance,
}

/// What each card of a step takes away.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Card {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) takes_hundredths: i64,
    /// Whose word the number is.
    #[serde(rename = "provenance")]
    pub(crate) _provenance: Provenance,
}
