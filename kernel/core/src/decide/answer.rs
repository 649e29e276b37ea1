//! The result and the answer: reporting, sending back, replying, rating, following up.

use crate::clock::{ClockState, names};
use crate::command::{Claim, Delivery, FollowUpResult, Waivable};
use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_EVIDENCE, MAX_REPORTS, within};
use crate::decide::work::not_suspended;
use crate::decide::{finish, written};
use crate::docket::Approval;
use crate::event::Event;
use crate::ids::{Code, DivisionCode, Level, TextRef, UnitId};
use crate::law;
use crate::matter::{AssignmentRole, AssignmentState, Evidence, Media, ResultOwed};
use crate::profile::Satisfied;
use crate::refusal::Refusal;
use crate::stage::{Stage, StageName};

/// 反馈: in words, with the evidence that the category needs, assists done or excused.
pub(super) fn report(
    draft: &mut Draft<'_>,
    text: &TextRef,
    evidence: &[Evidence],
    claim: Option<Claim>,
) -> Result<(), Refusal> {
    draft.at("report", |s| s == StageName::Handling)?;
    written(text)?;
    not_suspended(draft)?;
    if draft.case.objection.is_some() {
        return Err(Refusal::ObjectionPending);
    }
    within(draft.case.reports.len() + 1, MAX_REPORTS, "reports")?;
    let pieces = draft.case.evidence.len() + evidence.len();
    within(pieces, MAX_EVIDENCE, "evidence")?;
    let category = draft.case.matter.category.as_ref();
    let needs_photo = category.is_some_and(|c| draft.ctx.rules.photo_categories.contains(c));
    if needs_photo && !evidence.iter().any(|e| e.media == Media::Photo) {
        return Err(Refusal::EvidenceMissing);
    }
    let units = open_assists(draft);
    if !units.is_empty() {
        return Err(Refusal::AssistsOpen { units });
    }
    let lead = lead(draft)?;
    let report = draft.next();
    draft.emit(Event::Reported {
        report,
        unit: lead.clone(),
        text: text.clone(),
        evidence: evidence.to_vec(),
        claim,
    })?;
    draft.enter(Stage::Reported { lead, report })
}

/// 退回重办 before the reply: a new report is due.
pub(super) fn send_back(draft: &mut Draft<'_>, text: &TextRef) -> Result<(), Refusal> {
    draft.at("send-back", |s| s == StageName::Reported)?;
    written(text)?;
    let Stage::Reported { lead, report } = draft.case.stage.clone() else {
        return Err(Refusal::LeadMissing);
    };
    draft.emit(Event::SentBack {
        report,
        text: text.clone(),
    })?;
    draft.enter(Stage::Handling { lead })
}

/// 回复: delivered, or recorded why not. Where the reply closes, the case is closed at once.
pub(super) fn reply(
    draft: &mut Draft<'_>,
    text: &TextRef,
    delivery: &Delivery,
) -> Result<(), Refusal> {
    draft.at("reply", |s| s == StageName::Reported)?;
    written(text)?;
    let Stage::Reported { lead, report } = draft.case.stage.clone() else {
        return Err(Refusal::LeadMissing);
    };
    let reply = draft.next();
    draft.emit(Event::Replied {
        reply,
        text: text.clone(),
        delivery: delivery.clone(),
    })?;
    draft.enter(Stage::Replied {
        lead,
        report,
        reply,
    })?;
    finish::close_by_rule(draft)
}

/// 评价: once for each answer, by the profile's scale. Where the rating closes, the case is closed at once.
pub(super) fn rate(
    draft: &mut Draft<'_>,
    grade: &Code,
    text: Option<&TextRef>,
) -> Result<(), Refusal> {
    draft.at("rate", answered)?;
    let waived = draft.case.waived.iter().any(|w| w.as_str() == "rating");
    if draft.case.outcome.satisfied.is_some() || waived {
        return Err(Refusal::AlreadyRated);
    }
    let satisfied = satisfied(draft, grade).ok_or_else(|| Refusal::UnknownGrade {
        grade: grade.clone(),
    })?;
    draft.emit(Event::Rated {
        grade: grade.clone(),
        satisfied,
        text: text.filter(|t| t.chars > 0).cloned(),
    })?;
    draft.meet(names::RATE)?;
    finish::close_by_rule(draft)
}

/// 回访: the citizen's word on whether it is solved. Nobody reached is no answer until the follow-up's time is over.
pub(super) fn follow_up(
    draft: &mut Draft<'_>,
    result: FollowUpResult,
    by: &Code,
    text: Option<&TextRef>,
) -> Result<(), Refusal> {
    draft.at("follow-up", answered)?;
    let level = follow_up_level(draft)?;
    draft.emit(Event::FollowedUp {
        result,
        by: by.clone(),
        text: text.filter(|t| t.chars > 0).cloned(),
        level,
    })?;
    if finish::follow_up(draft).is_some_and(|found| found != FollowUpResult::Unreached) {
        draft.finish("follow-up-overdue")?;
        draft.meet(names::FOLLOW_UP)?;
    }
    match result {
        FollowUpResult::Solved => finish::close_by_rule(draft),
        FollowUpResult::Unreached if follow_up_over(draft) && finish::is_unreached(draft) => {
            draft.emit(Event::Waived {
                what: Waivable::FollowUp,
                text: None,
            })?;
            finish::close_by_rule(draft)
        }
        FollowUpResult::Unreached => Ok(()),
        FollowUpResult::Unsolved => draft.raise(
            "follow-up-unsolved",
            draft.case.division.clone(),
            crate::actor::Role::Dispatcher,
            "回访反映未解决：请决定是否重办",
        ),
    }
}

/// As which level whoever asked follows up, where several do so separately; nobody else then does.
fn follow_up_level(draft: &Draft<'_>) -> Result<Option<Level>, Refusal> {
    let levels = &draft.ctx.rules.follow_up_levels;
    if levels.is_empty() {
        return Ok(None);
    }
    let asker = draft.approval.as_ref().and_then(Approval::asker);
    let actor = asker.as_ref().unwrap_or(draft.ctx.actor);
    let own = actor.reach().map(DivisionCode::level);
    match own.filter(|own| levels.contains(own)) {
        Some(own) => Ok(Some(own)),
        None => Err(Refusal::NotYours {
            command: Code::word("follow-up"),
        }),
    }
}

fn follow_up_over(draft: &Draft<'_>) -> bool {
    let last = draft.named(names::FOLLOW_UP).pop();
    last.is_some_and(|c| matches!(c.state, ClockState::Breached { .. }))
}

fn open_assists(draft: &Draft<'_>) -> Vec<UnitId> {
    let assignments = draft.case.assignments.iter();
    assignments
        .filter(|a| {
            a.role == AssignmentRole::Assist
                && a.state == AssignmentState::Active
                && a.result == ResultOwed::Owed
        })
        .map(|a| a.unit.clone())
        .collect()
}

/// What a grade means: by the profile's scale, or the kernel's own where there is none.
fn satisfied(draft: &Draft<'_>, grade: &Code) -> Option<Satisfied> {
    let scale = draft.ctx.rules.rating.clone().unwrap_or_else(law::rating);
    let found = scale.grades.iter().find(|g| &g.code == grade);
    found.map(|g| g.satisfied)
}

fn lead(draft: &Draft<'_>) -> Result<UnitId, Refusal> {
    draft.case.stage.lead().cloned().ok_or(Refusal::LeadMissing)
}

fn answered(stage: StageName) -> bool {
    matches!(stage, StageName::Replied | StageName::Closed)
}
