//! The kernel's HTTP door: bearer tokens, a fresh Idempotency-Key a write, and problems as values.

use std::cell::Cell;
use std::fmt;

use anyhow::{Context, Result};
use serde_json::Value;
use ureq::http::{Method, Request};

/// Talks to one kernel.
#[derive(Debug)]
pub struct Client {
    base: String,
    agent: ureq::Agent,
    /// What its keys begin with: two clients of one principal never mean the same request.
    name: String,
    keys: Cell<u64>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The subject's version (`ETag`), where there is one.
    pub version: Option<u64>,
    /// The body; null where it is empty or no JSON.
    pub body: Value,
}

/// A refusal in the form of RFC 9457.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// The reason in words.
    pub detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}：{}", self.status, self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

impl Answer {
    /// The body of a success, or the problem.
    pub fn done(self) -> Result<Self, Problem> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let text = |field: &str| {
            self.body
                .get(field)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        Err(Problem {
            status: self.status,
            code: text("code"),
            detail: text("detail"),
        })
    }
}

/// Whether the kernel itself is the reason, and not what was asked of it: it can't be reached, or failed.
#[must_use]
pub fn is_the_kernels(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let failed = cause.downcast_ref::<Problem>();
        cause.is::<ureq::Error>() || failed.is_some_and(|problem| problem.status >= 500)
    })
}

impl Client {
    /// A client of the kernel at `http://…`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self::named(base, "golden")
    }

    /// One of several clients of the same kernel at the same time.
    #[must_use]
    pub fn named(base: &str, name: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build();
        Self {
            base: base.trim_end_matches('/').to_owned(),
            agent: config.into(),
            name: name.to_owned(),
            keys: Cell::new(0),
        }
    }

    /// The kernel's address.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Reads.
    pub fn get(&self, path: &str, token: Option<&str>) -> Result<Answer> {
        self.send(Method::GET, path, token, None, None)
    }

    /// Sends JSON.
    pub fn post(
        &self,
        path: &str,
        token: Option<&str>,
        seen: Option<u64>,
        body: &Value,
    ) -> Result<Answer> {
        self.send(
            Method::POST,
            path,
            token,
            seen,
            Some(("application/json", body.to_string().into_bytes())),
        )
    }

    /// Sends bytes of any kind.
    pub fn post_bytes(
        &self,
        path: &str,
        token: Option<&str>,
        media: &str,
        body: Vec<u8>,
    ) -> Result<Answer> {
        self.send(Method::POST, path, token, None, Some((media, body)))
    }

    /// Replaces something.
    pub fn put(
        &self,
        path: &str,
        token: Option<&str>,
        media: &str,
        body: Vec<u8>,
    ) -> Result<Answer> {
        self.send(Method::PUT, path, token, None, Some((media, body)))
    }

    fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        seen: Option<u64>,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Answer> {
        let said = format!("{method} {path}");
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(version) = seen {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        let response = match body {
            None => self
                .agent
                .run(request.body(()).with_context(|| said.clone())?),
            Some((media, bytes)) => {
                self.keys.set(self.keys.get() + 1);
                let key = format!("{}-{}", self.name, self.keys.get());
                let request = request
                    .header("Content-Type", media)
                    .header("Idempotency-Key", key);
                self.agent
                    .run(request.body(bytes).with_context(|| said.clone())?)
            }
        };
        let mut response = response.with_context(|| said.clone())?;
        let version = response
            .headers()
            .get("ETag")
            .and_then(|tag| tag.to_str().ok()?.trim_matches('"').parse().ok());
        let text = response
            .body_mut()
            .read_to_string()
            .with_context(|| said.clone())?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer {
            status: response.status().as_u16(),
            version,
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_what_was_asked_and_a_failure_or_silence_the_kernels() {
        let answered = |status| {
            let (code, detail) = (String::new(), String::new());
            anyhow::Error::new(Problem {
                status,
                code,
                detail,
            })
        };
        assert!(!is_the_kernels(&answered(409).context("第2步")));
        assert!(is_the_kernels(&answered(503).context("第2步")));
        let silence = anyhow::Error::new(ureq::Error::HostNotFound);
        assert!(is_the_kernels(&silence.context("GET /")));
        assert!(!is_the_kernels(&anyhow::anyhow!("没有待批准的事项")));
    }
}
