//! What a careful person writes by hand for one command: an axum handler, sqlx, one transaction a request, no plugin.

mod case;
mod tables;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use clap::Parser;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use case::Case;
use tables::{Answer, Refused, Tables};

/// Serve `progress` on cases.
#[derive(Parser)]
struct Options {
    #[arg(long)]
    data: PathBuf,
    #[arg(long)]
    listen: SocketAddr,
    /// A file with a token and a name on each line.
    #[arg(long)]
    tokens: PathBuf,
}

struct Site {
    tables: Tables,
    /// Names by token.
    tokens: HashMap<String, String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let tokens = std::fs::read_to_string(&options.tokens)?;
    let tokens = tokens.lines().filter_map(|line| line.split_once(' '));
    let site = Site {
        tables: Tables::open(&options.data.join("naive.db")).await?,
        tokens: tokens
            .map(|(token, name)| (token.to_owned(), name.to_owned()))
            .collect(),
    };
    let router = Router::new()
        .route("/v1/cases", post(register))
        .route("/v1/cases/{id}/commands", post(command))
        .with_state(Arc::new(site));
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    let listener = listener.tap_io(|stream| {
        // Small answers leave at once; a stream that can't do so still works.
        let _unchanged = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Command {
    #[serde(rename = "do")]
    what: String,
    text: String,
}

/// Makes a case that is being handled already: the measure begins there.
async fn register(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    site.name(&headers)?;
    let case = Case::in_handling(now());
    site.tables.register(&case).await.map_err(status)?;
    let tag = format!("\"{}\"", case.version);
    Ok(([(header::ETAG, tag)], Json(json!({ "case": case.id }))).into_response())
}

async fn command(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, StatusCode> {
    let name = site.name(&headers)?;
    let key = text(&headers, "idempotency-key").ok_or(StatusCode::BAD_REQUEST)?;
    let expected = text(&headers, "if-match").and_then(|tag| tag.trim_matches('"').parse().ok());
    let expected: u64 = expected.ok_or(StatusCode::PRECONDITION_REQUIRED)?;
    let command: Command = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    if command.what != "progress" || command.text.is_empty() {
        return Err(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let request = hex::encode(Sha256::digest(&body));
    let key = hex::encode(Sha256::digest(key));
    let step = site
        .tables
        .progress(&id, name, &key, &request, expected, &command.text, now());
    let Answer {
        status: code,
        body,
        version,
    } = step.await.map_err(status)?;
    let code = StatusCode::from_u16(code).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let tag = format!("\"{version}\"");
    let kind = "application/json".to_owned();
    Ok((
        code,
        [(header::ETAG, tag), (header::CONTENT_TYPE, kind)],
        body,
    )
        .into_response())
}

impl Site {
    fn name(&self, headers: &HeaderMap) -> Result<&str, StatusCode> {
        let token = text(headers, "authorization").and_then(|value| value.strip_prefix("Bearer "));
        let name = token.and_then(|token| self.tokens.get(token));
        name.map(String::as_str).ok_or(StatusCode::UNAUTHORIZED)
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn status(refused: Refused) -> StatusCode {
    match refused {
        Refused::Unknown => StatusCode::NOT_FOUND,
        Refused::Stale => StatusCode::PRECONDITION_FAILED,
        Refused::KeyReused | Refused::NotHandling => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::Broken(error) => {
            eprintln!("naive: {error}");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
