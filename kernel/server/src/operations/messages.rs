//! `/v1/messages`: what channels sent, and what the hub does with a message that no adapter could read.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_core::command::Registration;
use fengqiao_core::ids::{CaseId, Code, DivisionCode};
use fengqiao_service::ports::store::{Message, MessageFilter, MessageState, Person, Store as _};
use fengqiao_service::{Mode, Receipt, ReceiveError};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::command_case::{DryRun, counted};
use super::register_case::numbered;
use crate::answers::{self, Reader, answer, ok};
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Params, Sender, request_key};
use crate::once::once;
use crate::operation::{Group, Operation};
use crate::pages::{next, page};
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;
use crate::schemas::{Anything, PersonSchema, Registered, Rows};
use crate::taken::message_line;

pub(super) fn operations() -> Vec<Operation> {
    let group = Group::Channels;
    vec![
        Operation::read::<Rows>(
            group,
            "/v1/messages",
            "list-messages",
            "来件一览",
            || get(list),
        )
        .note("每件来件一行，重发只计次数（repeats）。state=unread 是读不了、等人登记的。")
        .with("state", "registered、unread 或 dismissed")
        .with("channel", "渠道代码")
        .with("number", "登记成的案件编号")
        .with("division", "区划代码；不写即为本人的区划")
        .with("after", "上一页的 next")
        .with("limit", "行数，最多 200"),
        Operation::read::<Anything>(
            group,
            "/v1/messages/{id}",
            "read-message",
            "来件及其原文",
            || get(read),
        )
        .note("原文只在等人登记期间，以及人工登记之后保存；不是 UTF-8 的给出十六进制（hex）。"),
        Operation::write::<Registration<String, PersonSchema>, Registered>(
            group,
            Method::POST,
            "/v1/messages/{id}/registration",
            "register-message",
            "人工登记一件来件",
            || post(register),
        )
        .note("渠道按来件记，首次发现时间为来件时间。")
        .with("dry_run", "true 时只试算，不登记")
        .created(),
        Operation::write::<Dismissal, Anything>(
            group,
            Method::POST,
            "/v1/messages/{id}/dismissal",
            "dismiss-message",
            "退回一件来件：不是诉求",
            || post(dismiss),
        )
        .note("原文随即删除，来过这一件的记录保留。"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    state: Option<Became>,
    channel: Option<Code>,
    number: Option<CaseId>,
    division: Option<DivisionCode>,
    after: Option<String>,
    limit: Option<u32>,
}

/// What became of a message, as a filter.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Became {
    Registered,
    Unread,
    Dismissed,
}

/// Why a message is nothing to register.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Dismissal {
    /// The ground as a word of the codebook, such as `advert` or `test`.
    ground: Code,
}

async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let division = query.division.unwrap_or_else(|| principal.division.clone());
    policy::check_division(&division, principal)?;
    let state = query.state.map(|state| match state {
        Became::Registered => "registered",
        Became::Unread => "unread",
        Became::Dismissed => "dismissed",
    });
    let filter = MessageFilter {
        division: Some(division),
        channel: query.channel,
        state: state.map(str::to_owned),
        case: query.number,
    };
    let page = page(query.after, query.limit);
    let rows = app.kernel.store().messages(&filter, &page).await?;
    let last = rows.last().map(|kept| kept.cursor.as_str());
    let next = next(&page, rows.len(), last);
    let mut lines: Vec<Value> = Vec::new();
    for kept in &rows {
        if may_know(&app, &kept.record, principal).await? {
            lines.push(message_line(&kept.record));
        }
    }
    let rows = lines;
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

async fn read(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
) -> Result<Response, Problem> {
    let message = find(&app, &sender, &id).await?;
    let bytes = app.kernel.bytes_of(&message).await?;
    let mut line = message_line(&message);
    if let (Some(object), Some(bytes)) = (line.as_object_mut(), bytes) {
        match String::from_utf8(bytes) {
            Ok(text) => object.insert("text".to_owned(), text.into()),
            Err(error) => object.insert("hex".to_owned(), hex::encode(error.as_bytes()).into()),
        };
    }
    Ok(ok(&line))
}

async fn register(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    Params(dry): Params<DryRun>,
    key: Key,
    Document {
        value: registration,
        digest,
    }: Document<Registration<String, Person>>,
) -> Result<Response, Problem> {
    policy::check_command("register", sender.official()?)?;
    let message = find(&app, &sender, &id).await?;
    let mode = dry.mode();
    let clear = match mode {
        Mode::DryRun => None,
        Mode::Commit => Some(key.required()?),
    };
    let key = clear
        .as_deref()
        .map(|key| request_key(sender.key_owner(), key, &digest));
    let answered = match &key {
        Some(key) => app.kernel.answered(key).await?.is_some(),
        None => false,
    };
    if !answered {
        check_unread(&message)?;
    }
    let set = app.kernel.rules_at(&registration.matter.place).await?;
    let reader = Reader::of(&sender, app.kernel.reference());
    let wording = |outcome: &fengqiao_service::Outcome| {
        let body = answers::registered(outcome, &reader, &set.rules, clear.as_deref());
        (StatusCode::CREATED.as_u16(), body.to_string())
    };
    let submitted = numbered(|| {
        let (registration, key) = (registration.clone(), key.clone());
        app.kernel
            .register_message(&message, registration, sender.actor(), key, mode, &wording)
    })
    .await;
    match counted(&app, "register", mode, submitted)? {
        Receipt::Done(outcome) if mode == Mode::DryRun => Ok(ok(&answers::permitted(&outcome))),
        Receipt::Done(outcome) => {
            let body = answers::registered(&outcome, &reader, &set.rules, None).to_string();
            Ok(answer(StatusCode::CREATED, body, Some(outcome.version)))
        }
        Receipt::Again(before) => {
            let body = answers::unsealed(&before, clear.as_deref().unwrap_or_default());
            Ok(answer(StatusCode::CREATED, body, before.version))
        }
    }
}

async fn dismiss(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    key: Key,
    Document {
        value: Dismissal { ground },
        digest,
    }: Document<Dismissal>,
) -> Result<Response, Problem> {
    let message = find(&app, &sender, &id).await?;
    once(&app, &sender, key, &digest, async {
        // Whoever repeats it after an interruption has the words erased all the same.
        if !matches!(message.state, MessageState::Dismissed(_)) {
            check_unread(&message)?;
        }
        let by = sender.actor();
        app.kernel.dismiss_message(&message, ground, by).await?;
        let body = json!({ "message": message.id, "state": "dismissed" });
        Ok((StatusCode::OK, body))
    })
    .await
}

/// Whether a message is the principal's to know of: one that became a case is no other's than the case.
async fn may_know(app: &Shared, message: &Message, principal: &Principal) -> Result<bool, Problem> {
    let MessageState::Registered(id) = &message.state else {
        return Ok(true);
    };
    let case = app.kernel.store().case(id).await?;
    let reference = app.kernel.reference();
    Ok(case.is_some_and(|case| policy::sees_whole(&case, principal, &reference)))
}

/// The message, if it came by a channel of the principal's division and isn't about what they may not know of.
pub(super) async fn find(app: &Shared, sender: &Sender, id: &str) -> Result<Message, Problem> {
    let principal = sender.official()?;
    let unknown = || Problem::no_such("message", id);
    let id = id.parse().map_err(|_| unknown())?;
    let message = app.kernel.store().message(&id).await?.ok_or_else(unknown)?;
    policy::check_division(&message.sent.division, principal)?;
    match may_know(app, &message, principal).await? {
        true => Ok(message),
        false => Err(Problem::no_such("message", message.id.as_str())),
    }
}

fn check_unread(message: &Message) -> Result<(), Problem> {
    match message.state {
        MessageState::Unread(_) => Ok(()),
        MessageState::Registered(_) | MessageState::Dismissed(_) => {
            Err(ReceiveError::Settled(message.id.clone()).into())
        }
    }
}
