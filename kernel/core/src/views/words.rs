//! Local words: the profile's label for a key, or the kernel's own.

use crate::command::Waivable;
use crate::ids::Code;
use crate::matter::AssignmentRole;
use crate::profile::Rules;

/// The nearest division's word for `key`, or `default`.
pub(super) fn label(rules: &Rules, key: &str, default: &str) -> String {
    let local = Code::parse(key)
        .ok()
        .and_then(|code| rules.labels.get(&code));
    local.map_or_else(|| default.to_owned(), Clone::clone)
}

/// A clock's local name.
pub(super) fn clock(rules: &Rules, name: &Code) -> String {
    let default = match name.as_str() {
        "accept" => "受理时限",
        "handle-total" => "总办理时限",
        "sign" => "签收时限",
        "contact" => "联系时限",
        "arrive" => "到场时限",
        "report" => "反馈时限",
        "progress" => "进展反馈时限",
        "reply" => "回复时限",
        "rate" => "评价时限",
        "follow-up" => "回访时限",
        "object" => "退单时限",
        "instruction" => "批示办理时限",
        "review" => "复核时限",
        other => other,
    };
    label(rules, &format!("clock.{name}"), default)
}

/// The local word for a unit's part.
pub(super) fn part(rules: &Rules, role: AssignmentRole) -> String {
    let key = match role {
        AssignmentRole::Lead => "part.lead",
        AssignmentRole::Assist => "part.assist",
        AssignmentRole::Supervise => "part.supervise",
        AssignmentRole::Inform => "part.inform",
    };
    label(rules, key, role.label())
}

/// A proceeding's local name.
pub(super) fn proceeding(rules: &Rules, kind: &Code) -> String {
    let graph = rules.proceedings.get(kind);
    graph.map_or_else(|| kind.to_string(), |graph| graph.label.clone())
}

/// A proceeding's state in local words.
pub(super) fn proceeding_state(rules: &Rules, kind: &Code, state: &Code) -> String {
    let graph = rules.proceedings.get(kind);
    graph
        .and_then(|graph| graph.states.iter().find(|s| &s.code == state))
        .map_or_else(|| state.to_string(), |state| state.label.clone())
}

/// A proceeding's move in local words; a waiver and the opening are the kernel's.
pub(super) fn proceeding_move(rules: &Rules, kind: &Code, code: &Code) -> String {
    let graph = rules.proceedings.get(kind);
    let declared = graph.and_then(|graph| graph.moves.iter().find(|m| &m.code == code));
    match (declared, code.as_str()) {
        (Some(step), _) => step.label.clone(),
        (None, crate::proceedings::WAIVE) => "免除".to_owned(),
        (None, crate::proceedings::OPEN) => "启动".to_owned(),
        (None, other) => other.to_owned(),
    }
}

/// What was asked for, where no profile has a word for it.
pub(super) fn asked(command: &Code) -> &str {
    match command.as_str() {
        "extend" => "延期",
        "suspend" => "挂起",
        "terminate" => "终止",
        "protect" => "调整保护",
        other => other,
    }
}

/// What was waived.
pub(super) fn waived(what: Waivable) -> &'static str {
    match what {
        Waivable::Report => "反馈",
        Waivable::Reply => "回复",
        Waivable::Rating => "评价",
        Waivable::FollowUp => "回访",
        Waivable::Clock(_) => "时限",
        Waivable::Proceeding(_) => "程序",
    }
}
