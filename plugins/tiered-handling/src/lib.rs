//! The mechanism of handling by tiers: who the nature of a matter says, several departments together, one level up, and one
//! record over many alike.

mod config;
mod follow_up;
mod problem;
#[cfg(test)]
mod tests;
mod tiers;
mod up;

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;

use config::Config;

struct TieredHandling;

impl Plugin for TieredHandling {
    type Config = Config;
}

impl Profile for TieredHandling {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        let rules = config.profile.clone();
        Ok(match &config.common_problem {
            Some(common) => rules.proceeding(problem::graph(common)),
            None => rules,
        })
    }
}

impl Triage for TieredHandling {
    fn triage(config: &Config, case: &Case) -> Result<Answer, PluginError> {
        tiers::first_match(config, case)
    }
}

impl React for TieredHandling {
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        if !matches!(reaction.subject, Subject::Case(_)) {
            return Ok(Vec::new());
        }
        let mut proposals = follow_up::inspection(config, reaction)?;
        proposals.extend(follow_up::care(config, reaction)?);
        proposals.extend(follow_up::home_visit(config, reaction)?);
        proposals.extend(problem::found(config, reaction)?);
        Ok(proposals)
    }
}

fengqiao_sdk::export!(TieredHandling: profile, triage, react);
