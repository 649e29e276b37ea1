//! What a place sets.

use std::collections::BTreeMap;

use fengqiao_sdk::case::Level;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, GrantNeed, LocalRules, Mover};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) kind: String,
    pub(crate) label: String,
    /// Who may order.
    pub(crate) open_by: Vec<Mover>,
    /// Whether they need a grant that names the addressee.
    pub(crate) grant: GrantNeed,
    /// The addressee must be above this level; without it, anybody may be ordered.
    #[serde(default)]
    pub(crate) beyond: Option<Base>,
    /// The kind of unit that is the platform of a level: an order to the platform of the next level up needs no
    /// portfolio, and one to a platform further up is refused.
    #[serde(default)]
    pub(crate) platform_kind: Option<String>,
    #[serde(default)]
    pub(crate) on_sign: Option<OnSign>,
    /// Whose approval an order needs before it goes out.
    #[serde(default)]
    pub(crate) approvals: Vec<Role>,
    /// The local words, by `state.issued`, `move.sign`…
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) clocks: Clocks,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

/// The level at which the order is given.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Base {
    Grid,
    Village,
    Township,
    County,
}

/// What follows when the addressee signs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct OnSign {
    pub(crate) assign: Assign,
    pub(crate) level: LevelThen,
}

/// The part that the addressee gets; a lead takes the case over, which a change of level goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Assign {
    Lead,
    Assist,
    Supervise,
    Inform,
}

/// Whether the case moves up to the addressee's level.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LevelThen {
    Stay,
    HandUp,
}

/// The clocks of the three steps.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Clocks {
    pub(crate) sign: ClockRule,
    pub(crate) contact: ClockRule,
    pub(crate) arrive: ClockRule,
}

impl Base {
    pub(crate) fn level(self) -> Level {
        match self {
            Base::Grid => Level::Grid,
            Base::Village => Level::Village,
            Base::Township => Level::Township,
            Base::County => Level::County,
        }
    }
}
