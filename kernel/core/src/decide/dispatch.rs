//! Giving units their parts: exactly one lead, any others, and letting them go.

use crate::advice::Triage;
use crate::clock::{ClockRule, Provenance};
use crate::command::{NamedSpec, ReleaseHow};
use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_ASSIGNMENTS, MAX_CLOCKS, MAX_NOTE_CHARS, within};
use crate::decide::{triage, written};
use crate::event::Event;
use crate::ids::{Code, Seq, TextRef, UnitId};
use crate::mask;
use crate::matter::{Appointment, AssignmentRole, AssignmentState};
use crate::refusal::Refusal;
use crate::stage::{Stage, StageName};
use fengqiao_calendar::Roll;

/// 派单. Without a lead the local rule's word is followed; where it has none, the lead is missing.
pub(super) fn dispatch(
    draft: &mut Draft<'_>,
    lead: Option<&UnitId>,
    others: &[Appointment],
    clocks: &[NamedSpec],
) -> Result<(), Refusal> {
    draft.at("dispatch", |s| s == StageName::Accepted)?;
    let Some(lead) = lead else {
        let word = draft.advice.triage.as_ref().map(|word| &word.answer);
        return match word {
            Some(Triage::Accept { .. }) => triage::follow(draft).map(|_| ()),
            _ => Err(Refusal::LeadMissing),
        };
    };
    give(draft, lead, others, clocks)
}

/// Appoints a lead and the others, checked, and enters dispatched.
pub(super) fn give(
    draft: &mut Draft<'_>,
    lead: &UnitId,
    others: &[Appointment],
    clocks: &[NamedSpec],
) -> Result<(), Refusal> {
    check_clocks(draft, clocks)?;
    let parts = draft.case.assignments.len() + others.len() + 1;
    within(parts, MAX_ASSIGNMENTS, "assignments")?;
    draft.check_unit(lead)?;
    draft.check_plugin_unit(lead)?;
    if let Some(held) = draft.active(lead) {
        let assignment = held.id;
        draft.emit(Event::Released {
            assignment,
            state: AssignmentState::Replaced,
            text: None,
        })?;
    }
    draft.specs = clocks.to_vec();
    draft.appoint_lead(lead)?;
    for appointment in others {
        add(draft, appointment)?;
    }
    draft.enter(Stage::Dispatched { lead: lead.clone() })
}

/// Adds a unit that assists, supervises or is informed.
pub(super) fn assign(draft: &mut Draft<'_>, appointment: &Appointment) -> Result<(), Refusal> {
    draft.at("assign", |s| {
        (StageName::Accepted..=StageName::Reported).contains(&s)
    })?;
    within(
        draft.case.assignments.len() + 1,
        MAX_ASSIGNMENTS,
        "assignments",
    )?;
    add(draft, appointment)
}

/// A unit is let go without a result, or reports its part done. The lead goes by other ways.
pub(super) fn release(
    draft: &mut Draft<'_>,
    assignment: Seq,
    how: ReleaseHow,
    text: &TextRef,
) -> Result<(), Refusal> {
    draft.at("release", StageName::is_open)?;
    let found = draft.case.assignments.iter().find(|a| a.id == assignment);
    let active = found.filter(|a| a.state == AssignmentState::Active);
    let Some(active) = active else {
        return Err(Refusal::NotFound {
            what: Code::word("assignment"),
            id: assignment,
        });
    };
    if active.role == AssignmentRole::Lead {
        return Err(Refusal::FieldInvalid {
            field: Code::word("assignment"),
            reason: "主办单位不能单独免除：请裁定退单、上提、下交或终止".to_owned(),
        });
    }
    let state = match how {
        ReleaseHow::Done => AssignmentState::Done,
        ReleaseHow::Excused => {
            written(text)?;
            AssignmentState::Excused
        }
    };
    draft.emit(Event::Released {
        assignment,
        state,
        text: (text.chars > 0).then(|| text.clone()),
    })
}

fn add(draft: &mut Draft<'_>, appointment: &Appointment) -> Result<(), Refusal> {
    if appointment.role == AssignmentRole::Lead {
        return Err(Refusal::FieldInvalid {
            field: Code::word("role"),
            reason: "主办单位只能有一个，由派单确定".to_owned(),
        });
    }
    draft.check_unit(&appointment.unit)?;
    draft.check_plugin_unit(&appointment.unit)?;
    if draft.active(&appointment.unit).is_some() {
        return Err(Refusal::AlreadyAssigned {
            unit: appointment.unit.clone(),
        });
    }
    draft.appoint(appointment)
}

/// Refuses lengths that can't be counted, before anything is decided on them.
pub(super) fn check_clocks(draft: &Draft<'_>, clocks: &[NamedSpec]) -> Result<(), Refusal> {
    within(
        draft.case.docket.clocks.len() + clocks.len(),
        MAX_CLOCKS,
        "clocks",
    )?;
    for named in clocks {
        check_provenance(&named.provenance)?;
        let rule = ClockRule {
            name: named.name.clone(),
            spec: named.spec,
            roll: Roll::Law,
            kinds: Vec::new(),
            categories: Vec::new(),
            provenance: named.provenance.clone(),
            pause_article: None,
            extend: None,
        };
        draft.timing().count(draft.ctx.now, &rule)?;
    }
    Ok(())
}

/// Whoever names a length says whose word it is, in a few words without anybody's number: they stand in an event.
fn check_provenance(provenance: &Provenance) -> Result<(), Refusal> {
    for words in [Some(&provenance.source), provenance.confirmed.as_ref()] {
        let words = words.map_or("", String::as_str);
        within(words.chars().count(), MAX_NOTE_CHARS, "provenance-chars")?;
        if mask::text(words) != words {
            return Err(Refusal::FieldInvalid {
                field: Code::word("provenance"),
                reason: "请勿填写电话号码或证件号码".to_owned(),
            });
        }
    }
    Ok(())
}
