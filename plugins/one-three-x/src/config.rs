//! What a district sets.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{LocalRules, Provenance};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    /// Who looks at what no rule knows.
    pub(crate) hub: Hub,
    /// The table category → portfolio, level.
    pub(crate) catalogue: String,
    /// Categories that say nothing.
    #[serde(default)]
    pub(crate) other_categories: Vec<String>,
    /// Whether anybody may decline.
    #[serde(default)]
    pub(crate) decline: Declining,
    #[serde(default)]
    pub(crate) emergency: Option<Emergency>,
    #[serde(default)]
    pub(crate) in_place: Option<InPlace>,
    #[serde(default, rename = "sub-centre")]
    pub(crate) sub_centres: Vec<SubCentre>,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// The hub's desk.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Hub {
    /// The kind of unit that is the hub of a division.
    pub(crate) unit_kind: String,
    pub(crate) role: Role,
}

/// Whether a matter may be declined.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Declining {
    #[default]
    Allowed,
    Refused,
}

/// What is solved where it arises.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct InPlace {
    pub(crate) mark: String,
    pub(crate) unit_kind: String,
    #[serde(default)]
    pub(crate) flags: Vec<String>,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// A sub-centre and what goes there: any of its marks, categories or kinds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct SubCentre {
    pub(crate) because: String,
    pub(crate) unit_kind: String,
    pub(crate) reach: Reach,
    #[serde(default)]
    pub(crate) marks: Vec<String>,
    #[serde(default)]
    pub(crate) categories: Vec<String>,
    #[serde(default)]
    pub(crate) kinds: Vec<String>,
    /// Between whom a matter that goes there by its category must be.
    #[serde(default)]
    pub(crate) parties: Between,
    #[serde(default)]
    pub(crate) flags: Vec<String>,
    #[serde(default, rename = "bundle")]
    pub(crate) bundles: Vec<Bundle>,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// Which of the units of a kind on the way up is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reach {
    Nearest,
    Highest,
}

/// Between whom a matter is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Between {
    #[default]
    Any,
    /// No party is a unit.
    Private,
}

/// Helpers who come along when all marks are there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Bundle {
    pub(crate) marks: Vec<String>,
    pub(crate) assist_portfolios: Vec<String>,
    #[serde(default)]
    pub(crate) flags: Vec<String>,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}
