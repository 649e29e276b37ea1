//! Linked platforms: what goes out, what they said, and which numbers they have open.

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, Code, Digest, Seq, UnitId};
use fengqiao_service::ports::store::{
    Commit, Kept, LinkedOrder, LinkedOutcome, LinkedRow, LinkedStand, LinkedStatus, OpenList, Page,
    StoreError,
};
use jiff::Timestamp;
use sqlx::{QueryBuilder, Sqlite};

use super::SqliteStore;
use super::error::{corrupt, plain, unavailable};
use super::lists::limit;
use super::rows::{Row, from_json, millis, number, optional, text, time, to_json, word};
use super::script::Script;
use super::writer::Task;

const STATUS: &str = "SELECT seq, id, digest, number, theirs, state, outcome, refusal, at \
    FROM linked_statuses WHERE platform = ";

/// What a commit tells linked platforms, as rows without their numbers.
pub(super) fn linked_rows(commit: &Commit) -> Result<Vec<Row>, StoreError> {
    let row = |(order, change): &(LinkedOrder, _)| {
        let at = commit
            .at
            .ok_or_else(|| corrupt("有发往链接平台的内容却没有时间，未写入"))?;
        Ok(vec![
            text(order.platform.as_str()),
            text(order.number.as_str()),
            text(order.case.as_str()),
            i64::from(order.assignment).into(),
            text(order.unit.as_str()),
            word(change)?.into(),
            millis(at).into(),
        ])
    };
    commit.linked.iter().map(row).collect()
}

type Sent = (i64, String, String, Seq, String, String, i64, Option<i64>);
type Stand = (String, String, Seq, String, i64, Option<i64>);
type Said = (
    i64,
    String,
    String,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    i64,
);

impl SqliteStore {
    pub(super) async fn read_linked_outbox(
        &self,
        platform: &Code,
        after: u64,
        limit: u32,
    ) -> Result<Vec<LinkedRow>, StoreError> {
        let rows: Vec<Sent> = sqlx::query_as(
            "SELECT seq, number, case_id, assignment, unit, change, at, acknowledged_at \
             FROM linked_outbox WHERE platform = ? AND seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(platform.as_str())
        .bind(number(after)?)
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        let read = |(seq, number, case, assignment, unit, change, at, acknowledged): Sent| {
            Ok(LinkedRow {
                seq: seq.unsigned_abs(),
                order: order(platform, &number, &case, assignment, &unit)?,
                change: from_json(&format!("\"{change}\""))?,
                at: time(at)?,
                acknowledged_at: acknowledged.map(time).transpose()?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    pub(super) async fn write_linked_acknowledged(
        &self,
        platform: &Code,
        through: u64,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut script = Script::new();
        script.then(
            "UPDATE linked_outbox SET acknowledged_at = ?3 \
             WHERE platform = ?1 AND seq <= ?2 AND acknowledged_at IS NULL",
            [
                text(platform.as_str()),
                number(through)?.into(),
                millis(at).into(),
            ],
        );
        self.write(Task::Script(script)).await.map_err(plain)
    }

    pub(super) async fn read_linked_order(
        &self,
        platform: &Code,
        number: &Code,
    ) -> Result<Option<LinkedOrder>, StoreError> {
        let row: Option<(String, Seq, String)> = sqlx::query_as(
            "SELECT case_id, assignment, unit FROM linked_outbox \
             WHERE platform = ? AND number = ? ORDER BY seq LIMIT 1",
        )
        .bind(platform.as_str())
        .bind(number.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(unavailable)?;
        row.map(|(case, assignment, unit)| {
            order(platform, number.as_str(), &case, assignment, &unit)
        })
        .transpose()
    }

    pub(super) async fn read_linked_status(
        &self,
        platform: &Code,
        id: &Code,
    ) -> Result<Option<LinkedStatus>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new(STATUS);
        sql.push_bind(platform.as_str().to_owned())
            .push(" AND id = ")
            .push_bind(id.as_str().to_owned());
        let found = self.statuses(sql, platform).await?.pop();
        Ok(found.map(|kept| kept.record))
    }

    pub(super) async fn write_linked_status(&self, said: &LinkedStatus) -> Result<(), StoreError> {
        let mut script = Script::new();
        script.then(
            "INSERT INTO linked_statuses \
             (platform, id, digest, number, theirs, state, outcome, refusal, at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                text(said.platform.as_str()),
                text(said.id.as_str()),
                text(said.digest.as_str()),
                text(said.number.as_str()),
                optional(said.theirs.as_ref().map(Code::as_str)),
                word(&said.state)?.into(),
                word(&said.outcome)?.into(),
                optional(said.refusal.as_ref().map(Code::as_str)),
                millis(said.at).into(),
            ],
        );
        self.write(Task::Script(script)).await.map_err(plain)?;
        Ok(())
    }

    pub(super) async fn list_linked_stands(
        &self,
        platform: &Code,
        page: &Page,
    ) -> Result<Vec<LinkedStand>, StoreError> {
        let rows: Vec<Stand> = sqlx::query_as(
            "SELECT number, case_id, assignment, unit, max(at), \
             min(CASE WHEN acknowledged_at IS NULL THEN at END) FROM linked_outbox \
             WHERE platform = ? AND number > ? GROUP BY number ORDER BY number LIMIT ?",
        )
        .bind(platform.as_str())
        .bind(page.after.as_deref().unwrap_or_default())
        .bind(limit(page))
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        let numbers: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        let mut said = self.said_about(platform, &numbers).await?;
        let stand = |(number, case, assignment, unit, sent, waiting): Stand| {
            let said = said.remove(&number).unwrap_or_default();
            Ok(LinkedStand {
                order: order(platform, &number, &case, assignment, &unit)?,
                sent_at: time(sent)?,
                unacknowledged_since: waiting.map(time).transpose()?,
                is_worked_on: said.iter().any(|said| said.outcome == LinkedOutcome::Done),
                last: said.into_iter().next_back(),
            })
        };
        rows.into_iter().map(stand).collect()
    }

    /// All that was said about these numbers, oldest first.
    async fn said_about(
        &self,
        platform: &Code,
        numbers: &[&str],
    ) -> Result<BTreeMap<String, Vec<LinkedStatus>>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new(STATUS);
        sql.push_bind(platform.as_str().to_owned())
            .push(" AND number IN (SELECT value FROM json_each(")
            .push_bind(to_json(&numbers)?)
            .push(")) ORDER BY seq");
        let mut about: BTreeMap<String, Vec<LinkedStatus>> = BTreeMap::new();
        for Kept { record, .. } in self.statuses(sql, platform).await? {
            let own = about.entry(record.number.as_str().to_owned());
            own.or_default().push(record);
        }
        Ok(about)
    }

    pub(super) async fn list_linked_unknown(
        &self,
        platform: &Code,
        page: &Page,
    ) -> Result<Vec<Kept<LinkedStatus>>, StoreError> {
        let after = page.after.as_deref().unwrap_or("0");
        let after: i64 = after
            .parse()
            .map_err(|_| StoreError::Cursor(after.to_owned()))?;
        let mut sql = QueryBuilder::<Sqlite>::new(STATUS);
        sql.push_bind(platform.as_str().to_owned())
            .push(" AND outcome = 'unknown' AND seq > ")
            .push_bind(after)
            .push(" ORDER BY seq LIMIT ")
            .push_bind(limit(page));
        self.statuses(sql, platform).await
    }

    async fn statuses(
        &self,
        mut sql: QueryBuilder<Sqlite>,
        platform: &Code,
    ) -> Result<Vec<Kept<LinkedStatus>>, StoreError> {
        let rows: Vec<Said> = sql
            .build_query_as()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        let read = |row: Said| {
            let (seq, id, digest, number, theirs, state, outcome, refusal, at) = row;
            let record = LinkedStatus {
                platform: platform.clone(),
                id: code(&id)?,
                digest: Digest::parse(&digest).map_err(corrupt)?,
                number: code(&number)?,
                theirs: theirs.as_deref().map(code).transpose()?,
                state: from_json(&format!("\"{state}\""))?,
                outcome: from_json(&format!("\"{outcome}\""))?,
                refusal: refusal.as_deref().map(code).transpose()?,
                at: time(at)?,
            };
            let cursor = seq.to_string();
            Ok(Kept { cursor, record })
        };
        rows.into_iter().map(read).collect()
    }

    pub(super) async fn read_linked_open(
        &self,
        platform: &Code,
    ) -> Result<Option<OpenList>, StoreError> {
        let row: Option<(i64, String)> =
            sqlx::query_as("SELECT at, numbers FROM linked_open WHERE platform = ?")
                .bind(platform.as_str())
                .fetch_optional(&self.readers)
                .await
                .map_err(unavailable)?;
        row.map(|(at, numbers)| {
            Ok(OpenList {
                at: time(at)?,
                numbers: from_json(&numbers)?,
            })
        })
        .transpose()
    }

    pub(super) async fn write_linked_open(
        &self,
        platform: &Code,
        list: &OpenList,
    ) -> Result<(), StoreError> {
        let mut script = Script::new();
        script.then(
            "INSERT INTO linked_open (platform, at, numbers) VALUES (?, ?, ?) \
             ON CONFLICT (platform) DO UPDATE SET at = excluded.at, numbers = excluded.numbers",
            [
                text(platform.as_str()),
                millis(list.at).into(),
                to_json(&list.numbers)?.into(),
            ],
        );
        self.write(Task::Script(script)).await.map_err(plain)?;
        Ok(())
    }
}

fn order(
    platform: &Code,
    number: &str,
    case: &str,
    assignment: Seq,
    unit: &str,
) -> Result<LinkedOrder, StoreError> {
    Ok(LinkedOrder {
        platform: platform.clone(),
        number: code(number)?,
        case: CaseId::parse(case).map_err(corrupt)?,
        assignment,
        unit: UnitId::parse(unit).map_err(corrupt)?,
    })
}

fn code(text: &str) -> Result<Code, StoreError> {
    Code::parse(text).map_err(corrupt)
}
