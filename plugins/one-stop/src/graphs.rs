//! The steps of a hand-over and of an appointment.

use fengqiao_sdk::profile::{Move, Mover, ProceedingGraph, State};

use crate::config::{Appointment, HandOver};

/// The move by which the other unit takes the case over.
pub(crate) const ACCEPT: &str = "accept";
/// The move by which it doesn't.
pub(crate) const RETURN: &str = "return";
/// The moves that set an appointment's date.
pub(crate) const DATED: [&str; 2] = ["fix", "change"];
/// The state of an appointment that has its first date.
const FIXED: &str = "fixed";
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

/// asked → fixed → kept or missed; cancelled. A date may be changed so often, and no oftener: each change leads to a
/// state of its own.
pub(crate) fn appointment(rule: &Appointment) -> ProceedingGraph {
    let step = |code: &str, label: &str, from: &str, to: &str| {
        let others = rule.fix_by.iter().copied();
        Move::new(code, label, from, to).by([Mover::Addressee].into_iter().chain(others))
    };
    let dated = |code: &str, label: &str| {
        State::new(code, label, Mover::Addressee)
            .within(rule.keep.clone())
            .or_else("miss")
    };
    let mut graph = ProceedingGraph::new(&rule.kind, &rule.label, "asked")
        .opened_by(rule.fix_by.iter().copied())
        .opened_by([Mover::Plugin])
        .state(State::new("asked", "待约定", Mover::Addressee).within(rule.fix.clone()))
        .state(dated(FIXED, "已约定"))
        .state(State::last("kept", "已到中心"))
        .state(State::last(MISSED, "失约"))
        .state(State::last("cancelled", "已取消"))
        .step(step("fix", "约定日期", "asked", FIXED).asks(["date"]))
        .step(step("cancel", "取消", "asked", "cancelled").asks(["reason"]));
    let changes = rule.changes.as_ref().map_or(0, |changes| changes.value);
    let mut from = FIXED.to_owned();
    for number in 1..=changes {
        let to = format!("changed-{number}");
        let label = format!("已改约{number}次");
        graph = graph
            .state(dated(&to, &label))
            .step(step("change", "改约", &from, &to).asks(["date"]));
        graph = leaves(graph, &from, step);
        from = to;
    }
    leaves(graph, &from, step)
}

/// From a date on the unit comes, doesn't come, or needn't.
fn leaves(
    graph: ProceedingGraph,
    from: &str,
    step: impl Fn(&str, &str, &str, &str) -> Move,
) -> ProceedingGraph {
    graph
        .step(step("keep", "到中心", from, "kept"))
        .step(step("miss", "失约", from, MISSED).by([Mover::Clock]))
        .step(step("cancel", "取消", from, "cancelled").asks(["reason"]))
}
