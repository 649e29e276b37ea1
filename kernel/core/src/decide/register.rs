//! Taking a matter in: it is never refused for not being ours, and it leaves this decision with an owner.

use crate::actor::Actor;
use crate::actor::Role;
use crate::advice::Advice;
use crate::clock::names;
use crate::command::{Naming, Registration};
use crate::context::Context;
use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_EVIDENCE, MAX_MARKS, MAX_PARTIES, within};
use crate::decide::{triage, written};
use crate::event::Event;
use crate::ids::{CaseId, Code, TextRef, UnitId};
use crate::law::MAX_REPRESENTATIVES;
use crate::matter::{Consent, MatterKind, PartyRole, Protection};
use crate::refusal::Refusal;
use crate::stage::{EndReason, Stage, StageName};

/// The mark of a matter that can't wait.
pub(super) const EMERGENCY: &str = "emergency";

/// 登记, and what the local rule or the kernel's default makes of it at once.
pub(super) fn register<'a>(
    id: &CaseId,
    registration: &Registration,
    advice: &'a Advice,
    ctx: &'a Context<'a>,
) -> Result<Draft<'a>, Refusal> {
    check(registration, ctx)?;
    let registered = Event::Registered {
        case: id.clone(),
        matter: Box::new(registration.matter.clone()),
        source: registration.source.clone(),
        naming: registration.naming,
        parties: registration.parties.clone(),
        protection: floor(registration).max(registration.protection),
        evidence: registration.evidence.clone(),
        division: registration.matter.place.clone(),
        bindings: ctx.bindings.clone(),
    };
    let mut draft = Draft::begin(id, registered, advice, ctx)?;
    draft.tell("stage.registered");
    draft.start(names::ACCEPT, None)?;
    if triage::follow(&mut draft)? {
        return Ok(draft);
    }
    draft.enter(Stage::Accepted)?;
    match default_lead(&draft) {
        Some(lead) => {
            draft.appoint_lead(&lead)?;
            draft.enter(Stage::Dispatched { lead })?;
        }
        None => {
            let note = if is_emergency(&draft) {
                "紧急事项：请立即处理"
            } else {
                "没有本地分派规则：请人工派单"
            };
            wait_at_hub(&mut draft, note)?;
        }
    }
    Ok(draft)
}

/// 受理
pub(super) fn accept(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    draft.at("accept", |s| s == StageName::Registered)?;
    draft.enter(Stage::Accepted)?;
    wait_at_hub(draft, "已受理：请派单")
}

/// 不予受理
pub(super) fn decline(draft: &mut Draft<'_>, ground: &Code, text: &TextRef) -> Result<(), Refusal> {
    draft.at("decline", |s| s <= StageName::Accepted)?;
    written(text)?;
    end(
        draft,
        "declined",
        Some(text),
        EndReason::Declined {
            ground: ground.clone(),
        },
    )
}

/// 转介; an emergency is immediate, without words.
pub(super) fn refer(draft: &mut Draft<'_>, route: &Code, text: &TextRef) -> Result<(), Refusal> {
    draft.at("refer", |s| s <= StageName::Accepted)?;
    if !is_emergency(draft) {
        written(text)?;
    }
    end(
        draft,
        "referred",
        Some(text),
        EndReason::Referred {
            route: route.clone(),
        },
    )
}

/// Ends the case outside the loop; the citizen is told first.
pub(super) fn end(
    draft: &mut Draft<'_>,
    notice: &'static str,
    text: Option<&TextRef>,
    reason: EndReason,
) -> Result<(), Refusal> {
    draft.told(notice, text)?;
    draft.enter(Stage::Ended { reason })
}

/// An accepted case without a lead waits for the hub of its division.
pub(super) fn wait_at_hub(draft: &mut Draft<'_>, note: &str) -> Result<(), Refusal> {
    let desk = draft.case.division.clone();
    draft.raise("needs-dispatch", desk, Role::Dispatcher, note)
}

pub(super) fn is_emergency(draft: &Draft<'_>) -> bool {
    draft
        .case
        .matter
        .marks
        .iter()
        .any(|mark| mark.as_str() == EMERGENCY)
}

/// How closely the reporter is guarded at least: a report, and whoever gives no name.
pub(super) fn least_protection(kind: MatterKind, naming: Naming) -> Protection {
    if kind == MatterKind::Report || naming == Naming::Anonymous {
        Protection::ReporterHidden
    } else {
        Protection::Open
    }
}

fn floor(registration: &Registration) -> Protection {
    least_protection(registration.matter.kind, registration.naming)
}

fn check(registration: &Registration, ctx: &Context<'_>) -> Result<(), Refusal> {
    let matter = &registration.matter;
    let said_something =
        matter.text.chars > 0 || matter.category.is_some() || !registration.evidence.is_empty();
    if !said_something {
        return Err(Refusal::TextMissing);
    }
    if !ctx.units.has_division(&matter.place) {
        return Err(Refusal::UnknownDivision {
            division: matter.place.clone(),
        });
    }
    let named = registration.parties.iter().filter_map(|p| p.unit.as_ref());
    for unit in registration.source.first_receiver.iter().chain(named) {
        if ctx.units.unit(unit).is_none() {
            return Err(Refusal::UnknownUnit { unit: unit.clone() });
        }
    }
    within(registration.parties.len(), MAX_PARTIES, "parties")?;
    within(registration.evidence.len(), MAX_EVIDENCE, "evidence")?;
    let ticks = ctx
        .rules
        .limits
        .ticks
        .map_or(MAX_MARKS, |ticks| ticks as usize);
    within(matter.marks.len(), ticks.min(MAX_MARKS), "marks")?;
    within(matter.portfolios.len(), MAX_MARKS, "portfolios")?;
    let limit = ctx.rules.limits.representatives;
    let limit = limit
        .unwrap_or(MAX_REPRESENTATIVES)
        .min(MAX_REPRESENTATIVES);
    let representatives = registration.parties.iter();
    let representatives = representatives.filter(|p| p.role == PartyRole::Representative);
    if representatives.take(limit as usize + 1).count() > limit as usize {
        return Err(Refusal::TooManyRepresentatives { limit });
    }
    match &registration.source.assistance {
        Some(assistance) if assistance.consent == Consent::Withheld => Err(Refusal::ConsentMissing),
        _ => Ok(()),
    }
}

/// 首接负责: whoever was asked first leads, where no local rule had a word on it and nothing speaks against it. An
/// emergency always goes to a person. Whom a citizen says to have asked isn't a receipt, and makes nobody the lead.
fn default_lead(draft: &Draft<'_>) -> Option<UnitId> {
    let asked_nobody = draft.advice.triage.is_none() && draft.advice.triage_failures.is_empty();
    let first = draft.case.source.first_receiver.clone()?;
    let taken_in = !matches!(draft.ctx.actor, Actor::Citizen { .. });
    let fits = asked_nobody && taken_in && !is_emergency(draft) && draft.check_unit(&first).is_ok();
    fits.then_some(first)
}
