//! The three tiers: on the spot, by a whistle to the centre, in a conference.

use fengqiao_sdk::case::Matter;
use fengqiao_sdk::catalogue::{self, Row};
use fengqiao_sdk::directory::{self, Unit};
use fengqiao_sdk::prelude::*;

use crate::config::Config;
use crate::presence;

/// The column that says which tier an item begins in.
const TIER: &str = "tier";
/// The tier of what is done while the citizen waits.
const SIMPLE: &str = "simple";

/// Who does an item, by its row.
pub(crate) struct Target {
    pub(crate) row: Row,
    pub(crate) unit: Unit,
    /// Whether the unit is at the centre now.
    pub(crate) here: bool,
}

/// Emergency · hard · not in the catalogue · asked first · whistle · on the spot · in its time.
pub(crate) fn route(config: &Config, case: &Case) -> Result<Answer, PluginError> {
    let (place, matter) = (case.place()?, case.matter()?);
    if let Some(rule) = &config.emergency
        && matter.is_marked(&rule.mark)
    {
        return Ok(Answer::Refer(rule.route.clone()));
    }
    let desk = config.desk(place)?;
    if is_hard(config, matter) {
        let centre = Acceptance::lead(&config.centre.unit).because("hard");
        return Ok(centre.at_level(&desk).into());
    }
    let Some(target) = target(config, case)? else {
        let role = config.centre.role;
        return Ok(Answer::need_human(&desk, role, "not-in-catalogue"));
    };
    let acceptance = match asked_first(config, case, &target)? {
        Some(first) => Acceptance::lead(&first.unit)
            .because("asked-first")
            .flag(&first.flag),
        None => Acceptance::lead(&target.unit.id).because("catalogue"),
    };
    let is_targets = acceptance.lead == target.unit.id;
    let flags = target.row.list("flags");
    let mut acceptance = flags.fold(acceptance.at_level(&desk), |it, flag| it.flag(flag));
    let complete = papers_complete(config, matter, &target.row);
    if !complete {
        acceptance = acceptance.flag(&config.papers.flag);
    }
    if let Some(rule) = &config.whistle
        && !whistled(config, case, &target)?.is_empty()
    {
        return Ok(acceptance.flag(&rule.flag).into());
    }
    if is_targets && target.here && complete && target.row.get(TIER) == Some(SIMPLE) {
        let spot = &config.spot;
        acceptance = spot.clocks.iter().fold(acceptance, |it, clock| {
            it.limit(&clock.name, &clock.spec, clock.provenance.clone())
        });
        acceptance = acceptance.flag(&spot.flag);
    }
    Ok(acceptance.into())
}

/// The row of the matter's item, and of the units in charge the one to ask.
pub(crate) fn target(config: &Config, case: &Case) -> Result<Option<Target>, PluginError> {
    let place = &case.place()?.place;
    let Some(row) = row(config, case)? else {
        return Ok(None);
    };
    let Some(portfolio) = row.get("lead") else {
        return Ok(None);
    };
    let units = directory::units_for(portfolio, place)?;
    let first = presence::first(config, case, units)?;
    Ok(first.map(|(unit, here)| Target { row, unit, here }))
}

/// The units that must come to the centre: the row's, and those in charge of what the receiver ticked.
pub(crate) fn whistled(
    config: &Config,
    case: &Case,
    target: &Target,
) -> Result<Vec<Unit>, PluginError> {
    let (place, matter) = (case.place()?, case.matter()?);
    let ticked = matter.portfolios.iter().map(String::as_str);
    let mut units: Vec<Unit> = Vec::new();
    for portfolio in target.row.list("whistle").chain(ticked) {
        let Some(unit) = directory::unit_for(portfolio, &place.place)? else {
            continue;
        };
        let comes = unit.id != target.unit.id && unit.id != config.centre.unit;
        if comes && units.iter().all(|own| own.id != unit.id) {
            units.push(unit);
        }
    }
    Ok(units)
}

fn row(config: &Config, case: &Case) -> Result<Option<Row>, PluginError> {
    let category = case.matter()?.category.as_deref().unwrap_or_default();
    let Some((category, item)) = category.split_once(config.separator.as_str()) else {
        return Ok(None);
    };
    for code in &config.catalogues {
        let row = catalogue::lookup(code, &case.place()?.place, &[category, item])?;
        if row.is_some() {
            return Ok(row);
        }
    }
    Ok(None)
}

fn is_hard(config: &Config, matter: &Matter) -> bool {
    let rule = config.hard.iter();
    rule.flat_map(|rule| &rule.marks)
        .any(|mark| matter.is_marked(mark))
}

/// An item that takes no papers has them all.
fn papers_complete(config: &Config, matter: &Matter, row: &Row) -> bool {
    row.get("papers").is_none() || matter.is_marked(&config.papers.mark)
}

/// The unit that was asked first, where it isn't the one to do it.
struct First {
    unit: String,
    flag: String,
}

fn asked_first(
    config: &Config,
    case: &Case,
    target: &Target,
) -> Result<Option<First>, PluginError> {
    let (Some(rule), Some(first)) = (&config.hand_over, &case.source()?.first_receiver) else {
        return Ok(None);
    };
    if *first == target.unit.id || directory::unit(first)?.is_none() {
        return Ok(None);
    }
    Ok(Some(First {
        unit: first.clone(),
        flag: rule.flag.clone(),
    }))
}
