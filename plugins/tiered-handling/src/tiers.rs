//! The rules of triage, in their order.

use fengqiao_sdk::case::{Matter, Place, level_of};
use fengqiao_sdk::catalogue::{self, Row};
use fengqiao_sdk::directory::{self, Unit};
use fengqiao_sdk::prelude::*;

use crate::config::{Beyond, Config, Joint, RepeatGuard, Route, Tier};
use crate::up::{at_or_above, in_division, level, nearest, rank, tier_of, way_up};

/// Emergency · handed up · again and again · beyond competence · several departments · the nature of the matter.
pub(crate) fn first_match(config: &Config, case: &Case) -> Result<Answer, PluginError> {
    let (place, matter) = (case.place()?, case.matter()?);
    if let Some(route) = emergency(config, matter) {
        return Ok(Answer::Refer(route.to_owned()));
    }
    let mut found = handed_up(config, place)?;
    if found.is_none()
        && let Some(rule) = &config.repeat_guard
    {
        found = repeated(config, rule, case, place)?;
    }
    if found.is_none()
        && let Some(rule) = &config.beyond
    {
        found = beyond(config, rule, place, matter)?;
    }
    if found.is_none()
        && let Some(rule) = &config.joint
    {
        found = joint(config, rule, place, matter)?;
    }
    if found.is_none() {
        found = by_nature(config, place, matter)?;
    }
    Ok(found.map_or(Answer::Pass, |acceptance| {
        hurried(config, matter, acceptance).into()
    }))
}

fn emergency<'a>(config: &'a Config, matter: &Matter) -> Option<&'a str> {
    config.emergency.as_ref()?.route_of(matter)
}

/// Handled above its place: whoever takes over what comes up to that level.
fn handed_up(config: &Config, place: &Place) -> Result<Option<Acceptance>, PluginError> {
    if rank(level_of(&place.handled_by)) <= rank(level_of(&place.place)) {
        return Ok(None);
    }
    let kind = tier_of(&place.handled_by).and_then(|tier| config.handed_up.get(&tier));
    let Some(kind) = kind else { return Ok(None) };
    let unit = in_division(kind, &place.handled_by)?;
    Ok(unit.map(|unit| led_by(&unit, "handed-up")))
}

/// So many unsolved ones at village level: one level up, marked, supervised from above.
fn repeated(
    config: &Config,
    rule: &RepeatGuard,
    case: &Case,
    place: &Place,
) -> Result<Option<Acceptance>, PluginError> {
    let below = rank(level_of(&place.handled_by)) < rank(level(rule.level));
    let so_far = case.history()?.related("repeats").unwrap_or(0);
    if !below || so_far + 1 < rule.count.value {
        return Ok(None);
    }
    let Some(unit) = at_or_above(&config.centre.unit_kind, rule.level, place)? else {
        return Ok(None);
    };
    let acceptance = led_by(&unit, "repeated").flag(&rule.flag);
    Ok(Some(
        match supervisor(config, rule.supervise_level, place)? {
            Some(supervisor) if supervisor.id != unit.id => acceptance.supervise(&supervisor.id),
            _ => acceptance,
        },
    ))
}

/// Beyond the competence of the level that has it: the next one.
fn beyond(
    config: &Config,
    rule: &Beyond,
    place: &Place,
    matter: &Matter,
) -> Result<Option<Acceptance>, PluginError> {
    if !matter.is_marked(&rule.mark) {
        return Ok(None);
    }
    for division in way_up(place).skip(1) {
        let kind = tier_of(division).and_then(|tier| config.handed_up.get(&tier));
        if let Some(unit) = in_division(kind.unwrap_or(&config.centre.unit_kind), division)? {
            return Ok(Some(led_by(&unit, "beyond-competence")));
        }
    }
    Ok(None)
}

/// Several departments: the centre leads, each of them assists.
fn joint(
    config: &Config,
    rule: &Joint,
    place: &Place,
    matter: &Matter,
) -> Result<Option<Acceptance>, PluginError> {
    let mut departments: Vec<Unit> = Vec::new();
    for portfolio in &matter.portfolios {
        if let Some(unit) = directory::unit_for(portfolio, &place.handled_by)?
            && !departments.iter().any(|known| known.id == unit.id)
        {
            departments.push(unit);
        }
    }
    if (departments.len() as u64) < rule.departments.value {
        return Ok(None);
    }
    let Some(centre) = at_or_above(&config.centre.unit_kind, rule.level, place)? else {
        return Ok(None);
    };
    let acceptance = departments
        .iter()
        .filter(|unit| unit.id != centre.id)
        .fold(led_by(&centre, "joint"), |it, unit| it.assist(&unit.id));
    Ok(Some(
        rule.flags.iter().fold(acceptance, |it, flag| it.flag(flag)),
    ))
}

/// What the table says of the category, or a mark says of the matter.
fn by_nature(
    config: &Config,
    place: &Place,
    matter: &Matter,
) -> Result<Option<Acceptance>, PluginError> {
    let row = match matter.category.as_deref() {
        Some(category) => catalogue::lookup(&config.catalogue, &place.place, &[category])?,
        None => None,
    };
    for route in &config.routes {
        if fits(route, row.as_ref(), matter)
            && let Some(unit) = taker(route, row.as_ref(), place)?
        {
            return Ok(Some(led_by(&unit, &route.because)));
        }
    }
    Ok(None)
}

fn fits(route: &Route, row: Option<&Row>, matter: &Matter) -> bool {
    let nature = row.and_then(|row| row.get("nature"));
    route.marks.iter().any(|mark| matter.is_marked(mark))
        || nature.is_some_and(|nature| route.natures.iter().any(|own| own == nature))
}

fn taker(route: &Route, row: Option<&Row>, place: &Place) -> Result<Option<Unit>, PluginError> {
    match (&route.unit_kind, row.and_then(|row| row.get("portfolio"))) {
        (Some(kind), _) => nearest(kind, place),
        (None, Some(portfolio)) => Ok(directory::unit_for(portfolio, &place.handled_by)?),
        (None, None) => Ok(None),
    }
}

fn hurried(config: &Config, matter: &Matter, acceptance: Acceptance) -> Acceptance {
    config
        .hurry
        .iter()
        .filter(|rule| rule.marks.iter().any(|mark| matter.is_marked(mark)))
        .flat_map(|rule| &rule.clocks)
        .fold(acceptance, |it, clock| {
            it.limit(&clock.name, &clock.spec, clock.provenance.clone())
        })
}

/// The centre at a level, which supervises.
pub(crate) fn supervisor(
    config: &Config,
    tier: Option<Tier>,
    place: &Place,
) -> Result<Option<Unit>, PluginError> {
    match tier {
        Some(tier) => at_or_above(&config.centre.unit_kind, tier, place),
        None => Ok(None),
    }
}

fn led_by(unit: &Unit, because: &str) -> Acceptance {
    Acceptance::lead(&unit.id)
        .because(because)
        .at_level(&unit.division)
}
