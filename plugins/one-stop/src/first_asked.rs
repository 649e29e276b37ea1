//! Whoever was asked first is responsible until somebody takes the case over.

use fengqiao_sdk::guard::Verdict;
use fengqiao_sdk::prelude::*;

use crate::config::{Config, HandOver};
use crate::graphs::{ACCEPT, RETURN};
use crate::tiers::Target;

/// Who was asked first doesn't send the case back: they hand it over.
pub(crate) fn may_object(config: &Config, case: &Case) -> Result<Verdict, PluginError> {
    if let Some(lead) = case.lead()?
        && waits(config, case, lead)?
    {
        return Ok(Verdict::refuse(
            "asked-first",
            "首问负责：接收单位接收之前由首问单位负责，不能退单；请办理移交",
        ));
    }
    Ok(Verdict::Permit)
}

/// Whether this lead only has the case until somebody takes it over.
pub(crate) fn waits(config: &Config, case: &Case, lead: &str) -> Result<bool, PluginError> {
    let Some(rule) = &config.hand_over else {
        return Ok(false);
    };
    let first = case.source()?.first_receiver.as_deref();
    Ok(case.history()?.has_flag(&rule.flag) && first == Some(lead))
}

/// The case is offered to the target, once.
pub(crate) fn offer(
    config: &Config,
    reaction: &Reaction,
    target: &Target,
) -> Result<Option<Proposal>, PluginError> {
    let Some(rule) = &config.hand_over else {
        return Ok(None);
    };
    let mut all = reaction.after.proceedings()?.iter();
    if all.any(|own| own.kind == rule.kind) {
        return Ok(None);
    }
    let offer = propose::open_proceeding(&rule.kind).addressee(&target.unit.id);
    Ok(Some(offer.on(&reaction.subject)))
}

/// Accepted, the other unit leads; returned or not answered in time, the desk sees to it, and the first goes on.
pub(crate) fn answered(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.hand_over else {
        return Ok(Vec::new());
    };
    let case = &reaction.after;
    let mut proposals = Vec::new();
    for event in reaction.all("proceeding-moved") {
        let id = event.get::<u32>("proceeding")?;
        let own = id.map(|id| case.proceeding(id)).transpose()?.flatten();
        let Some(own) = own.filter(|own| own.kind == rule.kind) else {
            continue;
        };
        match (event.get::<String>("code")?.as_deref(), &own.addressee) {
            (Some(ACCEPT), Some(unit)) => {
                let taken = propose::hand_over(unit, "接收移交，由接收单位负责");
                proposals.push(taken.on(&reaction.subject));
            }
            (Some(RETURN), _) => proposals.push(task(
                config,
                reaction,
                "hand-over-returned",
                "移交被退回：首问单位继续负责，请协调接收单位",
            )?),
            _ => {}
        }
    }
    for event in reaction.all("clock-breached") {
        if breached(rule, case, event)? {
            proposals.push(task(
                config,
                reaction,
                "hand-over-overdue",
                "移交逾期未接收：首问单位继续负责，请催促接收单位",
            )?);
        }
    }
    Ok(proposals)
}

fn breached(rule: &HandOver, case: &Case, event: &Happened) -> Result<bool, PluginError> {
    let clock = event.get::<u32>("clock")?;
    let clock = clock.map(|id| case.clock(id)).transpose()?.flatten();
    Ok(clock.is_some_and(|clock| clock.name == rule.clock.name))
}

fn task(
    config: &Config,
    reaction: &Reaction,
    code: &str,
    note: &str,
) -> Result<Proposal, PluginError> {
    let desk = config.desk(reaction.after.place()?)?;
    Ok(propose::raise_task(code, &desk, config.centre.role, note).on(&reaction.subject))
}
