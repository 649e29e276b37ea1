//! What a place sets.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{LocalRules, Provenance};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    /// The platform that every level has, and who works at its desk.
    pub(crate) platform: Platform,
    pub(crate) catalogue: Catalogue,
    #[serde(default)]
    pub(crate) emergency: Option<Emergency>,
    #[serde(default)]
    pub(crate) base: Option<Base>,
    #[serde(default)]
    pub(crate) pass_down: Option<PassDown>,
    #[serde(default)]
    pub(crate) hurry: Vec<Hurry>,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// The platform of a level.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Platform {
    pub(crate) unit_kind: String,
    pub(crate) role: Role,
}

/// The table (category, item) → portfolio of the lead, portfolios of the assists, level, limit.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Catalogue {
    pub(crate) code: String,
    /// What stands between category and item in a matter's category.
    #[serde(default = "slash")]
    pub(crate) separator: String,
    /// The clock that the row's limit shortens.
    #[serde(default = "report")]
    pub(crate) clock: String,
    pub(crate) provenance: Provenance,
}

fn slash() -> String {
    "/".to_owned()
}

fn report() -> String {
    "report".to_owned()
}

/// What people at the base found stays with the platform of their own level until it whistles.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Base {
    pub(crate) mark: String,
    pub(crate) flag: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// What is a village's is sent to the town, which passes it on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct PassDown {
    pub(crate) flag: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// What can't wait has shorter clocks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Hurry {
    pub(crate) marks: Vec<String>,
    #[serde(default)]
    pub(crate) flag: Option<String>,
    pub(crate) clocks: Vec<Limit>,
}
