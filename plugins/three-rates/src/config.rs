//! What a place sets: its three rates by the kernel's codes, their weights, its grades.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::Provenance;

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    /// Three of them.
    pub(crate) rates: Vec<Rate>,
    /// The best first; none where the place gives none.
    #[serde(default)]
    pub(crate) grades: Vec<Grade>,
}

/// A rate: what is above, what is below, and what is taken out from below.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Rate {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) above: Vec<String>,
    pub(crate) below: Vec<String>,
    #[serde(default)]
    pub(crate) excluded: Vec<String>,
    /// The points of a rate of one hundred per cent.
    pub(crate) weight_hundredths: i64,
    /// Whose word the weight is.
    #[serde(rename = "provenance")]
    pub(crate) _provenance: Provenance,
}

/// A grade and the points that it takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Grade {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) at_least_hundredths: i64,
    /// What follows from it, as reward or penalty; said, and not done.
    #[serde(default)]
    pub(crate) consequence: Option<String>,
    /// Whose word the bound is.
    #[serde(rename = "provenance")]
    pub(crate) _provenance: Provenance,
}

impl Config {
    /// Whether the grades fall.
    pub(crate) fn check(&self) -> Result<(), PluginError> {
        let bounds: Vec<i64> = self
            .grades
            .iter()
            .map(|it| it.at_least_hundredths)
            .collect();
        match bounds.is_sorted_by(|one, next| one > next) {
            true => Ok(()),
            false => Err(PluginError::bad_config("等次的分数线应从高到低、互不相同")),
        }
    }
}
