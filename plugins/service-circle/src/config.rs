//! What a place sets.

use fengqiao_sdk::prelude::*;

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    /// What a circle offers, the most particular first.
    #[serde(rename = "service")]
    pub(crate) services: Vec<Service>,
    /// Matters so marked are others' in any case.
    #[serde(default)]
    pub(crate) except: Vec<String>,
    /// Who hears of what a circle lacks.
    #[serde(default)]
    pub(crate) gap: Option<Gap>,
}

/// A service, and the matters that are brought to it by themselves.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Service {
    pub(crate) code: String,
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) categories: Vec<String>,
    #[serde(default)]
    pub(crate) marks: Vec<String>,
}

/// Who gets a task.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Gap {
    pub(crate) role: Role,
}
