//! What a place sets.

use std::collections::BTreeSet;

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::Provenance;

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    /// What work is measured by, in the order in which the sheet lists it.
    #[serde(rename = "dimension")]
    pub(crate) dimensions: Vec<Dimension>,
    #[serde(rename = "item")]
    pub(crate) items: Vec<Item>,
}

/// A side of the work: attitude, speed, difficulty.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Dimension {
    pub(crate) code: String,
    pub(crate) label: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// Something that is counted, and what each is worth.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Item {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) dimension: String,
    /// The kernel's code of what is counted.
    pub(crate) tally: String,
    /// Hundredths of a point for each; negative takes away.
    pub(crate) points_hundredths: i64,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

impl Config {
    /// What the schema can't say: every item belongs to a dimension, and none stands twice.
    pub(crate) fn check(&self) -> Result<(), PluginError> {
        let mut seen = BTreeSet::new();
        for item in &self.items {
            if !self.dimensions.iter().any(|own| own.code == item.dimension) {
                return Err(PluginError::bad_config(format!(
                    "积分项 {} 的维度 {} 没有列出：请补上维度，或改用已列出的",
                    item.code, item.dimension
                )));
            }
            if !seen.insert(item.code.as_str()) {
                return Err(PluginError::bad_config(format!(
                    "积分项 {} 出现两次：请删去一处",
                    item.code
                )));
            }
        }
        Ok(())
    }
}
