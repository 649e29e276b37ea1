//! What follows: a sign is put on record, has until the clock to be passed on, and somebody hears where it wasn't.

use fengqiao_sdk::case::{ClockState, Proceeding};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::propose;

use crate::classes::is_above;
use crate::config::Config;
use crate::graph::PASS_ON;

/// A marked matter is put on record as it comes in.
pub(crate) fn record(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let case = &reaction.after;
    let fresh = reaction.all("registered").next().is_some();
    if !fresh || !case.matter()?.is_marked(&config.mark) || newest(config, case)?.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![
        propose::open_proceeding(&config.kind).on(&reaction.subject),
    ])
}

/// On record, it has until the clock; passed on, settled or dismissed, it has kept it.
pub(crate) fn timed(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let case = &reaction.after;
    let Some(sign) = newest(config, case)? else {
        return Ok(Vec::new());
    };
    let waits = |state| matches!(state, ClockState::Running | ClockState::Breached);
    let mut clocks = case.clocks()?.iter().rev();
    let clock = clocks.find(|clock| clock.name == config.clock.name);
    let mut proposals = Vec::new();
    if sign.is_open() && opened(sign, reaction)? {
        proposals.push(propose::start_clock(config.clock.clone(), None).on(&reaction.subject));
    }
    if !sign.is_open()
        && let Some(clock) = clock.filter(|clock| waits(clock.state))
        && moved(sign, reaction)?
    {
        proposals.push(propose::stop_clock(clock.id).on(&reaction.subject));
    }
    Ok(proposals)
}

/// It is passed on once somebody above the place leads, or an order has reached whoever answers for it.
pub(crate) fn passed(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let case = &reaction.after;
    let Some(sign) = newest(config, case)?.filter(|sign| sign.is_open()) else {
        return Ok(Vec::new());
    };
    let led_above = match case.lead()? {
        Some(lead) => is_above(config, lead)?,
        None => false,
    };
    let ordered = config.passed_by.as_ref().map(|rule| {
        let mut all = case.proceedings().unwrap_or_default().iter();
        all.any(|own| own.kind == rule.proceeding && rule.states.contains(&own.state))
    });
    if !led_above && ordered != Some(true) {
        return Ok(Vec::new());
    }
    Ok(vec![
        propose::move_proceeding(sign.id, PASS_ON).on(&reaction.subject),
    ])
}

/// A sign that wasn't passed on in time becomes somebody's task.
pub(crate) fn late(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.late else {
        return Ok(Vec::new());
    };
    let case = &reaction.after;
    let mut proposals = Vec::new();
    for event in reaction.all("clock-breached") {
        let id = event.get::<u32>("clock")?;
        let clock = id.map(|id| case.clock(id)).transpose()?.flatten();
        if clock.is_none_or(|clock| clock.name != config.clock.name) {
            continue;
        }
        let place = case.place()?;
        let desk = place.at(config.desk.level.level()).unwrap_or(&place.place);
        proposals.push(
            propose::raise_task(
                "late-early-sign",
                desk,
                rule.role,
                "苗头未按时转出：请督办并核实原因",
            )
            .on(&reaction.subject),
        );
    }
    Ok(proposals)
}

fn newest<'a>(config: &Config, case: &'a Case) -> Result<Option<&'a Proceeding>, PluginError> {
    let mut all = case.proceedings()?.iter();
    Ok(all.rfind(|own| own.kind == config.kind))
}

fn opened(sign: &Proceeding, reaction: &Reaction) -> Result<bool, PluginError> {
    for event in reaction.all("proceeding-opened") {
        let opened = event.get::<Opened>("proceeding")?;
        if opened.is_some_and(|opened| opened.id == sign.id) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn moved(sign: &Proceeding, reaction: &Reaction) -> Result<bool, PluginError> {
    for event in reaction.all("proceeding-moved") {
        if event.get::<u32>("proceeding")? == Some(sign.id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The part of an opened proceeding that is read here.
#[derive(Debug, Deserialize)]
struct Opened {
    id: u32,
}
