//! The steps of an order.

use fengqiao_sdk::prelude::Role;
use fengqiao_sdk::profile::{GrantNeed, Move, Mover, ProceedingGraph, State};

use crate::config::Config;

/// The move by which a single role approves.
pub(crate) const ISSUE: &str = "issue";
/// The move by which a simple matter is approved.
pub(crate) const ISSUE_SIMPLE: &str = "issue-simple";
/// The move by which a complex one is.
pub(crate) const ISSUE_COMPLEX: &str = "issue-complex";

/// (draft → (relayed →)) issued → signed → contacted → arrived → concluded; refused or recalled.
pub(crate) fn graph(config: &Config) -> ProceedingGraph {
    let word = |key: String, otherwise: &str| {
        config
            .labels
            .get(&key)
            .map_or(otherwise, String::as_str)
            .to_owned()
    };
    let state = |code: &str, otherwise: &str, owner: Mover| {
        State::new(code, &word(format!("state.{code}"), otherwise), owner)
    };
    let last =
        |code: &str, otherwise: &str| State::last(code, &word(format!("state.{code}"), otherwise));
    let step = |code: &str, otherwise: &str, from: &str, to: &str, by: Mover| {
        Move::new(code, &word(format!("move.{code}"), otherwise), from, to).by([by])
    };
    let run_by = match config.run_by.as_slice() {
        [] => &[Mover::Issuer],
        named => named,
    };
    let run = |code: &str, otherwise: &str, from: &str, to: &str| {
        let label = word(format!("move.{code}"), otherwise);
        Move::new(code, &label, from, to).by(run_by.iter().copied())
    };
    let owner = run_by.first().copied().unwrap_or(Mover::Issuer);
    let clocks = &config.clocks;
    let initial = if config.begins_as_draft() {
        "draft"
    } else {
        "issued"
    };
    let mut graph = ProceedingGraph::new(&config.kind, &config.label, initial)
        .opened_by(config.open_by.iter().copied())
        .asks(["matter"])
        .state(state("issued", "已发令", Mover::Addressee).within(clocks.sign.clone()))
        .state(state("signed", "已接令", Mover::Addressee).within(clocks.contact.clone()))
        .state(state("contacted", "已联系", Mover::Addressee).within(clocks.arrive.clone()))
        .state(state("arrived", "已到场", owner))
        .state(last("concluded", "已办结"))
        .state(last("refused", "已拒收"))
        .state(last("recalled", "已收回"))
        .step(step("sign", "接令", "issued", "signed", Mover::Addressee))
        .step(step("refuse", "拒收", "issued", "refused", Mover::Addressee).asks(["reason"]))
        .step(step(
            "contact",
            "联系",
            "signed",
            "contacted",
            Mover::Addressee,
        ))
        .step(step(
            "arrive",
            "到场",
            "contacted",
            "arrived",
            Mover::Addressee,
        ))
        .step(run("conclude", "办结", "arrived", "concluded"))
        .step(run("recall", "收回", "issued", "recalled"))
        .step(run("recall", "收回", "signed", "recalled"));
    if config.grant == GrantNeed::Required {
        graph = graph.under_a_grant();
    }
    for role in &config.approvals {
        graph = graph
            .state(state("draft", "拟稿", Mover::Issuer))
            .step(step(ISSUE, "发出", "draft", "issued", Mover::Issuer).approved_by(*role))
            .step(step("recall", "收回", "draft", "recalled", Mover::Issuer));
    }
    if let Some(paths) = &config.paths {
        let (simple, complex) = (&paths.simple, &paths.complex);
        let ask = |code: &str, otherwise: &str, to: &str, role: Role| {
            step(code, otherwise, "draft", to, Mover::Issuer)
                .by([Mover::Plugin])
                .approved_by(role)
        };
        graph = graph
            .state(state("draft", "待审批", Mover::Issuer))
            .state(
                state("relayed", "平台转派中", complex.deliver_by).within(complex.deliver.clone()),
            )
            .step(ask(
                ISSUE_SIMPLE,
                "报批（简单事项）",
                "issued",
                simple.approval,
            ))
            .step(ask(
                ISSUE_COMPLEX,
                "报批（复杂事项）",
                "relayed",
                complex.approval,
            ))
            .step(step(
                "deliver",
                "转达",
                "relayed",
                "issued",
                complex.deliver_by,
            ))
            .step(step("recall", "收回", "draft", "recalled", Mover::Issuer))
            .step(step("recall", "收回", "relayed", "recalled", Mover::Issuer));
    }
    graph
}
