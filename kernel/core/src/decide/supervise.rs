//! Words from above and beside: urging, instructing, protecting, recusing, approving, and ticking tasks off.

use fengqiao_calendar::Spec;

use crate::actor::{Actor, Role};
use crate::clock::names;
use crate::clocks::personal_rule;
use crate::command::{Command, Recipient};
use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_CLOCKS, MAX_INSTRUCTIONS, within};
use crate::decide::register::{least_protection, wait_at_hub};
use crate::decide::{level, plugin, run, written};
use crate::docket::{ApprovalCause, Verdict};
use crate::event::Event;
use crate::ids::{Code, Seq, TextRef, UnitId};
use crate::matter::{AssignmentRole, AssignmentState, Protection};
use crate::refusal::Refusal;
use crate::stage::StageName;
use crate::{approvals, decide::who};

/// 催办: the lead is urged, or the hub where there is none. People say why.
pub(super) fn urge(draft: &mut Draft<'_>, text: &TextRef) -> Result<(), Refusal> {
    draft.at("urge", StageName::is_open)?;
    if matches!(draft.ctx.actor, Actor::Official { .. }) {
        written(text)?;
    }
    let unit = draft.case.stage.lead().cloned();
    if let Some(unit) = &unit {
        draft.check_plugin_unit(unit)?;
    }
    let to = match &unit {
        Some(unit) => Recipient::Unit(unit.clone()),
        None => Recipient::Desk(draft.case.division.clone()),
    };
    draft.notify(to, "urged");
    draft.emit(Event::Urged {
        unit,
        text: text.clone(),
    })
}

/// 批示: recorded, with a clock of its own. The clock has the number that follows the instruction's.
pub(super) fn instruct(
    draft: &mut Draft<'_>,
    text: &TextRef,
    answer_within: Option<Spec>,
) -> Result<(), Refusal> {
    draft.at("instruct", StageName::is_open)?;
    written(text)?;
    let count = draft.case.instructions.len() + 1;
    within(count, MAX_INSTRUCTIONS, "instructions")?;
    within(draft.case.docket.clocks.len() + 1, MAX_CLOCKS, "clocks")?;
    let lead = draft.case.stage.lead().cloned();
    let now = draft.ctx.now;
    let chosen = match answer_within {
        Some(spec) => {
            let rule = personal_rule(names::INSTRUCTION, spec, "批示限定的答复时间");
            let deadline = draft.timing().count(now, &rule)?;
            Some((rule, deadline))
        }
        None => draft.timing().choose(names::INSTRUCTION, &[], now)?,
    };
    let to = match &lead {
        Some(unit) => Recipient::Unit(unit.clone()),
        None => Recipient::Desk(draft.case.division.clone()),
    };
    draft.notify(to, "instructed");
    let instruction = draft.next();
    draft.emit(Event::Instructed {
        instruction,
        text: text.clone(),
    })?;
    match chosen {
        Some((rule, deadline)) => draft.start_with(rule, deadline, lead),
        None => Ok(()),
    }
}

/// The answer to an instruction, once.
pub(super) fn answer(
    draft: &mut Draft<'_>,
    instruction: Seq,
    text: &TextRef,
) -> Result<(), Refusal> {
    draft.at("answer", |s| s.is_open() || s == StageName::Closed)?;
    written(text)?;
    let mut unanswered = draft
        .case
        .instructions
        .iter()
        .filter(|i| i.answer.is_none());
    if !unanswered.any(|i| i.id == instruction) {
        return Err(Refusal::NotFound {
            what: Code::word("instruction"),
            id: instruction,
        });
    }
    draft.emit(Event::Answered {
        instruction,
        text: text.clone(),
    })?;
    let own = draft.named(names::INSTRUCTION);
    match own.iter().find(|c| c.id == instruction.saturating_add(1)) {
        Some(clock) => draft.meet_one(clock),
        None => Ok(()),
    }
}

/// 保护: tighter at once, looser with an approval, and never below what the matter needs.
pub(super) fn protect(
    draft: &mut Draft<'_>,
    command: &Command,
    protection: Protection,
) -> Result<(), Refusal> {
    let now = draft.case.protection;
    if protection == now {
        return Ok(());
    }
    if protection < least_protection(draft.case.matter.kind, draft.case.naming) {
        return Err(Refusal::FieldInvalid {
            field: Code::word("protection"),
            reason: "举报与匿名诉求的诉求人信息不得公开".to_owned(),
        });
    }
    if protection < now && draft.approval.is_none() {
        if matches!(draft.ctx.actor, Actor::Plugin { .. }) {
            return Err(Refusal::NotForPlugins {
                command: Code::word("protect"),
            });
        }
        return draft.ask(command.clone(), ApprovalCause::Command, Role::Dispatcher);
    }
    draft.emit(Event::Protected { protection })
}

/// 回避: the unit loses its part; a lead's part goes back to the hub.
pub(super) fn recuse(draft: &mut Draft<'_>, unit: &UnitId, text: &TextRef) -> Result<(), Refusal> {
    draft.at("recuse", StageName::is_open)?;
    written(text)?;
    draft.check_unit(unit)?;
    let held = draft.active(unit).cloned();
    draft.emit(Event::Recused {
        unit: unit.clone(),
        text: text.clone(),
    })?;
    match held {
        Some(part) if part.role == AssignmentRole::Lead => {
            level::leave(draft)?;
            wait_at_hub(draft, "主办单位须回避：请另行派单")
        }
        Some(part) => draft.emit(Event::Released {
            assignment: part.id,
            state: AssignmentState::Excused,
            text: None,
        }),
        None => Ok(()),
    }
}

/// A person's word on what waits for it; on a yes, the command is carried out in the same decision. An approval lends a
/// binding nobody else's right: whoever approves its proposal must be allowed to do it alone.
pub(super) fn settle(
    draft: &mut Draft<'_>,
    approval: Seq,
    verdict: Verdict,
    text: Option<&TextRef>,
) -> Result<(), Refusal> {
    let text = text.filter(|t| t.chars > 0);
    if verdict == Verdict::Rejected && text.is_none() {
        return Err(Refusal::TextMissing);
    }
    let (decided, follows) =
        approvals::settle(&draft.case.docket, approval, verdict, text, draft.ctx)?;
    let granted = draft.case.docket.approvals.iter();
    let mut granted = granted.filter(|a| a.id == approval && a.needs_another_unit());
    if draft.works_itself() && granted.next().is_some() {
        return Err(Refusal::SamePerson);
    }
    draft.emit(decided)?;
    let mut approvals = draft.case.docket.approvals.iter();
    draft.approval = approvals.find(|a| a.id == approval).cloned();
    let Some(what) = follows else {
        return Ok(());
    };
    if matches!(
        what,
        Command::OpenProceeding { .. } | Command::MoveProceeding { .. }
    ) {
        return plugin::carry_out(draft);
    }
    let proposed = draft.approval.as_ref().map(|a| a.because) == Some(ApprovalCause::Proposal);
    if proposed {
        who::may(&draft.case, &what, draft.ctx)?;
    }
    super::check_merged(&draft.case, &what)?;
    run(draft, &what)
}

/// A task was done. One that stands for a decision is done by that decision, so that no case loses its owner.
pub(super) fn finish_task(draft: &mut Draft<'_>, task: Seq) -> Result<(), Refusal> {
    let tasks = draft.case.docket.tasks.iter();
    let mut open = tasks.filter(|t| t.done_at.is_none());
    let Some(found) = open.find(|t| t.id == task) else {
        return Err(Refusal::NotFound {
            what: Code::word("task"),
            id: task,
        });
    };
    let waits_for_lead =
        found.code.as_str() == "needs-dispatch" && draft.case.stage.name() == StageName::Accepted;
    let waits_for_ruling = found.code.as_str() == "objection" && draft.case.objection.is_some();
    if waits_for_lead || waits_for_ruling {
        return Err(Refusal::FieldInvalid {
            field: Code::word("task"),
            reason: "该任务随派单、转介、终结或裁定而完成".to_owned(),
        });
    }
    draft.emit(Event::TaskDone { task })
}
