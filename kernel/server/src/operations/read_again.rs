//! Messages that wait are read again once their adapter was mended: one of them, or all of a channel.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::post;
use fengqiao_core::ids::DivisionCode;
use fengqiao_service::ports::store::{Message, MessageFilter, Store as _};
use fengqiao_service::{RequestKey, Taken};
use serde::Deserialize;
use serde_json::{Value, json};

use super::messages::find;
use super::receive::channel_code;
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Key, Name, Params, Sender, receive_any, request_key};
use crate::limits::MAX_BATCH_ROWS;
use crate::operation::{Group, Operation};
use crate::pages::{next, page};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::{Anything, Rows, TakenSchema};
use crate::secret::sha256;
use crate::taken;

pub(super) fn operations() -> Vec<Operation> {
    let group = Group::Channels;
    let one = Operation::write::<Anything, TakenSchema>(
        group,
        Method::POST,
        "/v1/messages/{id}/reading",
        "read-message-again",
        "重新读取一件来件",
        || post(read_one),
    )
    .note("插件修好后用：按首次接收的同样办法读取并登记。仍读不了的照旧等人登记（outcome 为 unread）；插件说不属本平台接收的，也留给人定。已登记或退回的，答复它的现状（same）。");
    let all = Operation::write::<Anything, Rows>(
        group,
        Method::POST,
        "/v1/channels/{channel}/readings",
        "read-channel-again",
        "重新读取一个渠道全部未读来件",
        || post(read_all),
    )
    .note(
        "每件各有结果，同“重新读取一件来件”。一次最多 200 件，next 不为空就还有：带上 after 再发。",
    )
    .with("division", "区划代码；不写即为本人的区划")
    .with("after", "上一页的 next")
    .slow();
    let plain = |operation| Operation {
        request: None,
        ..operation
    };
    vec![plain(one), plain(all)]
}

async fn read_one(
    State(app): State<Shared>,
    sender: Sender,
    Name(id): Name,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let message = find(&app, &sender, &id).await?;
    let (received, _) = receive_any(request).await?;
    let clear = key.required()?;
    let key = request_key(sender.key_owner(), &clear, &received.digest);
    let taken = again(&app, &sender, &message, key, &clear).await?;
    let (principal, reference) = (sender.official()?, app.kernel.reference());
    Ok(taken::response(&taken, principal, &reference, Some(&clear)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    division: Option<DivisionCode>,
    after: Option<String>,
}

async fn read_all(
    State(app): State<Shared>,
    sender: Sender,
    Name(channel): Name,
    Params(query): Params<Query>,
    key: Key,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let division = query.division.unwrap_or_else(|| principal.division.clone());
    policy::check_division(&division, principal)?;
    let key = key.required()?;
    let filter = MessageFilter {
        division: Some(division),
        channel: Some(channel_code(&channel)?),
        state: Some("unread".to_owned()),
        case: None,
    };
    let page = page(query.after, u32::try_from(MAX_BATCH_ROWS).ok());
    let waiting = app.kernel.store().messages(&filter, &page).await?;
    let reference = app.kernel.reference();
    let mut rows = Vec::with_capacity(waiting.len());
    for kept in &waiting {
        let id = kept.record.id.as_str();
        // Each message is a request of its own, so that all may be asked for again after any interruption.
        let clear = format!("{key}#{id}");
        let own = request_key(sender.key_owner(), &clear, &sha256(&[id.as_bytes()]));
        let mut said = match again(&app, &sender, &kept.record, own, &clear).await {
            Ok(taken) => {
                let opened = matches!(taken, Taken::Again(_)).then_some(clear.as_str());
                taken::said(&taken, principal, &reference, opened).1
            }
            Err(problem) => failed(&problem),
        };
        if let Some(object) = said.as_object_mut() {
            object.insert("message".to_owned(), id.into());
        }
        rows.push(said);
    }
    let last = waiting.last().map(|kept| kept.cursor.as_str());
    let next = next(&page, waiting.len(), last);
    Ok(ok(&json!({ "rows": rows, "next": next })))
}

async fn again(
    app: &Shared,
    sender: &Sender,
    message: &Message,
    key: RequestKey,
    clear: &str,
) -> Result<Taken, Problem> {
    let (principal, reference) = (sender.official()?, app.kernel.reference());
    let wording = |taken: &Taken| {
        let (status, body) = taken::said(taken, principal, &reference, Some(clear));
        (status.as_u16(), body.to_string())
    };
    let by = sender.actor();
    let tried = app.kernel.read_again(message, &by, key, &wording).await;
    let tried = tried.map_err(Problem::from);
    let outcome = match &tried {
        Ok(taken) => taken::word(taken),
        Err(problem) => problem.code(),
    };
    app.metrics.command("read-again", outcome);
    tried
}

fn failed(problem: &Problem) -> Value {
    let mut body = problem.body();
    let text = body.get_mut("detail").map(Value::take).unwrap_or_default();
    json!({ "outcome": "failed", "code": problem.code(), "text": text })
}
