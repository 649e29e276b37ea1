//! What a triage advised: checked, followed, or handed to a person with the reason.

use crate::actor::Role;
use crate::advice::{Triage, TriageWord};
use crate::command::NamedSpec;
use crate::decide::dispatch::check_clocks;
use crate::decide::draft::Draft;
use crate::decide::level::{self, Away};
use crate::decide::limits::{MAX_ASSIGNMENTS, MAX_FLAGS};
use crate::decide::register::{end, wait_at_hub};
use crate::event::Event;
use crate::ids::{Code, DivisionCode, UnitId};
use crate::matter::{Appointment, AssignmentRole};
use crate::refusal::Refusal;
use crate::stage::{EndReason, Stage, StageName};

/// An accepting word, taken apart.
struct Route<'a> {
    lead: &'a UnitId,
    others: &'a [Appointment],
    clocks: &'a [NamedSpec],
    flags: &'a [Code],
    level: Option<&'a DivisionCode>,
    because: &'a Code,
}

/// Why an accepting word isn't followed.
enum Flaw {
    /// It makes no sense: a failure of the rule.
    BadOutput,
    /// It breaks a rule of the kernel.
    Breaks(&'static str),
}

/// Follows the triage's word from registered or accepted; false where there is none.
///
/// A word that can't be followed never loses the case: it is recorded, and a person decides.
pub(super) fn follow(draft: &mut Draft<'_>) -> Result<bool, Refusal> {
    let advice = draft.advice;
    for failure in &advice.triage_failures {
        draft.rule_unavailable(&failure.binding, "triage", &failure.failure)?;
    }
    let Some(word) = &advice.triage else {
        return Ok(false);
    };
    match &word.answer {
        Triage::Accept {
            lead,
            others,
            clocks,
            flags,
            level,
            because,
        } => {
            let route = Route {
                lead,
                others,
                clocks,
                flags,
                level: level.as_ref(),
                because,
            };
            accept_stage(draft)?;
            match check(draft, word, &route) {
                Ok(()) => take(draft, &route)?,
                Err(flaw) => refuse(draft, word, &flaw)?,
            }
        }
        Triage::Decline { ground } => end(
            draft,
            "declined",
            None,
            EndReason::Declined {
                ground: ground.clone(),
            },
        )?,
        Triage::Refer { route } => end(
            draft,
            "referred",
            None,
            EndReason::Referred {
                route: route.clone(),
            },
        )?,
        Triage::NeedHuman {
            desk,
            role,
            because,
        } => {
            accept_stage(draft)?;
            let known = draft.ctx.units.has_division(desk);
            let desk = if known { desk } else { &draft.case.division };
            draft.raise(
                "needs-dispatch",
                desk.clone(),
                *role,
                &format!("本地规则 {} 请人工决定：{because}", word.binding),
            )?;
        }
    }
    Ok(true)
}

fn accept_stage(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.case.stage.name() == StageName::Registered {
        draft.enter(Stage::Accepted)?;
    }
    Ok(())
}

fn take(draft: &mut Draft<'_>, route: &Route<'_>) -> Result<(), Refusal> {
    if let Some(to) = route.level
        && *to != draft.case.division
    {
        level::move_level(draft, to, Away::ByRule, route.because)?;
    }
    for flag in route.flags {
        draft.emit(Event::Flagged { flag: flag.clone() })?;
    }
    draft.specs = route.clocks.to_vec();
    draft.appoint_lead(route.lead)?;
    for appointment in route.others {
        draft.appoint(appointment)?;
    }
    draft.enter(Stage::Dispatched {
        lead: route.lead.clone(),
    })
}

/// Checks every unit, the level and the clocks against what a binding may name.
fn check(draft: &Draft<'_>, word: &TriageWord, route: &Route<'_>) -> Result<(), Flaw> {
    let mut named = vec![route.lead];
    for other in route.others {
        if other.role == AssignmentRole::Lead || named.contains(&&other.unit) {
            return Err(Flaw::BadOutput);
        }
        named.push(&other.unit);
    }
    if named.len() + draft.case.assignments.len() > MAX_ASSIGNMENTS
        || route.flags.len() + draft.case.flags.len() > MAX_FLAGS
    {
        return Err(Flaw::BadOutput);
    }
    for unit in named {
        let Some(facts) = draft.ctx.units.unit(unit) else {
            return Err(Flaw::BadOutput);
        };
        if draft.case.bars(unit) {
            return Err(Flaw::Breaks("recused"));
        }
        if !word.division.contains(&facts.division) && !draft.is_granted(unit) {
            return Err(Flaw::Breaks("outside-division"));
        }
        if draft.active(unit).is_some() {
            return Err(Flaw::Breaks("already-assigned"));
        }
    }
    if let Some(level) = route.level {
        if !draft.ctx.units.has_division(level) {
            return Err(Flaw::BadOutput);
        }
        if !word.division.contains(level) && !level.contains(&word.division) {
            return Err(Flaw::Breaks("outside-division"));
        }
    }
    check_clocks(draft, route.clocks).map_err(|_| Flaw::BadOutput)
}

fn refuse(draft: &mut Draft<'_>, word: &TriageWord, flaw: &Flaw) -> Result<(), Refusal> {
    match flaw {
        Flaw::BadOutput => {
            draft.rule_unavailable(&word.binding, "triage", &Code::word("bad-output"))?;
        }
        Flaw::Breaks(code) => {
            draft.emit(Event::ProposalRefused {
                binding: word.binding.clone(),
                proposal: Code::word("dispatch"),
                code: Code::word(code),
            })?;
            draft.raise(
                "proposal-refused",
                draft.case.division.clone(),
                Role::Dispatcher,
                &format!("本地规则 {} 的派单建议未被采纳（{code}）", word.binding),
            )?;
        }
    }
    wait_at_hub(draft, "本地规则的建议不能采纳：请人工派单")
}

impl Draft<'_> {
    /// Whether a valid grant, whoever holds it, names this unit for a matter at this place.
    pub(super) fn is_granted(&self, unit: &UnitId) -> bool {
        let place = &self.case.matter.place;
        self.ctx.grants.iter().any(|grant| {
            let terms = &grant.terms;
            grant.allows(&terms.grantee, &terms.kind, unit, place, self.ctx.now)
        })
    }
}
