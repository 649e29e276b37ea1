//! From a row of the catalogue to who leads and who assists.

use fengqiao_sdk::case::{AssignmentState, Level, Place, level_of};
use fengqiao_sdk::catalogue::{self, Row};
use fengqiao_sdk::directory::{self, Unit};
use fengqiao_sdk::prelude::*;

use crate::config::Config;
use crate::levels::{led_by, platform, rank};

/// The item's row; of a category without an item, the row that all of its items agree on.
pub(crate) fn by_catalogue(
    config: &Config,
    case: &Case,
) -> Result<Option<Acceptance>, PluginError> {
    let Some(word) = case.matter()?.category.as_deref() else {
        return Ok(None);
    };
    let place = case.place()?;
    let Some(row) = row(config, word, place)? else {
        return Ok(None);
    };
    let Some(acceptance) = lead(config, &row, case)? else {
        return Ok(None);
    };
    let acceptance = assisted(&row, case, acceptance)?;
    Ok(Some(match row.get("limit") {
        Some(limit) => acceptance.limit(
            &config.catalogue.clock,
            limit,
            config.catalogue.provenance.clone(),
        ),
        None => acceptance,
    }))
}

/// The category of a matter's word, which may name an item, too.
pub(crate) fn category<'a>(config: &Config, word: &'a str) -> &'a str {
    let parts = word.split_once(config.catalogue.separator.as_str());
    parts.map_or(word, |(category, _)| category)
}

fn row(config: &Config, word: &str, place: &Place) -> Result<Option<Row>, PluginError> {
    let code = &config.catalogue.code;
    if let Some((category, item)) = word.split_once(config.catalogue.separator.as_str()) {
        return Ok(catalogue::lookup(code, &place.place, &[category, item])?);
    }
    let rows = catalogue::begins(code, &place.place, &[word])?;
    let alike = |one: &Row, other: &Row| {
        ["lead", "assists", "level", "limit"]
            .iter()
            .all(|column| one.get(column) == other.get(column))
    };
    let mut rows = rows.into_iter();
    let first = rows.next();
    Ok(first.filter(|first| rows.all(|row| alike(first, &row))))
}

/// By the level of the row: a department, the town, or the village by way of its town.
fn lead(config: &Config, row: &Row, case: &Case) -> Result<Option<Acceptance>, PluginError> {
    let place = case.place()?;
    let Some(portfolio) = row.get("lead") else {
        return Ok(None);
    };
    let level = row.get("level").and_then(level).unwrap_or(Level::County);
    // After a move upward nobody below the present level is asked again.
    let present = level_of(&place.handled_by);
    let level = if rank(present) > rank(level) && rank(level_of(&place.place)) < rank(present) {
        present
    } else {
        level
    };
    if level == Level::Village {
        return village(config, case);
    }
    let from = place.at(level).unwrap_or(&place.handled_by);
    let unit = directory::unit_for(portfolio, from)?;
    Ok(unit.map(|unit| led_by(&unit, "catalogue")))
}

/// Level 2 has what is a village's until it passes it to level 3.
fn village(config: &Config, case: &Case) -> Result<Option<Acceptance>, PluginError> {
    let place = case.place()?;
    let handed_down =
        level_of(&place.handled_by) == Level::Village && case.history()?.level_moves > 0;
    if let Some(rule) = config.pass_down.as_ref().filter(|_| !handed_down)
        && let Some(town) = place.at(Level::Township)
    {
        let unit = platform(config, town)?;
        return Ok(unit.map(|unit| led_by(&unit, "pass-down").flag(&rule.flag)));
    }
    let Some(village) = place.at(Level::Village) else {
        return Ok(None);
    };
    let unit = platform(config, village)?;
    Ok(unit.map(|unit| led_by(&unit, "village")))
}

/// The units of the assists' portfolios, the nearest from the town upward, but those that have a part already.
fn assisted(row: &Row, case: &Case, lead: Acceptance) -> Result<Acceptance, PluginError> {
    let place = case.place()?;
    let from = place.at(Level::Township).unwrap_or(&place.handled_by);
    let mut helpers: Vec<Unit> = Vec::new();
    for portfolio in row.list("assists") {
        let Some(unit) = directory::unit_for(portfolio, from)? else {
            continue;
        };
        let active = case
            .assignments()?
            .iter()
            .any(|own| own.unit == unit.id && own.state == AssignmentState::Active);
        let known = unit.id == lead.lead || helpers.iter().any(|own| own.id == unit.id);
        if !active && !known {
            helpers.push(unit);
        }
    }
    Ok(helpers.iter().fold(lead, |it, unit| it.assist(&unit.id)))
}

fn level(word: &str) -> Option<Level> {
    match word {
        "village" => Some(Level::Village),
        "township" => Some(Level::Township),
        "county" => Some(Level::County),
        "prefecture" => Some(Level::Prefecture),
        _ => None,
    }
}
