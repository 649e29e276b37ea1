//! The mechanism of one hub, three sub-centres and any number of linked platforms.
//!
//! Triage is a list of rules, the first match of which decides; what no rule knows, a person looks at: first whose territory
//! it is, then whose portfolio.

mod config;
mod routes;
#[cfg(test)]
mod tests;

use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;

use config::{Config, Declining};

struct OneThreeX;

impl Plugin for OneThreeX {
    type Config = Config;
}

impl Profile for OneThreeX {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        Ok(config.profile.clone())
    }
}

impl Triage for OneThreeX {
    fn triage(config: &Config, case: &Case) -> Result<Answer, PluginError> {
        routes::first_match(config, case)
    }
}

impl Guard for OneThreeX {
    /// Nothing is turned away: what isn't this platform's is recorded and passed on.
    fn guard(config: &Config, _case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        if wanted.is("decline") && config.decline == Declining::Refused {
            return Ok(Verdict::refuse(
                "never-declined",
                "非本平台处置范围的诉求也要录入和流转：请改为派单、上提、下交或移交",
            ));
        }
        Ok(Verdict::Permit)
    }
}

fengqiao_sdk::export!(OneThreeX: profile, triage, guard);
