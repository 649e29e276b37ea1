//! A kernel with a small invented county, and requests of every shape, also wrong ones.

use std::path::{Path, PathBuf};

use fengqiao_tests::kernel::Kernel;
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Method, Request};

/// The village where everything happens.
pub(crate) const VILLAGE: &str = "990101001001";
/// Its county.
pub(crate) const COUNTY: &str = "990101000000";

pub(crate) const ADMIN: &str = "token-of-the-admin";
pub(crate) const PUBLISHER: &str = "token-of-the-publisher";
pub(crate) const OTHER_ADMIN: &str = "token-of-the-other-admin";
pub(crate) const OTHER_PUBLISHER: &str = "token-of-the-other-publisher";
pub(crate) const DISPATCHER: &str = "token-of-the-dispatcher";
pub(crate) const STRANGER: &str = "token-of-another-county";
pub(crate) const HOUSING: &str = "token-of-housing";
pub(crate) const WATER: &str = "token-of-water";
pub(crate) const COMMISSION: &str = "token-of-the-commission";
pub(crate) const GRID: &str = "token-of-the-grid";
pub(crate) const ASSESSOR: &str = "token-of-the-assessor";
pub(crate) const CHANNEL: &str = "token-of-the-channel";
pub(crate) const PLATFORM: &str = "token-of-the-platform";
pub(crate) const OTHER_PLATFORM: &str = "token-of-another-platform";

const PRINCIPALS: &str = r#"
[[principal]]
name = "admin"
token = "token-of-the-admin"
role = "system-admin"
division = "990101000000"

[[principal]]
name = "publisher"
token = "token-of-the-publisher"
role = "publisher"
division = "990101000000"

[[principal]]
name = "other-admin"
token = "token-of-the-other-admin"
role = "system-admin"
division = "990102000000"

[[principal]]
name = "other-publisher"
token = "token-of-the-other-publisher"
role = "publisher"
division = "990102000000"

[[principal]]
name = "dispatcher"
token = "token-of-the-dispatcher"
role = "dispatcher"
division = "990101000000"
unit = "hub"

[[principal]]
name = "stranger"
token = "token-of-another-county"
role = "dispatcher"
division = "990102000000"

[[principal]]
name = "housing-handler"
token = "token-of-housing"
role = "unit-handler"
division = "990101000000"
unit = "housing"

[[principal]]
name = "water-handler"
token = "token-of-water"
role = "unit-handler"
division = "990101000000"
unit = "water"

[[principal]]
name = "commission-head"
token = "token-of-the-commission"
role = "unit-head"
division = "990101000000"
unit = "commission"

[[principal]]
name = "grid-officer"
token = "token-of-the-grid"
role = "grid-officer"
division = "990101001001"

[[principal]]
name = "assessor"
token = "token-of-the-assessor"
role = "assessor"
division = "990101000000"

[[principal]]
name = "hotline"
token = "token-of-the-channel"
role = "adapter"
division = "990101000000"

[[principal]]
name = "video-platform"
token = "token-of-the-platform"
role = "adapter"
division = "990101000000"
platform = "video"

[[principal]]
name = "cloud-platform"
token = "token-of-another-platform"
role = "adapter"
division = "990101000000"
platform = "cloud"
"#;

const DIVISIONS: &str = "code,name,level,parent\n\
    990000000000,甲省,province,\n\
    990100000000,乙市,prefecture,990000000000\n\
    990101000000,丙县,county,990100000000\n\
    990102000000,己县,county,990100000000\n\
    990101001000,丁镇,township,990101000000\n\
    990101001001,戊村,village,990101001000\n";

const UNITS: &str = r#"
[[unit]]
id = "hub"
name = "分拨中心"
division = "990101000000"

[[unit]]
id = "commission"
name = "建设委员会"
division = "990101000000"

[[unit]]
id = "housing"
name = "住建局"
division = "990101000000"
parent = "commission"

[[unit]]
id = "water"
name = "水务局"
division = "990101000000"
"#;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) media_type: String,
    pub(crate) version: Option<u64>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    /// Status and stable code of a problem, which always says what is wrong and what to do next.
    pub(crate) fn problem(&self) -> (u16, &str) {
        assert_eq!(self.media_type, "application/problem+json", "{}", self.text);
        for member in ["type", "title", "detail", "next"] {
            assert!(
                self.body[member]
                    .as_str()
                    .is_some_and(|words| !words.is_empty()),
                "{member}: {}",
                self.text
            );
        }
        assert_eq!(self.body["status"], self.status);
        (self.status, self.body["code"].as_str().unwrap())
    }

    /// The body of a success.
    pub(crate) fn done(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{} {}",
            self.status,
            self.text
        );
        self.body
    }
}

/// One request, in the making.
pub(crate) struct Asked<'a> {
    door: &'a Door,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl Asked<'_> {
    pub(crate) fn token(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key.to_owned())
    }

    pub(crate) fn seen(self, version: u64) -> Self {
        self.header("If-Match", format!("\"{version}\""))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string())
    }

    pub(crate) fn bytes(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("Content-Type", media_type.to_owned())
    }

    fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn send(self) -> Answer {
        let mut request = Request::builder().method(self.method).uri(format!(
            "{}{}",
            self.door.kernel.base(),
            self.path
        ));
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let agent = &self.door.agent;
        let sent = match self.body {
            Some(body) => agent.run(request.body(body).unwrap()),
            None => agent.run(request.body(()).unwrap()),
        };
        let mut response = sent.unwrap();
        let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let media_type = header("Content-Type").unwrap_or_default();
        let version = header("ETag").and_then(|tag| tag.trim_matches('"').parse().ok());
        let retry_after = header("Retry-After").and_then(|seconds| seconds.parse().ok());
        let text = response.body_mut().read_to_string().unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Answer {
            status: response.status().as_u16(),
            media_type,
            version,
            retry_after,
            text,
            body,
        }
    }
}

/// A running kernel, a demonstration's, with its own data directory.
pub(crate) struct Door {
    kernel: Kernel,
    agent: ureq::Agent,
    folder: TempDir,
}

/// A case as whoever handed it in knows it.
pub(crate) struct Handed {
    pub(crate) number: String,
    pub(crate) query_code: String,
    pub(crate) version: u64,
}

impl Door {
    /// A kernel that knows nothing yet.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let kernel = start(folder.path());
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build();
        Self {
            kernel,
            agent: config.into(),
            folder,
        }
    }

    /// The kernel's data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A kernel with the county's divisions and units.
    pub(crate) fn open() -> Self {
        let door = Self::bare();
        door.put("/v1/reference/divisions?name=d.csv", "text/csv", DIVISIONS)
            .key("divisions")
            .send()
            .done();
        door.put("/v1/reference/units?name=u.toml", "application/toml", UNITS)
            .key("units")
            .send()
            .done();
        door
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> Asked<'_> {
        Asked {
            door: self,
            method: method.parse().unwrap(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Answer {
        self.ask("GET", path).token(token).send()
    }

    pub(crate) fn put(&self, path: &str, media_type: &str, body: &str) -> Asked<'_> {
        self.ask("PUT", path).token(ADMIN).bytes(media_type, body)
    }

    /// Hands a matter in at the dispatcher's window.
    pub(crate) fn hand_in(&self, key: &str, registration: &Value) -> Answer {
        self.ask("POST", "/v1/cases")
            .token(DISPATCHER)
            .key(key)
            .json(registration)
            .send()
    }

    pub(crate) fn handed_in(&self, key: &str, registration: &Value) -> Handed {
        let body = self.hand_in(key, registration).done();
        Handed {
            number: body["number"].as_str().unwrap().to_owned(),
            query_code: body["query-code"].as_str().unwrap().to_owned(),
            version: body["version"].as_u64().unwrap(),
        }
    }

    /// Sends a command under a key of its own.
    pub(crate) fn command(&self, token: &str, case: &str, seen: u64, command: &Value) -> Answer {
        let path = format!("/v1/cases/{case}/commands");
        let key = format!(
            "{case}-{}-{seen}-{token}",
            command["do"].as_str().unwrap_or("none")
        );
        self.ask("POST", &path)
            .token(token)
            .key(&key)
            .seen(seen)
            .json(command)
            .send()
    }

    /// A case that was dispatched to a unit; answers with its version.
    pub(crate) fn dispatched(&self, key: &str, unit: &str) -> Handed {
        let mut handed = self.handed_in(key, &registration());
        let dispatch = json!({ "do": "dispatch", "lead": unit });
        let body = self
            .command(DISPATCHER, &handed.number, handed.version, &dispatch)
            .done();
        handed.version = body["version"].as_u64().unwrap();
        handed
    }

    /// What the kernel has written to its log so far.
    #[allow(
        clippy::disallowed_methods,
        reason = "a test reads in its own temporary folder"
    )]
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("data.log")).unwrap()
    }

    /// Moves the demonstration's time.
    pub(crate) fn move_clock(&self, now: &str) -> Answer {
        self.ask("POST", "/v1/demo/clock")
            .json(&json!({ "now": now }))
            .send()
    }
}

/// A broken street lamp.
pub(crate) fn registration() -> Value {
    json!({
        "matter": { "kind": "complaint", "place": VILLAGE, "text": "村口路灯坏了三天" },
        "source": { "channel": "window" },
        "parties": [{ "role": "reporter", "person": { "name": "王小明", "phone": "13800138000" } }],
    })
}

fn start(folder: &Path) -> Kernel {
    let principals = folder.join("principals.toml");
    write(&principals, PRINCIPALS);
    Kernel::start(&binary(), &folder.join("data"), &[principals]).unwrap()
}

#[allow(
    clippy::disallowed_methods,
    reason = "a test writes into its own temporary folder"
)]
pub(crate) fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

/// The kernel's binary stands beside the folder of this test's own.
pub(crate) fn binary() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors()
        .nth(2)
        .unwrap()
        .join(format!("fengqiao{}", std::env::consts::EXE_SUFFIX))
}
