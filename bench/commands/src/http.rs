//! One kept-alive connection, one request at a time: little enough to leave the processors to the servers.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The most bytes that an answer may have.
const MAX_ANSWER_BYTES: usize = 4 << 20;

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What is asked.
pub struct Request<'r> {
    pub method: &'r str,
    pub path: &'r str,
    pub token: &'r str,
    pub key: &'r str,
    pub version: Option<u64>,
    pub content_type: &'r str,
    pub body: &'r [u8],
}

/// What came back.
pub struct Response {
    pub status: u16,
    /// The number in the `ETag`.
    pub version: Option<u64>,
    pub body: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 << 10),
        })
    }

    pub async fn ask(&mut self, request: &Request<'_>) -> Result<Response> {
        let Request {
            method,
            path,
            token,
            key,
            content_type,
            body,
            version,
        } = request;
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
             content-type: {content_type}\r\ncontent-length: {}\r\n",
            body.len()
        );
        if let Some(version) = version {
            head.push_str(&format!("if-match: \"{version}\"\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        self.stream.write_all(&bytes).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Response> {
        self.buffer.clear();
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            self.more().await?;
        };
        let head = std::str::from_utf8(&self.buffer[..end])?.to_ascii_lowercase();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let status = status
            .and_then(|code| code.parse().ok())
            .context("no status line")?;
        let (mut length, mut version) = (0, None);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            match name {
                "content-length" => length = value.trim().parse()?,
                "etag" => version = value.trim().trim_matches('"').parse().ok(),
                "transfer-encoding" => bail!("an answer without a length"),
                _ => {}
            }
        }
        let start = end + 4;
        while self.buffer.len() < start + length {
            self.more().await?;
        }
        Ok(Response {
            status,
            version,
            body: self.buffer[start..start + length].to_vec(),
        })
    }

    async fn more(&mut self) -> Result<()> {
        if self.buffer.len() > MAX_ANSWER_BYTES {
            bail!("an answer of more than {MAX_ANSWER_BYTES} bytes");
        }
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => bail!("the connection was closed"),
            _ => Ok(()),
        }
    }
}

impl Response {
    /// Fails with what the server said unless it agreed.
    pub fn agreed(self, what: &str) -> Result<Self> {
        if !(200..300).contains(&self.status) {
            bail!(
                "{what}: {} {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            );
        }
        Ok(self)
    }
}
