//! The mechanism of mediation: both sides want it, a mediator is chosen, it ends in time, and an agreement may be confirmed.

mod config;
mod graph;
mod mediators;
#[cfg(test)]
mod tests;

use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;
use fengqiao_sdk::propose;

use config::{Config, Confirmation, Reporting};

struct Mediation;

impl Plugin for Mediation {
    type Config = Config;
}

impl Profile for Mediation {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        Ok(config.profile.clone().proceeding(graph::graph(config)))
    }
}

impl Guard for Mediation {
    fn guard(config: &Config, case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        let mine = |step: &str| wanted.is(&format!("{}/{step}", config.kind));
        if (mine("consent") || mine("prolong")) && !both_filled_in(wanted)? {
            return Ok(Verdict::refuse(
                "both-parties",
                "调解须双方自愿：请分别填写双方的意见",
            ));
        }
        if mine("appoint")
            && let Some(rule) = &config.mediators
            && let Some(verdict) = mediators::may_be_appointed(rule, case, wanted)?
        {
            return Ok(verdict);
        }
        if mine("file")
            && config.confirmation == Confirmation::BothParties
            && !both_filled_in(wanted)?
        {
            return Ok(Verdict::refuse(
                "both-parties",
                "司法确认须双方共同申请，一方单独申请不予受理（《人民调解法》第三十三条）",
            ));
        }
        if wanted.is("report")
            && config.report_while_open == Reporting::Refused
            && under_way(config, case)?
        {
            return Ok(Verdict::refuse(
                "mediation-open",
                "调解尚未结束：请先记录达成协议或调解不成，再反馈",
            ));
        }
        Ok(Verdict::Permit)
    }
}

impl React for Mediation {
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        if !matches!(reaction.subject, Subject::Case(_)) {
            return Ok(Vec::new());
        }
        let mut proposals = begin(config, reaction)?;
        if let Some(rule) = &config.mediators {
            proposals.extend(mediators::suggest(rule, &config.kind, reaction)?);
        }
        Ok(proposals)
    }
}

/// A dispute that goes to mediation begins with it when the unit signs.
fn begin(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.open_on else {
        return Ok(Vec::new());
    };
    if reaction.all(&rule.event).next().is_none() {
        return Ok(Vec::new());
    }
    let case = &reaction.after;
    let meant = rule.kinds.contains(&case.matter()?.kind) && case.history()?.has_flag(&rule.flag);
    let begun = case
        .proceedings()?
        .iter()
        .any(|own| own.kind == config.kind);
    if !meant || begun {
        return Ok(Vec::new());
    }
    Ok(vec![
        propose::open_proceeding(&config.kind).on(&reaction.subject),
    ])
}

fn both_filled_in(wanted: &Move) -> Result<bool, PluginError> {
    let fields: std::collections::BTreeMap<String, String> =
        wanted.get("fields")?.unwrap_or_default();
    Ok(["applicant", "respondent"].iter().all(|side| {
        fields
            .get(*side)
            .is_some_and(|word| !word.trim().is_empty())
    }))
}

fn under_way(config: &Config, case: &Case) -> Result<bool, PluginError> {
    let before_an_end = |own: &fengqiao_sdk::case::Proceeding| {
        own.kind == config.kind
            && own.is_open()
            && matches!(own.state.as_str(), "consent" | "assigned" | "in-session")
    };
    Ok(case.proceedings()?.iter().any(before_an_end))
}

fengqiao_sdk::export!(Mediation: profile, guard, react);
