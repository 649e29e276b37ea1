//! The mechanism of conferences by levels (会商): what spans departments, is refused, disputed, hard or major is talked over,
//! and goes up where a level can't settle it; what it decides may be paid from an allowance (一诉一议).

mod config;
mod graph;
mod grounds;
#[cfg(test)]
mod tests;

use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;
use fengqiao_sdk::propose;

use config::{Config, Funding, Reporting};

struct Conference;

impl Plugin for Conference {
    type Config = Config;
}

impl Profile for Conference {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        let mut rules = config.profile.clone();
        let conferences = config.levels.iter();
        let conferences = conferences.filter_map(|level| graph::conference(config, level));
        let funding = config.funding.iter().filter_map(graph::funding);
        rules.proceedings.extend(conferences.chain(funding));
        Ok(rules)
    }
}

impl Guard for Conference {
    fn guard(config: &Config, case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        if let Some(rule) = &config.funding
            && wanted.is(&format!("{}/open", rule.kind))
        {
            return may_be_funded(config, rule, case);
        }
        if wanted.is("report") {
            return may_report(config, case);
        }
        if wanted.is("flag") {
            let flag = wanted.get::<String>("flag")?.unwrap_or_default();
            if grounds::too_early(config, &flag, case)? {
                return Ok(Verdict::refuse(
                    "object-first",
                    "退单期限未满：请先申请退单，期满仍有争议的再提请会商",
                ));
            }
        }
        for level in &config.levels {
            let kind = config.kind_of(&level.code);
            if wanted.is(&format!("{kind}/open")) && !grounds::any(config, &level.code, case)? {
                return Ok(Verdict::refuse(
                    "no-ground",
                    &format!("不符合启动{}的情形：请先按下一级处理", level.label),
                ));
            }
            if wanted.is(&format!("{kind}/hold")) {
                return may_hold(config, wanted);
            }
        }
        Ok(Verdict::Permit)
    }
}

/// What a conference talks over isn't reported meanwhile.
fn may_report(config: &Config, case: &Case) -> Result<Verdict, PluginError> {
    let meeting = case
        .proceedings()?
        .iter()
        .any(|p| config.level_of(&p.kind).is_some() && (p.state == "called" || p.state == "held"));
    if meeting && config.report_while_open == Reporting::Refused {
        return Ok(Verdict::refuse(
            "conference-open",
            "会商尚未议定：议定后再反馈",
        ));
    }
    Ok(Verdict::Permit)
}

/// A conference is between several: the field lists who attended, separated by `、`.
fn may_hold(config: &Config, wanted: &Move) -> Result<Verdict, PluginError> {
    let fields = wanted.get::<std::collections::BTreeMap<String, String>>("fields")?;
    let attended = fields.as_ref().and_then(|fields| fields.get("attended"));
    let attended = attended.map_or("", String::as_str).split('、');
    let count = attended.filter(|unit| !unit.trim().is_empty()).count();
    match &config.attend {
        Some(rule) if !rule.is_reached_by(count) => Ok(Verdict::refuse(
            "too-few-attended",
            "会商须有相关单位参加：请用“、”列出全部参加单位",
        )),
        _ => Ok(Verdict::Permit),
    }
}

/// Money is for what serves the public, isn't in the budget, and was decided by a conference of the right level.
fn may_be_funded(config: &Config, rule: &Funding, case: &Case) -> Result<Verdict, PluginError> {
    let matter = case.matter()?;
    if !rule.marks.iter().all(|mark| matter.is_marked(mark)) {
        return Ok(Verdict::refuse(
            "not-fundable",
            "经费只用于未列入财政预算的公益类事项",
        ));
    }
    let kinds: Vec<String> = rule.levels.iter().map(|l| config.kind_of(l)).collect();
    let decided = case.proceedings()?.iter().any(|p| {
        let settled = p.state == "decided" || (!p.is_open() && p.field("decision").is_some());
        kinds.contains(&p.kind) && settled
    });
    if decided {
        return Ok(Verdict::Permit);
    }
    Ok(Verdict::refuse(
        "not-decided",
        "须经相应级别的会商议定后才能申请经费",
    ))
}

impl React for Conference {
    /// Calls the conference of the level that what happened speaks for.
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        if !matches!(reaction.subject, Subject::Case(_)) {
            return Ok(Vec::new());
        }
        let case = &reaction.after;
        let mut called: Vec<(String, &str)> = Vec::new();
        if let Some(rule) = &config.spans
            && reaction.all("assigned").next().is_some()
            && !was_called(config, &rule.level, case)?
            && grounds::spans(rule, case)?
        {
            called.push((rule.level.clone(), grounds::SPANS));
        }
        for event in &reaction.events {
            for ground in &config.grounds {
                if grounds::is_met(ground, event, case)? {
                    called.push((ground.level.clone(), &ground.reason));
                }
            }
            if let Some(next) = remitted_to(config, event, case)? {
                called.push((next, grounds::REMITTED));
            }
        }
        let mut proposals: Vec<Proposal> = Vec::new();
        let mut levels: Vec<String> = Vec::new();
        for (level, reason) in called {
            if !levels.contains(&level) && !is_open(config, &level, case)? {
                let kind = config.kind_of(&level);
                let opening = propose::open_proceeding(&kind).field("reason", reason);
                proposals.push(opening.on(&reaction.subject));
                levels.push(level);
            }
        }
        Ok(proposals)
    }
}

/// The level that takes over, where the event is a conference's being remitted.
fn remitted_to(
    config: &Config,
    event: &fengqiao_sdk::react::Happened,
    case: &Case,
) -> Result<Option<String>, PluginError> {
    if !event.is("proceeding-moved") || event.get::<String>("to")?.as_deref() != Some("remitted-up")
    {
        return Ok(None);
    }
    let moved = event.get::<u32>("proceeding")?;
    let moved = moved.map(|id| case.proceeding(id)).transpose()?.flatten();
    let level = moved.and_then(|p| config.level_of(&p.kind));
    Ok(level.and_then(|level| level.remitted_to.clone()))
}

fn was_called(config: &Config, level: &str, case: &Case) -> Result<bool, PluginError> {
    let kind = config.kind_of(level);
    Ok(case.proceedings()?.iter().any(|p| p.kind == kind))
}

fn is_open(config: &Config, level: &str, case: &Case) -> Result<bool, PluginError> {
    let kind = config.kind_of(level);
    let mut all = case.proceedings()?.iter();
    Ok(all.any(|p| p.kind == kind && p.is_open()))
}

fengqiao_sdk::export!(Conference: profile, guard, react);
