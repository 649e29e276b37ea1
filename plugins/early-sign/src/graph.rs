//! The steps of an early sign.

use fengqiao_sdk::profile::{Move, Mover, ProceedingGraph, State};

use crate::config::Config;

/// The move that classifies.
pub(crate) const CLASSIFY: &str = "classify";
/// The move that passes on.
pub(crate) const PASS_ON: &str = "pass-on";
/// The state that says what a sign is.
pub(crate) const CLASSIFIED: &str = "classified";

/// Found (→ classified) → passed on; settled on the spot; or no sign after all.
pub(crate) fn graph(config: &Config) -> ProceedingGraph {
    let word = |key: String, otherwise: &str| {
        let own = config.labels.get(&key);
        own.map_or(otherwise, String::as_str).to_owned()
    };
    let desk = Mover::Role(config.desk.role);
    let state = |code: &str, otherwise: &str| {
        State::new(code, &word(format!("state.{code}"), otherwise), desk)
    };
    let last =
        |code: &str, otherwise: &str| State::last(code, &word(format!("state.{code}"), otherwise));
    let step = |code: &str, otherwise: &str, from: &str, to: &str| {
        Move::new(code, &word(format!("move.{code}"), otherwise), from, to)
    };
    let mut graph = ProceedingGraph::new(&config.kind, &config.label, "found")
        .opened_by([Mover::Plugin, desk])
        .state(state("found", "已发现"))
        .state(state(CLASSIFIED, "已分级分类"))
        .state(last("passed", "已转出"))
        .state(last("settled", "就地化解"))
        .state(last("dismissed", "不属苗头"))
        .step(
            step(CLASSIFY, "分级分类", "found", CLASSIFIED)
                .by([desk])
                .asks(["level", "category"]),
        );
    for from in ["found", CLASSIFIED] {
        graph = graph
            .step(step(PASS_ON, "转出", from, "passed").by([Mover::Plugin, desk]))
            .step(step("settle", "就地化解", from, "settled").by([Mover::Lead, desk]))
            .step(
                step("dismiss", "排除", from, "dismissed")
                    .by([desk])
                    .asks(["reason"]),
            );
    }
    graph
}
