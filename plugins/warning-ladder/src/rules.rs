//! When a unit is warned, and when a warning is proposed for the next step.

use fengqiao_sdk::case::Proceeding;
use fengqiao_sdk::date;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::propose;

use crate::config::{Config, Repeat, Violation, Within};

/// Violations in a case: each warns the unit that answers for it, on that unit's own docket.
pub(crate) fn violations(
    config: &Config,
    case: &str,
    reaction: &Reaction,
) -> Result<Vec<Proposal>, PluginError> {
    let mut proposals = Vec::new();
    for event in &reaction.events {
        for violation in &config.violations {
            let Some(unit) = violator(violation, event, &reaction.after)? else {
                continue;
            };
            let warning = propose::open_proceeding(&config.kind)
                .addressee(&unit)
                .about(case)
                .field("ground", &violation.ground);
            proposals.push(warning.on_unit(&unit));
            if let Some(words) = config.steps.first().and_then(|step| step.urge.as_deref()) {
                proposals.push(propose::urge(words).on(&reaction.subject));
            }
        }
    }
    Ok(proposals)
}

/// The unit that did it, if the event is this violation.
fn violator(
    violation: &Violation,
    event: &Happened,
    case: &Case,
) -> Result<Option<String>, PluginError> {
    if let Some(name) = &violation.clock
        && event.is("clock-breached")
        && let Some(clock) = event.get::<u32>("clock")?
    {
        let clock = case.clock(clock)?.filter(|clock| &clock.name == name);
        return Ok(clock.and_then(|clock| clock.owner.clone()));
    }
    if let (Some(kind), Some(step)) = (&violation.proceeding, &violation.step)
        && event.is("proceeding-moved")
        && event.get::<String>("code")?.as_ref() == Some(step)
        && let Some(id) = event.get::<u32>("proceeding")?
    {
        let proceeding = case.proceeding(id)?.filter(|own| &own.kind == kind);
        return Ok(proceeding.and_then(|own| own.addressee.clone()));
    }
    Ok(None)
}

/// A further warning on a unit's docket: with it the count may be reached, and the next step is proposed.
pub(crate) fn repeated(
    config: &Config,
    unit: &str,
    reaction: &Reaction,
) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.repeat else {
        return Ok(Vec::new());
    };
    let docket = reaction.after.proceedings()?;
    let warnings: Vec<&Proceeding> = docket
        .iter()
        .filter(|own| own.kind == config.kind)
        .collect();
    let mut proposals = Vec::new();
    for event in reaction.all("proceeding-opened") {
        let opened = event.get::<Opened>("proceeding")?;
        let Some(newest) =
            opened.and_then(|opened| warnings.iter().find(|own| own.id == opened.id))
        else {
            continue;
        };
        let alike: Vec<&&Proceeding> = warnings
            .iter()
            .filter(|own| counts(rule, own, newest))
            .collect();
        if !rule.count.is_reached_by(alike.len()) {
            continue;
        }
        if rule.within == Within::Case {
            let older = alike
                .iter()
                .filter(|own| own.is_open() && own.id != newest.id);
            proposals
                .extend(older.map(|own| propose::move_proceeding(own.id, "absorb").on_unit(unit)));
        }
        proposals.push(propose::move_proceeding(newest.id, "raise").on_unit(unit));
    }
    Ok(proposals)
}

/// Whether a warning counts together with the newest one.
fn counts(rule: &Repeat, own: &Proceeding, newest: &Proceeding) -> bool {
    match rule.within {
        Within::CalendarMonth => date::month_of(own.opened_at) == date::month_of(newest.opened_at),
        Within::Case => own.about.is_some() && own.about == newest.about,
    }
}

/// The part of an opened proceeding that the rule reads.
#[derive(Debug, Deserialize)]
struct Opened {
    id: u32,
}
