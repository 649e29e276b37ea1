//! The lead's work: signing, objecting, contacting, going there, and giving news.

use crate::actor::Role;
use crate::clock::{ClockState, names};
use crate::command::Ruling;
use crate::decide::draft::Draft;
use crate::decide::limits::{DEFAULT_OBJECTIONS, MAX_CLOCKS, MAX_EVIDENCE, within};
use crate::decide::register::wait_at_hub;
use crate::decide::written;
use crate::event::Event;
use crate::ids::TextRef;
use crate::matter::{AssignmentRole, Evidence};
use crate::refusal::Refusal;
use crate::stage::{Stage, StageName};

/// 签收: the lead's signature begins the handling; an assist's is recorded.
pub(super) fn sign(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    draft.at("sign", in_work)?;
    not_suspended(draft)?;
    let unit = draft.acting_or_lead();
    let signer = unit.as_ref().and_then(|unit| draft.active(unit)).cloned();
    let signer = signer.or_else(|| draft.lead().cloned());
    let Some(signer) = signer else {
        return Err(Refusal::LeadMissing);
    };
    if signer.role == AssignmentRole::Lead {
        draft.at("sign", |s| s == StageName::Dispatched)?;
    } else if signer.signed_at.is_some() {
        return Err(Refusal::AlreadyAssigned { unit: signer.unit });
    }
    draft.emit(Event::Signed {
        assignment: signer.id,
    })?;
    if signer.role == AssignmentRole::Lead {
        draft.enter(Stage::Handling { lead: signer.unit })?;
    }
    Ok(())
}

/// 申请退单: within its window and rounds, and not after a denial.
pub(super) fn object(draft: &mut Draft<'_>, text: &TextRef) -> Result<(), Refusal> {
    draft.at("object", in_work)?;
    written(text)?;
    not_suspended(draft)?;
    if draft.case.objection.is_some() {
        return Err(Refusal::ObjectionPending);
    }
    let limit = draft.ctx.rules.limits.objections;
    let limit = limit.unwrap_or(DEFAULT_OBJECTIONS);
    let window_over = draft.named(names::OBJECT).last().is_some_and(|c| {
        matches!(c.state, ClockState::Breached { .. })
            || (c.state == ClockState::Running && c.deadline.is_breached(draft.ctx.now))
    });
    if draft.case.locked || draft.case.objections >= limit || window_over {
        return Err(Refusal::ObjectionClosed { limit });
    }
    let Some(lead) = draft.lead() else {
        return Err(Refusal::LeadMissing);
    };
    let unit = lead.unit.clone();
    draft.emit(Event::Objected {
        unit,
        text: text.clone(),
    })?;
    draft.meet(names::OBJECT)?;
    let desk = draft.case.division.clone();
    draft.raise(
        "objection",
        desk,
        Role::Dispatcher,
        "主办单位申请退单：请裁定",
    )
}

/// 裁定: upheld, the case waits for another lead; denied, the lead stays and is locked.
pub(super) fn rule(draft: &mut Draft<'_>, ruling: Ruling, text: &TextRef) -> Result<(), Refusal> {
    draft.at("rule", in_work)?;
    written(text)?;
    let Some(objector) = &draft.case.objection else {
        return Err(Refusal::NoObjection);
    };
    if draft.ctx.actor.unit() == Some(objector) {
        return Err(Refusal::SamePerson);
    }
    draft.emit(Event::Ruled {
        ruling,
        text: text.clone(),
    })?;
    draft.finish("objection")?;
    if ruling == Ruling::Upheld {
        draft.release_lead(Some(text))?;
        draft.enter(Stage::Accepted)?;
        wait_at_hub(draft, "退单已同意：请另行派单")?;
    }
    Ok(())
}

/// 联系诉求人
pub(super) fn contact(draft: &mut Draft<'_>, text: &TextRef) -> Result<(), Refusal> {
    draft.at("contact", in_work)?;
    written(text)?;
    let unit = draft.acting_or_lead();
    draft.emit(Event::Contacted {
        unit,
        text: text.clone(),
    })?;
    draft.meet(names::CONTACT)
}

/// 到场
pub(super) fn arrive(draft: &mut Draft<'_>, evidence: &[Evidence]) -> Result<(), Refusal> {
    draft.at("arrive", in_work)?;
    let unit = draft.acting_or_lead();
    draft.emit(Event::Arrived { unit })?;
    if !evidence.is_empty() {
        add(draft, evidence)?;
    }
    draft.meet(names::ARRIVE)
}

/// 进展: news for the citizen; the next is due after the same time again.
pub(super) fn progress(draft: &mut Draft<'_>, text: &TextRef) -> Result<(), Refusal> {
    draft.at("progress", |s| s == StageName::Handling)?;
    written(text)?;
    within(draft.case.docket.clocks.len() + 1, MAX_CLOCKS, "clocks")?;
    let unit = draft.acting_or_lead();
    draft.emit(Event::Progressed {
        unit,
        text: text.clone(),
    })?;
    draft.tell("progressed");
    draft.meet(names::PROGRESS)?;
    let lead = draft.lead().map(|a| a.unit.clone());
    draft.start(names::PROGRESS, lead.as_ref())
}

/// 补充材料
pub(super) fn attach(draft: &mut Draft<'_>, evidence: &[Evidence]) -> Result<(), Refusal> {
    draft.at("attach", StageName::is_open)?;
    add(draft, evidence)
}

fn add(draft: &mut Draft<'_>, evidence: &[Evidence]) -> Result<(), Refusal> {
    let count = draft.case.evidence.len() + evidence.len();
    within(count, MAX_EVIDENCE, "evidence")?;
    draft.emit(Event::Attached {
        evidence: evidence.to_vec(),
    })
}

pub(super) fn in_work(stage: StageName) -> bool {
    matches!(stage, StageName::Dispatched | StageName::Handling)
}

pub(super) fn not_suspended(draft: &Draft<'_>) -> Result<(), Refusal> {
    if draft.case.suspended_until.is_some() {
        Err(Refusal::Suspended)
    } else {
        Ok(())
    }
}
