//! Which organ may review what: one above the organ whose word it is, and never that organ itself.

use std::collections::BTreeMap;

use fengqiao_sdk::case::{Level, Proceeding, level_of};
use fengqiao_sdk::directory;
use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;

use crate::graph::{RE_REVIEW_ORGAN, REVIEW_ORGAN};

/// A review of the lead's reply, by an organ above the lead.
pub(crate) fn may_be_asked(case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
    let lead = whose_word(case)?;
    match filled_in(wanted, REVIEW_ORGAN)? {
        Some(organ) => above(&organ, &[lead]),
        // What isn't filled in is refused by the graph.
        None => Ok(Verdict::Permit),
    }
}

/// A re-review of the review's opinion, by an organ above the one that reviewed.
pub(crate) fn may_be_asked_again(
    case: &Case,
    review: Option<&Proceeding>,
    wanted: &Move,
) -> Result<Verdict, PluginError> {
    let reviewed_by = review.and_then(|own| own.field(REVIEW_ORGAN));
    let lead = whose_word(case)?;
    match filled_in(wanted, RE_REVIEW_ORGAN)? {
        Some(organ) => above(&organ, &[reviewed_by.unwrap_or_default(), lead]),
        None => Ok(Verdict::Permit),
    }
}

/// Only the organ that was asked decides.
pub(crate) fn may_decide(
    review: Option<&Proceeding>,
    field: &str,
    wanted: &Move,
) -> Result<Verdict, PluginError> {
    let organ = review.and_then(|own| own.field(field));
    if organ.is_some() && organ == wanted.actor_unit.as_deref() {
        return Ok(Verdict::Permit);
    }
    let name = match organ.map(directory::unit).transpose()?.flatten() {
        Some(unit) => unit.name,
        None => "受理申请的机关".to_owned(),
    };
    let text = format!("只有{name}可以作出这份意见：请转由该机关办理");
    Ok(Verdict::refuse("not-the-organ", &text))
}

/// The unit that led last: once the case is closed its part is done, and the opinion is still its own.
fn whose_word(case: &Case) -> Result<&str, PluginError> {
    let mut parts = case.assignments()?.iter().rev();
    let lead = parts.find(|part| {
        part.role == AssignmentRole::Lead
            && matches!(part.state, AssignmentState::Active | AssignmentState::Done)
    });
    lead.map(|part| part.unit.as_str())
        .ok_or_else(|| PluginError::cannot_answer("本案没有作出过答复意见的承办单位"))
}

fn above(organ: &str, words_of: &[&str]) -> Result<Verdict, PluginError> {
    if words_of.contains(&organ) {
        let text = "不能由作出原意见的机关自己复查、复核：请填写它的上一级机关";
        return Ok(Verdict::refuse("same-organ", text));
    }
    let Some(reviewer) = directory::unit(organ)? else {
        let text = format!("没有编号为 {organ} 的单位：请填写上一级机关的单位编号");
        return Ok(Verdict::refuse("unknown-organ", &text));
    };
    let Some(reviewed) = words_of
        .first()
        .copied()
        .map(directory::unit)
        .transpose()?
        .flatten()
    else {
        return Ok(Verdict::Permit);
    };
    let parents = [&reviewed.parent, &reviewed.business_parent];
    let is_parent = parents.into_iter().flatten().any(|parent| parent == organ);
    if is_parent || one_level_above(&reviewer.division, &reviewed.division) {
        return Ok(Verdict::Permit);
    }
    let text = format!(
        "{} 不是 {} 的上一级机关：请填写它的上级单位，或上一级政府的机关",
        reviewer.name, reviewed.name
    );
    Ok(Verdict::refuse("not-above", &text))
}

/// Whether a division is the next level's, and holds the other.
fn one_level_above(above: &str, below: &str) -> bool {
    let level = level_of(above);
    let own_digits = match level {
        Level::Province => 2,
        Level::Prefecture => 4,
        Level::County => 6,
        Level::Township => 9,
        Level::Village | Level::Grid => above.len(),
    };
    level as u8 == level_of(below) as u8 + 1 && below.get(..own_digits) == above.get(..own_digits)
}

fn filled_in(wanted: &Move, field: &str) -> Result<Option<String>, PluginError> {
    let fields: BTreeMap<String, String> = wanted.get("fields")?.unwrap_or_default();
    let word = fields.get(field).map(|word| word.trim().to_owned());
    Ok(word.filter(|word| !word.is_empty()))
}
