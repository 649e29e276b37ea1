//! What channels sent: each message once, and what may be about the same as another matter.

use std::collections::BTreeMap;

use fengqiao_core::case::Case;
use fengqiao_core::ids::{CaseId, Code, Digest, DivisionCode, TextId};
use fengqiao_core::matter::PartyRole;
use fengqiao_service::ports::store::{
    Alike, Kept, Likeness, Message, MessageFilter, MessageState, MessageWrite, Page, Sent,
    StoreError,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow as _, QueryBuilder, Sqlite};

use super::SqliteStore;
use super::error::{corrupt, unavailable};
use super::lists::{inside, limit, split};
use super::rows::{Row, from_json, millis, number, optional, text, time, to_json, word};

const COLUMNS: &str = "SELECT id, division, channel, number, digest, media, encoding, state, case_id, reason, \
    received_at, received_by, repeats, repeated_at, settled_at, settled_by FROM messages WHERE ";

/// What a commit does to a message, as rows.
#[derive(Debug)]
pub(super) enum MessageRow {
    /// All columns.
    New(Row),
    /// Number, state, case, reason, time, person, the sender's number.
    Settled(Row),
    /// Number, time.
    Repeated(Row),
}

/// The row of what becomes of a message.
pub(super) fn message_row(write: &MessageWrite) -> Result<MessageRow, StoreError> {
    Ok(match write {
        MessageWrite::New(message) => MessageRow::New(new_row(message)?),
        MessageWrite::Settled {
            id,
            number,
            state,
            at,
            by,
        } => {
            let mut row = vec![text(id.as_str())];
            row.extend(state_columns(state));
            row.extend([
                millis(*at).into(),
                to_json(by)?.into(),
                optional(number.as_ref().map(Code::as_str)),
            ]);
            MessageRow::Settled(row)
        }
        MessageWrite::Repeated { id, at } => {
            MessageRow::Repeated(vec![text(id.as_str()), millis(*at).into()])
        }
    })
}

fn new_row(message: &Message) -> Result<Row, StoreError> {
    let sent = &message.sent;
    let mut row = vec![
        text(message.id.as_str()),
        text(sent.division.as_str()),
        text(sent.channel.as_str()),
        optional(sent.number.as_ref().map(Code::as_str)),
        text(sent.digest.as_str()),
        text(message.media.as_str()),
        word(&message.encoding)?.into(),
    ];
    row.extend(state_columns(&message.state));
    row.extend([
        millis(message.received_at).into(),
        to_json(&message.received_by)?.into(),
        number(message.repeats)?.into(),
        message.repeated_at.map(millis).into(),
    ]);
    Ok(row)
}

/// State, case, reason.
fn state_columns(state: &MessageState) -> Row {
    let none = || optional(None::<String>);
    match state {
        MessageState::Registered(case) => vec![text("registered"), text(case.as_str()), none()],
        MessageState::Unread(why) => vec![text("unread"), none(), text(why.as_str())],
        MessageState::Dismissed(why) => vec![text("dismissed"), none(), text(why.as_str())],
    }
}

/// The messages of a division's channel, and further.
fn sent_by(sent: &Sent) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push("division = ")
        .push_bind(sent.division.as_str().to_owned())
        .push(" AND channel = ")
        .push_bind(sent.channel.as_str().to_owned())
        .push(" AND ");
    sql
}

impl SqliteStore {
    pub(super) async fn find_same_message(
        &self,
        sent: &Sent,
    ) -> Result<Option<Message>, StoreError> {
        let mut sql = sent_by(sent);
        sql.push("digest = ")
            .push_bind(sent.digest.as_str().to_owned());
        self.one_message(sql).await
    }

    pub(super) async fn find_numbered_message(
        &self,
        sent: &Sent,
    ) -> Result<Option<Message>, StoreError> {
        let Some(number) = &sent.number else {
            return Ok(None);
        };
        let mut sql = sent_by(sent);
        sql.push("number = ").push_bind(number.as_str().to_owned());
        self.one_message(sql).await
    }

    pub(super) async fn read_message(&self, id: &TextId) -> Result<Option<Message>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new(COLUMNS);
        sql.push("id = ").push_bind(id.as_str().to_owned());
        self.one_message(sql).await
    }

    async fn one_message(
        &self,
        mut sql: QueryBuilder<Sqlite>,
    ) -> Result<Option<Message>, StoreError> {
        let row = sql.build().fetch_optional(&self.readers).await;
        row.map_err(unavailable)?.as_ref().map(message).transpose()
    }

    pub(super) async fn list_messages(
        &self,
        filter: &MessageFilter,
        page: &Page,
    ) -> Result<Vec<Kept<Message>>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new(COLUMNS);
        sql.push("1");
        if let Some(division) = &filter.division {
            inside(&mut sql, " AND division", division.prefix());
        }
        if let Some(channel) = &filter.channel {
            sql.push(" AND channel = ")
                .push_bind(channel.as_str().to_owned());
        }
        if let Some(state) = &filter.state {
            sql.push(" AND state = ").push_bind(state.clone());
        }
        if let Some(case) = &filter.case {
            sql.push(" AND case_id = ")
                .push_bind(case.as_str().to_owned());
        }
        if let Some(cursor) = &page.after {
            let (at, id) = split(cursor)?;
            sql.push(" AND (received_at, id) < (")
                .push_bind(at)
                .push(", ")
                .push_bind(id.to_owned())
                .push(")");
        }
        sql.push(" ORDER BY received_at DESC, id DESC LIMIT ")
            .push_bind(limit(page));
        let rows = sql.build().fetch_all(&self.readers).await;
        let kept = |row: &SqliteRow| {
            let record = message(row)?;
            let at = millis(record.received_at);
            Ok(Kept {
                cursor: format!("{at}.{}", record.id),
                record,
            })
        };
        rows.map_err(unavailable)?.iter().map(kept).collect()
    }

    pub(super) async fn list_alike(
        &self,
        likeness: &Likeness,
        most: u32,
    ) -> Result<Vec<Alike>, StoreError> {
        let mut found: BTreeMap<CaseId, Alike> = BTreeMap::new();
        let mut add = |case: Case, same_matter: bool| {
            if likeness.except.as_ref() == Some(&case.id) {
                return;
            }
            let alike = found.entry(case.id.clone()).or_insert(Alike {
                case,
                same_matter: false,
                same_reporter: false,
            });
            alike.same_matter |= same_matter;
            alike.same_reporter |= !same_matter;
        };
        // One more, because the case itself may be among them.
        let rows = most.saturating_add(1);
        if let Some((place, category, since)) = &likeness.matter {
            let mut sql = QueryBuilder::<Sqlite>::new(
                "SELECT state FROM cases WHERE stage <> 'ended' AND place = ",
            );
            sql.push_bind(place.as_str().to_owned())
                .push(" AND category = ")
                .push_bind(category.as_str().to_owned())
                .push(" AND registered_at >= ")
                .push_bind(millis(*since))
                .push(" ORDER BY registered_at DESC, id DESC LIMIT ")
                .push_bind(rows);
            for case in self.cases_of(sql).await? {
                add(case, true);
            }
        }
        if let Some((phones, since)) = &likeness.reporters {
            for phone in phones {
                for case in self.reported_by(phone, millis(*since), rows).await? {
                    add(case, false);
                }
            }
        }
        let mut alike: Vec<Alike> = found.into_values().collect();
        alike.sort_by(|a, b| {
            let key = |alike: &Alike| (alike.case.registered_at, alike.case.id.clone());
            key(b).cmp(&key(a))
        });
        alike.truncate(most as usize);
        Ok(alike)
    }

    /// Whoever else has this telephone in a case, as its other side for instance, didn't report it.
    async fn reported_by(
        &self,
        phone: &str,
        since: i64,
        rows: u32,
    ) -> Result<Vec<Case>, StoreError> {
        let mut persons = QueryBuilder::<Sqlite>::new(
            "SELECT id FROM persons WHERE json_extract(person, '$.phone') = ",
        );
        persons.push_bind(phone.to_owned());
        let persons: Vec<String> = persons
            .build_query_scalar()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT state FROM cases WHERE stage <> 'ended' AND registered_at >= ",
        );
        sql.push_bind(since)
            .push(" AND id IN (SELECT subject FROM persons WHERE subject_kind = 'case' AND json_extract(person, '$.phone') = ")
            .push_bind(phone.to_owned())
            .push(") ORDER BY registered_at DESC, id DESC LIMIT ")
            .push_bind(rows);
        let mut cases = self.cases_of(sql).await?;
        cases.retain(|case| {
            case.parties.iter().any(|party| {
                matches!(party.role, PartyRole::Reporter | PartyRole::Representative)
                    && party
                        .person
                        .as_ref()
                        .is_some_and(|own| persons.iter().any(|id| id == own.id.as_str()))
            })
        });
        Ok(cases)
    }

    async fn cases_of(&self, mut sql: QueryBuilder<Sqlite>) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<String> = sql
            .build_query_scalar()
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.iter().map(|state| from_json(state)).collect()
    }
}

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    division: String,
    channel: String,
    number: Option<String>,
    digest: String,
    media: String,
    encoding: String,
    state: String,
    case_id: Option<String>,
    reason: Option<String>,
    received_at: i64,
    received_by: String,
    repeats: i64,
    repeated_at: Option<i64>,
    settled_at: Option<i64>,
    settled_by: Option<String>,
}

fn message(row: &SqliteRow) -> Result<Message, StoreError> {
    let columns = Columns::from_row(row).map_err(corrupt)?;
    let id = TextId::parse(&columns.id).map_err(corrupt)?;
    let why = columns.reason.as_deref().map(Code::parse).transpose();
    let why = why.map_err(corrupt)?;
    let case = columns.case_id.as_deref().map(CaseId::parse).transpose();
    let state = match (columns.state.as_str(), case.map_err(corrupt)?, why) {
        ("registered", Some(case), _) => MessageState::Registered(case),
        ("unread", _, Some(why)) => MessageState::Unread(why),
        ("dismissed", _, Some(why)) => MessageState::Dismissed(why),
        (state, ..) => return Err(corrupt(format!("来件 {id} 的状态 {state} 不完整"))),
    };
    let number = columns.number.as_deref().map(Code::parse).transpose();
    let settled = match (columns.settled_at, columns.settled_by) {
        (Some(at), Some(by)) => Some((time(at)?, from_json(&by)?)),
        _ => None,
    };
    Ok(Message {
        id,
        sent: Sent {
            division: DivisionCode::parse(&columns.division).map_err(corrupt)?,
            channel: Code::parse(&columns.channel).map_err(corrupt)?,
            number: number.map_err(corrupt)?,
            digest: Digest::parse(&columns.digest).map_err(corrupt)?,
        },
        media: columns.media,
        encoding: from_json(&format!("\"{}\"", columns.encoding))?,
        state,
        received_at: time(columns.received_at)?,
        received_by: from_json(&columns.received_by)?,
        repeats: columns.repeats.unsigned_abs(),
        repeated_at: columns.repeated_at.map(time).transpose()?,
        settled,
    })
}
