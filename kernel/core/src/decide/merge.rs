//! 并案: one case follows another and can be taken apart again.

use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_FOLLOWERS, within};
use crate::decide::mirror::follow;
use crate::decide::register::wait_at_hub;
use crate::decide::{level, written};
use crate::event::Event;
use crate::ids::{CaseId, Code, TextRef};
use crate::refusal::Refusal;
use crate::stage::{Stage, StageName};

/// This case follows `into` from now on: it keeps its clocks, its notices and its rating, and takes over the stage.
pub(super) fn merge(draft: &mut Draft<'_>, into: &CaseId) -> Result<(), Refusal> {
    draft.at("merge", StageName::is_open)?;
    let Some(primary) = draft.other.as_ref().filter(|c| &c.id == into) else {
        return Err(Refusal::CannotMerge);
    };
    let fits = primary.id != draft.case.id
        && primary.merged.is_none()
        && primary.stage.name().is_open()
        && draft.case.followers.is_empty();
    if !fits {
        return Err(Refusal::CannotMerge);
    }
    within(primary.followers.len() + 1, MAX_FOLLOWERS, "followers")?;
    if let Some(lead) = primary.stage.lead()
        && draft.case.bars(lead)
    {
        return Err(Refusal::Recused { unit: lead.clone() });
    }
    let follower = draft.case.id.clone();
    draft.emit(Event::Merged { into: into.clone() })?;
    draft.emit_other(Event::Joined { case: follower })?;
    draft.told("merged", None)?;
    follow(draft)
}

/// 撤销并案, as long as the primary is in work: the case goes back to the stage that it had before.
pub(super) fn unmerge(draft: &mut Draft<'_>, text: &TextRef) -> Result<(), Refusal> {
    written(text)?;
    let Some(merging) = draft.case.merged.clone() else {
        return Err(Refusal::NotMerged);
    };
    draft.at("unmerge", StageName::is_open)?;
    let primary = draft.other.as_ref().filter(|c| c.id == merging.into);
    let Some(primary) = primary else {
        return Err(Refusal::CannotMerge);
    };
    let at = primary.stage.name();
    if !at.is_open() {
        return Err(Refusal::WrongStage {
            command: Code::word("unmerge"),
            at,
        });
    }
    part(draft, &merging.into, text)?;
    draft.told("unmerged", Some(text))?;
    stand_alone(draft, merging.before)
}

/// Records the parting on both.
pub(super) fn part(draft: &mut Draft<'_>, primary: &CaseId, text: &TextRef) -> Result<(), Refusal> {
    let case = draft.case.id.clone();
    draft.emit(Event::Unmerged {
        from: primary.clone(),
        text: text.clone(),
    })?;
    draft.emit_other(Event::Parted { case })
}

/// Goes back to a stage; where its lead can't act any more, to the hub.
pub(super) fn stand_alone(draft: &mut Draft<'_>, before: Stage) -> Result<(), Refusal> {
    let Some(lead) = before.lead().cloned() else {
        level::leave(draft)?;
        return wait_at_hub(draft, "并案已撤销：请派单");
    };
    if draft.check_unit(&lead).is_err() {
        level::leave(draft)?;
        return wait_at_hub(draft, "并案已撤销，原主办单位不能承办：请派单");
    }
    let held = draft.lead().map(|a| a.unit.clone());
    if held.as_ref() != Some(&lead) {
        draft.release_lead(None)?;
        draft.appoint_lead(&lead)?;
    }
    if before == draft.case.stage {
        return Ok(());
    }
    draft.enter(before)
}
