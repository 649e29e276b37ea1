//! The parts of a case that every reader sees, line by line.

use fengqiao_calendar::local_text;

use super::{
    ApprovalLine, ClockLine, FactLine, MatterLine, OutcomeView, PersonFacts, PersonView,
    ProceedingLine, Sheet, Summary, UNCONFIRMED, words,
};
use crate::case::{Fact, Outcome};
use crate::clock::{Clock, ClockState};
use crate::command::{Command, FollowUpResult};
use crate::docket::Approval;
use crate::ids::Code;
use crate::mask;
use crate::proceeding::Proceeding;
use crate::profile::{Rules, Satisfied};
use crate::views::timeline::{self, Reader};

/// Whether phone and identity numbers in the statement are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statement {
    /// As written: to the one who wrote it.
    Whole,
    /// With numbers masked.
    Masked,
    /// Not at all.
    Withheld,
}

pub(super) fn summary(sheet: &Sheet<'_>, reader: Reader, statement: Statement) -> Summary {
    let Sheet { case, rules, .. } = *sheet;
    let stage = case.stage.name();
    Summary {
        case: case.id.clone(),
        version: case.docket.version,
        stage: Code::word(stage.as_str()),
        stage_label: rules.stage_label(stage).to_owned(),
        registered_at: case.registered_at,
        matter: matter(sheet, statement),
        division: case.division.clone(),
        lead: case.stage.lead().cloned(),
        merged_into: case.merged.as_ref().map(|merging| merging.into.clone()),
        suspended_until: case.suspended_until,
        reworks: case.reworks,
        outcome: outcome(&case.outcome),
        clocks: case.docket.clocks.iter().map(|c| clock(rules, c)).collect(),
        proceedings: case
            .docket
            .proceedings
            .iter()
            .map(|p| proceeding(rules, p, reader))
            .collect(),
        timeline: timeline::entries(sheet, reader),
    }
}

fn matter(sheet: &Sheet<'_>, statement: Statement) -> MatterLine {
    let matter = &sheet.case.matter;
    let words = sheet.text(&matter.text);
    MatterLine {
        kind: matter.kind,
        category: matter.category.clone(),
        place: matter.place.clone(),
        point: matter.point,
        text: match statement {
            Statement::Whole => words,
            Statement::Masked => words.map(|words| mask::text(&words)),
            Statement::Withheld => None,
        },
        amount_fen: matter.amount_fen,
        people: matter.people,
        marks: matter.marks.iter().cloned().collect(),
        evidence: sheet.case.evidence.clone(),
    }
}

fn outcome(outcome: &Outcome) -> OutcomeView {
    OutcomeView {
        closed: outcome.closed.as_ref().map(|f| fact(f, f.value.clone())),
        solved: outcome.solved.as_ref().map(|f| {
            let word = match f.value {
                FollowUpResult::Solved => "solved",
                FollowUpResult::Unsolved => "unsolved",
                FollowUpResult::Unreached => "unreached",
            };
            fact(f, Code::word(word))
        }),
        satisfied: outcome.satisfied.as_ref().map(|f| {
            let word = match f.value {
                Satisfied::Yes => "yes",
                Satisfied::Basically => "basically",
                Satisfied::No => "no",
            };
            fact(f, Code::word(word))
        }),
    }
}

fn fact<V>(fact: &Fact<V>, value: Code) -> FactLine {
    FactLine {
        value,
        source: fact.source.clone(),
        at: fact.at,
    }
}

pub(super) fn clock(rules: &Rules, clock: &Clock) -> ClockLine {
    let deadline = &clock.deadline;
    ClockLine {
        id: clock.id,
        name: clock.name.clone(),
        label: words::clock(rules, &clock.name),
        owner: clock.owner.clone(),
        proceeding: clock.proceeding,
        state: Code::word(state_word(&clock.state)),
        start: deadline.start,
        due: deadline.due,
        due_text: local_text(deadline.due),
        explanation: deadline.steps.clone(),
        source: clock.rule.provenance.source.clone(),
        unconfirmed: clock
            .rule
            .provenance
            .is_unconfirmed()
            .then(|| UNCONFIRMED.to_owned()),
        provisional: deadline.provisional,
        extensions: clock.extensions,
    }
}

/// A clock's state as one word.
pub(crate) fn state_word(state: &ClockState) -> &'static str {
    match state {
        ClockState::Running => "running",
        ClockState::Paused { .. } => "paused",
        ClockState::Met { .. } => "met",
        ClockState::Breached { .. } => "breached",
        ClockState::Cancelled { .. } => "cancelled",
    }
}

fn proceeding(rules: &Rules, running: &Proceeding, reader: Reader) -> ProceedingLine {
    let fields = match reader {
        Reader::Citizen => Vec::new(),
        Reader::Handler | Reader::Supervisor => running
            .fields
            .iter()
            .map(|(code, text)| (code.clone(), text.clone()))
            .collect(),
    };
    ProceedingLine {
        id: running.id,
        kind: running.kind.clone(),
        label: words::proceeding(rules, &running.kind),
        state: running.state.clone(),
        state_label: words::proceeding_state(rules, &running.kind, &running.state),
        end: running.end,
        issuer: running.issuer.clone(),
        addressee: running.addressee.clone(),
        fields,
    }
}

pub(super) fn approval(sheet: &Sheet<'_>, approval: &Approval) -> ApprovalLine {
    let Sheet { case, rules, .. } = *sheet;
    let command = approval.what.as_ref();
    let (proceeding, addressee) = match command {
        Command::OpenProceeding { addressee, .. } => (None, addressee.clone()),
        Command::MoveProceeding { proceeding, .. } => {
            let running = case.docket.proceedings.iter().find(|p| p.id == *proceeding);
            (
                Some(*proceeding),
                running.and_then(|running| running.addressee.clone()),
            )
        }
        _ => (None, None),
    };
    let what = match command {
        Command::OpenProceeding { kind, .. } => {
            format!("启动{}", words::proceeding(rules, kind))
        }
        Command::MoveProceeding {
            proceeding, code, ..
        } => {
            let running = case.docket.proceedings.iter().find(|p| p.id == *proceeding);
            running.map_or_else(
                || code.to_string(),
                |p| {
                    let kind = words::proceeding(rules, &p.kind);
                    format!("{kind}：{}", words::proceeding_move(rules, &p.kind, code))
                },
            )
        }
        other => words::label(rules, &format!("command.{}", other.name()), other.name()),
    };
    ApprovalLine {
        id: approval.id,
        command: Code::word(command.name()),
        what,
        proceeding,
        addressee,
        because: approval.because,
        role: approval.role,
        division: approval.division.clone(),
        asked_unit: approval.asked_unit.clone(),
        asked_at: approval.asked_at,
        verdict: approval.decision.as_ref().map(|d| d.verdict),
        decided_at: approval.decision.as_ref().map(|d| d.at),
        lapsed: approval.lapsed.as_ref().map(|l| l.ground.clone()),
    }
}

/// A person, masked.
pub(super) fn masked(person: &PersonFacts) -> PersonView {
    PersonView {
        name: mask::name(&person.name),
        phone: person.phone.as_deref().map(mask::phone),
        identity_number: person.identity_number.as_deref().map(mask::identity),
        address: person.address.as_deref().map(mask::address),
    }
}

/// A person whose fields were revealed by a command with a reason.
pub(super) fn revealed(person: &PersonFacts) -> PersonView {
    PersonView {
        name: person.name.clone(),
        phone: person.phone.clone(),
        identity_number: person.identity_number.clone(),
        address: person.address.clone(),
    }
}
