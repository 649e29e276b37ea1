//! What a place sets.

use std::collections::BTreeMap;

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, LocalRules, Mover};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) kind: String,
    pub(crate) label: String,
    /// The kinds of matter whose reply may be reviewed.
    pub(crate) kinds: Vec<String>,
    /// Who records a request besides the requester.
    pub(crate) ask_by: Vec<Mover>,
    /// Who decides; of them only somebody of the organ that was asked.
    pub(crate) decide_by: Vec<Mover>,
    /// The local words, by `state.served`, `move.ask`…
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) clocks: Clocks,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// The clocks of the four steps; named as the law's, they are held to the law's limits.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Clocks {
    /// To ask for a review.
    pub(crate) request: ClockRule,
    /// To decide it.
    pub(crate) decision: ClockRule,
    /// To ask for a re-review.
    pub(crate) re_request: ClockRule,
    /// To decide that.
    pub(crate) re_decision: ClockRule,
}
