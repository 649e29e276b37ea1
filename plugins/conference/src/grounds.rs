//! Why a conference is called: what holds of a case, and what has just happened to it.

use std::collections::BTreeSet;

use fengqiao_sdk::case::{AssignmentRole, AssignmentState, ClockState, Level, level_of};
use fengqiao_sdk::directory;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::react::Happened;

use crate::config::{Config, Ground, Spans};

/// The reason of a matter that spans departments, trades, areas.
pub(crate) const SPANS: &str = "spans";
/// The reason of what the level below couldn't settle.
pub(crate) const REMITTED: &str = "remitted";

/// Whether a conference of a level may be called, whoever calls it.
pub(crate) fn any(config: &Config, level: &str, case: &Case) -> Result<bool, PluginError> {
    if let Some(rule) = config.spans.as_ref().filter(|rule| rule.level == level)
        && spans(rule, case)?
    {
        return Ok(true);
    }
    if remitted(config, level, case)? {
        return Ok(true);
    }
    for ground in config.grounds.iter().filter(|own| own.level == level) {
        if holds(ground, case)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the matter spans as many of departments, trades and areas as it takes.
pub(crate) fn spans(rule: &Spans, case: &Case) -> Result<bool, PluginError> {
    let (mut departments, mut areas) = (BTreeSet::new(), BTreeSet::new());
    areas.extend(case.place()?.at(Level::Township).map(str::to_owned));
    let working = |role| matches!(role, AssignmentRole::Lead | AssignmentRole::Assist);
    for own in case.assignments()? {
        if own.state != AssignmentState::Active || !working(own.role) {
            continue;
        }
        let Some(unit) = directory::unit(&own.unit)? else {
            continue;
        };
        match level_of(&unit.division) {
            Level::Township => {
                areas.insert(unit.division);
            }
            Level::County => {
                departments.insert(unit.id);
            }
            _ => {}
        }
    }
    let spanned = [
        rule.departments.is_reached_by(departments.len()),
        case.matter()?.is_marked(&rule.trade_mark),
        rule.areas.is_reached_by(areas.len()),
    ];
    let spanned = spanned.into_iter().filter(|one| *one).count();
    Ok(rule.dimensions.is_reached_by(spanned))
}

/// Whether a conference of a level below was remitted to this one.
fn remitted(config: &Config, level: &str, case: &Case) -> Result<bool, PluginError> {
    let proceedings = case.proceedings()?;
    let below = config.levels.iter();
    let mut below = below.filter(|below| below.remitted_to.as_deref() == Some(level));
    Ok(below.any(|below| {
        let kind = config.kind_of(&below.code);
        proceedings
            .iter()
            .any(|p| p.kind == kind && p.state == "remitted-up")
    }))
}

fn holds(ground: &Ground, case: &Case) -> Result<bool, PluginError> {
    if let (Some(kind), Some(state)) = (&ground.proceeding, &ground.state) {
        let mut all = case.proceedings()?.iter();
        return Ok(all.any(|p| &p.kind == kind && &p.state == state));
    }
    if let Some(name) = &ground.clock {
        let mut all = case.clocks()?.iter();
        return Ok(all.any(|clock| &clock.name == name && clock.state == ClockState::Breached));
    }
    if let Some(flag) = &ground.flag {
        return Ok(case.history()?.has_flag(flag));
    }
    match &ground.mark {
        Some(mark) => Ok(case.matter()?.is_marked(mark)),
        None => Ok(false),
    }
}

/// Whether an event is what a ground speaks of.
pub(crate) fn is_met(ground: &Ground, event: &Happened, case: &Case) -> Result<bool, PluginError> {
    if event.is("proceeding-moved")
        && let (Some(kind), Some(state)) = (&ground.proceeding, &ground.state)
    {
        let moved = event.get::<u32>("proceeding")?;
        let moved = moved.map(|id| case.proceeding(id)).transpose()?.flatten();
        let to = event.get::<String>("to")?;
        return Ok(moved.is_some_and(|p| &p.kind == kind) && to.as_ref() == Some(state));
    }
    if event.is("clock-breached")
        && let Some(name) = &ground.clock
    {
        let clock = event.get::<u32>("clock")?;
        let clock = clock.map(|id| case.clock(id)).transpose()?.flatten();
        return Ok(clock.is_some_and(|clock| &clock.name == name));
    }
    if event.is("flagged") && ground.flag.is_some() {
        return Ok(event.get::<String>("flag")? == ground.flag);
    }
    if event.is("registered")
        && let Some(mark) = &ground.mark
    {
        return Ok(case.matter()?.is_marked(mark));
    }
    Ok(false)
}

/// The clock that must have ended before a fact may be recorded, where it still runs.
pub(crate) fn too_early(config: &Config, flag: &str, case: &Case) -> Result<bool, PluginError> {
    let ground = config
        .grounds
        .iter()
        .find(|ground| ground.flag.as_deref() == Some(flag));
    let Some(clock) = ground.and_then(|ground| ground.after.as_deref()) else {
        return Ok(false);
    };
    let mut all = case.clocks()?.iter();
    Ok(all.any(|own| own.name == clock && own.state == ClockState::Running))
}
