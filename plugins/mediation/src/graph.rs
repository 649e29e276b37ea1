//! The steps of a mediation.

use fengqiao_sdk::profile::{Move, Mover, ProceedingGraph, State};

use crate::config::Config;

/// Consent → assigned → in session → agreed or failed; agreed → confirmed, performed or defaulted.
pub(crate) fn graph(config: &Config) -> ProceedingGraph {
    let word = |key: String, otherwise: &str| {
        config
            .labels
            .get(&key)
            .map_or(otherwise, String::as_str)
            .to_owned()
    };
    let owner = config.mediate_by.first().copied().unwrap_or(Mover::Lead);
    let state = |code: &str, otherwise: &str| {
        State::new(code, &word(format!("state.{code}"), otherwise), owner)
    };
    let last =
        |code: &str, otherwise: &str| State::last(code, &word(format!("state.{code}"), otherwise));
    let step = |code: &str, otherwise: &str, from: &str, to: &str| {
        Move::new(code, &word(format!("move.{code}"), otherwise), from, to)
            .by(config.mediate_by.iter().copied())
    };
    let clocks = &config.clocks;
    ProceedingGraph::new(&config.kind, &config.label, "consent")
        .opened_by(config.open_by.iter().copied().chain([Mover::Plugin]))
        .state(state("consent", "征求意愿").within(clocks.consent.clone()))
        .state(state("assigned", "选定调解员"))
        .state(
            state("in-session", "调解中")
                .within(clocks.in_session.clone())
                .or_else("expire"),
        )
        .state(state("agreed", "达成协议").within(clocks.agreed.clone()))
        .state(last("failed", "调解不成"))
        .state(state("confirmation-filed", "已申请司法确认"))
        .state(state("confirmed", "已司法确认"))
        .state(last("performed", "已履行"))
        .state(last("defaulted", "未履行"))
        .step(step("consent", "双方同意", "consent", "assigned"))
        .step(step("decline", "不同意调解", "consent", "failed"))
        .step(step("appoint", "指定调解员", "assigned", "in-session").asks(["mediator"]))
        .step(step("prolong", "双方同意延长", "in-session", "in-session"))
        .step(step("agree", "达成协议", "in-session", "agreed").asks(["agreement"]))
        .step(step("fail", "调解不成", "in-session", "failed"))
        .step(step("expire", "期满未达成", "in-session", "failed").by([Mover::Clock]))
        .step(step(
            "file",
            "共同申请司法确认",
            "agreed",
            "confirmation-filed",
        ))
        .step(step(
            "confirm",
            "裁定确认",
            "confirmation-filed",
            "confirmed",
        ))
        .step(step(
            "reject",
            "裁定不予确认",
            "confirmation-filed",
            "agreed",
        ))
        .step(step("perform", "履行完毕", "agreed", "performed"))
        .step(step("perform", "履行完毕", "confirmed", "performed"))
        .step(step("default", "逾期未履行", "agreed", "defaulted"))
        .step(step("default", "逾期未履行", "confirmed", "defaulted"))
}
