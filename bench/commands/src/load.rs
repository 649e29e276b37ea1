//! Clients that report progress as fast as they are answered, each on cases of its own.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use crate::http::{Connection, Request};
use crate::site::{Case, Site};

/// How many commands a case gets; then the next one's turn comes.
pub const COMMANDS_A_CASE: usize = 20;

/// What a round showed.
pub struct Round {
    pub commands_a_second: f64,
    /// The middle and the slow end of the answers' times.
    pub p50: Duration,
    pub p99: Duration,
    /// What the server's processors did for a command.
    pub cpu: Duration,
}

/// Sends `commands` commands through each of `clients` connections, all at once.
pub async fn round(site: &Site, clients: usize, commands: usize, round: u64) -> Result<Round> {
    let mut prepared = Vec::with_capacity(clients);
    for lane in 0..clients {
        let mut connection = Connection::open(site.address).await?;
        let mut cases = Vec::new();
        for _ in 0..commands.div_ceil(COMMANDS_A_CASE) {
            cases.push(site.new_case(&mut connection, lane).await?);
        }
        prepared.push((connection, site.token(lane).to_owned(), cases));
    }
    let before = site.cpu()?;
    let start = Instant::now();
    let mut work = JoinSet::new();
    for (lane, (connection, token, cases)) in prepared.into_iter().enumerate() {
        let keys = format!("{round}-{clients}-{lane}");
        work.spawn(client(connection, token, cases, commands, keys));
    }
    let mut took = Vec::with_capacity(clients * commands);
    while let Some(client) = work.join_next().await {
        took.extend(client??);
    }
    let seconds = start.elapsed().as_secs_f64();
    let cpu = site.cpu()?.saturating_sub(before) / u32::try_from(took.len())?;
    took.sort();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    Ok(Round {
        commands_a_second: took.len() as f64 / seconds,
        p50: at(50),
        p99: at(99),
        cpu,
    })
}

async fn client(
    mut connection: Connection,
    token: String,
    cases: Vec<Case>,
    commands: usize,
    keys: String,
) -> Result<Vec<Duration>> {
    let body = serde_json::json!({ "do": "progress", "text": "已到现场核实，正与施工方商定夜间停工时间，明日上午再报。" });
    let body = body.to_string();
    let mut took = Vec::with_capacity(commands);
    for mut case in cases {
        let path = format!("/v1/cases/{}/commands", case.id);
        for _ in 0..COMMANDS_A_CASE.min(commands - took.len()) {
            let start = Instant::now();
            let request = Request {
                method: "POST",
                path: &path,
                token: &token,
                key: &format!("{keys}-{}-{}", took.len(), case.id),
                version: Some(case.version),
                content_type: "application/json",
                body: body.as_bytes(),
            };
            let answer = connection.ask(&request).await?.agreed("progress")?;
            case.version = answer.version.context("an answer without an ETag")?;
            took.push(start.elapsed());
        }
    }
    Ok(took)
}
