//! People, their words and what expires: the only rows that ever go.

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, PersonId, Subject, TextId};
use fengqiao_service::ports::store::{ANSWER_KEPT_DAYS, Person, StoreError};
use jiff::{SignedDuration, Timestamp};
use rusqlite::OptionalExtension as _;

use super::SqliteStore;
use super::error::{corrupt, plain, unavailable};
use super::rows::{from_json, key, millis, to_json};
use super::script::Script;
use super::writer::Task;

impl SqliteStore {
    pub(super) fn read_texts(
        &self,
        ids: &[TextId],
    ) -> Result<BTreeMap<TextId, String>, StoreError> {
        self.look_ups.look_up(|connection| {
            let mut text = connection.prepare_cached("SELECT words FROM texts WHERE id = ?")?;
            let mut found = BTreeMap::new();
            for id in ids {
                let words = text.query_row([id.as_str()], |row| row.get(0));
                if let Some(words) = words.optional()? {
                    found.insert(id.clone(), words);
                }
            }
            Ok(found)
        })
    }

    pub(super) async fn read_persons(
        &self,
        ids: &[PersonId],
    ) -> Result<BTreeMap<PersonId, Person>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, person FROM persons WHERE id IN (SELECT value FROM json_each(?))",
        )
        .bind(to_json(&ids)?)
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        persons(rows)
    }

    pub(super) async fn read_subject_texts(
        &self,
        subject: &Subject,
    ) -> Result<BTreeMap<TextId, String>, StoreError> {
        let (kind, name) = key(subject);
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, words FROM texts WHERE subject_kind = ? AND subject = ?")
                .bind(kind)
                .bind(name)
                .fetch_all(&self.readers)
                .await
                .map_err(unavailable)?;
        texts(rows)
    }

    pub(super) async fn read_subject_persons(
        &self,
        subject: &Subject,
    ) -> Result<BTreeMap<PersonId, Person>, StoreError> {
        let (kind, name) = key(subject);
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, person FROM persons WHERE subject_kind = ? AND subject = ?")
                .bind(kind)
                .bind(name)
                .fetch_all(&self.readers)
                .await
                .map_err(unavailable)?;
        persons(rows)
    }

    pub(super) async fn read_query_hash(
        &self,
        case: &CaseId,
    ) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("SELECT hash FROM query_hashes WHERE case_id = ?")
            .bind(case.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)
    }

    pub(super) async fn erase_rows(
        &self,
        persons: &[PersonId],
        texts: &[TextId],
    ) -> Result<u64, StoreError> {
        let mut script = Script::new();
        script
            .then(
                "DELETE FROM persons WHERE id IN (SELECT value FROM json_each(?))",
                [to_json(&persons)?.into()],
            )
            .then(
                "DELETE FROM texts WHERE id IN (SELECT value FROM json_each(?))",
                [to_json(&texts)?.into()],
            );
        self.write(Task::Erasure(script)).await.map_err(plain)
    }

    pub(super) async fn prune(&self, now: Timestamp) -> Result<u64, StoreError> {
        let kept = SignedDuration::from_hours(24 * i64::from(ANSWER_KEPT_DAYS));
        let oldest = now.saturating_sub(kept).map_err(corrupt)?;
        let mut script = Script::new();
        script.then("DELETE FROM answers WHERE at < ?", [millis(oldest).into()]);
        self.write(Task::Script(script)).await.map_err(plain)
    }
}

fn texts(rows: Vec<(String, String)>) -> Result<BTreeMap<TextId, String>, StoreError> {
    rows.into_iter()
        .map(|(id, words)| Ok((TextId::parse(&id).map_err(corrupt)?, words)))
        .collect()
}

fn persons(rows: Vec<(String, String)>) -> Result<BTreeMap<PersonId, Person>, StoreError> {
    rows.into_iter()
        .map(|(id, person)| Ok((PersonId::parse(&id).map_err(corrupt)?, from_json(&person)?)))
        .collect()
}
