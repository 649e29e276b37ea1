//! Named mediators: who may be appointed for a place, and whose face is familiar there.

use fengqiao_sdk::case::Place;
use fengqiao_sdk::catalogue::{self, Row};
use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::propose;

use crate::config::Mediators;

/// The roster's column that says who somebody is there: `familiar` for a familiar face, `chief` for whoever heads the
/// mediation of a portfolio.
const TIE: &str = "tie";
const FAMILIAR: &str = "familiar";
const CHIEF: &str = "chief";
/// The portfolio of a chief.
const PORTFOLIO: &str = "portfolio";
/// The most names that one suggestion holds.
const MAX_SUGGESTED: usize = 5;

/// A mediator is on the roster of the place or of a division above it; where chiefs go first, and the matter needs a
/// portfolio that has one, it is that chief.
pub(crate) fn may_be_appointed(
    rule: &Mediators,
    case: &Case,
    wanted: &Move,
) -> Result<Option<Verdict>, PluginError> {
    let fields: std::collections::BTreeMap<String, String> =
        wanted.get("fields")?.unwrap_or_default();
    // A name that isn't filled in is refused by the graph.
    let Some(name) = fields.get("mediator").map(|name| name.trim()) else {
        return Ok(None);
    };
    let place = case.place()?;
    for division in place.path.iter().rev() {
        if catalogue::lookup(&rule.catalogue, &place.place, &[division.as_str(), name])?.is_some() {
            return chief_first(rule, case, name);
        }
    }
    let familiar = names(&familiar(rule, place)?);
    let hint = if familiar.is_empty() {
        "请从本地调解员名册中选择".to_owned()
    } else {
        format!("请从本地调解员名册中选择，当地的老熟人有：{familiar}")
    };
    let text = format!("“{name}”不在本地的调解员名册上：{hint}");
    Ok(Some(Verdict::refuse("mediator-unknown", &text)))
}

/// Whoever heads the mediation of a portfolio that the matter needs mediates it.
fn chief_first(rule: &Mediators, case: &Case, name: &str) -> Result<Option<Verdict>, PluginError> {
    if rule.chiefs.is_none() {
        return Ok(None);
    }
    let (place, matter) = (case.place()?, case.matter()?);
    let mut chiefs = Vec::new();
    for division in &place.path {
        let mut rows = catalogue::begins(&rule.catalogue, &place.place, &[division.as_str()])?;
        rows.retain(|row| {
            let heads = |portfolio| matter.portfolios.iter().any(|own| own == portfolio);
            row.get(TIE) == Some(CHIEF) && row.get(PORTFOLIO).is_some_and(heads)
        });
        chiefs.extend(rows);
    }
    if chiefs.is_empty() || chiefs.iter().any(|row| row.get("name") == Some(name)) {
        return Ok(None);
    }
    let text = format!(
        "行业领域的纠纷由首席调解员领衔调处：请指定{}",
        names(&chiefs)
    );
    Ok(Some(Verdict::refuse("chief-first", &text)))
}

/// Once both sides want mediation, whoever appoints is told whom people here know.
pub(crate) fn suggest(
    rule: &Mediators,
    kind: &str,
    reaction: &Reaction,
) -> Result<Vec<Proposal>, PluginError> {
    let Some(role) = rule.suggest_to else {
        return Ok(Vec::new());
    };
    let case = &reaction.after;
    let mut proposals = Vec::new();
    for event in reaction.all("proceeding-moved") {
        let id = event.get::<u32>("proceeding")?;
        let mediation = id.map(|id| case.proceeding(id)).transpose()?.flatten();
        if mediation.is_none_or(|own| own.kind != kind)
            || event.get::<String>("code")?.as_deref() != Some("consent")
        {
            continue;
        }
        let place = case.place()?;
        let known = familiar(rule, place)?;
        if !known.is_empty() {
            let note = format!("双方同意调解，可请当地的老熟人主持：{}", names(&known));
            proposals.push(
                propose::raise_task("choose-mediator", &place.handled_by, role, &note)
                    .on(&reaction.subject),
            );
        }
    }
    Ok(proposals)
}

/// The familiar faces of the nearest division that has any.
fn familiar(rule: &Mediators, place: &Place) -> Result<Vec<Row>, PluginError> {
    for division in place.path.iter().rev() {
        let mut rows = catalogue::begins(&rule.catalogue, &place.place, &[division.as_str()])?;
        rows.retain(|row| row.get(TIE) == Some(FAMILIAR));
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

fn names(rows: &[Row]) -> String {
    let first = rows.iter().take(MAX_SUGGESTED);
    let names: Vec<String> = first
        .filter_map(|row| {
            let name = row.get("name")?;
            Some(match row.get("about") {
                Some(about) => format!("{name}（{about}）"),
                None => name.to_owned(),
            })
        })
        .collect();
    names.join("、")
}
