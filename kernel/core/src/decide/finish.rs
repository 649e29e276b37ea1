//! The end of a case and the way back: closing, rework, archive, withdrawal, termination, waivers, breaches.

use crate::actor::Role;
use crate::clock::{Clock, ClockState, Mark, names};
use crate::command::{Command, FollowUpResult, Recipient, Waivable};
use crate::decide::draft::Draft;
use crate::decide::limits::{DEFAULT_REWORKS, MAX_REPORTS, within};
use crate::decide::pauses::find;
use crate::decide::register::end;
use crate::decide::work::in_work;
use crate::decide::written;
use crate::docket::ApprovalCause;
use crate::event::Event;
use crate::ids::{Code, Digest, Seq, TextRef};
use crate::proceeding::End;
use crate::proceedings;
use crate::profile::CloseOn;
use crate::refusal::Refusal;
use crate::stage::{EndReason, Stage, StageName};
use fengqiao_calendar::{Roll, Spec};

/// Until when after closing a case may be reworked where no profile says (assumed).
const DEFAULT_REWORK_WINDOW: Spec = Spec::CalendarDays(30);

/// 办结 by a person: only what the closing rule, or a recorded waiver, allows.
pub(super) fn close(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    draft.at("close", |s| s == StageName::Replied)?;
    if let Some(missing) = missing(draft) {
        return Err(Refusal::NotClosable {
            missing: Code::word(missing),
        });
    }
    close_by_rule(draft)
}

/// Closes a replied case whose closing rule holds; one that follows another closes with its primary.
pub(super) fn close_by_rule(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let Stage::Replied {
        lead,
        report,
        reply,
    } = draft.case.stage.clone()
    else {
        return Ok(());
    };
    if draft.case.merged.is_some() || missing(draft).is_some() {
        return Ok(());
    }
    let by_rule = match draft.ctx.rules.close_on {
        CloseOn::Reply => "reply",
        CloseOn::Rating => "rating",
        CloseOn::FollowUp => "follow-up",
    };
    draft.emit(Event::Closed {
        by_rule: Code::word(by_rule),
    })?;
    draft.enter(Stage::Closed {
        lead,
        report,
        reply,
    })
}

/// What the closing rule still waits for.
fn missing(draft: &Draft<'_>) -> Option<&'static str> {
    let outcome = &draft.case.outcome;
    let holds = match draft.ctx.rules.close_on {
        CloseOn::Reply => return None,
        CloseOn::Rating => outcome.satisfied.is_some() || is_waived(draft, "rating"),
        CloseOn::FollowUp => {
            follow_up(draft) == Some(FollowUpResult::Solved) || is_waived(draft, "follow-up")
        }
    };
    match (holds, draft.ctx.rules.close_on) {
        (true, _) => None,
        (false, CloseOn::FollowUp) => Some("follow-up"),
        (false, _) => Some("rating"),
    }
}

/// What the follow-up found: where several levels follow up, the worst of their words, and nothing until each gave one.
pub(super) fn follow_up(draft: &Draft<'_>) -> Option<FollowUpResult> {
    let levels = &draft.ctx.rules.follow_up_levels;
    if levels.is_empty() {
        return draft.case.outcome.solved.as_ref().map(|f| f.value);
    }
    let words = levels.iter().map(|level| draft.case.followed_up.get(level));
    let words: Option<Vec<FollowUpResult>> = words.map(|word| word.copied()).collect();
    let words = words?;
    let worst = [FollowUpResult::Unsolved, FollowUpResult::Unreached];
    let worst = worst.into_iter().find(|word| words.contains(word));
    Some(worst.unwrap_or(FollowUpResult::Solved))
}

/// Whether everybody who follows up did so, and nobody was reached who says that it isn't solved.
pub(super) fn is_unreached(draft: &Draft<'_>) -> bool {
    follow_up(draft) == Some(FollowUpResult::Unreached)
}

fn is_waived(draft: &Draft<'_>, what: &str) -> bool {
    draft.case.waived.iter().any(|w| w.as_str() == what)
}

/// 重办: limited rounds and window; a new report is due, the total keeps its first start.
pub(super) fn rework(draft: &mut Draft<'_>, text: &TextRef) -> Result<(), Refusal> {
    draft.at("rework", |s| {
        matches!(s, StageName::Replied | StageName::Closed)
    })?;
    written(text)?;
    let limits = &draft.ctx.rules.limits;
    let limit = limits.reworks.unwrap_or(DEFAULT_REWORKS);
    if draft.case.reworks >= limit {
        return Err(Refusal::ReworksExhausted { limit });
    }
    within(draft.case.reports.len() + 1, MAX_REPORTS, "reports")?;
    if let Some(closed) = &draft.case.outcome.closed {
        let window = limits.rework_window.unwrap_or(DEFAULT_REWORK_WINDOW);
        let calendar = draft.ctx.calendar;
        let until = calendar.deadline(closed.at, window, Roll::Local);
        let until = until.map_err(crate::clocks::refused)?;
        if until.is_breached(draft.ctx.now) {
            return Err(Refusal::ReworkWindowOver);
        }
    }
    let Some(lead) = draft.case.stage.lead().cloned() else {
        return Err(Refusal::LeadMissing);
    };
    draft.emit(Event::Reworked {
        round: draft.case.reworks + 1,
        text: text.clone(),
    })?;
    draft.finish("follow-up-unsolved")?;
    if draft.case.bars(&lead) {
        draft.release_lead(None)?;
        draft.enter(Stage::Accepted)?;
        return crate::decide::register::wait_at_hub(draft, "原主办单位须回避：请另行派单");
    }
    if draft.active(&lead).is_none() {
        draft.appoint_lead(&lead)?;
    }
    draft.enter(Stage::Handling { lead })
}

/// 归档: rated or waived, and nothing live left.
pub(super) fn archive(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    draft.at("archive", |s| s == StageName::Closed)?;
    let not_yet = |what: &Code| Refusal::NotArchivable { what: what.clone() };
    if draft.case.outcome.satisfied.is_none() && !is_waived(draft, "rating") {
        return Err(not_yet(&Code::word("rating")));
    }
    if let Some(clock) = draft.clocks().find(|c| c.state.is_live()) {
        return Err(not_yet(&clock.name));
    }
    let mut proceedings = draft.case.docket.proceedings.iter();
    if let Some(open) = proceedings.find(|p| p.end == End::Open) {
        return Err(not_yet(&open.kind));
    }
    let Some(lead) = draft.case.stage.lead().cloned() else {
        return Err(Refusal::LeadMissing);
    };
    draft.enter(Stage::Archived { lead })
}

/// 封卷: once, when the way of the case is at its end.
pub(super) fn seal(
    draft: &mut Draft<'_>,
    dossier: &TextRef,
    sha256: &Digest,
) -> Result<(), Refusal> {
    draft.at("seal", |s| {
        matches!(s, StageName::Archived | StageName::Ended)
    })?;
    if draft.case.sealed.is_some() {
        return Err(Refusal::AlreadySealed);
    }
    draft.emit(Event::Sealed {
        dossier: dossier.clone(),
        sha256: sha256.clone(),
    })
}

/// 撤回 by the requester; a matter of public interest goes on, and says so.
pub(super) fn withdraw(draft: &mut Draft<'_>, text: &TextRef) -> Result<(), Refusal> {
    draft.at("withdraw", StageName::is_open)?;
    let mut marks = draft.case.matter.marks.iter();
    if marks.any(|m| m.as_str() == "public-interest") {
        draft.emit(Event::Flagged {
            flag: Code::word("withdrawn-by-requester"),
        })?;
        return draft.told("goes-on-in-public-interest", Some(text));
    }
    end(draft, "withdrawn", Some(text), EndReason::Withdrawn)
}

/// 终止: proposed by one person, approved by another at the hub.
pub(super) fn terminate(
    draft: &mut Draft<'_>,
    command: &Command,
    ground: &Code,
    text: &TextRef,
) -> Result<(), Refusal> {
    draft.at("terminate", |s| in_work(s) || s == StageName::Reported)?;
    written(text)?;
    if draft.approval.is_none() {
        return draft.ask(command.clone(), ApprovalCause::Command, Role::Dispatcher);
    }
    end(
        draft,
        "terminated",
        Some(text),
        EndReason::Terminated {
            ground: ground.clone(),
        },
    )
}

/// A recorded waiver by a person who may waive it.
pub(super) fn waive(draft: &mut Draft<'_>, what: &Waivable, text: &TextRef) -> Result<(), Refusal> {
    written(text)?;
    let waived = Event::Waived {
        what: *what,
        text: Some(text.clone()),
    };
    let answered = |s| matches!(s, StageName::Replied | StageName::Closed);
    match what {
        Waivable::Report => {
            draft.at("waive", in_work)?;
            if draft.case.objection.is_some() {
                return Err(Refusal::ObjectionPending);
            }
            let Some(lead) = draft.case.stage.lead().cloned() else {
                return Err(Refusal::LeadMissing);
            };
            let report = draft.next();
            draft.emit(waived)?;
            draft.enter(Stage::Reported { lead, report })
        }
        Waivable::Reply => {
            draft.at("waive", |s| s == StageName::Reported)?;
            let Stage::Reported { lead, report } = draft.case.stage.clone() else {
                return Err(Refusal::LeadMissing);
            };
            let reply = draft.next();
            draft.emit(waived)?;
            draft.enter(Stage::Replied {
                lead,
                report,
                reply,
            })?;
            close_by_rule(draft)
        }
        Waivable::Rating => {
            draft.at("waive", answered)?;
            if draft.case.outcome.satisfied.is_some() || is_waived(draft, "rating") {
                return Err(Refusal::AlreadyRated);
            }
            draft.emit(waived)?;
            draft.cancel(names::RATE)?;
            close_by_rule(draft)
        }
        Waivable::FollowUp => {
            draft.at("waive", answered)?;
            draft.emit(waived)?;
            draft.cancel(names::FOLLOW_UP)?;
            draft.finish("follow-up-overdue")?;
            close_by_rule(draft)
        }
        Waivable::Clock(id) => {
            draft.at("waive", |s| s.is_open() || s == StageName::Closed)?;
            let clock = find(draft, *id)?;
            if !clock.state.is_live() {
                return Err(Refusal::ClockOver { clock: *id });
            }
            if clock.rule.provenance.mark == Mark::L {
                return Err(Refusal::Statutory { clock: *id });
            }
            draft.emit(waived)?;
            draft.cancel_one(&clock)
        }
        Waivable::Proceeding(id) => {
            draft.at("waive", |s| s.is_open() || s == StageName::Closed)?;
            let events = proceedings::waive(&draft.case.docket, *id)?;
            draft.emit(waived)?;
            draft.emit_all(events)
        }
    }
}

/// 时限到期: recorded once, at the nominal time, with what follows from it.
pub(super) fn breach(draft: &mut Draft<'_>, id: Seq) -> Result<(), Refusal> {
    let clock = find(draft, id)?;
    match clock.state {
        ClockState::Running if clock.deadline.is_breached(draft.ctx.now) => {}
        ClockState::Running | ClockState::Paused { .. } => {
            return Err(Refusal::NotDue { clock: id });
        }
        _ => return Err(Refusal::ClockOver { clock: id }),
    }
    draft.emit(Event::ClockBreached {
        clock: id,
        at: clock.deadline.due,
    })?;
    let to = match &clock.owner {
        Some(unit) => Recipient::Unit(unit.clone()),
        None => Recipient::Desk(draft.case.division.clone()),
    };
    draft.notify(to, "clock.breached");
    follow_breach(draft, &clock)
}

fn follow_breach(draft: &mut Draft<'_>, clock: &Clock) -> Result<(), Refusal> {
    if clock.proceeding.is_some() {
        let scene = draft.scene();
        let events = proceedings::breached(&draft.case.docket, clock, &scene, draft.ctx)?;
        return draft.emit_all(events);
    }
    let desk = draft.case.division.clone();
    match clock.name.as_str() {
        names::RATE => {
            draft.emit(Event::Waived {
                what: Waivable::Rating,
                text: None,
            })?;
            close_by_rule(draft)
        }
        names::FOLLOW_UP => {
            if is_unreached(draft) {
                draft.emit(Event::Waived {
                    what: Waivable::FollowUp,
                    text: None,
                })?;
                return close_by_rule(draft);
            }
            draft.raise(
                "follow-up-overdue",
                desk,
                Role::Dispatcher,
                "回访已超期：请回访，或记录免于回访的理由",
            )
        }
        names::REVIEW => {
            let note = "复核时间已到：请查看案件进展";
            draft.raise("review", desk, Role::Dispatcher, note)
        }
        _ => Ok(()),
    }
}
