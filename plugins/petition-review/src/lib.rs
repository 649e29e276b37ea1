//! The mechanism of review and re-review: whoever disagrees with a written reply asks the organ above, once and once more, in time.

mod config;
mod graph;
mod order;
mod organs;
#[cfg(test)]
mod tests;

use fengqiao_sdk::case::Proceeding;
use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;
use fengqiao_sdk::propose;

use config::Config;
use graph::{ASK, ASK_AGAIN, DECIDE, DECIDE_AGAIN, RE_REVIEW_ORGAN, REVIEW_ORGAN, SERVED};

struct PetitionReview;

impl Plugin for PetitionReview {
    type Config = Config;
}

impl Profile for PetitionReview {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        Ok(config.profile.clone().proceeding(graph::graph(config)))
    }
}

impl Guard for PetitionReview {
    fn guard(config: &Config, case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        let mine = |step: &str| wanted.is(&format!("{}/{step}", config.kind));
        let review = newest(config, case)?;
        let asking = [ASK, ASK_AGAIN].into_iter().find(|step| mine(step));
        if let Some(refusal) = asking.and_then(|step| order::out_of_turn(step, review)) {
            return Ok(refusal);
        }
        if mine(ASK) {
            return organs::may_be_asked(case, wanted);
        }
        if mine(ASK_AGAIN) {
            return organs::may_be_asked_again(case, review, wanted);
        }
        if mine(DECIDE) {
            return organs::may_decide(review, REVIEW_ORGAN, wanted);
        }
        if mine(DECIDE_AGAIN) {
            return organs::may_decide(review, RE_REVIEW_ORGAN, wanted);
        }
        Ok(Verdict::Permit)
    }
}

impl React for PetitionReview {
    /// The time to ask runs from the reply that reached the requester; a new reply gives a new time.
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        if !matches!(reaction.subject, Subject::Case(_)) || !was_served(reaction)? {
            return Ok(Vec::new());
        }
        let case = &reaction.after;
        if !config.kinds.contains(&case.matter()?.kind) {
            return Ok(Vec::new());
        }
        Ok(match newest(config, case)? {
            Some(own) if own.state == SERVED => {
                vec![propose::move_proceeding(own.id, "serve-again").on(&reaction.subject)]
            }
            Some(own) if own.is_open() => Vec::new(),
            _ => vec![propose::open_proceeding(&config.kind).on(&reaction.subject)],
        })
    }
}

fn was_served(reaction: &Reaction) -> Result<bool, PluginError> {
    for event in reaction.all("replied") {
        let delivery = event.get::<Delivery>("delivery")?;
        if delivery.is_some_and(|delivery| delivery.delivery == "delivered") {
            return Ok(true);
        }
    }
    Ok(false)
}

fn newest<'a>(config: &Config, case: &'a Case) -> Result<Option<&'a Proceeding>, PluginError> {
    let mut all = case.proceedings()?.iter();
    Ok(all.rfind(|own| own.kind == config.kind))
}

/// The part of a reply that is read here.
#[derive(Debug, Deserialize)]
struct Delivery {
    delivery: String,
}

fengqiao_sdk::export!(PetitionReview: profile, guard, react);
