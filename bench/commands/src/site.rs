//! A server under measure: started on an empty folder, filled with what its cases need, stopped when it is dropped.

mod naive;
mod ours;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::http::{Connection, Request, Response};

/// As many people as ever report at once: no one of them is held up by a rate limit.
pub const PEOPLE: usize = 64;

/// How long a server may take to listen.
const START_TRIES: u32 = 300;
const START_PAUSE: Duration = Duration::from_millis(100);

/// How Linux counts processor time for other programs.
const MILLIS_A_TICK: u64 = 10;

/// A case that is being handled, at a version.
pub struct Case {
    pub id: String,
    pub version: u64,
}

/// Where the binaries and the folder for the data are.
pub struct Places {
    pub ours: PathBuf,
    pub naive: PathBuf,
    pub plugin: PathBuf,
    /// Preloaded, it makes every sync longer.
    pub slow_sync: Option<PathBuf>,
    pub data: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ours,
    Naive,
}

pub struct Site {
    kind: Kind,
    pub address: SocketAddr,
    /// Its database file.
    pub database: PathBuf,
    server: Child,
    tokens: Vec<String>,
    keys: std::cell::Cell<u64>,
}

impl Site {
    /// The kernel, with a plugin that guards every command.
    pub async fn ours(places: &Places) -> Result<Self> {
        let folder = fresh(&places.data.join("ours"))?;
        let tokens: Vec<String> = (0..PEOPLE)
            .map(|person| format!("token-of-handler-{person}"))
            .collect();
        let address = free_address()?;
        let mut command = Command::new(&places.ours);
        ours::arguments(&mut command, &folder, address, &tokens)?;
        let site = Self {
            kind: Kind::Ours,
            address,
            server: start(&mut command, places, &folder, address).await?,
            database: ours::database(&folder)?,
            tokens,
            keys: Default::default(),
        };
        ours::fill(&site, &places.plugin).await?;
        Ok(site)
    }

    /// The hand-written handler.
    pub async fn naive(places: &Places) -> Result<Self> {
        let folder = fresh(&places.data.join("naive"))?;
        let tokens: Vec<String> = (0..PEOPLE)
            .map(|person| format!("token-of-handler-{person}"))
            .collect();
        let address = free_address()?;
        let mut command = Command::new(&places.naive);
        naive::arguments(&mut command, &folder, address, &tokens)?;
        Ok(Self {
            kind: Kind::Naive,
            address,
            database: folder.join("naive.db"),
            server: start(&mut command, places, &folder, address).await?,
            tokens,
            keys: Default::default(),
        })
    }

    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Ours => "kernel",
            Kind::Naive => "hand-written",
        }
    }

    /// The processor time that the server has taken so far.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.server.id()))?;
        let (_, after_name) = stat.rsplit_once(')').context("no process of that number")?;
        let mut fields = after_name.split_whitespace().skip(11);
        let mut ticks = || fields.next().and_then(|ticks| ticks.parse::<u64>().ok());
        let (user, system) = ticks().zip(ticks()).context("no times")?;
        Ok(Duration::from_millis((user + system) * MILLIS_A_TICK))
    }

    /// The token of the person in a lane.
    pub fn token(&self, lane: usize) -> &str {
        &self.tokens[lane % self.tokens.len()]
    }

    /// A case that the person in this lane handles.
    pub async fn new_case(&self, connection: &mut Connection, lane: usize) -> Result<Case> {
        match self.kind {
            Kind::Ours => ours::new_case(self, connection, lane).await,
            Kind::Naive => naive::new_case(self, connection, lane).await,
        }
    }

    /// Sends one JSON request of the preparation.
    async fn send(
        &self,
        connection: &mut Connection,
        (method, path): (&str, &str),
        token: &str,
        version: Option<u64>,
        body: &serde_json::Value,
    ) -> Result<Response> {
        let body = body.to_string();
        self.send_bytes(
            connection,
            (method, path),
            token,
            version,
            ("application/json", body.as_bytes()),
        )
        .await
    }

    /// Sends one request of the preparation.
    async fn send_bytes(
        &self,
        connection: &mut Connection,
        (method, path): (&str, &str),
        token: &str,
        version: Option<u64>,
        (content_type, body): (&str, &[u8]),
    ) -> Result<Response> {
        let key = self.key();
        let request = Request {
            method,
            path,
            token,
            key: &key,
            version,
            content_type,
            body,
        };
        connection
            .ask(&request)
            .await?
            .agreed(&format!("{} {path}", self.name()))
    }

    /// A key that wasn't used before.
    fn key(&self) -> String {
        self.keys.set(self.keys.get() + 1);
        format!("preparation-{}", self.keys.get())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // A server that has ended already can't be killed; there is nothing to do about either.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// An empty folder.
fn fresh(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    Ok(folder.to_owned())
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

async fn start(
    command: &mut Command,
    places: &Places,
    folder: &Path,
    address: SocketAddr,
) -> Result<Child> {
    let log = std::fs::File::create(folder.join("server.log"))?;
    command
        .stdout(log.try_clone()?)
        .stderr(log)
        .stdin(Stdio::null());
    if let Some(shim) = &places.slow_sync {
        command.env("LD_PRELOAD", shim);
    }
    let mut child = command
        .spawn()
        .with_context(|| format!("starting {command:?}"))?;
    for _ in 0..START_TRIES {
        if Connection::open(address).await.is_ok() {
            return Ok(child);
        }
        if let Some(status) = child.try_wait()? {
            let log = std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
            bail!("{command:?} ended with {status}:\n{log}");
        }
        tokio::time::sleep(START_PAUSE).await;
    }
    let _ = child.kill();
    bail!("{command:?} doesn't listen on {address}")
}
