//! Finding units and divisions on the way up from where a case is handled.

use fengqiao_sdk::case::{Level, Place, level_of};
use fengqiao_sdk::directory::{self, Unit};
use fengqiao_sdk::prelude::*;

use crate::config::Tier;

/// The divisions from the one that handles the case now up to the province.
pub(crate) fn way_up(place: &Place) -> impl Iterator<Item = &str> {
    let from = rank(level_of(&place.handled_by));
    place
        .path
        .iter()
        .rev()
        .map(String::as_str)
        .filter(move |division| rank(level_of(division)) >= from)
}

/// The nearest unit of a kind on the way up.
pub(crate) fn nearest(kind: &str, place: &Place) -> Result<Option<Unit>, PluginError> {
    for division in way_up(place) {
        if let Some(unit) = in_division(kind, division)? {
            return Ok(Some(unit));
        }
    }
    Ok(None)
}

/// The unit of a kind in a division.
pub(crate) fn in_division(kind: &str, division: &str) -> Result<Option<Unit>, PluginError> {
    Ok(directory::units_in(division)?
        .into_iter()
        .find(|unit| unit.kind == kind))
}

/// The unit of a kind at a level, or at the next level above that the place has.
pub(crate) fn at_or_above(
    kind: &str,
    tier: Tier,
    place: &Place,
) -> Result<Option<Unit>, PluginError> {
    for division in way_up(place).filter(|division| rank(level_of(division)) >= rank(level(tier))) {
        if let Some(unit) = in_division(kind, division)? {
            return Ok(Some(unit));
        }
    }
    Ok(None)
}

/// The tier of a division that handles cases; a grid and a province aren't tiers.
pub(crate) fn tier_of(division: &str) -> Option<Tier> {
    match level_of(division) {
        Level::Village => Some(Tier::Village),
        Level::Township => Some(Tier::Township),
        Level::County => Some(Tier::County),
        Level::Prefecture => Some(Tier::Prefecture),
        Level::Grid | Level::Province => None,
    }
}

/// Higher levels have higher ranks.
pub(crate) fn rank(level: Level) -> u8 {
    level as u8
}

/// The level of a tier.
pub(crate) fn level(tier: Tier) -> Level {
    match tier {
        Tier::Village => Level::Village,
        Tier::Township => Level::Township,
        Tier::County => Level::County,
        Tier::Prefecture => Level::Prefecture,
    }
}
