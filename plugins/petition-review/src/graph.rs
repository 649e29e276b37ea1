//! The steps of review and re-review.

use fengqiao_sdk::profile::{Move, Mover, ProceedingGraph, State};

use crate::config::Config;

/// The reply is served: the time to ask runs.
pub(crate) const SERVED: &str = "served";
/// A review is asked for.
pub(crate) const ASKED: &str = "asked";
/// The review's opinion is served: the time to ask again runs.
pub(crate) const REVIEWED: &str = "reviewed";
/// A re-review is asked for.
pub(crate) const ASKED_AGAIN: &str = "asked-again";
/// The re-review is decided, and that is the end.
pub(crate) const CONCLUDED: &str = "concluded";
/// Nobody asked in time.
pub(crate) const LAPSED: &str = "lapsed";
/// A review is asked for.
pub(crate) const ASK: &str = "ask";
/// The review is decided.
pub(crate) const DECIDE: &str = "decide";
/// A re-review is asked for.
pub(crate) const ASK_AGAIN: &str = "ask-again";
/// The re-review is decided.
pub(crate) const DECIDE_AGAIN: &str = "decide-again";
/// The field with the organ that reviews.
pub(crate) const REVIEW_ORGAN: &str = "review-organ";
/// The field with the organ that reviews again.
pub(crate) const RE_REVIEW_ORGAN: &str = "re-review-organ";

/// Served → asked → reviewed → asked again → concluded; or nobody asks in time.
pub(crate) fn graph(config: &Config) -> ProceedingGraph {
    let word = |key: String, otherwise: &str| {
        let own = config.labels.get(&key);
        own.map_or(otherwise, String::as_str).to_owned()
    };
    let judge = config.decide_by.first().copied();
    let judge = judge.unwrap_or(Mover::Issuer);
    let state = |code: &str, otherwise: &str, owner: Mover| {
        State::new(code, &word(format!("state.{code}"), otherwise), owner)
    };
    let last =
        |code: &str, otherwise: &str| State::last(code, &word(format!("state.{code}"), otherwise));
    let step = |code: &str, otherwise: &str, from: &str, to: &str| {
        Move::new(code, &word(format!("move.{code}"), otherwise), from, to)
    };
    let asking = || config.ask_by.iter().copied().chain([Mover::Requester]);
    let deciding = || config.decide_by.iter().copied();
    let clocks = &config.clocks;
    ProceedingGraph::new(&config.kind, &config.label, SERVED)
        .opened_by([Mover::Plugin])
        .state(
            state(SERVED, "书面答复已送达", Mover::Requester)
                .within(clocks.request.clone())
                .or_else("lapse"),
        )
        .state(state(ASKED, "复查中", judge).within(clocks.decision.clone()))
        .state(
            state(REVIEWED, "复查意见已送达", Mover::Requester)
                .within(clocks.re_request.clone())
                .or_else("lapse"),
        )
        .state(state(ASKED_AGAIN, "复核中", judge).within(clocks.re_decision.clone()))
        .state(last(CONCLUDED, "复核终结"))
        .state(last(LAPSED, "逾期未申请"))
        .step(step("serve-again", "重新答复", SERVED, SERVED).by([Mover::Plugin]))
        .step(
            step(ASK, "申请复查", SERVED, ASKED)
                .by(asking())
                .asks([REVIEW_ORGAN]),
        )
        .step(
            step(DECIDE, "作出复查意见", ASKED, REVIEWED)
                .by(deciding())
                .asks(["review-opinion"]),
        )
        .step(
            step(ASK_AGAIN, "申请复核", REVIEWED, ASKED_AGAIN)
                .by(asking())
                .asks([RE_REVIEW_ORGAN]),
        )
        .step(
            step(DECIDE_AGAIN, "作出复核意见", ASKED_AGAIN, CONCLUDED)
                .by(deciding())
                .asks(["re-review-opinion"]),
        )
        .step(step("lapse", "逾期", SERVED, LAPSED).by([Mover::Clock]))
        .step(step("lapse", "逾期", REVIEWED, LAPSED).by([Mover::Clock]))
}
