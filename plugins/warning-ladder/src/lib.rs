//! The mechanism of warnings in steps: a violation is warned of; unanswered or repeated it is proposed for the next step,
//! which a named person approves.

mod config;
mod graph;
mod rules;
#[cfg(test)]
mod tests;

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;

use config::Config;

struct WarningLadder;

impl Plugin for WarningLadder {
    type Config = Config;
}

impl Profile for WarningLadder {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        Ok(config.profile.clone().proceeding(graph::graph(config)?))
    }
}

impl React for WarningLadder {
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        match &reaction.subject {
            Subject::Case(case) => rules::violations(config, case, reaction),
            Subject::Unit(unit) => rules::repeated(config, unit, reaction),
            Subject::Division(_) => Ok(Vec::new()),
        }
    }
}

fengqiao_sdk::export!(WarningLadder: profile, react);
