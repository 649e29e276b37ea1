//! What follows when an order is written, goes out, and its case is closed.

use fengqiao_sdk::case::{AssignmentRole, AssignmentState, ClockState, Proceeding};
use fengqiao_sdk::directory;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::propose;

use crate::complexity;
use crate::config::{Config, Paths};
use crate::graph::{ISSUE, ISSUE_COMPLEX, ISSUE_SIMPLE};

/// A draft waits at the right desk at once, without its author having to know which one.
pub(crate) fn written(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let Some(paths) = &config.paths else {
        return Ok(Vec::new());
    };
    let case = &reaction.after;
    let way = complexity::way(paths, case)?;
    let drafts = opened(config, reaction)?;
    let ask = |draft: &Proceeding| propose::move_proceeding(draft.id, way).on(&reaction.subject);
    Ok(drafts.into_iter().map(ask).collect())
}

/// From the moment an order goes out somebody supervises, and the promise for simple matters runs.
pub(crate) fn gone_out(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let case = &reaction.after;
    let moved = moves(config, reaction)?;
    let went = |way: &str| moved.iter().any(|code| code == way);
    let issued = if config.begins_as_draft() {
        [ISSUE, ISSUE_SIMPLE, ISSUE_COMPLEX].into_iter().any(went)
    } else {
        !opened(config, reaction)?.is_empty()
    };
    let mut proposals = Vec::new();
    if let Some(rule) = config.supervise.as_ref().filter(|_| issued)
        && let Some(unit) = directory::unit_for(&rule.portfolio, &case.place()?.place)?
        && !takes_part(case, &unit.id)?
    {
        proposals.push(propose::assign(&unit.id, AssignmentRole::Supervise).on(&reaction.subject));
    }
    if let Some(rule) = config
        .paths
        .as_ref()
        .and_then(|paths| paths.simple.close.as_ref())
        && went(ISSUE_SIMPLE)
        && running(case, &rule.name)?.is_none()
    {
        proposals.push(propose::start_clock(rule.clone(), case.lead()?).on(&reaction.subject));
    }
    Ok(proposals)
}

/// Whoever supervises hears of every clock of an order that ran out.
pub(crate) fn late(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.supervise else {
        return Ok(Vec::new());
    };
    let case = &reaction.after;
    let names = config.clock_names();
    let mut proposals = Vec::new();
    for event in reaction.all("clock-breached") {
        let clock = event.get::<u32>("clock")?;
        let clock = clock.map(|id| case.clock(id)).transpose()?.flatten();
        let Some(clock) = clock.filter(|clock| names.contains(&clock.name.as_str())) else {
            continue;
        };
        let unit = directory::unit_for(&rule.portfolio, &case.place()?.place)?;
        let desk = unit.map_or(case.place()?.handled_by.clone(), |unit| unit.division);
        let note = format!("发令单时限“{}”已突破：请督办并核实原因", clock.name);
        proposals.push(
            propose::raise_task("late-order", &desk, Role::Supervisor, &note).on(&reaction.subject),
        );
    }
    Ok(proposals)
}

/// Closing the case is what the promise for simple matters waits for.
pub(crate) fn closed(paths: &Paths, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &paths.simple.close else {
        return Ok(Vec::new());
    };
    if reaction.all("closed").next().is_none() {
        return Ok(Vec::new());
    }
    let stop = |clock| propose::stop_clock(clock).on(&reaction.subject);
    Ok(running(&reaction.after, &rule.name)?
        .map(stop)
        .into_iter()
        .collect())
}

/// The orders that were opened just now.
fn opened<'a>(config: &Config, reaction: &'a Reaction) -> Result<Vec<&'a Proceeding>, PluginError> {
    let mut orders = Vec::new();
    for event in reaction.all("proceeding-opened") {
        let Some(opened) = event.get::<Opened>("proceeding")? else {
            continue;
        };
        let order = reaction.after.proceeding(opened.id)?;
        orders.extend(order.filter(|order| order.kind == config.kind));
    }
    Ok(orders)
}

/// The moves that orders made just now.
fn moves(config: &Config, reaction: &Reaction) -> Result<Vec<String>, PluginError> {
    let mut moves = Vec::new();
    for event in reaction.all("proceeding-moved") {
        let Some(id) = event.get::<u32>("proceeding")? else {
            continue;
        };
        let order = reaction.after.proceeding(id)?;
        if order.is_some_and(|order| order.kind == config.kind) {
            moves.extend(event.get::<String>("code")?);
        }
    }
    Ok(moves)
}

fn takes_part(case: &Case, unit: &str) -> Result<bool, PluginError> {
    let mut parts = case.assignments()?.iter();
    Ok(parts.any(|own| own.unit == unit && own.state == AssignmentState::Active))
}

/// The clock of this name that still waits, in time or late.
fn running(case: &Case, name: &str) -> Result<Option<u32>, PluginError> {
    let waits = |state| {
        matches!(
            state,
            ClockState::Running | ClockState::Paused | ClockState::Breached
        )
    };
    let mut clocks = case.clocks()?.iter();
    let found = clocks.find(|clock| clock.name == name && waits(clock.state));
    Ok(found.map(|clock| clock.id))
}

/// The part of an opened proceeding that is read here.
#[derive(Debug, Deserialize)]
struct Opened {
    id: u32,
}
