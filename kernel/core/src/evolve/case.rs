//! A case's own facts in the fold: stage, parts, reports, outcome, level, merging.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::case::{Case, Fact, Instruction, LevelMove, Merging, Outcome, Reply, Report, Seal};
use crate::command::{Relation, Ruling, Waivable};
use crate::docket::Docket;
use crate::event::{Event, Recorded};
use crate::evolve::{EvolveError, Fault, check_version, docket, error, is_note};
use crate::ids::{CaseId, Code, Seq, Subject};
use crate::matter::{Assignment, AssignmentRole, AssignmentState, Evidence};
use crate::stage::{Stage, StageName};
use crate::trail::{self, Trail};

/// A case from its registration.
pub(super) fn begin(recorded: &Recorded) -> Result<Case, EvolveError> {
    let Event::Registered {
        case,
        matter,
        source,
        naming,
        parties,
        protection,
        evidence,
        division,
        bindings,
    } = &recorded.event
    else {
        return Err(error(recorded, Fault::Beginning));
    };
    if recorded.subject != Subject::Case(case.clone()) {
        return Err(error(recorded, Fault::OtherSubject));
    }
    check_version(0, recorded)?;
    Ok(Case {
        id: case.clone(),
        stage: Stage::Registered,
        registered_at: recorded.at,
        accepted_at: None,
        matter: matter.as_ref().clone(),
        source: source.clone(),
        naming: *naming,
        parties: parties.clone(),
        protection: *protection,
        division: division.clone(),
        levels: Vec::new(),
        bindings: bindings.clone(),
        assignments: Vec::new(),
        recused: BTreeSet::new(),
        evidence: evidence.clone(),
        objection: None,
        objections: 0,
        locked: false,
        suspended_until: None,
        reports: Vec::new(),
        replies: Vec::new(),
        instructions: Vec::new(),
        reworks: 0,
        outcome: Outcome::default(),
        followed_up: BTreeMap::new(),
        urges: 0,
        contacted_at: None,
        arrived_at: None,
        flags: BTreeSet::new(),
        merged: None,
        followers: BTreeSet::new(),
        links: Vec::new(),
        waived: BTreeSet::new(),
        sealed: None,
        trail: Trail::begin(&recorded.actor),
        docket: Docket {
            version: recorded.version,
            next: 1,
            ..Docket::default()
        },
    })
}

/// Folds one more event into a case.
pub(crate) fn apply(case: &mut Case, recorded: &Recorded) -> Result<(), EvolveError> {
    if recorded.subject != Subject::Case(case.id.clone()) {
        return Err(error(recorded, Fault::OtherSubject));
    }
    check_version(case.docket.version, recorded)?;
    let fits = docket::apply(&mut case.docket, recorded).map_err(|fault| error(recorded, fault))?;
    if !fits && !is_note(&recorded.event) {
        own(case, recorded).map_err(|fault| error(recorded, fault))?;
        trail::note(case, recorded);
    }
    case.docket.version = recorded.version;
    Ok(())
}

fn own(case: &mut Case, recorded: &Recorded) -> Result<(), Fault> {
    let at = recorded.at;
    match &recorded.event {
        Event::Registered { .. } => return Err(Fault::Beginning),
        Event::StageMoved { to } => move_stage(case, to, at),
        Event::Assigned { assignment } => assign(case, assignment),
        Event::Signed { assignment } => active(case, *assignment)?.signed_at = Some(at),
        Event::Released {
            assignment, state, ..
        } => release(case, *assignment, *state)?,
        Event::Objected { unit, .. } => {
            case.objection = Some(unit.clone());
            case.objections = case.objections.saturating_add(1);
        }
        Event::Ruled { ruling, .. } => {
            case.objection = None;
            case.locked = *ruling == Ruling::Denied;
        }
        Event::Contacted { .. } => case.contacted_at = case.contacted_at.or(Some(at)),
        Event::Arrived { .. } => case.arrived_at = case.arrived_at.or(Some(at)),
        Event::Progressed { .. } => {}
        Event::Attached { evidence } => attach(case, evidence),
        Event::Suspended { review_at, .. } => case.suspended_until = Some(*review_at),
        Event::Resumed {} => case.suspended_until = None,
        Event::Reported {
            report,
            unit,
            text,
            evidence,
            claim,
        } => {
            case.docket.take(*report);
            case.reports.push(Report {
                id: *report,
                unit: unit.clone(),
                text: Some(text.clone()),
                evidence: evidence.clone(),
                claim: *claim,
                at,
                sent_back: false,
            });
            attach(case, evidence);
        }
        Event::SentBack { report, .. } => {
            let report = case.reports.iter_mut().find(|r| r.id == *report);
            report.ok_or(Fault::Part("反馈"))?.sent_back = true;
        }
        Event::Replied {
            reply,
            text,
            delivery,
        } => {
            case.docket.take(*reply);
            case.replies.push(Reply {
                id: *reply,
                text: Some(text.clone()),
                delivery: Some(delivery.clone()),
                at,
            });
        }
        Event::Rated { satisfied, .. } => {
            case.outcome.satisfied = Some(fact(*satisfied, recorded));
        }
        Event::FollowedUp { result, level, .. } => {
            case.outcome.solved = Some(fact(*result, recorded));
            if let Some(level) = level {
                case.followed_up.insert(*level, *result);
            }
        }
        Event::Closed { by_rule } => case.outcome.closed = Some(fact(by_rule.clone(), recorded)),
        Event::Sealed { dossier, sha256 } => {
            case.sealed = Some(Seal {
                dossier: dossier.clone(),
                sha256: sha256.clone(),
                at,
            });
        }
        Event::Reworked { round, .. } => rework(case, *round),
        Event::Waived { what, .. } => waive(case, what, at)?,
        _ => return around(case, recorded),
    }
    Ok(())
}

/// Facts around the loop: other cases, the level, people's words, protection.
fn around(case: &mut Case, recorded: &Recorded) -> Result<(), Fault> {
    let at = recorded.at;
    match &recorded.event {
        Event::Merged { into } => {
            case.merged = Some(Merging {
                into: into.clone(),
                before: case.stage.clone(),
            });
        }
        Event::Joined { case: follower } => {
            case.followers.insert(follower.clone());
        }
        Event::Unmerged { .. } => case.merged = None,
        Event::Parted { case: follower } => {
            case.followers.remove(follower);
        }
        Event::Split { new } => link(case, new, Relation::SplitFrom),
        Event::Linked { to, relation } => link(case, to, *relation),
        Event::LevelMoved {
            from,
            to,
            direction,
            ..
        } => {
            case.division = to.clone();
            case.levels.push(LevelMove {
                from: from.clone(),
                to: to.clone(),
                direction: *direction,
                at,
            });
        }
        Event::BindingsChanged { bindings, .. } => case.bindings = bindings.clone(),
        Event::Urged { .. } => case.urges = case.urges.saturating_add(1),
        Event::Instructed { instruction, text } => {
            case.docket.take(*instruction);
            case.instructions.push(Instruction {
                id: *instruction,
                text: text.clone(),
                at,
                answer: None,
            });
        }
        Event::Answered { instruction, text } => {
            let found = case.instructions.iter_mut().find(|i| i.id == *instruction);
            found.ok_or(Fault::Part("批示"))?.answer = Some(text.clone());
        }
        Event::Protected { protection } => case.protection = *protection,
        Event::Recused { unit, .. } => {
            case.recused.insert(unit.clone());
        }
        Event::Flagged { flag } => {
            case.flags.insert(flag.clone());
        }
        _ => return Err(Fault::WrongSubject),
    }
    Ok(())
}

fn move_stage(case: &mut Case, to: &Stage, at: Timestamp) {
    case.stage = to.clone();
    let taken = !matches!(to.name(), StageName::Registered | StageName::Ended);
    if taken && case.accepted_at.is_none() {
        case.accepted_at = Some(at);
    }
}

fn assign(case: &mut Case, assignment: &Assignment) {
    case.docket.take(assignment.id);
    case.assignments.push(assignment.clone());
    if assignment.role == AssignmentRole::Lead {
        case.objection = None;
        case.locked = false;
    }
}

fn active(case: &mut Case, id: Seq) -> Result<&mut Assignment, Fault> {
    let found = case.assignments.iter_mut().find(|a| a.id == id);
    found
        .filter(|a| a.state == AssignmentState::Active)
        .ok_or(Fault::Part("交办"))
}

fn release(case: &mut Case, id: Seq, state: AssignmentState) -> Result<(), Fault> {
    let assignment = active(case, id)?;
    assignment.state = state;
    if assignment.role == AssignmentRole::Lead {
        case.objection = None;
        case.locked = false;
    }
    Ok(())
}

fn attach(case: &mut Case, evidence: &[Evidence]) {
    for piece in evidence {
        if !case.evidence.iter().any(|e| e.digest == piece.digest) {
            case.evidence.push(piece.clone());
        }
    }
}

/// The closing is taken back; the citizen will be answered, rate and be asked anew.
fn rework(case: &mut Case, round: u32) {
    case.reworks = round;
    case.outcome = Outcome::default();
    case.followed_up.clear();
    case.waived.clear();
    if let Some(report) = case.reports.last_mut() {
        report.sent_back = true;
    }
}

fn waive(case: &mut Case, what: &Waivable, at: Timestamp) -> Result<(), Fault> {
    let id = case.docket.next;
    match what {
        Waivable::Report => {
            let unit = case.stage.lead().cloned().ok_or(Fault::Part("主办"))?;
            case.docket.take(id);
            case.reports.push(Report {
                id,
                unit,
                text: None,
                evidence: Vec::new(),
                claim: None,
                at,
                sent_back: false,
            });
        }
        Waivable::Reply => {
            case.docket.take(id);
            case.replies.push(Reply {
                id,
                text: None,
                delivery: None,
                at,
            });
        }
        Waivable::Rating => {
            case.waived.insert(Code::word("rating"));
        }
        Waivable::FollowUp => {
            case.waived.insert(Code::word("follow-up"));
        }
        Waivable::Clock(_) | Waivable::Proceeding(_) => {}
    }
    Ok(())
}

fn link(case: &mut Case, to: &CaseId, relation: Relation) {
    let link = (to.clone(), relation);
    if !case.links.contains(&link) {
        case.links.push(link);
    }
}

fn fact<V>(value: V, recorded: &Recorded) -> Fact<V> {
    Fact {
        value,
        source: recorded.actor.source(),
        at: recorded.at,
    }
}
