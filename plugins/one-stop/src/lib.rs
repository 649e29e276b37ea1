//! The mechanism of a one-stop centre: what is simple is done on the spot, a town or a department is whistled to the centre,
//! what is hard is talked over; whoever was asked first is responsible until the case is taken over.

mod coming;
mod config;
mod first_asked;
mod graphs;
mod presence;
#[cfg(test)]
mod tests;
mod tiers;
mod weekday;

use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{Form, LocalRules};

use config::{Config, Whistle};
use tiers::Target;

struct OneStop;

impl Plugin for OneStop {
    type Config = Config;
}

impl Profile for OneStop {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        config.check()?;
        let mut rules = config.profile.clone();
        let intake = &config.intake;
        rules.limits.ticks = Some(intake.at_most.value);
        rules.forms.push(Form {
            code: intake.form.clone(),
            title: intake.title.clone(),
            fields: intake.ticks.clone(),
        });
        let hand_over = config.hand_over.iter().map(graphs::hand_over);
        let appointment = config.appointment.iter().map(graphs::appointment);
        rules.proceedings.extend(hand_over.chain(appointment));
        Ok(rules)
    }
}

impl Triage for OneStop {
    fn triage(config: &Config, case: &Case) -> Result<Answer, PluginError> {
        tiers::route(config, case)
    }
}

impl Guard for OneStop {
    fn guard(config: &Config, case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        if wanted.is("object") {
            return first_asked::may_object(config, case);
        }
        coming::may_be_fixed(config, case, wanted)
    }
}

impl React for OneStop {
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        if !matches!(reaction.subject, Subject::Case(_)) {
            return Ok(Vec::new());
        }
        let mut proposals = Vec::new();
        for event in reaction.all("assigned") {
            if let Some(unit) = new_lead(event)? {
                proposals.extend(led_by(config, reaction, &unit)?);
            }
        }
        proposals.extend(papers_missing(config, reaction)?);
        proposals.extend(first_asked::answered(config, reaction)?);
        proposals.extend(coming::came(config, reaction)?);
        Ok(proposals)
    }
}

/// What follows when a unit gets the lead: a whistle to those who must come, and the unit itself takes over or comes.
fn led_by(config: &Config, reaction: &Reaction, lead: &str) -> Result<Vec<Proposal>, PluginError> {
    let case = &reaction.after;
    let mut proposals = Vec::new();
    let target = tiers::target(config, case)?;
    if let Some(target) = &target {
        if let Some(rule) = &config.whistle
            && case.history()?.has_flag(&rule.flag)
        {
            proposals.extend(whistle(config, reaction, rule, target)?);
        }
        if first_asked::waits(config, case, lead)? {
            proposals.extend(first_asked::offer(config, reaction, target)?);
            return Ok(proposals);
        }
    }
    if let Some(unit) = directory::unit(lead)? {
        proposals.extend(coming::call(config, reaction, &unit)?);
    }
    Ok(proposals)
}

/// Everybody who must come is whistled for, once.
fn whistle(
    config: &Config,
    reaction: &Reaction,
    rule: &Whistle,
    target: &Target,
) -> Result<Vec<Proposal>, PluginError> {
    let case = &reaction.after;
    let mut all = case.proceedings()?.iter();
    if all.any(|own| own.kind == rule.kind) {
        return Ok(Vec::new());
    }
    let matter = case.matter()?.category.clone().unwrap_or_default();
    let units = tiers::whistled(config, case, target)?.into_iter();
    let order = |unit: directory::Unit| {
        let order = propose::open_proceeding(&rule.kind).addressee(&unit.id);
        order.field("matter", &matter).on(&reaction.subject)
    };
    Ok(units.map(order).collect())
}

/// Whoever lacks papers is told once what is missing, all of it.
fn papers_missing(config: &Config, reaction: &Reaction) -> Result<Option<Proposal>, PluginError> {
    let rule = &config.papers;
    let mut flagged = reaction.all("flagged");
    let missing = flagged.any(|event| event.get::<String>("flag") == Ok(Some(rule.flag.clone())));
    if !missing {
        return Ok(None);
    }
    let row = tiers::target(config, &reaction.after)?.map(|target| target.row);
    let needed: Vec<String> = row
        .iter()
        .flat_map(|row| row.list("papers").map(str::to_owned))
        .collect();
    let note = format!("材料不齐：请一次性告知群众需要{}", needed.join("、"));
    let desk = config.desk(reaction.after.place()?)?;
    let task = propose::raise_task("ask-papers", &desk, rule.told_by, &note);
    Ok(Some(task.on(&reaction.subject)))
}

/// The unit that got the lead with this event.
fn new_lead(event: &Happened) -> Result<Option<String>, PluginError> {
    let part = event.get::<Part>("assignment")?;
    Ok(part
        .filter(|part| part.role == "lead")
        .map(|part| part.unit))
}

/// The part of an assignment that is read here.
#[derive(Debug, Deserialize)]
struct Part {
    unit: String,
    role: String,
}

fengqiao_sdk::export!(OneStop: profile, triage, guard, react);
