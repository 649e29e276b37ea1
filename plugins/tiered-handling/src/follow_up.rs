//! What follows from an inspection's hand-in, from a care list, and from a leader's flag.

use fengqiao_sdk::case::{AssignmentRole, ClockState};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::propose;

use crate::config::Config;
use crate::tiers::supervisor;

/// An inspection's hand-in is supervised from above; who handles it stays the same.
pub(crate) fn inspection(
    config: &Config,
    reaction: &Reaction,
) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.inspection else {
        return Ok(Vec::new());
    };
    if reaction.all("registered").next().is_none() {
        return Ok(Vec::new());
    }
    let case = &reaction.after;
    if !rule.channels.contains(&case.source()?.channel) {
        return Ok(Vec::new());
    }
    let centre = supervisor(config, Some(rule.supervise_level), case.place()?)?;
    let fresh = centre.filter(|centre| {
        !case
            .assignments()
            .is_ok_and(|all| all.iter().any(|own| own.unit == centre.id))
    });
    Ok(fresh
        .map(|centre| propose::assign(&centre.id, AssignmentRole::Supervise).on(&reaction.subject))
        .into_iter()
        .collect())
}

/// Somebody on a care list comes to the hub's desk, without a leader's asking; whether somebody goes there is flagged by a
/// person as ever. A flag of the rule's own would tell whoever handles the case who is on a list.
pub(crate) fn care(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let rule = config
        .home_visit
        .as_ref()
        .filter(|rule| rule.care.is_some());
    let Some(rule) = rule else {
        return Ok(Vec::new());
    };
    let is_new = reaction.all("registered").next().is_some();
    if !is_new || !reaction.after.is_in_care()? {
        return Ok(Vec::new());
    }
    let desk = &reaction.after.place()?.handled_by;
    let task = propose::raise_task("home-visit", desk, rule.role, "请看是否安排上门");
    Ok(vec![task.on(&reaction.subject)])
}

/// A leader flags a case: somebody goes there within the clock; being there stops it.
pub(crate) fn home_visit(
    config: &Config,
    reaction: &Reaction,
) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.home_visit else {
        return Ok(Vec::new());
    };
    let case = &reaction.after;
    let running = case.clocks()?.iter().find(|clock| {
        clock.name == rule.clock.name
            && matches!(clock.state, ClockState::Running | ClockState::Paused)
    });
    let mut proposals = Vec::new();
    for event in reaction.all("flagged") {
        if running.is_none() && event.get::<String>("flag")?.as_deref() == Some(&rule.flag) {
            let desk = &case.place()?.handled_by;
            proposals
                .push(propose::start_clock(rule.clock.clone(), case.lead()?).on(&reaction.subject));
            proposals.push(
                propose::raise_task("home-visit", desk, rule.role, "请安排上门")
                    .on(&reaction.subject),
            );
        }
    }
    if reaction.all("arrived").next().is_some()
        && let Some(clock) = running
    {
        proposals.push(propose::stop_clock(clock.id).on(&reaction.subject));
    }
    Ok(proposals)
}
