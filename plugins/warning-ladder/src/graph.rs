//! The ladder as a procedure on a unit's docket.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{Move, Mover, ProceedingGraph, State};

use crate::config::{Config, Step};

/// Each step → answered → cleared; unanswered → the next step, by whoever must approve it. No step can be left out.
pub(crate) fn graph(config: &Config) -> Result<ProceedingGraph, PluginError> {
    let Some(first) = config.steps.first() else {
        return Err(PluginError::bad_config("至少要有一级警示"));
    };
    let opened_by = config.open_by.iter().copied().chain([Mover::Plugin]);
    let mut graph = ProceedingGraph::new(&config.kind, &config.label, &first.code)
        .opened_by(opened_by)
        .asks(["ground"])
        .state(State::last("cleared", "已解除"))
        .state(State::last("absorbed", "并入后一次警示"));
    for (index, step) in config.steps.iter().enumerate() {
        graph = add(graph, config, step, config.steps.get(index + 1));
    }
    Ok(graph)
}

fn add(
    graph: ProceedingGraph,
    config: &Config,
    step: &Step,
    next: Option<&Step>,
) -> ProceedingGraph {
    if step.is_last() {
        return graph.state(State::last(&step.code, &step.label));
    }
    let clear_by = || config.clear_by.iter().copied();
    let owner = config
        .clear_by
        .first()
        .copied()
        .unwrap_or(Mover::Role(Role::Supervisor));
    let clear = |from: &str| Move::new("clear", "解除", from, "cleared").by(clear_by());
    let absorb =
        |from: &str| Move::new("absorb", "并入后一次", from, "absorbed").by([Mover::Plugin]);
    let raise =
        |from: &str| {
            next.map(|next| {
                let approver = next.approval.map(Mover::Role);
                let raise = Move::new("raise", &format!("升为{}", next.label), from, &next.code)
                    .by([Mover::Plugin, Mover::Clock].into_iter().chain(approver));
                match next.approval {
                    Some(role) => raise.approved_by(role),
                    None => raise,
                }
            })
        };
    let mut graph = graph;
    let mut here = State::new(
        &step.code,
        &step.label,
        step.clock.as_ref().map_or(owner, |_| Mover::Addressee),
    );
    if let Some(clock) = &step.clock {
        here = here.within(clock.clone());
        if next.is_some() {
            here = here.or_else("raise");
        }
        let answered = format!("{}-answered", step.code);
        graph = graph
            .state(State::new(
                &answered,
                &format!("{}，已答复", step.label),
                owner,
            ))
            .step(
                Move::new("answer", "答复整改", &step.code, &answered)
                    .by([Mover::Addressee])
                    .asks(["measures"]),
            )
            .step(clear(&answered))
            .step(absorb(&answered));
        graph.moves.extend(raise(&answered));
    }
    graph = graph
        .state(here)
        .step(clear(&step.code))
        .step(absorb(&step.code));
    graph.moves.extend(raise(&step.code));
    graph
}
