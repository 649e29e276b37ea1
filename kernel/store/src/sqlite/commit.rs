//! A commit as one script.

use fengqiao_core::case::Case;
use fengqiao_core::docket::Docket;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::{After, Answer, Commit, IdempotencyKey, StoreError, Write};
use serde_json::{Value, json};

use super::error::corrupt;
use super::rows::{CaseRow, clocks, desk, key, millis, number, time, to_json, units};
use super::script::Script;

const HELD: &str =
    "INSERT INTO expected_versions (subject_kind, subject, version) VALUES (?, ?, ?)";
const EVENTS: &str = "INSERT INTO events (subject_kind, subject, version, at, name, actor, event) \
    SELECT ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)";
const NEW_CASE: &str = "INSERT INTO cases \
    (version, stage, division, place, category, kind, solved, state, registered_at, id) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const CASE: &str = "UPDATE cases SET version = ?, stage = ?, division = ?, place = ?, category = ?, \
    kind = ?, solved = ?, state = ?, registered_at = ? WHERE id = ?";
const NO_CASE: &str = "DELETE FROM cases WHERE id = ?";
const NO_DOCKET: &str = "DELETE FROM dockets WHERE subject_kind = ? AND subject = ?";
const NO_UNITS: &str = "DELETE FROM case_units WHERE case_id = ?";
const UNITS: &str = "INSERT INTO case_units (case_id, unit, role) \
    SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)";
const DOCKET: &str = "INSERT INTO dockets (subject_kind, subject, version, state) VALUES (?, ?, ?, ?) \
    ON CONFLICT DO UPDATE SET version = excluded.version, state = excluded.state";
const NO_CLOCKS: &str = "DELETE FROM clocks WHERE subject_kind = ? AND subject = ?";
const CLOCKS: &str = "INSERT INTO clocks (subject_kind, subject, clock, name, owner, due, state) \
    SELECT ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)";
const NO_DESK: &str = "DELETE FROM desk WHERE subject_kind = ? AND subject = ?";
const DESK: &str = "INSERT INTO desk (subject_kind, subject, id, kind, division, role, code, since) \
    SELECT ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
    FROM json_each(?)";
const ANSWER: &str = "INSERT INTO answers (principal, key, request, status, body, version, at) \
    VALUES (?, ?, ?, ?, ?, ?, ?)";
const TEXTS: &str = "INSERT INTO texts (id, subject_kind, subject, words) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)";
const PERSONS: &str = "INSERT INTO persons (id, subject_kind, subject, person) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)";
const QUERY_HASHES: &str = "INSERT INTO query_hashes (case_id, hash) \
    SELECT value ->> 0, value ->> 1 FROM json_each(?)";
const OUTBOX: &str = "INSERT INTO outbox (effect, at) SELECT value, ? FROM json_each(?)";
const CONSULTATIONS: &str = "INSERT INTO consultations (subject_kind, subject, at, consultation) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)";
const REFUSALS: &str = "INSERT INTO refusals (subject_kind, subject, at, refusal) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)";

/// Everything that a commit writes. The key comes first: a repeated request is a repeated request, whatever has
/// happened to the case since.
pub(super) fn script(commit: &Commit) -> Result<Script, StoreError> {
    let mut script = Script::new();
    if let Some((key, answer)) = &commit.answer {
        put_answer(&mut script, key, answer)?;
    }
    for write in &commit.writes {
        check(write)?;
        put_write(&mut script, write)?;
    }
    put_personal(&mut script, commit)?;
    put_record(&mut script, commit)?;
    Ok(script)
}

/// Rows as they follow from a subject's events up to a version, in the place of those that are there.
pub(super) fn rebuilt(
    subject: &Subject,
    version: u64,
    after: Option<&After>,
) -> Result<Script, StoreError> {
    let (kind, id) = key(subject);
    let mut script = Script::new();
    script
        .then(HELD)
        .bind(kind)?
        .bind(id.to_owned())?
        .bind(number(version)?)?;
    script.then(NO_UNITS).bind(id.to_owned())?;
    match subject {
        Subject::Case(_) => script.then(NO_CASE).bind(id.to_owned())?,
        _ => script.then(NO_DOCKET).bind(kind)?.bind(id.to_owned())?,
    };
    let nothing = Docket::default();
    let docket = match after {
        None => &nothing,
        Some(After::Case(case)) => {
            put_case(&mut script, case, NEW_CASE)?;
            &case.docket
        }
        Some(After::Docket(docket)) => {
            put_docket(&mut script, subject, docket)?;
            docket
        }
    };
    put_lists(&mut script, subject, docket)?;
    Ok(script)
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

fn put_write(script: &mut Script, write: &Write) -> Result<(), StoreError> {
    let (kind, id) = key(&write.subject);
    if write.events.is_empty() {
        let version = number(write.expected)?;
        script
            .then(HELD)
            .bind(kind)?
            .bind(id.to_owned())?
            .bind(version)?;
        return Ok(());
    }
    let events = write
        .events
        .iter()
        .map(event)
        .collect::<Result<Vec<_>, _>>()?;
    script
        .then(EVENTS)
        .bind(kind)?
        .bind(id.to_owned())?
        .bind(to_json(&events)?)?;
    match &write.after {
        After::Case(case) => {
            put_case(
                script,
                case,
                if write.expected == 0 { NEW_CASE } else { CASE },
            )?;
            put_lists(script, &write.subject, &case.docket)
        }
        After::Docket(docket) => {
            put_docket(script, &write.subject, docket)?;
            put_lists(script, &write.subject, docket)
        }
    }
}

fn event(recorded: &Recorded) -> Result<Value, StoreError> {
    Ok(json!([
        recorded.version,
        millis(recorded.at),
        name(&recorded.event)?,
        to_json(&recorded.actor)?,
        to_json(&recorded.event)?
    ]))
}

fn name(event: &Event) -> Result<String, StoreError> {
    match serde_json::to_value(event).map_err(corrupt)?.get("event") {
        Some(Value::String(name)) => Ok(name.clone()),
        _ => Err(corrupt("事件没有名称")),
    }
}

fn put_case(script: &mut Script, case: &Case, statement: &'static str) -> Result<(), StoreError> {
    let row = CaseRow::of(case)?;
    let id = case.id.as_str();
    script
        .then(statement)
        .bind(row.version)?
        .bind(row.stage)?
        .bind(row.division)?
        .bind(row.place)?
        .bind(row.category)?
        .bind(row.kind)?
        .bind(row.solved)?
        .bind(row.state)?
        .bind(row.registered_at)?
        .bind(id.to_owned())?;
    script.then(NO_UNITS).bind(id.to_owned())?;
    script
        .then(UNITS)
        .bind(id.to_owned())?
        .bind(to_json(&units(case))?)?;
    Ok(())
}

fn put_docket(script: &mut Script, subject: &Subject, docket: &Docket) -> Result<(), StoreError> {
    let (kind, id) = key(subject);
    script
        .then(DOCKET)
        .bind(kind)?
        .bind(id.to_owned())?
        .bind(number(docket.version)?)?
        .bind(to_json(docket)?)?;
    Ok(())
}

fn put_lists(script: &mut Script, subject: &Subject, docket: &Docket) -> Result<(), StoreError> {
    let (kind, id) = key(subject);
    let lists = [
        (NO_CLOCKS, CLOCKS, clocks(docket)),
        (NO_DESK, DESK, desk(docket)),
    ];
    for (clear, fill, rows) in lists {
        script.then(clear).bind(kind)?.bind(id.to_owned())?;
        script
            .then(fill)
            .bind(kind)?
            .bind(id.to_owned())?
            .bind(to_json(&rows)?)?;
    }
    Ok(())
}

fn put_answer(
    script: &mut Script,
    key: &IdempotencyKey,
    answer: &Answer,
) -> Result<(), StoreError> {
    script
        .then(ANSWER)
        .bind(key.principal.clone())?
        .bind(key.key.clone())?
        .bind(answer.request.clone())?
        .bind(i64::from(answer.status))?
        .bind(answer.body.clone())?
        .bind(answer.version.map(number).transpose()?)?
        .bind(millis(answer.at))?;
    Ok(())
}

fn put_personal(script: &mut Script, commit: &Commit) -> Result<(), StoreError> {
    let texts = commit.texts.iter().map(|(id, of, words)| {
        let (kind, subject) = key(of);
        json!([id, kind, subject, words])
    });
    put_list(script, TEXTS, texts.collect())?;
    let mut persons = Vec::with_capacity(commit.persons.len());
    for (id, of, person) in &commit.persons {
        let (kind, subject) = key(of);
        persons.push(json!([id, kind, subject, to_json(person)?]));
    }
    put_list(script, PERSONS, persons)?;
    let hashes = commit
        .query_hashes
        .iter()
        .map(|(case, hash)| json!([case, hash]));
    put_list(script, QUERY_HASHES, hashes.collect())
}

fn put_record(script: &mut Script, commit: &Commit) -> Result<(), StoreError> {
    let mut consultations = Vec::with_capacity(commit.consultations.len());
    for consultation in &commit.consultations {
        let (kind, subject) = key(&consultation.subject);
        let at = millis(consultation.at);
        consultations.push(json!([kind, subject, at, to_json(consultation)?]));
    }
    put_list(script, CONSULTATIONS, consultations)?;
    let mut refusals = Vec::with_capacity(commit.refusals.len());
    for refusal in &commit.refusals {
        let (kind, subject) = refusal.subject.as_ref().map(key).unzip();
        refusals.push(json!([
            kind,
            subject,
            millis(refusal.at),
            to_json(refusal)?
        ]));
    }
    put_list(script, REFUSALS, refusals)?;
    if commit.effects.is_empty() {
        return Ok(());
    }
    let at = commit
        .at
        .ok_or_else(|| corrupt("有待办的效果却没有时间，未写入"))?;
    script
        .then(OUTBOX)
        .bind(millis(at))?
        .bind(to_json(&commit.effects)?)?;
    Ok(())
}

fn put_list(
    script: &mut Script,
    statement: &'static str,
    rows: Vec<Value>,
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        script.then(statement).bind(to_json(&rows)?)?;
    }
    Ok(())
}
