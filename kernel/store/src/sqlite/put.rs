//! Puts the rows of a commit where they belong: small statements that stay prepared, and of lists only what differs.

use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::CommitError;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, params, params_from_iter};

use super::commit::{Rows, Stand, SubjectRows};
use super::messages::MessageRow;
use super::rows::{Row, key, number};

const ANSWER: &str = "INSERT INTO answers (principal, key, request, status, body, version, at) \
    VALUES (?, ?, ?, ?, ?, ?, ?)";
const VERSION: &str = "SELECT coalesce(max(version), 0) FROM events \
    WHERE subject_kind = ? AND subject = ?";
const EVENT: &str = "INSERT INTO events (subject_kind, subject, version, at, name, actor, event) \
    VALUES (?, ?, ?, ?, ?, ?, ?)";
/// The columns that stand in indexes hardly ever change, and are left alone when they don't.
const SAME_CASE: &str = "UPDATE cases SET version = ?2, stage = ?3, solved = ?4, state = ?5 \
    WHERE id = ?1 AND division = ?6 AND place = ?7 AND category IS ?8 AND kind = ?9 \
    AND registered_at = ?10";
const CASE: &str = "INSERT INTO cases \
    (id, version, stage, solved, state, division, place, category, kind, registered_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET \
    version = excluded.version, stage = excluded.stage, solved = excluded.solved, \
    state = excluded.state, division = excluded.division, place = excluded.place, \
    category = excluded.category, kind = excluded.kind, registered_at = excluded.registered_at";
const DOCKET: &str = "INSERT INTO dockets (subject_kind, subject, version, state) \
    VALUES (?, ?, ?, ?) \
    ON CONFLICT DO UPDATE SET version = excluded.version, state = excluded.state";
const CASE_FACTS: &str = "INSERT INTO facts (case_id, place, first_at, last_at, imported, facts) \
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (case_id) DO UPDATE SET place = excluded.place, \
    first_at = excluded.first_at, last_at = excluded.last_at, imported = excluded.imported, \
    facts = excluded.facts";
const UNIT_FACTS: &str = "INSERT INTO unit_facts (unit, facts) VALUES (?, ?) \
    ON CONFLICT (unit) DO UPDATE SET facts = excluded.facts";
const TEXT: &str = "INSERT INTO texts (id, subject_kind, subject, words) VALUES (?, ?, ?, ?)";
const PERSON: &str = "INSERT INTO persons (id, subject_kind, subject, person) VALUES (?, ?, ?, ?)";
const QUERY_HASH: &str = "INSERT INTO query_hashes (case_id, hash) VALUES (?, ?)";
const CONSULTATION: &str = "INSERT INTO consultations (subject_kind, subject, at, consultation) \
    VALUES (?, ?, ?, ?)";
const REFUSAL: &str = "INSERT INTO refusals (subject_kind, subject, at, refusal) \
    VALUES (?, ?, ?, ?)";
const EFFECT: &str = "INSERT INTO outbox (effect, at) VALUES (?, ?)";
/// There is one writer, so that the numbers of a platform follow each other.
const LINKED: &str = "INSERT INTO linked_outbox \
    (platform, seq, number, case_id, assignment, unit, change, at) \
    VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM linked_outbox WHERE platform = ?1), \
    ?2, ?3, ?4, ?5, ?6, ?7)";

const ASSESSMENT: &str = "INSERT INTO assessments (kind, name, division, at, record) \
    SELECT ?1, ?2, ?3, ?4, ?5 \
    WHERE NOT EXISTS (SELECT 1 FROM assessments WHERE kind = ?1 AND name = ?2)";

const NEW_MESSAGE: &str = "INSERT INTO messages (id, division, channel, number, digest, media, encoding, state, \
    case_id, reason, received_at, received_by, repeats, repeated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const SETTLED_MESSAGE: &str = "UPDATE messages SET state = ?2, case_id = ?3, reason = ?4, settled_at = ?5, settled_by = ?6, \
    number = coalesce(number, ?7) \
    WHERE id = ?1 AND state = 'unread'";
const MESSAGE_OF_CASE: &str = "UPDATE texts SET subject_kind = 'case', \
    subject = (SELECT case_id FROM messages WHERE id = ?1) \
    WHERE id = ?1 AND EXISTS (SELECT 1 FROM messages WHERE id = ?1 AND case_id IS NOT NULL)";
const REPEATED_MESSAGE: &str = "UPDATE messages SET repeats = repeats + 1, repeated_at = ?2 \
    WHERE id = ?1";

/// A list that follows from a subject's state: its rows are found by the subject, and told apart by their first columns.
struct List {
    found: &'static str,
    gone: &'static str,
    fresh: &'static str,
    key_columns: usize,
}

const UNITS: List = List {
    found: "SELECT case_id, unit, role FROM case_units WHERE ? = 'case' AND case_id = ?",
    gone: "DELETE FROM case_units WHERE case_id = ? AND unit = ? AND role = ?",
    fresh: "INSERT INTO case_units (case_id, unit, role) VALUES (?, ?, ?)",
    key_columns: 3,
};
const CLOCKS: List = List {
    found: "SELECT subject_kind, subject, clock, name, owner, due, state FROM clocks \
        WHERE subject_kind = ? AND subject = ?",
    gone: "DELETE FROM clocks WHERE subject_kind = ? AND subject = ? AND clock = ?",
    fresh: "INSERT INTO clocks (subject_kind, subject, clock, name, owner, due, state) \
        VALUES (?, ?, ?, ?, ?, ?, ?)",
    key_columns: 3,
};
const DESK: List = List {
    found: "SELECT subject_kind, subject, id, kind, division, role, code, since FROM desk \
        WHERE subject_kind = ? AND subject = ?",
    gone: "DELETE FROM desk WHERE subject_kind = ? AND subject = ? AND id = ? AND kind = ?",
    fresh: "INSERT INTO desk (subject_kind, subject, id, kind, division, role, code, since) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    key_columns: 4,
};

/// Why nothing was put.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command is refused, and has to be taken back.
    Refused(CommitError),
    /// SQLite failed.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Failure::Sqlite(error)
    }
}

/// Puts a commit's rows. The key comes first, so that a repeated request hears that it is repeated, whatever has
/// happened to its case since.
pub(super) fn put(connection: &Connection, rows: Rows) -> Result<(), Failure> {
    if let Some(answer) = rows.answer {
        insert(connection, ANSWER, answer).map_err(key_taken)?;
    }
    if let Some(message) = rows.message {
        put_message(connection, message)?;
    }
    if let Some(assessment) = rows.assessment {
        let mut fresh = connection.prepare_cached(ASSESSMENT)?;
        if fresh.execute(params_from_iter(assessment))? == 0 {
            return Err(Failure::Refused(CommitError::RecordTaken));
        }
    }
    for subject in &rows.subjects {
        hold(connection, &subject.subject, subject.expected)?;
    }
    for subject in rows.subjects {
        put_subject(connection, subject)?;
    }
    for (statement, rows) in [
        (TEXT, rows.texts),
        (PERSON, rows.persons),
        (QUERY_HASH, rows.query_hashes),
        (CONSULTATION, rows.consultations),
        (REFUSAL, rows.refusals),
        (EFFECT, rows.outbox),
        (LINKED, rows.linked),
    ] {
        for row in rows {
            insert(connection, statement, row)?;
        }
    }
    Ok(())
}

/// A message that is there already, or waits no more, refuses the command.
fn put_message(connection: &Connection, message: MessageRow) -> Result<(), Failure> {
    let taken = || Failure::Refused(CommitError::MessageTaken);
    match message {
        MessageRow::New(row) => {
            insert(connection, NEW_MESSAGE, row).map_err(|error| match is_constraint(&error) {
                true if error.to_string().contains("messages.") => taken(),
                _ => error.into(),
            })
        }
        MessageRow::Settled(row) => {
            let id = row.first().cloned();
            let mut settled = connection.prepare_cached(SETTLED_MESSAGE)?;
            match settled.execute(params_from_iter(row)) {
                Ok(0) => return Err(taken()),
                // Another one came in with its number meanwhile.
                Err(error) if is_constraint(&error) => return Err(taken()),
                written => written?,
            };
            let mut moved = connection.prepare_cached(MESSAGE_OF_CASE)?;
            moved.execute(params![id])?;
            Ok(())
        }
        MessageRow::Repeated(row) => Ok(insert(connection, REPEATED_MESSAGE, row)?),
    }
}

/// Nothing is put unless the subject still has this version.
fn hold(connection: &Connection, subject: &Subject, expected: u64) -> Result<(), Failure> {
    let (kind, id) = key(subject);
    let mut version = connection.prepare_cached(VERSION)?;
    let actual: i64 = version.query_row(params![kind, id], |row| row.get(0))?;
    if number(expected).is_ok_and(|expected| expected == actual) {
        return Ok(());
    }
    Err(Failure::Refused(CommitError::Conflict {
        subject: subject.clone(),
        expected,
        actual: actual.unsigned_abs(),
    }))
}

fn put_subject(connection: &Connection, rows: SubjectRows) -> Result<(), Failure> {
    for event in rows.events {
        insert(connection, EVENT, event)?;
    }
    let Some(stand) = rows.stand else {
        return Ok(());
    };
    let Stand {
        case,
        docket,
        units,
        clocks,
        desk,
        case_facts,
        unit_facts,
    } = stand;
    if let Some(case) = case {
        let mut same = connection.prepare_cached(SAME_CASE)?;
        if same.execute(params_from_iter(&case))? == 0 {
            insert(connection, CASE, case)?;
        }
    }
    if let Some(docket) = docket {
        insert(connection, DOCKET, docket)?;
    }
    for (statement, row) in [(CASE_FACTS, case_facts), (UNIT_FACTS, unit_facts)] {
        if let Some(row) = row {
            insert(connection, statement, row)?;
        }
    }
    for (list, wanted) in [(UNITS, units), (CLOCKS, clocks), (DESK, desk)] {
        list.put(connection, &rows.subject, wanted)?;
    }
    Ok(())
}

impl List {
    /// Puts a subject's rows as they are wanted; those that are right already aren't touched.
    fn put(&self, connection: &Connection, of: &Subject, wanted: Vec<Row>) -> Result<(), Failure> {
        let found = self.found(connection, of)?;
        for row in found.iter().filter(|row| !wanted.contains(row)) {
            let key = row.iter().take(self.key_columns);
            let mut gone = connection.prepare_cached(self.gone)?;
            gone.execute(params_from_iter(key))?;
        }
        for row in wanted.into_iter().filter(|row| !found.contains(row)) {
            insert(connection, self.fresh, row)?;
        }
        Ok(())
    }

    fn found(&self, connection: &Connection, of: &Subject) -> rusqlite::Result<Vec<Row>> {
        let (kind, id) = key(of);
        let mut found = connection.prepare_cached(self.found)?;
        let columns = found.column_count();
        let rows = found.query_map(params![kind, id], |row| {
            (0..columns).map(|column| row.get(column)).collect()
        })?;
        rows.collect()
    }
}

fn insert(connection: &Connection, statement: &str, row: Row) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(statement)?;
    statement.execute(params_from_iter::<Vec<Value>>(row))?;
    Ok(())
}

/// The only constraint that a key can break is that another command had it first.
fn key_taken(error: rusqlite::Error) -> Failure {
    match is_constraint(&error) {
        true if error.to_string().contains("answers.principal") => {
            Failure::Refused(CommitError::KeyTaken)
        }
        _ => error.into(),
    }
}

/// A broken constraint, or a trigger that refuses: the transaction stands, and only the statement was taken back.
pub(super) fn is_constraint(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}
