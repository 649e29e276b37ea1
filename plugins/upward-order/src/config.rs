//! What a place sets.

use std::collections::BTreeMap;

use fengqiao_sdk::case::Level;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, GrantNeed, LocalRules, Mover, Provenance};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) kind: String,
    pub(crate) label: String,
    /// Who may order.
    pub(crate) open_by: Vec<Mover>,
    /// Who concludes and recalls an order; the issuer, where nobody is named. Where a rule opens orders, somebody must be.
    #[serde(default)]
    pub(crate) run_by: Vec<Mover>,
    /// Whether they need a grant that names the addressee.
    pub(crate) grant: GrantNeed,
    /// The addressee must be above this level; without it, anybody may be ordered.
    #[serde(default)]
    pub(crate) beyond: Option<Base>,
    /// Only these matters may be ordered about; without it, any.
    #[serde(default)]
    pub(crate) only: Option<Only>,
    /// The kind of unit that is the platform of a level: an order to the platform of the next level up needs no
    /// portfolio, and one to a platform further up is refused.
    #[serde(default)]
    pub(crate) platform_kind: Option<String>,
    #[serde(default)]
    pub(crate) on_sign: Option<OnSign>,
    /// Whose approval an order needs before it goes out.
    #[serde(default)]
    pub(crate) approvals: Vec<Role>,
    /// Two ways to go out, where simple and complex matters are approved by different people.
    #[serde(default)]
    pub(crate) paths: Option<Paths>,
    /// Who supervises from the moment an order goes out.
    #[serde(default)]
    pub(crate) supervise: Option<Supervise>,
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

/// The matters that may be ordered about: of one of the kinds, or with one of the marks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Only {
    #[serde(default)]
    pub(crate) kinds: Vec<String>,
    #[serde(default)]
    pub(crate) marks: Vec<String>,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// The two ways of approval, and what makes a matter complex.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Paths {
    pub(crate) simple: Simple,
    pub(crate) complex: Complex,
    pub(crate) complex_if: ComplexIf,
}

/// A simple matter goes straight to the addressee.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Simple {
    pub(crate) approval: Role,
    /// Until when the whole case is closed, counted from when the order goes out.
    #[serde(default)]
    pub(crate) close: Option<ClockRule>,
}

/// A complex matter goes to a platform, which delivers it to the addressee.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Complex {
    pub(crate) approval: Role,
    pub(crate) deliver_by: Mover,
    pub(crate) deliver: ClockRule,
}

/// One of these is enough to make a matter complex; a number that isn't set doesn't count.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ComplexIf {
    /// From so many people on.
    #[serde(default)]
    pub(crate) people: Option<Count>,
    /// From so many yuan on.
    #[serde(default)]
    pub(crate) amount_yuan: Option<Count>,
    /// From so many portfolios on.
    #[serde(default)]
    pub(crate) departments: Option<Count>,
    /// With one of these marks of the receiver, or facts of a rule or a leader.
    #[serde(default)]
    pub(crate) marks: Vec<Marked>,
}

/// A mark with where it comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Marked {
    pub(crate) mark: String,
    pub(crate) label: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// Whoever is in charge of this portfolio nearest to the place supervises.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Supervise {
    pub(crate) portfolio: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
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

impl Config {
    /// Whether an order waits for somebody's word before it goes out.
    pub(crate) fn begins_as_draft(&self) -> bool {
        !self.approvals.is_empty() || self.paths.is_some()
    }

    /// The clocks that an order starts.
    pub(crate) fn clock_names(&self) -> Vec<&str> {
        let steps = [&self.clocks.sign, &self.clocks.contact, &self.clocks.arrive];
        let paths = self.paths.iter();
        let paths = paths
            .flat_map(|paths| std::iter::once(&paths.complex.deliver).chain(&paths.simple.close));
        let all = steps.into_iter().chain(paths);
        all.map(|clock| clock.name.as_str()).collect()
    }

    /// What the schema can't say: one way of approval or the other, and nobody approves what they may order.
    pub(crate) fn check(&self) -> Result<(), PluginError> {
        let Some(paths) = &self.paths else {
            return Ok(());
        };
        if !self.approvals.is_empty() {
            return Err(PluginError::bad_config(
                "approvals 与 paths 只能写一项：分简单、复杂两条审批路径时请删去 approvals",
            ));
        }
        let approvers = [paths.simple.approval, paths.complex.approval];
        let own = |role: &Role| self.open_by.contains(&Mover::Role(*role));
        match approvers.iter().find(|role| own(role)) {
            Some(role) => Err(PluginError::bad_config(format!(
                "{} 既可发令又可审批：请从 open-by 或审批人中删去一处",
                role.as_str()
            ))),
            None => Ok(()),
        }
    }
}
