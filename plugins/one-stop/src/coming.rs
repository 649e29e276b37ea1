//! How a unit that isn't at the centre gets there, or the citizen to the unit.

use fengqiao_sdk::case::ClockState;
use fengqiao_sdk::directory::Unit;
use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::{calendar, date as dates};

use crate::config::{Config, Presence};
use crate::graphs::{DATED, MISSED};
use crate::presence;

/// A unit on call gets a clock, one by appointment or off its shift a date, and to one elsewhere the citizen is taken.
pub(crate) fn call(
    config: &Config,
    reaction: &Reaction,
    unit: &Unit,
) -> Result<Option<Proposal>, PluginError> {
    let case = &reaction.after;
    let Some(stay) = presence::stay(config, case, &unit.id)? else {
        return Ok(None);
    };
    match stay.mode.presence {
        Presence::Present => Ok(None),
        Presence::ByShift if stay.is_here(case.as_of) => Ok(None),
        Presence::ByShift | Presence::ByAppointment => ask_for_a_date(config, reaction, unit),
        Presence::OnCall => {
            let clock = stay.mode.clock.clone();
            Ok(clock.map(|rule| propose::start_clock(rule, Some(&unit.id)).on(&reaction.subject)))
        }
        Presence::Guided => {
            let note = format!("{}不在中心办公：请专人领办，把群众引导到该单位", unit.name);
            let desk = config.desk(case.place()?)?;
            let task = propose::raise_task("guide", &desk, config.papers.told_by, &note);
            Ok(Some(task.on(&reaction.subject)))
        }
    }
}

fn ask_for_a_date(
    config: &Config,
    reaction: &Reaction,
    unit: &Unit,
) -> Result<Option<Proposal>, PluginError> {
    let Some(rule) = &config.appointment else {
        return Ok(None);
    };
    let mut all = reaction.after.proceedings()?.iter();
    let asked =
        |own: &Proceeding| own.kind == rule.kind && own.addressee.as_ref() == Some(&unit.id);
    if all.any(asked) {
        return Ok(None);
    }
    let appointment = propose::open_proceeding(&rule.kind).addressee(&unit.id);
    Ok(Some(appointment.on(&reaction.subject)))
}

/// The last day on which whoever has a date from now on has come; none where the length is counted otherwise, or no
/// notice of holidays covers it: the clock itself will tell.
fn last_day(spec: &str, now: i64) -> Option<String> {
    const DAY_MS: i64 = 86_400_000;
    let digits = spec.trim_end_matches(|c: char| !c.is_ascii_digit());
    let length: u32 = digits.parse().ok()?;
    let later = |unit_ms: i64| dates::of(now.saturating_add(i64::from(length) * unit_ms));
    match spec.get(digits.len()..)? {
        "wd" => calendar::add_working_days(&dates::of(now), length).ok(),
        "cd" => Some(later(DAY_MS)),
        "h" => Some(later(DAY_MS / 24)),
        "min" => Some(later(DAY_MS / 1_440)),
        _ => None,
    }
}

/// A date is a date that the clock allows, and for a unit that comes by shift one of its days.
pub(crate) fn may_be_fixed(
    config: &Config,
    case: &Case,
    wanted: &Move,
) -> Result<Verdict, PluginError> {
    let Some(rule) = &config.appointment else {
        return Ok(Verdict::Permit);
    };
    let mut dated = DATED.iter();
    if !dated.any(|code| wanted.is(&format!("{}/{code}", rule.kind))) {
        return Ok(Verdict::Permit);
    }
    let fields: std::collections::BTreeMap<String, String> =
        wanted.get("fields")?.unwrap_or_default();
    // A date that isn't filled in is refused by the graph.
    let Some(date) = fields.get("date") else {
        return Ok(Verdict::Permit);
    };
    let Some(day) = crate::weekday::of(date) else {
        return Ok(Verdict::refuse(
            "not-a-date",
            "日期请写成 2021-11-08 的样子",
        ));
    };
    if let Some(last) = last_day(&rule.keep.spec, case.as_of)
        && *date > last
    {
        let text = format!("最晚须在 {last} 到中心：请约在这一天或之前");
        return Ok(Verdict::refuse("too-late", &text));
    }
    let id = wanted.get::<u32>("proceeding")?;
    let own = id.map(|id| case.proceeding(id)).transpose()?.flatten();
    let unit = own.and_then(|own| own.addressee.as_deref());
    let Some(stay) = unit
        .map(|unit| presence::stay(config, case, unit))
        .transpose()?
        .flatten()
    else {
        return Ok(Verdict::Permit);
    };
    if stay.mode.presence != Presence::ByShift || stay.is_on_shift(date) {
        return Ok(Verdict::Permit);
    }
    let text = format!(
        "{date}是{day}，该单位轮班在{}：请约在轮班日",
        stay.days.join("、")
    );
    Ok(Verdict::refuse("off-shift", &text))
}

/// Who arrived, or reported from the centre, is waited for no more; who is late is urged; a missed date is the desk's.
pub(crate) fn came(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let case = &reaction.after;
    let mut proposals = Vec::new();
    for event in &reaction.events {
        let arrived = event.is("arrived");
        if arrived || event.is("reported") {
            let unit = event.get::<String>("unit")?;
            let waiting = arrivals(config, case, unit.as_deref(), arrived)?;
            let stop = |clock| propose::stop_clock(clock).on(&reaction.subject);
            proposals.extend(waiting.into_iter().map(stop));
        }
        if event.is("clock-breached") && is_arrival(config, case, event)? {
            let urge = propose::urge("随叫的单位没有按时到中心：请立即到中心办理");
            proposals.push(urge.on(&reaction.subject));
        }
        if event.is("proceeding-moved") && is_missed(config, case, event)? {
            let desk = config.desk(case.place()?)?;
            let note = "约定的日期单位没有到中心：请另行约定并记入积分";
            let task = propose::raise_task("appointment-missed", &desk, config.centre.role, note);
            proposals.push(task.on(&reaction.subject));
        }
    }
    Ok(proposals)
}

/// The clocks by which a unit was to be at the centre and that still wait; those that ran out as well where it came late.
fn arrivals(
    config: &Config,
    case: &Case,
    unit: Option<&str>,
    late: bool,
) -> Result<Vec<u32>, PluginError> {
    let waits = |state: ClockState| match state {
        ClockState::Running | ClockState::Paused => true,
        ClockState::Breached => late,
        _ => false,
    };
    let clocks = case.clocks()?.iter().filter(|clock| {
        let own = unit.is_some() && clock.owner.as_deref() == unit;
        own && is_called(config, &clock.name) && waits(clock.state)
    });
    Ok(clocks.map(|clock| clock.id).collect())
}

fn is_called(config: &Config, name: &str) -> bool {
    let modes = config.residency.modes.iter();
    let mut clocks = modes.filter_map(|mode| mode.clock.as_ref());
    clocks.any(|clock| clock.name == name)
}

fn is_arrival(config: &Config, case: &Case, event: &Happened) -> Result<bool, PluginError> {
    let clock = event.get::<u32>("clock")?;
    let clock = clock.map(|id| case.clock(id)).transpose()?.flatten();
    Ok(clock.is_some_and(|clock| is_called(config, &clock.name)))
}

fn is_missed(config: &Config, case: &Case, event: &Happened) -> Result<bool, PluginError> {
    let Some(rule) = &config.appointment else {
        return Ok(false);
    };
    let id = event.get::<u32>("proceeding")?;
    let own = id.map(|id| case.proceeding(id)).transpose()?.flatten();
    let to = event.get::<String>("to")?;
    Ok(own.is_some_and(|own| own.kind == rule.kind) && to.as_deref() == Some(MISSED))
}
