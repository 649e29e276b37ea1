//! What plugins are told of commands and events, and as whom they propose.

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::command::Command;
use fengqiao_core::event::Recorded;
use serde_json::Value;

use crate::ports::advisor::{Binding, GuardedMove};

/// A command as guards see it: a move of a proceeding is named after its kind and move.
pub(crate) fn guarded(command: &Command, case: &Case, actor: &Actor) -> GuardedMove {
    let code = match command {
        Command::OpenProceeding { kind, .. } => format!("{kind}/open"),
        Command::MoveProceeding {
            proceeding, code, ..
        } => {
            let running = case.docket.proceedings.iter().find(|p| p.id == *proceeding);
            format!("{}/{code}", running.map_or("unknown", |p| p.kind.as_str()))
        }
        other => other.name().to_owned(),
    };
    let role = match actor {
        Actor::Official { role, .. } => role.as_str(),
        Actor::Citizen { .. } => "citizen",
        Actor::Plugin { .. } => "plugin",
        Actor::Kernel => "kernel",
    };
    GuardedMove {
        code,
        document: serde_json::to_string(command).unwrap_or_default(),
        actor_role: role.to_owned(),
        actor_unit: actor.unit().map(ToString::to_string),
    }
}

/// What no event tells: who is in the case and what it is about, which are groups of inputs that a manifest declares.
const UNTOLD: [&str; 6] = [
    "parties",
    "source",
    "naming",
    "protection",
    "matter",
    "evidence",
];

/// The officials whom an event's parts name.
const UNNAMED: [(&str, &str); 4] = [
    ("proceeding", "opened-by"),
    ("approval", "asked-by"),
    ("approval", "asked-as"),
    ("decision", "by"),
];

/// An event as a reaction sees it: its name and its facts.
pub(crate) fn told(recorded: &Recorded) -> Option<(String, String)> {
    let mut value = serde_json::to_value(&recorded.event).ok()?;
    withhold(&mut value);
    let name = value.get("event")?.as_str()?.to_owned();
    Some((name, value.to_string()))
}

/// What is told of a command that waits for a word: its name; of an opening or move, the step that a proceeding's own
/// event would tell.
const WANTED: [&str; 1] = ["do"];
const WANTED_STEP: [&str; 5] = ["do", "kind", "proceeding", "code", "fields"];

fn withhold(event: &mut Value) {
    if let Some(facts) = event.as_object_mut() {
        facts.retain(|key, _| !UNTOLD.contains(&key.as_str()));
    }
    for (part, name) in UNNAMED {
        if let Some(part) = event.get_mut(part).and_then(Value::as_object_mut) {
            part.remove(name);
        }
    }
    let wanted = event.pointer_mut("/approval/what");
    if let Some(wanted) = wanted.and_then(Value::as_object_mut) {
        let steps = ["open-proceeding", "move-proceeding"];
        let is_step = wanted.get("do").and_then(Value::as_str);
        let told = match is_step.is_some_and(|name| steps.contains(&name)) {
            true => WANTED_STEP.as_slice(),
            false => WANTED.as_slice(),
        };
        wanted.retain(|key, _| told.contains(&key.as_str()));
    }
}

/// A binding's name as the actor of its proposals.
pub(crate) fn as_actor(binding: &Binding) -> Actor {
    Actor::Plugin {
        binding: binding.id.clone(),
        division: binding.division.clone(),
        component: binding.component.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_tells_a_plugin_neither_who_acted_nor_what_it_did_not_declare() {
        let mut event = serde_json::json!({
            "event": "registered", "case": "C1", "matter": { "category": "x" }, "parties": [{}], "evidence": [],
            "proceeding": { "id": 3, "opened-by": "p1" }, "approval": { "id": 4, "asked-by": "p1" },
            "decision": { "verdict": "approved", "by": "p1" }
        });
        withhold(&mut event);
        let left = serde_json::json!({
            "event": "registered", "case": "C1", "proceeding": { "id": 3 }, "approval": { "id": 4 },
            "decision": { "verdict": "approved" }
        });
        assert_eq!(event, left);
    }

    #[test]
    fn what_was_filled_in_at_a_step_is_told_whatever_its_field_is_called() {
        let mut event = serde_json::json!({ "event": "proceeding-opened", "proceeding": { "fields": { "matter": "x" } } });
        let before = event.clone();
        withhold(&mut event);
        assert_eq!(event, before);
    }

    #[test]
    fn of_what_waits_for_a_word_only_its_name_is_told_and_of_a_proceeding_its_step() {
        let what = |what: Value| {
            let mut event =
                serde_json::json!({ "event": "approval-asked", "approval": { "what": what } });
            withhold(&mut event);
            event["approval"]["what"].clone()
        };
        for command in [
            serde_json::json!({ "do": "protect", "protection": "open" }),
            serde_json::json!({ "do": "attach", "evidence": [{ "media": "photo" }] }),
            serde_json::json!({ "do": "split", "new": "C2", "matter": { "category": "x" } }),
            serde_json::json!({ "do": "flag", "code": "x", "fields": { "a": "b" } }),
        ] {
            let name = command["do"].clone();
            assert_eq!(what(command), serde_json::json!({ "do": name }));
        }
        let opening = serde_json::json!({ "do": "open-proceeding", "kind": "order", "fields": { "matter": "x" } });
        let mut addressed = opening.clone();
        addressed["addressee"] = "roads".into();
        assert_eq!(what(addressed), opening);
        let step = serde_json::json!({ "do": "move-proceeding", "proceeding": 3, "code": "agree", "fields": { "a": "b" } });
        assert_eq!(what(step.clone()), step);
    }
}
