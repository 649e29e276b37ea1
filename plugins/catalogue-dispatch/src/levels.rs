//! The levels of response: village, town, city.

use fengqiao_sdk::case::{Level, Place, level_of};
use fengqiao_sdk::directory::{self, Unit};
use fengqiao_sdk::prelude::*;

use crate::config::Config;

/// Found at the base, and not moved since: the platform of that level tries it itself.
pub(crate) fn base(config: &Config, case: &Case) -> Result<Option<Acceptance>, PluginError> {
    let Some(rule) = &config.base else {
        return Ok(None);
    };
    let place = case.place()?;
    let own = rank(level_of(&place.handled_by)) <= rank(Level::Township);
    if !own || !case.matter()?.is_marked(&rule.mark) || case.history()?.level_moves > 0 {
        return Ok(None);
    }
    let unit = nearest(config, place, Level::Township)?;
    Ok(unit.map(|unit| led_by(&unit, "base").flag(&rule.flag)))
}

/// Whistled up to a town: the town's platform has it.
pub(crate) fn whistled_up(config: &Config, case: &Case) -> Result<Option<Acceptance>, PluginError> {
    let place = case.place()?;
    let level = level_of(&place.handled_by);
    let came_up = rank(level) > rank(level_of(&place.place)) && case.history()?.level_moves > 0;
    if !came_up || level != Level::Township {
        return Ok(None);
    }
    let unit = platform(config, &place.handled_by)?;
    Ok(unit.map(|unit| led_by(&unit, "whistled-up")))
}

/// The platform of a division.
pub(crate) fn platform(config: &Config, division: &str) -> Result<Option<Unit>, PluginError> {
    let mut units = directory::units_in(division)?.into_iter();
    Ok(units.find(|unit| unit.kind == config.platform.unit_kind))
}

/// The nearest platform from where the case is handled up to a level.
pub(crate) fn nearest(
    config: &Config,
    place: &Place,
    up_to: Level,
) -> Result<Option<Unit>, PluginError> {
    for division in up_from(place, level_of(&place.handled_by)) {
        if rank(level_of(division)) > rank(up_to) {
            break;
        }
        if let Some(unit) = platform(config, division)? {
            return Ok(Some(unit));
        }
    }
    Ok(None)
}

/// The division of the nearest platform from the town upward.
pub(crate) fn desk(config: &Config, place: &Place) -> Result<Option<String>, PluginError> {
    let handled_by = level_of(&place.handled_by);
    let from = if rank(handled_by) > rank(Level::Township) {
        handled_by
    } else {
        Level::Township
    };
    for division in up_from(place, from) {
        if platform(config, division)?.is_some() {
            return Ok(Some(division.to_owned()));
        }
    }
    Ok(None)
}

pub(crate) fn led_by(unit: &Unit, because: &str) -> Acceptance {
    Acceptance::lead(&unit.id)
        .because(because)
        .at_level(&unit.division)
}

/// Higher levels have higher ranks.
pub(crate) fn rank(level: Level) -> u8 {
    level as u8
}

fn up_from(place: &Place, level: Level) -> impl Iterator<Item = &str> {
    let up = place.path.iter().rev().map(String::as_str);
    up.filter(move |division| rank(level_of(division)) >= rank(level))
}
