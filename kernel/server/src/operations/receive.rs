//! `POST /v1/channels/{channel}/messages`: a message as its sender sends it.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::post;
use fengqiao_core::ids::{Code, DivisionCode};
use fengqiao_service::{Incoming, Mode, Taken};
use serde::Deserialize;

use crate::app::Shared;
use crate::extract::{Key, Name, Params, Sender, receive_any, request_key};
use crate::operation::{Body, Group, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::{Anything, TakenSchema};
use crate::taken;

pub(super) fn operation() -> Operation {
    Operation::write::<Anything, TakenSchema>(
        Group::Channels,
        Method::POST,
        "/v1/channels/{channel}/messages",
        "receive-message",
        "接收一件原始来件",
        || post(receive),
    )
    .takes(Body::of("application/octet-stream"))
    .note("正文原样发送（XML、JSON、文本等，最多 1 MiB），由该渠道绑定的插件读取并登记。同一来件重发，答复首次登记的编号（outcome 为 same）；插件读不了的来件不会丢失，留待人工登记（202，outcome 为 unread）；不属本平台接收的，说明理由（outcome 为 declined）。alike 列出可能相同的案件，仅供并案参考。")
    .with("division", "渠道所属区划；不写即为本人的区划")
    .with("number", "来件在发送方系统中的编号，发送方另行给出时填写")
    .with("dry_run", "true 时只试读、试登记，不写入；此时不需要 Idempotency-Key")
    .created()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    division: Option<DivisionCode>,
    number: Option<Code>,
    #[serde(default)]
    dry_run: bool,
}

async fn receive(
    State(app): State<Shared>,
    sender: Sender,
    Name(channel): Name,
    Params(query): Params<Query>,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let division = query.division.unwrap_or_else(|| principal.division.clone());
    policy::check_division(&division, principal)?;
    let (received, media) = receive_any(request).await?;
    if received.bytes.trim_ascii().is_empty() {
        return Err(Problem::empty_message());
    }
    let (key, mode) = match query.dry_run {
        true => (None, Mode::DryRun),
        false => (Some(key.required()?), Mode::Commit),
    };
    let incoming = Incoming {
        division,
        channel: channel_code(&channel)?,
        number: query.number,
        media,
        raw: received.bytes.to_vec(),
        actor: sender.actor(),
        key: key
            .as_deref()
            .map(|key| request_key(sender.key_owner(), key, &received.digest)),
        mode,
    };
    let taken = take(&app, &sender, incoming, key.as_deref()).await?;
    let reference = app.kernel.reference();
    Ok(taken::response(
        &taken,
        principal,
        &reference,
        key.as_deref(),
    ))
}

/// A channel's code as it stands in the path.
pub(super) fn channel_code(text: &str) -> Result<Code, Problem> {
    text.parse()
        .map_err(|_| Problem::invalid_parameter("channel", "请给出 channels 中的渠道代码"))
}

/// Takes one message in and counts what became of it.
pub(super) async fn take(
    app: &Shared,
    sender: &Sender,
    incoming: Incoming,
    key: Option<&str>,
) -> Result<Taken, Problem> {
    let principal = sender.official()?;
    let reference = app.kernel.reference();
    let wording = |taken: &Taken| {
        let (status, body) = taken::said(taken, principal, &reference, key);
        (status.as_u16(), body.to_string())
    };
    let tried = app.kernel.receive(incoming, &wording).await;
    let tried = tried.map_err(Problem::from);
    let outcome = match &tried {
        Ok(taken) => taken::word(taken),
        Err(problem) => problem.code(),
    };
    app.metrics.command("receive", outcome);
    tried
}
