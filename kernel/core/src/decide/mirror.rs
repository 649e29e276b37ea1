//! A follower takes over the stage of its primary, in the primary's own commit.

use crate::actor::Role;
use crate::case::{Case, Reply, Report};
use crate::command::Waivable;
use crate::decide::draft::Draft;
use crate::decide::merge::{part, stand_alone};
use crate::event::Event;
use crate::ids::{CaseId, Code, Seq, TextRef, UnitId};
use crate::refusal::Refusal;
use crate::stage::{EndReason, Stage, StageName};

/// Sent by the kernel with the primary as it stands after its own decision. A follower that is finished stays as it is.
pub(super) fn mirror(draft: &mut Draft<'_>, primary: &CaseId) -> Result<(), Refusal> {
    let follows = draft.case.merged.as_ref().map(|m| &m.into) == Some(primary);
    let given = draft.other.as_ref().is_some_and(|c| &c.id == primary);
    if !follows || !given {
        return Err(Refusal::NotMerged);
    }
    let at = draft.case.stage.name();
    if matches!(at, StageName::Archived | StageName::Ended) {
        return Ok(());
    }
    follow(draft)
}

/// Brings the follower to the primary's stage. Its own citizen gets the primary's report and reply as its own, so that
/// no case is closed without one; its own clocks stop by what happened and start by its own rules.
pub(super) fn follow(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let Some(primary) = draft.other.clone() else {
        return Err(Refusal::NotMerged);
    };
    let target = primary.stage.clone();
    if target.name() == StageName::Archived || mirrors(&draft.case, &primary) {
        return Ok(());
    }
    if cannot_follow(draft, &target) {
        return alone(draft, &primary.id);
    }
    if draft.case.stage.name() == StageName::Closed && target.name().is_open() {
        draft.emit(Event::Reworked {
            round: draft.case.reworks + 1,
            text: TextRef::nothing(),
        })?;
    }
    if let Stage::Ended { reason } = target {
        draft.told(ended_notice(&reason), None)?;
        return draft.enter(Stage::Ended { reason });
    }
    let Some(lead) = target.lead().cloned() else {
        draft.release_lead(None)?;
        return draft.enter(target);
    };
    take_lead(draft, &lead)?;
    match target.name() {
        StageName::Dispatched => draft.enter(Stage::Dispatched { lead }),
        StageName::Handling => {
            send_back_own(draft)?;
            draft.enter(Stage::Handling { lead })
        }
        StageName::Reported => {
            let report = copy_report(draft, &primary)?;
            draft.enter(Stage::Reported { lead, report })
        }
        StageName::Replied | StageName::Closed => answer_and_close(draft, &primary, &lead),
        _ => Ok(()),
    }
}

/// Whether nothing is to be done: the same stage, the same lead, and the primary's standing report answered.
fn mirrors(case: &Case, primary: &Case) -> bool {
    case.stage.name() == primary.stage.name() && case.stage.lead() == primary.stage.lead()
}

/// A case can't follow where its own citizen didn't go, nor to a lead that can't act in it.
fn cannot_follow(draft: &Draft<'_>, target: &Stage) -> bool {
    let withdrawn = matches!(
        target,
        Stage::Ended {
            reason: EndReason::Withdrawn
        }
    );
    withdrawn || target.lead().is_some_and(|lead| draft.case.bars(lead))
}

/// The case stands on its own again, and a person looks at it.
fn alone(draft: &mut Draft<'_>, primary: &CaseId) -> Result<(), Refusal> {
    let before = draft.case.merged.as_ref().map(|m| m.before.clone());
    if draft.case.stage.name() == StageName::Closed {
        part(draft, primary, &TextRef::nothing())?;
    } else {
        part(draft, primary, &TextRef::nothing())?;
        stand_alone(draft, before.unwrap_or(Stage::Accepted))?;
    }
    draft.told("unmerged", None)?;
    draft.raise(
        "merge-undone",
        draft.case.division.clone(),
        Role::Dispatcher,
        "主案件不能再代表本案：已撤销并案，请核对",
    )
}

fn take_lead(draft: &mut Draft<'_>, lead: &UnitId) -> Result<(), Refusal> {
    let held = draft.lead().map(|a| a.unit.clone());
    if held.as_ref() == Some(lead) {
        return Ok(());
    }
    draft.release_lead(None)?;
    draft.appoint_lead(lead)
}

fn send_back_own(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    match draft.case.stage {
        Stage::Reported { report, .. } => draft.emit(Event::SentBack {
            report,
            text: TextRef::nothing(),
        }),
        Stage::Replied { .. } => draft.emit(Event::Reworked {
            round: draft.case.reworks + 1,
            text: TextRef::nothing(),
        }),
        _ => Ok(()),
    }
}

fn answer_and_close(draft: &mut Draft<'_>, primary: &Case, lead: &UnitId) -> Result<(), Refusal> {
    let lead = lead.clone();
    if draft.case.stage.name() != StageName::Replied {
        let report = match draft.case.stage {
            Stage::Reported { report, .. } => report,
            _ => copy_report(draft, primary)?,
        };
        let reply = copy_reply(draft, primary)?;
        draft.enter(Stage::Replied {
            lead: lead.clone(),
            report,
            reply,
        })?;
    }
    let (Stage::Replied { report, reply, .. }, StageName::Closed) =
        (draft.case.stage.clone(), primary.stage.name())
    else {
        return Ok(());
    };
    draft.emit(Event::Closed {
        by_rule: Code::word("merged"),
    })?;
    draft.enter(Stage::Closed {
        lead,
        report,
        reply,
    })
}

/// The primary's standing report, or its waiver, as this case's own.
fn copy_report(draft: &mut Draft<'_>, primary: &Case) -> Result<Seq, Refusal> {
    let report = draft.next();
    match standing_report(primary) {
        Some(Report {
            unit,
            text: Some(text),
            evidence,
            claim,
            ..
        }) => draft.emit(Event::Reported {
            report,
            unit: unit.clone(),
            text: text.clone(),
            evidence: evidence.clone(),
            claim: *claim,
        })?,
        _ => {
            // A waiver is recorded of a lead, so the case must have one in its stage.
            if draft.case.stage.lead().is_none()
                && let Some(lead) = primary.stage.lead()
            {
                draft.enter(Stage::Dispatched { lead: lead.clone() })?;
            }
            let report = draft.next();
            draft.emit(Event::Waived {
                what: Waivable::Report,
                text: None,
            })?;
            return Ok(report);
        }
    }
    Ok(report)
}

fn copy_reply(draft: &mut Draft<'_>, primary: &Case) -> Result<Seq, Refusal> {
    let reply = draft.next();
    draft.emit(match primary.replies.last() {
        Some(Reply {
            text: Some(text),
            delivery: Some(delivery),
            ..
        }) => Event::Replied {
            reply,
            text: text.clone(),
            delivery: delivery.clone(),
        },
        _ => Event::Waived {
            what: Waivable::Reply,
            text: None,
        },
    })?;
    Ok(reply)
}

fn standing_report(primary: &Case) -> Option<&Report> {
    let id = match primary.stage {
        Stage::Reported { report, .. }
        | Stage::Replied { report, .. }
        | Stage::Closed { report, .. } => report,
        _ => return None,
    };
    primary.reports.iter().find(|r| r.id == id)
}

fn ended_notice(reason: &EndReason) -> &'static str {
    match reason {
        EndReason::Declined { .. } => "declined",
        EndReason::Referred { .. } => "referred",
        EndReason::Withdrawn => "withdrawn",
        EndReason::Terminated { .. } => "terminated",
    }
}
