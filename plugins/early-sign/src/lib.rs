//! The mechanism of early signs: what may grow into trouble is classified by level and category and passed on in time.

mod classes;
mod config;
mod following;
mod graph;
#[cfg(test)]
mod tests;

use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;

use config::Config;

struct EarlySign;

impl Plugin for EarlySign {
    type Config = Config;
}

impl Profile for EarlySign {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        Ok(config.profile.clone().proceeding(graph::graph(config)))
    }
}

impl Triage for EarlySign {
    fn triage(config: &Config, case: &Case) -> Result<Answer, PluginError> {
        classes::route(config, case)
    }
}

impl Guard for EarlySign {
    fn guard(config: &Config, case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        classes::may_be_classified(config, case, wanted)
    }
}

impl React for EarlySign {
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        if !matches!(reaction.subject, Subject::Case(_)) {
            return Ok(Vec::new());
        }
        let mut proposals = following::record(config, reaction)?;
        proposals.extend(following::timed(config, reaction)?);
        proposals.extend(following::passed(config, reaction)?);
        proposals.extend(following::late(config, reaction)?);
        Ok(proposals)
    }
}

fengqiao_sdk::export!(EarlySign: profile, triage, guard, react);
