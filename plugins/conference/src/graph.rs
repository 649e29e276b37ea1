//! The steps of a conference, and of the money for what isn't in the budget.

use fengqiao_sdk::profile::{DrawHow, Move, Mover, ProceedingGraph, State};

use crate::config::{Config, Funding, Level};

/// The field that says how much money, in fen.
pub(crate) const AMOUNT: &str = "amount-fen";

/// called → held → decided → closed; remitted-up from held or decided; closed without being held where it is called off.
pub(crate) fn conference(config: &Config, level: &Level) -> Option<ProceedingGraph> {
    let first = *level.convene_by.first()?;
    let word = |key: String, otherwise: &str| {
        let own = level.labels.get(&key);
        own.map_or(otherwise, String::as_str).to_owned()
    };
    let state = |code: &str, otherwise: &str, owner: Mover| {
        State::new(code, &word(format!("state.{code}"), otherwise), owner)
    };
    let last =
        |code: &str, otherwise: &str| State::last(code, &word(format!("state.{code}"), otherwise));
    let step = |code: &str, otherwise: &str, from: &str, to: &str| {
        let label = word(format!("move.{code}"), otherwise);
        Move::new(code, &label, from, to).by(level.convene_by.iter().copied())
    };
    let remit = |from: &str| {
        let asked = level.remit_asks.iter().map(String::as_str);
        step("remit", "提交上级会商", from, "remitted-up")
            .asks(["reason"])
            .asks(asked)
    };
    Some(
        ProceedingGraph::new(&config.kind_of(&level.code), &level.label, "called")
            .opened_by(level.convene_by.iter().copied())
            .opened_by([Mover::Plugin])
            .asks(["reason"])
            .state(state("called", "已召集", first).within(level.clock.clone()))
            .state(state("held", "已会商", first))
            .state(state("decided", "已议定", Mover::Lead))
            .state(last("remitted-up", "已提交上级"))
            .state(last("closed", "已结束"))
            .step(step("hold", "召开会商", "called", "held").asks(["attended"]))
            .step(step("call-off", "取消", "called", "closed").asks(["reason"]))
            .step(step("decide", "议定", "held", "decided").asks(["decision"]))
            .step(remit("held"))
            .step(remit("decided"))
            .step(step("close", "落实完毕", "decided", "closed").by([Mover::Lead])),
    )
}

/// asked → approved, which reserves the money → spent, or given back; refused.
pub(crate) fn funding(rule: &Funding) -> Option<ProceedingGraph> {
    let (decides, spends) = (*rule.decide_by.first()?, *rule.spend_by.first()?);
    let decide = |code: &str, label: &str, to: &str| {
        Move::new(code, label, "asked", to).by(rule.decide_by.iter().copied())
    };
    let spend = |code: &str, label: &str, to: &str, how| {
        Move::new(code, label, "approved", to)
            .by(rule.spend_by.iter().copied())
            .draws(how, &rule.allowance, AMOUNT)
    };
    Some(
        ProceedingGraph::new(&rule.kind, &rule.label, "asked")
            .opened_by(rule.ask_by.iter().copied())
            .asks([AMOUNT, "purpose"])
            .state(State::new("asked", "已申请", decides).within(rule.clock.clone()))
            .state(State::new("approved", "已批准", spends))
            .state(State::last("spent", "已支出"))
            .state(State::last("given-back", "已退回"))
            .state(State::last("refused", "未批准"))
            .step(decide("approve", "批准", "approved").draws(
                DrawHow::Reserve,
                &rule.allowance,
                AMOUNT,
            ))
            .step(decide("refuse", "不批准", "refused").asks(["reason"]))
            .step(spend("spend", "支出", "spent", DrawHow::Spend))
            .step(spend("give-back", "退回", "given-back", DrawHow::Release)),
    )
}
