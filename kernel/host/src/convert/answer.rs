//! What a hook answered, as the core's types: every identifier is parsed, every document read, every size measured.

use fengqiao_core::actor::Role;
use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::clock::{Mark, Provenance};
use fengqiao_core::command::{Command, NamedSpec};
use fengqiao_core::ids::{CaseId, Code, DivisionCode, IdError, Subject, UnitId};
use fengqiao_core::matter::{Appointment, AssignmentRole, ResultOwed};
use fengqiao_core::profile::Profile;
use fengqiao_metrics::{ScoreLine, ScoreSheet};
use fengqiao_service::ports::advisor::{ProposedCommand, Reading};
use fengqiao_service::ports::store::Person;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};

use super::{Fault, Meter, document};
use crate::bindings::assess::exports::fengqiao::assess::assess;
use crate::bindings::guard::exports::fengqiao::guard::guard;
use crate::bindings::intake::exports::fengqiao::intake::intake;
use crate::bindings::react::exports::fengqiao::react::react;
use crate::bindings::triage::exports::fengqiao::triage::triage;
use crate::bindings::values;
use crate::limits::Limits;

/// What a triage said; none is a pass.
pub(crate) fn triage(answer: triage::Answer, limits: &Limits) -> Result<Option<Triage>, Fault> {
    measure_triage(&answer, limits)?;
    if let Some((name, _)) = answer.ext.first() {
        return Err(Fault::new("unknown-ext", name));
    }
    Ok(Some(match answer.outcome {
        triage::Outcome::Accept(accepted) => Triage::Accept {
            lead: unit(&accepted.lead)?,
            others: all(accepted.others, appointment)?,
            clocks: all(accepted.clocks, limit)?,
            flags: all(accepted.flags, |flag| code(&flag))?,
            level: accepted.level.as_deref().map(division).transpose()?,
            because: code(&accepted.because)?,
        },
        triage::Outcome::Decline(ground) => Triage::Decline {
            ground: code(&ground)?,
        },
        triage::Outcome::Refer(route) => Triage::Refer {
            route: code(&route)?,
        },
        triage::Outcome::NeedHuman(need) => Triage::NeedHuman {
            desk: division(&need.desk)?,
            role: role(&need.role)?,
            because: code(&need.because)?,
        },
        triage::Outcome::Pass => return Ok(None),
        triage::Outcome::Other(coded) => return Err(unknown_outcome(&coded)),
    }))
}

/// What a guard said.
pub(crate) fn guard(verdict: guard::Verdict, limits: &Limits) -> Result<GuardVerdict, Fault> {
    match verdict {
        guard::Verdict::Permit => Ok(GuardVerdict::Permit),
        guard::Verdict::Refuse(refusal) => {
            let mut meter = Meter::default();
            meter.texts([refusal.code.as_str(), refusal.text.as_str()]);
            measure(&meter, limits)?;
            if refusal.text.trim().is_empty() {
                return Err(Fault::new("refusal-text", "a refusal without words"));
            }
            Ok(GuardVerdict::Refuse {
                code: code(&refusal.code)?,
                text: refusal.text,
            })
        }
        guard::Verdict::Other(coded) => Err(unknown_outcome(&coded)),
    }
}

/// What should follow.
pub(crate) fn react(
    proposals: Vec<react::Proposal>,
    limits: &Limits,
) -> Result<Vec<ProposedCommand>, Fault> {
    let mut meter = Meter::default();
    for proposal in &proposals {
        meter.texts([proposal.code.as_str(), proposal.document.as_str()]);
    }
    measure(&meter, limits)?;
    let count = u64::try_from(proposals.len()).unwrap_or(u64::MAX);
    if count > limits.proposals {
        return Err(Fault::new("proposals", format!("{count} proposals")));
    }
    all(proposals, |proposal| proposed(&proposal, limits))
}

/// What a raw message turned out to be.
pub(crate) fn intake(reading: intake::Reading, limits: &Limits) -> Result<Reading, Fault> {
    let mut meter = Meter::default();
    match &reading {
        intake::Reading::Submission(text) | intake::Reading::Duplicate(text) => meter.text(text),
        intake::Reading::NotForUs(coded) | intake::Reading::Other(coded) => {
            meter.texts([coded.code.as_str(), coded.document.as_str()]);
        }
    }
    measure(&meter, limits)?;
    match reading {
        intake::Reading::Submission(text) => submission(&text, limits),
        intake::Reading::Duplicate(external) => Ok(Reading::Duplicate {
            external: code(&external)?,
        }),
        intake::Reading::NotForUs(coded) => Ok(Reading::NotForUs {
            code: code(&coded.code)?,
            text: coded.document,
        }),
        intake::Reading::Other(coded) => Err(unknown_outcome(&coded)),
    }
}

/// A registration in the kernel's form, with `repeats` beside it where it is the same matter again.
fn submission(text: &str, limits: &Limits) -> Result<Reading, Fault> {
    let mut whole: serde_json::Map<String, serde_json::Value> =
        document::read(text, limits.document_depth)?;
    let repeats = whole.remove("repeats").filter(|value| !value.is_null());
    let wrong = |error: serde_json::Error| Fault::new("document-json", error.to_string());
    let registration = serde_json::from_value(whole.into()).map_err(wrong)?;
    let repeats = repeats.map(serde_json::from_value).transpose();
    Ok(Reading::Submission {
        registration,
        repeats: repeats.map_err(wrong)?,
    })
}

/// A profile.
pub(crate) fn profile(text: &str, limits: &Limits) -> Result<Profile, Fault> {
    let mut meter = Meter::default();
    meter.text(text);
    measure(&meter, limits)?;
    document::read(text, limits.document_depth)
}

/// A score sheet; whether it adds up is for whoever counted.
pub(crate) fn assess(sheet: assess::ScoreSheet, limits: &Limits) -> Result<ScoreSheet, Fault> {
    let mut meter = Meter::default();
    for line in &sheet.lines {
        meter.texts([
            line.code.as_str(),
            line.label.as_str(),
            line.explanation.as_str(),
        ]);
    }
    meter.texts(sheet.grade.as_deref());
    for (name, value) in &sheet.ext {
        meter.texts([name.as_str(), value.as_str()]);
    }
    measure(&meter, limits)?;
    if let Some((name, _)) = sheet.ext.first() {
        return Err(Fault::new("unknown-ext", name));
    }
    let line = |line: assess::ScoreLine| {
        Ok(ScoreLine {
            code: code(&line.code)?,
            label: line.label,
            points_hundredths: line.points_hundredths,
            explanation: line.explanation,
        })
    };
    Ok(ScoreSheet {
        lines: all(sheet.lines, line)?,
        total_hundredths: sheet.total_hundredths,
        grade: sheet.grade.as_deref().map(code).transpose()?,
    })
}

fn proposed(proposal: &react::Proposal, limits: &Limits) -> Result<ProposedCommand, Fault> {
    let command: Command<String, Person> =
        document::read(&proposal.document, limits.document_depth)?;
    if command.name() != proposal.code {
        let detail = format!("`{}` holds a `{}`", proposal.code, command.name());
        return Err(Fault::new("proposal-code", detail));
    }
    Ok(ProposedCommand {
        subject: subject(&proposal.subject)?,
        command,
    })
}

fn measure_triage(answer: &triage::Answer, limits: &Limits) -> Result<(), Fault> {
    let mut meter = Meter::default();
    for (name, value) in &answer.ext {
        meter.texts([name.as_str(), value.as_str()]);
    }
    match &answer.outcome {
        triage::Outcome::Accept(accepted) => {
            meter.texts([accepted.lead.as_str(), accepted.because.as_str()]);
            meter.texts(accepted.level.as_deref());
            meter.texts(accepted.others.iter().map(|other| other.unit.as_str()));
            meter.texts(accepted.flags.iter().map(String::as_str));
            for clock in &accepted.clocks {
                meter.texts([clock.name.as_str(), clock.spec.as_str()]);
                meter.texts([clock.provenance.source.as_str()]);
                meter.texts(clock.provenance.confirmed.as_deref());
            }
        }
        triage::Outcome::Decline(word) | triage::Outcome::Refer(word) => meter.text(word),
        triage::Outcome::NeedHuman(need) => {
            meter.texts([
                need.desk.as_str(),
                need.role.as_str(),
                need.because.as_str(),
            ]);
        }
        triage::Outcome::Other(coded) => {
            meter.texts([coded.code.as_str(), coded.document.as_str()]);
        }
        triage::Outcome::Pass => {}
    }
    measure(&meter, limits)
}

fn measure(meter: &Meter, limits: &Limits) -> Result<(), Fault> {
    if meter.bytes() > limits.output_bytes {
        let detail = format!("{} bytes; at most {}", meter.bytes(), limits.output_bytes);
        return Err(Fault::new("output-bytes", detail));
    }
    Ok(())
}

fn appointment(other: triage::Appointment) -> Result<Appointment, Fault> {
    Ok(Appointment {
        unit: unit(&other.unit)?,
        role: match other.role {
            values::AssignmentRole::Lead => AssignmentRole::Lead,
            values::AssignmentRole::Assist => AssignmentRole::Assist,
            values::AssignmentRole::Supervise => AssignmentRole::Supervise,
            values::AssignmentRole::Inform => AssignmentRole::Inform,
        },
        result: match other.result {
            triage::ResultOwed::Owed => ResultOwed::Owed,
            triage::ResultOwed::NotOwed => ResultOwed::NotOwed,
        },
    })
}

fn limit(clock: triage::Limit) -> Result<NamedSpec, Fault> {
    let spec = clock.spec.parse();
    Ok(NamedSpec {
        name: code(&clock.name)?,
        spec: spec.map_err(|error| Fault::new("spec", format!("{error}")))?,
        provenance: Provenance {
            mark: match clock.provenance.mark {
                triage::Mark::Stated => Mark::S,
                triage::Mark::Law => Mark::L,
                triage::Mark::Elsewhere => Mark::X,
                triage::Mark::Assumed => Mark::A,
            },
            source: clock.provenance.source,
            confirmed: clock.provenance.confirmed,
        },
    })
}

fn subject(subject: &values::Subject) -> Result<Subject, Fault> {
    match subject {
        values::Subject::Case(id) => {
            let id = CaseId::parse(id).map_err(|error| malformed("case-id", &error))?;
            Ok(Subject::Case(id))
        }
        values::Subject::Unit(id) => Ok(Subject::Unit(unit(id)?)),
        values::Subject::Division(code) => Ok(Subject::Division(division(code)?)),
    }
}

fn unit(text: &str) -> Result<UnitId, Fault> {
    UnitId::parse(text).map_err(|error| malformed("unit-id", &error))
}

fn division(text: &str) -> Result<DivisionCode, Fault> {
    DivisionCode::parse(text).map_err(|error| malformed("division-code", &error))
}

fn code(text: &str) -> Result<Code, Fault> {
    Code::parse(text).map_err(|error| malformed("code", &error))
}

fn role(text: &str) -> Result<Role, Fault> {
    let word: StrDeserializer<'_, WordError> = text.into_deserializer();
    Role::deserialize(word).map_err(|error| Fault::new("role", error.to_string()))
}

fn malformed(rule: &'static str, error: &IdError) -> Fault {
    Fault::new(rule, error.to_string())
}

fn unknown_outcome(coded: &values::Coded) -> Fault {
    Fault::new("unknown-outcome", &coded.code)
}

fn all<T, C>(items: Vec<T>, convert: impl FnMut(T) -> Result<C, Fault>) -> Result<Vec<C>, Fault> {
    items.into_iter().map(convert).collect()
}
