//! A commit as the rows that it writes, worded before it waits for its turn.

use fengqiao_core::event::Recorded;
use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::{After, Commit, StoreError, Write};
use rusqlite::types::Value;

use super::error::corrupt;
use super::facts::{assessment_row, case_facts_row, unit_facts_row};
use super::linked::linked_rows;
use super::messages::{MessageRow, message_row};
use super::rows::{
    Row, case_row, clock_rows, desk_rows, docket_row, key, millis, number, optional, text, time,
    to_json, unit_rows,
};

/// The rows of a commit, in the order in which they are written.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) answer: Option<Row>,
    pub(super) message: Option<MessageRow>,
    pub(super) assessment: Option<Row>,
    pub(super) subjects: Vec<SubjectRows>,
    pub(super) texts: Vec<Row>,
    pub(super) persons: Vec<Row>,
    pub(super) query_hashes: Vec<Row>,
    pub(super) consultations: Vec<Row>,
    pub(super) refusals: Vec<Row>,
    pub(super) outbox: Vec<Row>,
    pub(super) linked: Vec<Row>,
}

/// What a commit does to one subject.
#[derive(Debug)]
pub(super) struct SubjectRows {
    pub(super) subject: Subject,
    /// Nothing is written unless the subject still has this version.
    pub(super) expected: u64,
    pub(super) events: Vec<Row>,
    /// How it stands afterwards; nothing where it was only looked at.
    pub(super) stand: Option<Stand>,
}

/// How a subject stands, and the lists that follow from it.
#[derive(Debug, Default)]
pub(super) struct Stand {
    pub(super) case: Option<Row>,
    pub(super) docket: Option<Row>,
    pub(super) units: Vec<Row>,
    pub(super) clocks: Vec<Row>,
    pub(super) desk: Vec<Row>,
    pub(super) case_facts: Option<Row>,
    pub(super) unit_facts: Option<Row>,
}

/// Everything that a commit writes.
pub(super) fn rows(commit: &Commit) -> Result<Rows, StoreError> {
    let mut rows = Rows {
        answer: answer(commit)?,
        message: commit.message.as_ref().map(message_row).transpose()?,
        linked: linked_rows(commit)?,
        assessment: commit.assessment.as_ref().map(assessment_row).transpose()?,
        ..Rows::default()
    };
    for write in &commit.writes {
        rows.subjects.push(subject_rows(write)?);
    }
    rows.put_personal(commit)?;
    rows.put_record(commit)?;
    Ok(rows)
}

/// Rows as they follow from a subject's events up to a version, in the place of those that are there.
pub(super) fn rebuilt(subject: &Subject, version: u64, after: &After) -> Result<Rows, StoreError> {
    let rows = SubjectRows {
        subject: subject.clone(),
        expected: version,
        events: Vec::new(),
        stand: Some(stand(subject, after)?),
    };
    Ok(Rows {
        subjects: vec![rows],
        ..Rows::default()
    })
}

/// Whether the parts of a write belong together, and its times are whole milliseconds, as they are kept: anything else
/// is a fault of the program, not of a person.
fn check(write: &Write) -> Result<(), StoreError> {
    let follows = (write.expected + 1..)
        .zip(&write.events)
        .all(|(version, recorded)| {
            recorded.version == version
                && recorded.subject == write.subject
                && time(millis(recorded.at)).is_ok_and(|at| at == recorded.at)
        });
    let version = write.expected + write.events.len() as u64;
    let stands = match (&write.subject, &write.after) {
        (Subject::Case(id), After::Case(case)) => case.id == *id && case.docket.version == version,
        (Subject::Unit(_) | Subject::Division(_), After::Docket(docket)) => {
            docket.version == version
        }
        _ => false,
    };
    if follows && stands {
        Ok(())
    } else {
        Err(corrupt(format!(
            "{} 的事件编号、版本、状态互不相符，或时间不是整毫秒；未写入",
            write.subject
        )))
    }
}

fn subject_rows(write: &Write) -> Result<SubjectRows, StoreError> {
    check(write)?;
    let stand = match write.events.as_slice() {
        [] => None,
        _ => Some(stand(&write.subject, &write.after)?),
    };
    Ok(SubjectRows {
        subject: write.subject.clone(),
        expected: write.expected,
        events: write.events.iter().map(event).collect::<Result<_, _>>()?,
        stand,
    })
}

fn event(recorded: &Recorded) -> Result<Row, StoreError> {
    let (kind, id) = key(&recorded.subject);
    let event = to_json(&recorded.event)?;
    // The word comes first, before everything that the event holds.
    let name = event
        .strip_prefix("{\"event\":\"")
        .and_then(|rest| rest.split_once('"'))
        .map(|(name, _)| text(name))
        .ok_or_else(|| corrupt("事件没有名称，未写入"))?;
    Ok(vec![
        text(kind),
        text(id),
        number(recorded.version)?.into(),
        millis(recorded.at).into(),
        name,
        to_json(&recorded.actor)?.into(),
        event.into(),
    ])
}

fn stand(subject: &Subject, after: &After) -> Result<Stand, StoreError> {
    let mut stand = Stand::default();
    let docket = match after {
        After::Case(case) => {
            stand.case = Some(case_row(case)?);
            stand.units = unit_rows(case)?;
            stand.case_facts = Some(case_facts_row(case)?);
            &case.docket
        }
        After::Docket(docket) => {
            stand.docket = Some(docket_row(subject, docket)?);
            stand.unit_facts = unit_facts_row(subject, docket)?;
            docket.as_ref()
        }
    };
    stand.clocks = clock_rows(subject, docket);
    stand.desk = desk_rows(subject, docket)?;
    Ok(stand)
}

fn answer(commit: &Commit) -> Result<Option<Row>, StoreError> {
    let Some((key, answer)) = &commit.answer else {
        return Ok(None);
    };
    let version = answer.version.map(number).transpose()?;
    Ok(Some(vec![
        text(key.principal.as_str()),
        text(key.key.as_str()),
        text(answer.request.as_str()),
        i64::from(answer.status).into(),
        text(answer.body.as_str()),
        version.map_or(Value::Null, Value::Integer),
        millis(answer.at).into(),
    ]))
}

impl Rows {
    fn put_personal(&mut self, commit: &Commit) -> Result<(), StoreError> {
        for (id, of, words) in &commit.texts {
            let (kind, subject) = key(of);
            self.texts.push(vec![
                text(id.as_str()),
                text(kind),
                text(subject),
                text(words.as_str()),
            ]);
        }
        for (id, of, person) in &commit.persons {
            let (kind, subject) = key(of);
            let person = to_json(person)?;
            self.persons.push(vec![
                text(id.as_str()),
                text(kind),
                text(subject),
                text(person),
            ]);
        }
        for (case, hash) in &commit.query_hashes {
            self.query_hashes
                .push(vec![text(case.as_str()), text(hash.as_str())]);
        }
        Ok(())
    }

    fn put_record(&mut self, commit: &Commit) -> Result<(), StoreError> {
        for consultation in &commit.consultations {
            let (kind, id) = key(&consultation.subject);
            let at = millis(consultation.at);
            let consultation = to_json(consultation)?;
            self.consultations
                .push(vec![text(kind), text(id), at.into(), text(consultation)]);
        }
        for refusal in &commit.refusals {
            let (kind, id) = refusal.subject.as_ref().map(key).unzip();
            let at = millis(refusal.at);
            let refusal = to_json(refusal)?;
            self.refusals
                .push(vec![optional(kind), optional(id), at.into(), text(refusal)]);
        }
        for effect in &commit.effects {
            let at = commit
                .at
                .ok_or_else(|| corrupt("有待办的效果却没有时间，未写入"))?;
            self.outbox
                .push(vec![to_json(effect)?.into(), millis(at).into()]);
        }
        Ok(())
    }
}
