//! Many alike become one record (举一反三): found when the count is reached, and worked on as a procedure of the division.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, Move, Mover, ProceedingGraph, State};
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

/// Found → its cause is known → measures are taken → done at the source → checked; back to measures where the check says
/// no; or it was none.
pub(crate) fn graph(rule: &CommonProblem) -> ProceedingGraph {
    let word = |key: String, otherwise: &str| {
        let own = rule.labels.get(&key);
        own.map_or(otherwise, String::as_str).to_owned()
    };
    let first = |by: &[Mover]| by.first().copied().unwrap_or(Mover::Role(Role::Dispatcher));
    let (doer, checker) = (first(&rule.move_by), first(&rule.check_by));
    let state = |code: &str, otherwise: &str, owner: Mover, clock: &ClockRule| {
        State::new(code, &word(format!("state.{code}"), otherwise), owner).within(clock.clone())
    };
    let last =
        |code: &str, otherwise: &str| State::last(code, &word(format!("state.{code}"), otherwise));
    let step = |code: &str, otherwise: &str, from: &str, to: &str| {
        Move::new(code, &word(format!("move.{code}"), otherwise), from, to)
    };
    let doing = || rule.move_by.iter().copied();
    let checking = || rule.check_by.iter().copied();
    let clocks = &rule.clocks;
    ProceedingGraph::new(&rule.kind, &rule.label, "found")
        .opened_by([Mover::Plugin])
        .asks(["category"])
        .gathers("category", rule.within_days.value)
        .state(state("found", "已发现", doer, &clocks.cause))
        .state(state("cause-found", "原因已查明", doer, &clocks.measures))
        .state(state("measures", "整改中", doer, &clocks.source))
        .state(state("done", "源头已整改", checker, &clocks.check))
        .state(last("settled", "核查属实"))
        .state(last("dismissed", "不属共性问题"))
        .step(
            step("find-cause", "查明原因", "found", "cause-found")
                .by(doing())
                .asks(["cause"]),
        )
        .step(
            step("take-measures", "制定整改措施", "cause-found", "measures")
                .by(doing())
                .asks(["measures"]),
        )
        .step(
            step("finish", "源头整改完成", "measures", "done")
                .by(doing())
                .asks(["result"]),
        )
        .step(
            step("settle", "核查通过", "done", "settled")
                .by(checking())
                .asks(["check"]),
        )
        .step(
            step("send-back", "核查不通过", "done", "measures")
                .by(checking())
                .asks(["reason"]),
        )
        .step(
            step("dismiss", "排除", "found", "dismissed")
                .by(doing())
                .asks(["reason"]),
        )
        .step(
            step("dismiss", "排除", "cause-found", "dismissed")
                .by(doing())
                .asks(["reason"]),
        )
}
