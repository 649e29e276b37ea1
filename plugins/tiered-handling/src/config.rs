//! What a place sets. A rule that isn't set here is left to the binding of the division above.

use std::collections::BTreeMap;

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, LocalRules, Mover, Provenance};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    /// The table category → nature, portfolio.
    pub(crate) catalogue: String,
    /// Who leads what several departments do together, and who supervises.
    pub(crate) centre: Centre,
    #[serde(default)]
    pub(crate) emergency: Option<Emergency>,
    /// By level: the kind of unit that leads what was handed up to it.
    #[serde(default)]
    pub(crate) handed_up: BTreeMap<Tier, String>,
    #[serde(default)]
    pub(crate) repeat_guard: Option<RepeatGuard>,
    #[serde(default)]
    pub(crate) beyond: Option<Beyond>,
    #[serde(default)]
    pub(crate) joint: Option<Joint>,
    #[serde(default, rename = "route")]
    pub(crate) routes: Vec<Route>,
    #[serde(default)]
    pub(crate) hurry: Vec<Hurry>,
    #[serde(default)]
    pub(crate) inspection: Option<Inspection>,
    #[serde(default)]
    pub(crate) common_problem: Option<CommonProblem>,
    #[serde(default)]
    pub(crate) home_visit: Option<HomeVisit>,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// The centre of a division.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Centre {
    pub(crate) unit_kind: String,
    #[serde(rename = "role")]
    _role: Role,
}

/// A level that handles cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tier {
    Village,
    Township,
    County,
    Prefecture,
}

/// The same again and again, unsolved: it goes up, marked, and supervised from above.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RepeatGuard {
    /// How many unsolved ones, this one among them.
    pub(crate) count: Count,
    pub(crate) level: Tier,
    pub(crate) flag: String,
    #[serde(default)]
    pub(crate) supervise_level: Option<Tier>,
}

/// The receiver says that it is beyond the place's competence.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Beyond {
    pub(crate) mark: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// So many departments work together under the centre.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Joint {
    pub(crate) departments: Count,
    pub(crate) level: Tier,
    #[serde(default)]
    pub(crate) flags: Vec<String>,
}

/// Where a matter of some nature, or with some mark, goes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Route {
    pub(crate) because: String,
    #[serde(default)]
    pub(crate) natures: Vec<String>,
    #[serde(default)]
    pub(crate) marks: Vec<String>,
    /// The nearest unit of this kind on the way up; without it, the unit in charge of the portfolio.
    #[serde(default)]
    pub(crate) unit_kind: Option<String>,
    #[serde(default, rename = "by")]
    _by: Option<ByPortfolio>,
}

/// Says that the portfolio decides.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ByPortfolio {
    Portfolio,
}

/// Marks that shorten clocks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Hurry {
    pub(crate) marks: Vec<String>,
    pub(crate) clocks: Vec<Limit>,
}

/// What an inspection hands in is supervised from above.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Inspection {
    pub(crate) channels: Vec<String>,
    pub(crate) supervise_level: Tier,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// So many alike become one record.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct CommonProblem {
    pub(crate) count: Count,
    pub(crate) level: Tier,
    /// The record is over all of them that were registered so many days before it was opened, or later.
    pub(crate) within_days: Days,
    pub(crate) kind: String,
    pub(crate) label: String,
    /// Who looks for the cause and does something about it.
    pub(crate) move_by: Vec<Mover>,
    /// Who checks that it was done at the source.
    pub(crate) check_by: Vec<Mover>,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) clocks: CommonClocks,
}

/// A number of days with where it comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Days {
    pub(crate) value: u16,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// How long each step of a common problem may take.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct CommonClocks {
    /// To find the cause.
    pub(crate) cause: ClockRule,
    /// To decide on measures.
    pub(crate) measures: ClockRule,
    /// To carry them out at the source.
    pub(crate) source: ClockRule,
    /// To check that.
    pub(crate) check: ClockRule,
}

/// A leader flags a case for a visit at home.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct HomeVisit {
    pub(crate) flag: String,
    pub(crate) role: Role,
    pub(crate) clock: ClockRule,
    /// Whoever stands on a care list comes to the desk at once; a person decides on the visit.
    #[serde(default)]
    pub(crate) care: Option<Care>,
}

/// Whose word it is that people on care lists come to the desk.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Care {
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}
