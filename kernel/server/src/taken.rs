//! How it is worded what became of a channel's message: kept as an answer, and so without words and people.

use axum::http::StatusCode;
use axum::response::Response;
use fengqiao_core::actor::Role;
use fengqiao_core::ids::Subject;
use fengqiao_core::matter::Protection;
use fengqiao_reference::Reference;
use fengqiao_service::Taken;
use fengqiao_service::ports::store::{Alike, Message, MessageState};
use serde_json::{Value, json};

use crate::answers::{answer, unsealed};
use crate::policy;
use crate::principals::Principal;
use crate::secret::seal;

/// What to do about a message that waits.
const WAITS: &str = "来件已原样保存，由平台值班人员阅读后登记，不必重发";

/// Status and body. With a key, the query code is sealed: so it is kept.
pub(crate) fn said(
    taken: &Taken,
    reader: &Principal,
    reference: &Reference,
    key: Option<&str>,
) -> (StatusCode, Value) {
    match taken {
        Taken::Registered { outcome, alike } => {
            let Subject::Case(number) = &outcome.subject else {
                return (StatusCode::OK, Value::Null);
            };
            let code = outcome.query_code.as_deref().unwrap_or_default();
            let code = match key {
                Some(key) => seal(code, key, number.as_str()).unwrap_or_default(),
                None => code.to_owned(),
            };
            let body = json!({
                "outcome": "registered",
                "number": number,
                "query-code": code,
                "version": outcome.version,
                "alike": alike_rows(alike, reader, reference),
            });
            (StatusCode::CREATED, body)
        }
        Taken::Same(first) => (StatusCode::OK, same(first)),
        Taken::Unread(message) => {
            let body = json!({
                "outcome": "unread",
                "message": message.id,
                "reason": reason(&message.state),
                "next": WAITS,
            });
            (StatusCode::ACCEPTED, body)
        }
        Taken::Declined { code, text } => {
            let body = json!({ "outcome": "declined", "code": code, "text": text });
            (StatusCode::OK, body)
        }
        Taken::Again(before) => {
            let status = StatusCode::from_u16(before.status).unwrap_or(StatusCode::OK);
            let body = key.map_or_else(|| before.body.clone(), |key| unsealed(before, key));
            (status, serde_json::from_str(&body).unwrap_or_default())
        }
    }
}

/// The same as a response to the sender, who reads the query code in clear.
pub(crate) fn response(
    taken: &Taken,
    reader: &Principal,
    reference: &Reference,
    key: Option<&str>,
) -> Response {
    let key = key.filter(|_| matches!(taken, Taken::Again(_)));
    let (status, body) = said(taken, reader, reference, key);
    let version = match taken {
        Taken::Registered { outcome, .. } => Some(outcome.version),
        Taken::Again(before) => before.version,
        Taken::Same(_) | Taken::Unread(_) | Taken::Declined { .. } => None,
    };
    answer(status, body.to_string(), version)
}

/// The stable word for the count of what became of messages.
pub(crate) fn word(taken: &Taken) -> &'static str {
    match taken {
        Taken::Registered { .. } => "done",
        Taken::Same(_) => "same",
        Taken::Unread(_) => "unread",
        Taken::Declined { .. } => "declined",
        Taken::Again(_) => "repeated",
    }
}

fn same(first: &Message) -> Value {
    let (state, number) = match &first.state {
        MessageState::Registered(case) => ("registered", Some(case)),
        MessageState::Unread(_) => ("unread", None),
        MessageState::Dismissed(_) => ("dismissed", None),
    };
    json!({ "outcome": "same", "message": first.id, "state": state, "number": number })
}

/// A message in a list; what it says isn't here.
pub(crate) fn message_line(message: &Message) -> Value {
    let case = match &message.state {
        MessageState::Registered(case) => Some(case),
        MessageState::Unread(_) | MessageState::Dismissed(_) => None,
    };
    let state = match &message.state {
        MessageState::Registered(_) => "registered",
        MessageState::Unread(_) => "unread",
        MessageState::Dismissed(_) => "dismissed",
    };
    json!({
        "message": message.id,
        "division": message.sent.division,
        "channel": message.sent.channel,
        "external": message.sent.number,
        "digest": message.sent.digest,
        "media": message.media,
        "state": state,
        "reason": reason(&message.state),
        "number": case,
        "received-at": message.received_at,
        "repeats": message.repeats,
        "repeated-at": message.repeated_at,
        "settled-at": message.settled.as_ref().map(|(at, _)| at),
        "settled-by": message.settled.as_ref().map(|(_, by)| by),
    })
}

fn reason(state: &MessageState) -> Option<&str> {
    match state {
        MessageState::Registered(_) => None,
        MessageState::Unread(why) | MessageState::Dismissed(why) => Some(why.as_str()),
    }
}

/// Cases that may be the same, as far as the reader sees them whole: whoever handles one isn't told who else its
/// reporter is, and a channel, which speaks for a citizen, hears of none whose reporter is guarded.
pub(crate) fn alike_rows(alike: &[Alike], reader: &Principal, reference: &Reference) -> Vec<Value> {
    let knows = |alike: &&Alike| match reader.role {
        Role::Adapter => {
            alike.case.protection == Protection::Open
                && reader.division.contains(&alike.case.matter.place)
        }
        _ => policy::sees_whole(&alike.case, reader, reference),
    };
    let row = |alike: &Alike| {
        let case = &alike.case;
        json!({
            "number": case.id,
            "same-matter": alike.same_matter,
            "same-reporter": alike.same_reporter,
            "stage": case.stage.name().as_str(),
            "registered-at": case.registered_at,
        })
    };
    alike.iter().filter(knows).map(row).collect()
}
