//! The mechanism of dispatching by a catalogue: category and item say who leads, who assists, at which level, how fast.
//!
//! Around it stand the levels of response: what the base found it tries itself, what was whistled up is the next level's,
//! and what is a village's goes through its town.

mod config;
mod levels;
mod rows;
#[cfg(test)]
mod tests;

use fengqiao_sdk::case::Matter;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;

use config::Config;

struct CatalogueDispatch;

impl Plugin for CatalogueDispatch {
    type Config = Config;
}

impl Profile for CatalogueDispatch {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        Ok(config.profile.clone())
    }
}

impl Triage for CatalogueDispatch {
    /// Emergency · found at the base · whistled up to a town · the catalogue · a person.
    fn triage(config: &Config, case: &Case) -> Result<Answer, PluginError> {
        let matter = case.matter()?;
        let category = matter.category.as_deref();
        let category = category.map(|word| rows::category(config, word));
        let emergency = config.emergency.as_ref();
        if let Some(route) = emergency.and_then(|rule| rule.route_as(matter, category)) {
            return Ok(Answer::Refer(route.to_owned()));
        }
        let mut found = levels::base(config, case)?;
        if found.is_none() {
            found = levels::whistled_up(config, case)?;
        }
        if found.is_none() {
            found = rows::by_catalogue(config, case)?;
        }
        match found {
            Some(acceptance) => Ok(hurried(config, matter, acceptance).into()),
            None => by_hand(config, case),
        }
    }
}

fn hurried(config: &Config, matter: &Matter, acceptance: Acceptance) -> Acceptance {
    let rules = config.hurry.iter();
    let rules = rules.filter(|rule| rule.marks.iter().any(|mark| matter.is_marked(mark)));
    rules.fold(acceptance, |acceptance, rule| {
        let flagged = rule.flag.iter().fold(acceptance, |it, flag| it.flag(flag));
        flagged.limits(&rule.clocks)
    })
}

/// A person decides at the platform's desk: the nearest one from the town upward.
fn by_hand(config: &Config, case: &Case) -> Result<Answer, PluginError> {
    let place = case.place()?;
    let desk = levels::desk(config, place)?;
    let desk = desk.unwrap_or_else(|| place.handled_by.clone());
    Ok(Answer::need_human(
        &desk,
        config.platform.role,
        "not-in-catalogue",
    ))
}

fengqiao_sdk::export!(CatalogueDispatch: profile, triage);
