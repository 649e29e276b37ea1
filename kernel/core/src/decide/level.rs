//! Who handles it: another unit, up, down, to another place, and to another binding set. The total never stops for it.

use crate::advice::Triage;
use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_LEVEL_MOVES, within};
use crate::decide::register::wait_at_hub;
use crate::decide::work::in_work;
use crate::decide::{dispatch, triage, written};
use crate::event::{Direction, Event};
use crate::ids::{BindingSetId, Code, DivisionCode, TextRef, UnitId};
use crate::refusal::Refusal;
use crate::stage::{Stage, StageName};

/// On whose word the level moves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Away {
    /// A command names the direction and was checked.
    ByCommand(Direction),
    /// A triage named the level; the direction follows from the divisions.
    ByRule,
}

/// 上提: to an ancestor of the present level.
pub(super) fn hand_up(
    draft: &mut Draft<'_>,
    to: &DivisionCode,
    lead: Option<&UnitId>,
    reason: &Code,
) -> Result<(), Refusal> {
    draft.at("hand-up", StageName::is_open)?;
    draft.check_division(to)?;
    if *to == draft.case.division || !to.contains(&draft.case.division) {
        return Err(Refusal::NotAnAncestor {
            division: to.clone(),
        });
    }
    if let Some(lead) = lead {
        draft.check_plugin_unit(lead)?;
    }
    hand(draft, to, lead, Direction::Up, reason)
}

/// 下交: to a division below the present level.
pub(super) fn hand_down(
    draft: &mut Draft<'_>,
    to: &DivisionCode,
    lead: Option<&UnitId>,
    reason: &Code,
) -> Result<(), Refusal> {
    draft.at("hand-down", StageName::is_open)?;
    draft.check_division(to)?;
    if *to == draft.case.division || !draft.case.division.contains(to) {
        return Err(Refusal::NotBelow {
            division: to.clone(),
        });
    }
    hand(draft, to, lead, Direction::Down, reason)
}

/// 转办: another unit takes the lead over, at the present level; until then the present one has it.
pub(super) fn hand_over(
    draft: &mut Draft<'_>,
    lead: &UnitId,
    text: &TextRef,
) -> Result<(), Refusal> {
    draft.at("hand-over", in_work)?;
    written(text)?;
    draft.check_unit(lead)?;
    draft.check_plugin_unit(lead)?;
    if draft.lead().is_some_and(|present| &present.unit == lead) {
        return Err(Refusal::AlreadyAssigned { unit: lead.clone() });
    }
    draft.finish("objection")?;
    draft.release_lead(Some(text))?;
    draft.enter(Stage::Accepted)?;
    dispatch::give(draft, lead, &[], &[])
}

/// 移交 to another place, whose binding set is added: which one that makes is the context's word.
pub(super) fn transfer(
    draft: &mut Draft<'_>,
    to: &DivisionCode,
    text: &TextRef,
) -> Result<(), Refusal> {
    draft.at("transfer", StageName::is_open)?;
    written(text)?;
    draft.check_division(to)?;
    if *to == draft.case.division {
        return Err(Refusal::FieldInvalid {
            field: Code::word("to"),
            reason: "案件已由该区划办理".to_owned(),
        });
    }
    leave(draft)?;
    let reason = Code::word("transfer");
    move_level(draft, to, Away::ByCommand(Direction::Sideways), &reason)?;
    draft.emit(Event::BindingsChanged {
        bindings: draft.ctx.bindings.clone(),
        text: text.clone(),
    })?;
    draft.told("transferred", Some(text))?;
    wait_at_hub(draft, "移交来的案件：请派单")
}

/// 迁移 to another binding set, with a reason.
pub(super) fn migrate(
    draft: &mut Draft<'_>,
    bindings: &BindingSetId,
    text: &TextRef,
) -> Result<(), Refusal> {
    draft.at("migrate", StageName::is_open)?;
    written(text)?;
    draft.emit(Event::BindingsChanged {
        bindings: bindings.clone(),
        text: text.clone(),
    })
}

/// Records the new level.
pub(super) fn move_level(
    draft: &mut Draft<'_>,
    to: &DivisionCode,
    away: Away,
    reason: &Code,
) -> Result<(), Refusal> {
    let from = draft.case.division.clone();
    let direction = match away {
        Away::ByCommand(direction) => direction,
        Away::ByRule if to.contains(&from) => Direction::Up,
        Away::ByRule if from.contains(to) => Direction::Down,
        Away::ByRule => Direction::Sideways,
    };
    within(draft.case.levels.len() + 1, MAX_LEVEL_MOVES, "level-moves")?;
    draft.tell("level-moved");
    draft.emit(Event::LevelMoved {
        from,
        to: to.clone(),
        direction,
        reason: reason.clone(),
    })
}

/// The present lead's work ends; the new level's lead is named, found by its rule, or chosen by its hub.
fn hand(
    draft: &mut Draft<'_>,
    to: &DivisionCode,
    lead: Option<&UnitId>,
    direction: Direction,
    reason: &Code,
) -> Result<(), Refusal> {
    leave(draft)?;
    move_level(draft, to, Away::ByCommand(direction), reason)?;
    if let Some(lead) = lead {
        return dispatch::give(draft, lead, &[], &[]);
    }
    // A change of level ends nothing: that a rule wouldn't have taken the case in comes too late.
    let word = draft.advice.triage.as_ref().map(|word| &word.answer);
    let ends = matches!(word, Some(Triage::Decline { .. } | Triage::Refer { .. }));
    if !ends && triage::follow(draft)? {
        return Ok(());
    }
    wait_at_hub(draft, "层级已变更：请派单")
}

/// Back to accepted, without a lead.
pub(super) fn leave(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    draft.finish("needs-dispatch")?;
    draft.finish("objection")?;
    draft.release_lead(None)?;
    if draft.case.stage.name() == StageName::Accepted {
        return Ok(());
    }
    draft.enter(Stage::Accepted)
}
