//! What somebody might do about a case next: mostly what its stage asks for, now and then anything by anybody.

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::ids::{CaseId, Code, UnitId};
use fengqiao_core::proceeding::{End, Mover, Proceeding};
use fengqiao_core::profile::Rules;
use fengqiao_core::stage::StageName;
use serde_json::{Value, json};

use super::town::Town;

/// Who does it, and the command; nothing where nothing is left to do.
pub(crate) fn drawn(
    case: &Case,
    rules: &Rules,
    town: &Town,
    others: &[&CaseId],
    draw: &mut fastrand::Rng,
) -> Option<(Actor, Value)> {
    let hub = town.hub.clone();
    let lead = case
        .stage
        .lead()
        .and_then(|lead| town.handler(lead.as_str()));
    let lead = lead.unwrap_or_else(|| hub.clone());
    if draw.u8(..5) == 0 {
        return aside(case, rules, town, others, draw, &hub);
    }
    let runs = |p: &Proceeding| p.end == End::Open;
    if case.docket.proceedings.iter().any(runs) && draw.u8(..3) == 0 {
        return moving(case, rules, town, draw);
    }
    if let Some(waiting) = case.docket.approvals.iter().find(|a| a.waits())
        && draw.bool()
    {
        let verdict = if draw.u8(..4) == 0 {
            "rejected"
        } else {
            "approved"
        };
        let body =
            json!({ "do": "decide", "approval": waiting.id, "verdict": verdict, "text": "同意" });
        let role = waiting.role.as_str();
        let fits = town.officials.iter().filter(|a| is_in(a, role));
        let who = one_of(fits.collect(), draw).unwrap_or(&hub).clone();
        return Some((who, body));
    }
    let text = "情况属实，已办理。";
    let photo = json!([{ "digest": "aa".repeat(32), "media": "photo" }]);
    Some(match case.stage.name() {
        StageName::Registered => (hub, json!({ "do": "accept" })),
        StageName::Accepted => (hub, json!({ "do": "dispatch", "lead": unit(town, draw) })),
        StageName::Dispatched => match draw.u8(..8) {
            0 => (lead, json!({ "do": "object", "text": "不属本单位职责" })),
            1 if case.objection.is_some() => (
                hub,
                json!({ "do": "rule", "ruling": "upheld", "text": text }),
            ),
            _ => (lead, json!({ "do": "sign" })),
        },
        StageName::Handling => match draw.u8(..6) {
            0 => (lead, json!({ "do": "contact", "text": text })),
            1 => (lead, json!({ "do": "progress", "text": text })),
            2 => released(case, town, hub),
            _ => (
                lead,
                json!({ "do": "report", "text": text, "evidence": photo }),
            ),
        },
        StageName::Reported => match draw.u8(..6) {
            0 => (hub, json!({ "do": "send-back", "text": "请补充" })),
            _ => {
                let delivery = json!({ "delivery": "delivered", "way": "sms" });
                (
                    hub,
                    json!({ "do": "reply", "text": text, "delivery": delivery }),
                )
            }
        },
        StageName::Replied | StageName::Closed => finishing(case, rules, hub, draw),
        StageName::Archived | StageName::Ended => return None,
    })
}

/// An assist is done, or excused.
fn released(case: &Case, town: &Town, hub: Actor) -> (Actor, Value) {
    use fengqiao_core::matter::{AssignmentRole, AssignmentState};
    let mut parts = case.assignments.iter();
    let assist =
        parts.find(|a| a.role == AssignmentRole::Assist && a.state == AssignmentState::Active);
    match assist {
        Some(assist) => {
            let who = town.handler(assist.unit.as_str()).unwrap_or(hub);
            let body = json!({ "do": "release", "assignment": assist.id, "how": "done", "text": "已配合" });
            (who, body)
        }
        None => (hub, json!({ "do": "urge", "text": "请抓紧办理" })),
    }
}

fn finishing(case: &Case, rules: &Rules, hub: Actor, draw: &mut fastrand::Rng) -> (Actor, Value) {
    let citizen = Actor::Citizen { principal: None };
    match draw.u8(..5) {
        0 | 1 if case.outcome.satisfied.is_none() => {
            let grades = rules.rating.iter().flat_map(|scale| &scale.grades);
            let grades: Vec<&str> = grades.map(|g| g.code.as_str()).collect();
            let grade = match grades.len() {
                0 => "satisfied",
                some => grades[draw.usize(..some)],
            };
            (citizen, json!({ "do": "rate", "grade": grade }))
        }
        0..=2 => {
            let result = ["solved", "solved", "unsolved", "unreached"][draw.usize(..4)];
            (
                hub,
                json!({ "do": "follow-up", "result": result, "by": "phone" }),
            )
        }
        3 => (hub, json!({ "do": "archive" })),
        _ => (hub, json!({ "do": "rework", "text": "群众反映没有解决" })),
    }
}

/// Anything, by anybody.
fn aside(
    case: &Case,
    rules: &Rules,
    town: &Town,
    others: &[&CaseId],
    draw: &mut fastrand::Rng,
    hub: &Actor,
) -> Option<(Actor, Value)> {
    let officials = &town.officials;
    let anybody = officials[draw.usize(..officials.len())].clone();
    let other = others[draw.usize(..others.len())];
    let text = "另有情况";
    Some(match draw.u8(..12) {
        0 => (hub.clone(), json!({ "do": "merge", "into": other })),
        1 => (
            hub.clone(),
            json!({ "do": "link", "to": other, "relation": "related" }),
        ),
        2 => (
            Actor::Citizen { principal: None },
            json!({ "do": "withdraw", "text": text }),
        ),
        3 => (
            hub.clone(),
            json!({ "do": "decline", "ground": "not-ours", "text": text }),
        ),
        4 => (
            hub.clone(),
            json!({ "do": "assign", "appointment": { "unit": unit(town, draw), "role": "assist", "result": "owed" } }),
        ),
        5 => (
            anybody,
            json!({ "do": "instruct", "text": text, "answer-within": "3wd" }),
        ),
        6 => (hub.clone(), split(case)),
        7 => (
            hub.clone(),
            json!({ "do": "hand-up", "to": town.jurisdiction.division, "reason": "too-hard" }),
        ),
        8..=10 => opening(case, rules, town, draw)?,
        _ => (anybody, json!({ "do": "urge", "text": text })),
    })
}

fn split(case: &Case) -> Value {
    let mut matter = serde_json::to_value(&case.matter).unwrap();
    matter["text"] = "另一件事".into();
    json!({ "do": "split", "matter": matter })
}

/// A procedure of the place, with what it asks for filled in, mostly by somebody who may open it.
fn opening(
    case: &Case,
    rules: &Rules,
    town: &Town,
    draw: &mut fastrand::Rng,
) -> Option<(Actor, Value)> {
    let graph = one_of(rules.proceedings.values().collect(), draw)?;
    let mover = one_of(graph.open.by.iter().collect(), draw)?;
    let who = acting(*mover, case, None, town, draw)?;
    let addressee = draw.bool().then(|| unit(town, draw));
    let fields = filled(&graph.open.fields);
    let body = json!({ "do": "open-proceeding", "kind": graph.kind, "addressee": addressee, "fields": fields });
    Some((who, body))
}

/// A move of a procedure that is open, mostly by somebody who may make it.
fn moving(
    case: &Case,
    rules: &Rules,
    town: &Town,
    draw: &mut fastrand::Rng,
) -> Option<(Actor, Value)> {
    let open = case
        .docket
        .proceedings
        .iter()
        .filter(|p| p.end == End::Open);
    let proceeding = one_of(open.collect(), draw)?;
    let graph = rules.proceedings.get(&proceeding.kind)?;
    let moves = graph.moves.iter().filter(|m| m.from == proceeding.state);
    let step = one_of(moves.collect(), draw)?;
    let mover = one_of(step.by.iter().collect(), draw)?;
    let who = acting(*mover, case, Some(proceeding), town, draw)?;
    let fields = filled(&step.fields);
    let body = json!({ "do": "move-proceeding", "proceeding": proceeding.id, "code": step.code, "fields": fields });
    Some((who, body))
}

/// Somebody who is what a procedure asks for.
fn acting(
    mover: Mover,
    case: &Case,
    proceeding: Option<&Proceeding>,
    town: &Town,
    draw: &mut fastrand::Rng,
) -> Option<Actor> {
    let of = |unit: Option<&UnitId>| town.handler(unit?.as_str());
    match mover {
        Mover::Issuer => of(proceeding?.issuer.as_ref()),
        Mover::Addressee => of(proceeding?.addressee.as_ref()),
        Mover::Requester => Some(Actor::Citizen { principal: None }),
        Mover::Lead => of(case.stage.lead()),
        Mover::Plugin | Mover::Clock => None,
        Mover::Role(role) => {
            let fits = town.officials.iter().filter(|a| is_in(a, role.as_str()));
            one_of(fits.collect(), draw).cloned()
        }
    }
}

fn filled(fields: &[Code]) -> serde_json::Map<String, Value> {
    let fields = fields.iter().map(|field| (field.to_string(), "1".into()));
    fields.collect()
}

fn one_of<'a, T>(all: Vec<&'a T>, draw: &mut fastrand::Rng) -> Option<&'a T> {
    match all.len() {
        0 => None,
        some => Some(all[draw.usize(..some)]),
    }
}

fn unit(town: &Town, draw: &mut fastrand::Rng) -> String {
    let units = &town.jurisdiction.units;
    units[draw.usize(..units.len())].id.clone()
}

fn is_in(actor: &Actor, role: &str) -> bool {
    matches!(actor, Actor::Official { role: own, .. } if own.as_str() == role)
}
