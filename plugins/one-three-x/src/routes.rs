//! The rules of triage, in their order.

use fengqiao_sdk::case::{Level, Matter, Place, level_of};
use fengqiao_sdk::catalogue;
use fengqiao_sdk::directory::{self, Unit};
use fengqiao_sdk::prelude::*;

use crate::config::{Between, Config, InPlace, Reach, SubCentre};

/// Emergency · in the grid · the sub-centres · the linked platforms · a person.
pub(crate) fn first_match(config: &Config, case: &Case) -> Result<Answer, PluginError> {
    let (place, matter) = (case.place()?, case.matter()?);
    let emergency = config.emergency.as_ref();
    if let Some(route) = emergency.and_then(|rule| rule.route_of(matter)) {
        return Ok(Answer::Refer(route.to_owned()));
    }
    if let Some(rule) = &config.in_place
        && let Some(acceptance) = in_place(rule, place, matter)?
    {
        return Ok(acceptance.into());
    }
    for centre in &config.sub_centres {
        if goes_to(centre, matter, case)?
            && let Some(acceptance) = sub_centre(centre, place, matter)?
        {
            return Ok(acceptance.into());
        }
    }
    if let Some(acceptance) = linked(config, place, matter)? {
        return Ok(acceptance.into());
    }
    by_hand(config, place)
}

fn in_place(
    rule: &InPlace,
    place: &Place,
    matter: &Matter,
) -> Result<Option<Acceptance>, PluginError> {
    if !matter.is_marked(&rule.mark) {
        return Ok(None);
    }
    let unit = on_the_way_up(&rule.unit_kind, Reach::Nearest, place)?;
    Ok(unit.map(|unit| {
        rule.flags
            .iter()
            .fold(led_by(&unit, "in-place"), |it, flag| it.flag(flag))
    }))
}

/// A mark or a kind is enough; a category counts only between those it is meant for.
fn goes_to(centre: &SubCentre, matter: &Matter, case: &Case) -> Result<bool, PluginError> {
    if centre.marks.iter().any(|mark| matter.is_marked(mark)) || centre.kinds.contains(&matter.kind)
    {
        return Ok(true);
    }
    if !centre
        .categories
        .iter()
        .any(|category| matter.is_of(category))
    {
        return Ok(false);
    }
    let private = case.parties()?.iter().all(|party| party.unit.is_none());
    Ok(centre.parties == Between::Any || private)
}

fn sub_centre(
    centre: &SubCentre,
    place: &Place,
    matter: &Matter,
) -> Result<Option<Acceptance>, PluginError> {
    let Some(unit) = on_the_way_up(&centre.unit_kind, centre.reach, place)? else {
        return Ok(None);
    };
    let mut acceptance = centre
        .flags
        .iter()
        .fold(led_by(&unit, &centre.because), |it, flag| it.flag(flag));
    for bundle in &centre.bundles {
        if !bundle.marks.iter().all(|mark| matter.is_marked(mark)) {
            continue;
        }
        let mut helpers = Vec::new();
        for portfolio in &bundle.assist_portfolios {
            if let Some(helper) = directory::unit_for(portfolio, &place.handled_by)?
                && helper.id != unit.id
                && !helpers.contains(&helper.id)
            {
                helpers.push(helper.id);
            }
        }
        acceptance = helpers
            .iter()
            .fold(acceptance, |it, helper| it.assist(helper));
        acceptance = bundle
            .flags
            .iter()
            .fold(acceptance, |it, flag| it.flag(flag));
    }
    Ok(Some(acceptance))
}

/// Known category and place → the unit in charge of that portfolio there, or above.
fn linked(
    config: &Config,
    place: &Place,
    matter: &Matter,
) -> Result<Option<Acceptance>, PluginError> {
    let Some(category) = matter.category.as_deref() else {
        return Ok(None);
    };
    if config
        .other_categories
        .iter()
        .any(|other| other == category)
    {
        return Ok(None);
    }
    let Some(row) = catalogue::lookup(&config.catalogue, &place.place, &[category])? else {
        return Ok(None);
    };
    let Some(portfolio) = row.get("portfolio") else {
        return Ok(None);
    };
    let from = row
        .get("level")
        .and_then(level)
        .and_then(|level| place.at(level))
        .unwrap_or(&place.handled_by);
    // After a move upward nobody below the present level is asked again.
    let from = if rank(level_of(from)) < rank(level_of(&place.handled_by)) {
        &place.handled_by
    } else {
        from
    };
    let unit = directory::unit_for(portfolio, from)?;
    Ok(unit.map(|unit| led_by(&unit, "linked")))
}

/// A person decides: at the nearest hub from the town upward, territory first, then portfolio.
fn by_hand(config: &Config, place: &Place) -> Result<Answer, PluginError> {
    let town = rank(Level::Township).max(rank(level_of(&place.handled_by)));
    for division in place
        .path
        .iter()
        .rev()
        .filter(|division| rank(level_of(division)) >= town)
    {
        if directory::units_in(division)?
            .iter()
            .any(|unit| unit.kind == config.hub.unit_kind)
        {
            return Ok(Answer::need_human(
                division,
                config.hub.role,
                "territory-then-portfolio",
            ));
        }
    }
    Ok(Answer::need_human(
        &place.handled_by,
        config.hub.role,
        "territory-then-portfolio",
    ))
}

/// The unit of a kind that is nearest to the place on the way up, or the highest one.
fn on_the_way_up(kind: &str, reach: Reach, place: &Place) -> Result<Option<Unit>, PluginError> {
    let from = rank(level_of(&place.handled_by));
    let mut found = None;
    for division in place
        .path
        .iter()
        .rev()
        .filter(|division| rank(level_of(division)) >= from)
    {
        let unit = directory::units_in(division)?
            .into_iter()
            .find(|unit| unit.kind == kind);
        if unit.is_some() {
            found = unit;
            if reach == Reach::Nearest {
                break;
            }
        }
    }
    Ok(found)
}

fn led_by(unit: &Unit, because: &str) -> Acceptance {
    Acceptance::lead(&unit.id)
        .because(because)
        .at_level(&unit.division)
}

fn level(word: &str) -> Option<Level> {
    match word {
        "grid" => Some(Level::Grid),
        "village" => Some(Level::Village),
        "township" => Some(Level::Township),
        "county" => Some(Level::County),
        "prefecture" => Some(Level::Prefecture),
        _ => None,
    }
}

/// Higher levels have higher ranks.
fn rank(level: Level) -> u8 {
    level as u8
}
