//! The mechanism of service circles: the nearest station that offers what a matter needs takes it, and what a circle
//! lacks is put on record.

mod circle;
mod config;
#[cfg(test)]
mod tests;

use fengqiao_sdk::prelude::*;

use config::Config;

struct ServiceCircle;

impl Plugin for ServiceCircle {
    type Config = Config;
}

impl Triage for ServiceCircle {
    fn triage(config: &Config, case: &Case) -> Result<Answer, PluginError> {
        let nearby = case.nearby()?;
        let taker = match &nearby {
            Some(nearby) => circle::taker(config, case.matter()?, nearby),
            None => None,
        };
        Ok(taker.map_or(Answer::Pass, |unit| {
            Acceptance::lead(unit).because("nearest-station").into()
        }))
    }
}

impl React for ServiceCircle {
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        if !matches!(reaction.subject, Subject::Case(_))
            || reaction.all("registered").next().is_none()
        {
            return Ok(Vec::new());
        }
        let case = &reaction.after;
        let Some(nearby) = case.nearby()? else {
            return Ok(Vec::new());
        };
        let gaps = circle::gaps(config, &nearby);
        let desk = &case.place()?.handled_by;
        Ok(circle::record(config, desk, &gaps, &reaction.subject))
    }
}

fengqiao_sdk::export!(ServiceCircle: triage, react);
