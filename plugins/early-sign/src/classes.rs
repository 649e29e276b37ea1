//! Classes of signs: what the desk may write, and who answers for it.

use fengqiao_sdk::case::{Proceeding, level_of};
use fengqiao_sdk::catalogue;
use fengqiao_sdk::directory;
use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;

use crate::config::Config;
use crate::graph::{CLASSIFIED, CLASSIFY};

/// A sign without a class waits at the desk; one with a class goes to whoever answers for it nearest to the place.
pub(crate) fn route(config: &Config, case: &Case) -> Result<Answer, PluginError> {
    let (place, matter) = (case.place()?, case.matter()?);
    let classified = case
        .proceedings()?
        .iter()
        .rfind(|own| own.kind == config.kind && own.state == CLASSIFIED);
    if let Some((level, category)) = classified.and_then(class) {
        let row = catalogue::lookup(&config.catalogue, &place.place, &[level, category])?;
        let portfolio = row.as_ref().and_then(|row| row.get("portfolio"));
        let unit = match portfolio {
            Some(portfolio) => directory::unit_for(portfolio, &place.place)?,
            None => None,
        };
        return Ok(unit.map_or(Answer::Pass, |unit| {
            Acceptance::lead(&unit.id)
                .because("early-sign")
                .at_level(&unit.division)
                .into()
        }));
    }
    if !matter.is_marked(&config.mark) || matter.category.is_some() {
        return Ok(Answer::Pass);
    }
    let desk = place.at(config.desk.level.level());
    let desk = desk.unwrap_or(&place.handled_by);
    Ok(Answer::need_human(
        desk,
        config.desk.role,
        "unclassified-early-sign",
    ))
}

/// The desk writes a class that the table knows.
pub(crate) fn may_be_classified(
    config: &Config,
    case: &Case,
    wanted: &Move,
) -> Result<Verdict, PluginError> {
    if !wanted.is(&format!("{}/{CLASSIFY}", config.kind)) {
        return Ok(Verdict::Permit);
    }
    let fields: std::collections::BTreeMap<String, String> =
        wanted.get("fields")?.unwrap_or_default();
    let (Some(level), Some(category)) = (fields.get("level"), fields.get("category")) else {
        // What isn't filled in is refused by the graph.
        return Ok(Verdict::Permit);
    };
    let place = &case.place()?.place;
    if catalogue::lookup(&config.catalogue, place, &[level, category])?.is_some() {
        return Ok(Verdict::Permit);
    }
    let rows = catalogue::begins(&config.catalogue, place, &[level])?;
    let known: Vec<&str> = rows.iter().filter_map(|row| row.get("category")).collect();
    let hint = if known.is_empty() {
        format!("没有“{level}”这一级，请核对级别")
    } else {
        format!("“{level}”可选的类别有 {}", known.join("、"))
    };
    let text = format!("没有“{level}·{category}”这一类：{hint}");
    Ok(Verdict::refuse("unknown-class", &text))
}

/// Whether the unit stands above the level up to which a sign hasn't left the place yet.
pub(crate) fn is_above(config: &Config, unit: &str) -> Result<bool, PluginError> {
    let unit = directory::unit(unit)?;
    let own = config.passed_above.level() as u8;
    Ok(unit.is_some_and(|unit| level_of(&unit.division) as u8 > own))
}

fn class(sign: &Proceeding) -> Option<(&str, &str)> {
    Some((sign.field("level")?, sign.field("category")?))
}
