//! Many alike become one record (举一反三): found when the count is reached, and worked on as a procedure of the division.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{Move, Mover, ProceedingGraph, State};
use fengqiao_sdk::propose;

use crate::config::{CommonProblem, Config};
use crate::up::level;

/// With this case the count is reached: the division gets a record of it.
pub(crate) fn found(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.common_problem else {
        return Ok(Vec::new());
    };
    if reaction.all("registered").next().is_none() {
        return Ok(Vec::new());
    }
    let case = &reaction.after;
    let (Some(id), Some(category)) = (&case.case, &case.matter()?.category) else {
        return Ok(Vec::new());
    };
    if reaction.related("same-category").unwrap_or(0) + 1 != rule.count.value {
        return Ok(Vec::new());
    }
    let Some(division) = case.place()?.at(level(rule.level)) else {
        return Ok(Vec::new());
    };
    let record = propose::open_proceeding(&rule.kind)
        .about(id)
        .field("category", category);
    Ok(vec![record.on_division(division)])
}

/// Found → measures are taken → settled; or it was none.
pub(crate) fn graph(rule: &CommonProblem) -> ProceedingGraph {
    let word = |key: &str, otherwise: &str| {
        rule.labels
            .get(key)
            .map_or(otherwise, String::as_str)
            .to_owned()
    };
    let owner = rule
        .move_by
        .first()
        .copied()
        .unwrap_or(Mover::Role(Role::Dispatcher));
    let step = |code: &str, otherwise: &str, from: &str, to: &str| {
        Move::new(code, &word(&format!("move.{code}"), otherwise), from, to)
            .by(rule.move_by.iter().copied())
    };
    ProceedingGraph::new(&rule.kind, &rule.label, "found")
        .opened_by([Mover::Plugin])
        .asks(["category"])
        .state(
            State::new("found", &word("state.found", "已发现"), owner).within(rule.clock.clone()),
        )
        .state(State::new(
            "measures",
            &word("state.measures", "整改中"),
            owner,
        ))
        .state(State::last("settled", &word("state.settled", "已整改")))
        .state(State::last(
            "dismissed",
            &word("state.dismissed", "不属共性问题"),
        ))
        .step(step("take-measures", "制定整改措施", "found", "measures").asks(["measures"]))
        .step(step("settle", "整改完成", "measures", "settled").asks(["result"]))
        .step(step("dismiss", "排除", "found", "dismissed").asks(["reason"]))
}
