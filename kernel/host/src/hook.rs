//! The six hooks by name: in manifests, in interfaces, in counters.

use fengqiao_service::ports::advisor::Hook;

/// Every hook, in the order of the contract.
pub(crate) const HOOKS: [Hook; 6] = [
    Hook::Profile,
    Hook::Intake,
    Hook::Triage,
    Hook::Guard,
    Hook::React,
    Hook::Assess,
];

/// The hook's word.
pub(crate) fn word(hook: Hook) -> &'static str {
    match hook {
        Hook::Profile => "profile",
        Hook::Intake => "intake",
        Hook::Triage => "triage",
        Hook::Guard => "guard",
        Hook::React => "react",
        Hook::Assess => "assess",
    }
}

/// The hook whose interface has this name, whatever its version.
pub(crate) fn of_interface(name: &str) -> Option<Hook> {
    let interface = name
        .split_once('@')
        .map_or(name, |(interface, _)| interface);
    HOOKS
        .into_iter()
        .find(|hook| interface == format!("fengqiao:{0}/{0}", word(*hook)))
}
