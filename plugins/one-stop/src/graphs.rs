//! The steps of a hand-over and of an appointment.

use fengqiao_sdk::profile::{Move, Mover, ProceedingGraph, State};

use crate::config::{Appointment, HandOver};

/// The move by which the other unit takes the case over.
pub(crate) const ACCEPT: &str = "accept";
/// The move by which it doesn't.
pub(crate) const RETURN: &str = "return";
/// The moves that set an appointment's date.
pub(crate) const DATED: [&str; 2] = ["fix", "change"];
/// The state of an appointment to which nobody came.
pub(crate) const MISSED: &str = "missed";

/// offered → accepted, returned or withdrawn.
pub(crate) fn hand_over(rule: &HandOver) -> ProceedingGraph {
    let step = |code: &str, label: &str, to: &str, by: Mover| {
        Move::new(code, label, "offered", to).by([by])
    };
    ProceedingGraph::new(&rule.kind, &rule.label, "offered")
        .opened_by([Mover::Lead, Mover::Plugin])
        .state(State::new("offered", "待接收", Mover::Addressee).within(rule.clock.clone()))
        .state(State::last("accepted", "已接收"))
        .state(State::last("returned", "已退回"))
        .state(State::last("withdrawn", "已收回"))
        .step(step(ACCEPT, "接收", "accepted", Mover::Addressee))
        .step(step(RETURN, "退回", "returned", Mover::Addressee).asks(["reason"]))
        .step(step("withdraw", "收回", "withdrawn", Mover::Lead).asks(["reason"]))
}

/// asked → fixed → kept or missed; cancelled.
pub(crate) fn appointment(rule: &Appointment) -> ProceedingGraph {
    let step = |code: &str, label: &str, from: &str, to: &str| {
        let others = rule.fix_by.iter().copied();
        Move::new(code, label, from, to).by([Mover::Addressee].into_iter().chain(others))
    };
    ProceedingGraph::new(&rule.kind, &rule.label, "asked")
        .opened_by(rule.fix_by.iter().copied())
        .opened_by([Mover::Plugin])
        .state(State::new("asked", "待约定", Mover::Addressee).within(rule.fix.clone()))
        .state(
            State::new("fixed", "已约定", Mover::Addressee)
                .within(rule.keep.clone())
                .or_else("miss"),
        )
        .state(State::last("kept", "已到中心"))
        .state(State::last(MISSED, "失约"))
        .state(State::last("cancelled", "已取消"))
        .step(step("fix", "约定日期", "asked", "fixed").asks(["date"]))
        .step(step("change", "改约", "fixed", "fixed").asks(["date"]))
        .step(step("keep", "到中心", "fixed", "kept"))
        .step(step("miss", "失约", "fixed", MISSED).by([Mover::Clock]))
        .step(step("cancel", "取消", "asked", "cancelled").asks(["reason"]))
        .step(step("cancel", "取消", "fixed", "cancelled").asks(["reason"]))
}
