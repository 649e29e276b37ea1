//! What a place sets.

use std::collections::BTreeMap;

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, LocalRules, Mover, Provenance};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) kind: String,
    pub(crate) label: String,
    /// When it begins by itself.
    #[serde(default)]
    pub(crate) open_on: Option<OpenOn>,
    pub(crate) open_by: Vec<Mover>,
    /// Who makes the steps that are the mediator's.
    pub(crate) mediate_by: Vec<Mover>,
    /// Mediators are chosen from a roster by name; without it, anybody may be named.
    #[serde(default)]
    pub(crate) mediators: Option<Mediators>,
    #[serde(default)]
    pub(crate) report_while_open: Reporting,
    #[serde(default)]
    pub(crate) confirmation: Confirmation,
    /// The local words, by `state.agreed`, `move.agree`…
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) clocks: Clocks,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// The event with which it begins, in cases of these kinds with this flag.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct OpenOn {
    pub(crate) event: String,
    pub(crate) flag: String,
    pub(crate) kinds: Vec<String>,
}

/// The roster of named mediators.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Mediators {
    /// The table place, name → who they are.
    pub(crate) catalogue: String,
    /// Who is told of the familiar faces of the place once both sides want mediation.
    #[serde(default)]
    pub(crate) suggest_to: Option<Role>,
    /// Chiefs of a portfolio go first in matters that need it; without it, nobody does.
    #[serde(default)]
    pub(crate) chiefs: Option<Chiefs>,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// That chiefs go first, and who says so.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Chiefs {
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// Whether the lead may report while mediation is under way.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reporting {
    Refused,
    #[default]
    Allowed,
}

/// Who asks for judicial confirmation; the law wants both.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Confirmation {
    #[default]
    BothParties,
    EitherParty,
}

/// The clocks of three states.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Clocks {
    /// To say whether they want it.
    pub(crate) consent: ClockRule,
    /// To come to an end.
    pub(crate) in_session: ClockRule,
    /// To ask for confirmation.
    pub(crate) agreed: ClockRule,
}
