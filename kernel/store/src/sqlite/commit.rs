//! A commit as one row of JSON arrays, which `command.sql` writes in one statement.

use fengqiao_core::event::Recorded;
use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::{After, Commit, StoreError, Write};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::corrupt;
use super::rows::{
    case_row, clock_rows, desk_rows, docket_row, from_json, key, millis, number, time, to_json,
    unit_rows,
};
use super::script::Script;

const WRITE: &str = "INSERT INTO command (answers, held, events, cases, case_units, dockets, changed, \
    clocks, desk, texts, persons, query_hashes, consultations, refusals, outbox) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The columns of `command`: rows of the tables of the same name, each an array in the order that `command.sql` reads.
#[derive(Debug, Default)]
struct Columns {
    answers: Vec<Value>,
    held: Vec<Value>,
    events: Vec<Value>,
    cases: Vec<Value>,
    case_units: Vec<Value>,
    dockets: Vec<Value>,
    changed: Vec<Value>,
    clocks: Vec<Value>,
    desk: Vec<Value>,
    texts: Vec<Value>,
    persons: Vec<Value>,
    query_hashes: Vec<Value>,
    consultations: Vec<Value>,
    refusals: Vec<Value>,
    outbox: Vec<Value>,
}

/// Everything that a commit writes.
pub(super) fn script(commit: &Commit) -> Result<Script, StoreError> {
    let mut columns = Columns::default();
    for write in &commit.writes {
        check(write)?;
        columns.hold(&write.subject, write.expected)?;
        for recorded in &write.events {
            columns.events.push(event(recorded)?);
        }
        if !write.events.is_empty() {
            columns.stand(&write.subject, &write.after)?;
        }
    }
    columns.put_personal(commit)?;
    columns.put_record(commit)?;
    columns.into_script()
}

/// Rows as they follow from a subject's events up to a version, in the place of those that are there.
pub(super) fn rebuilt(
    subject: &Subject,
    version: u64,
    after: &After,
) -> Result<Script, StoreError> {
    let mut columns = Columns::default();
    columns.hold(subject, version)?;
    columns.stand(subject, after)?;
    columns.into_script()
}

/// The versions that a commit was decided on.
pub(super) fn expected(commit: &Commit) -> Vec<(Subject, u64)> {
    let writes = commit.writes.iter();
    writes
        .map(|write| (write.subject.clone(), write.expected))
        .collect()
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

fn event(recorded: &Recorded) -> Result<Value, StoreError> {
    #[derive(Deserialize)]
    struct Named {
        event: String,
    }
    let (kind, id) = key(&recorded.subject);
    let event = to_json(&recorded.event)?;
    let name = from_json::<Named>(&event)?.event;
    let at = millis(recorded.at);
    let actor = to_json(&recorded.actor)?;
    Ok(json!([kind, id, recorded.version, at, name, actor, event]))
}

impl Columns {
    /// Nothing is written unless the subject still has this version.
    fn hold(&mut self, subject: &Subject, version: u64) -> Result<(), StoreError> {
        let (kind, id) = key(subject);
        self.held.push(json!([kind, id, number(version)?]));
        Ok(())
    }

    /// How a subject stands, and the lists that follow from it.
    fn stand(&mut self, subject: &Subject, after: &After) -> Result<(), StoreError> {
        let (kind, id) = key(subject);
        self.changed.push(json!([kind, id]));
        let docket = match after {
            After::Case(case) => {
                self.cases.push(case_row(case)?);
                self.case_units.extend(unit_rows(case));
                &case.docket
            }
            After::Docket(docket) => {
                self.dockets.push(docket_row(subject, docket)?);
                docket.as_ref()
            }
        };
        self.clocks.extend(clock_rows(subject, docket));
        self.desk.extend(desk_rows(subject, docket));
        Ok(())
    }

    fn put_personal(&mut self, commit: &Commit) -> Result<(), StoreError> {
        for (id, of, words) in &commit.texts {
            let (kind, subject) = key(of);
            self.texts.push(json!([id, kind, subject, words]));
        }
        for (id, of, person) in &commit.persons {
            let (kind, subject) = key(of);
            self.persons
                .push(json!([id, kind, subject, to_json(person)?]));
        }
        for (case, hash) in &commit.query_hashes {
            self.query_hashes.push(json!([case, hash]));
        }
        Ok(())
    }

    fn put_record(&mut self, commit: &Commit) -> Result<(), StoreError> {
        if let Some((key, answer)) = &commit.answer {
            self.answers.push(json!([
                key.principal,
                key.key,
                answer.request,
                answer.status,
                answer.body,
                answer.version,
                millis(answer.at)
            ]));
        }
        for consultation in &commit.consultations {
            let (kind, id) = key(&consultation.subject);
            let at = millis(consultation.at);
            self.consultations
                .push(json!([kind, id, at, to_json(consultation)?]));
        }
        for refusal in &commit.refusals {
            let (kind, id) = refusal.subject.as_ref().map(key).unzip();
            let at = millis(refusal.at);
            self.refusals.push(json!([kind, id, at, to_json(refusal)?]));
        }
        for effect in &commit.effects {
            let at = commit
                .at
                .ok_or_else(|| corrupt("有待办的效果却没有时间，未写入"))?;
            self.outbox.push(json!([to_json(effect)?, millis(at)]));
        }
        Ok(())
    }

    fn into_script(self) -> Result<Script, StoreError> {
        let mut script = Script::new();
        script.then(WRITE);
        for rows in [
            self.answers,
            self.held,
            self.events,
            self.cases,
            self.case_units,
            self.dockets,
            self.changed,
            self.clocks,
            self.desk,
            self.texts,
            self.persons,
            self.query_hashes,
            self.consultations,
            self.refusals,
            self.outbox,
        ] {
            let rows = Some(rows).filter(|rows| !rows.is_empty());
            script.bind(rows.as_ref().map(to_json).transpose()?)?;
        }
        Ok(script)
    }
}
