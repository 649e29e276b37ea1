//! What a handler takes out of a request, and the problem where it isn't there.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use fengqiao_core::actor::Actor;
use fengqiao_service::RequestKey;
use fengqiao_service::ports::store::IdempotencyKey;
use serde::de::DeserializeOwned;

use crate::body;
use crate::json;
use crate::limits::{MAX_KEY_CHARS, MAX_MEDIA_CHARS};
use crate::principals::Principal;
use crate::problem::Problem;
use crate::secret::sha256;

/// Who sent the request; put there by the gate.
#[derive(Debug, Clone)]
pub(crate) enum Sender {
    /// Somebody with a token.
    Official(Principal),
    /// Somebody without one, behind a network address that only its digest is kept of.
    Anonymous {
        /// The digest of the network address.
        network: String,
    },
}

impl Sender {
    /// Who signed in.
    pub(crate) fn principal(&self) -> Option<&Principal> {
        match self {
            Sender::Official(principal) => Some(principal),
            Sender::Anonymous { .. } => None,
        }
    }

    /// Who signed in, where the operation is for nobody else.
    pub(crate) fn official(&self) -> Result<&Principal, Problem> {
        self.principal().ok_or_else(Problem::unauthenticated)
    }

    /// As the core knows them.
    pub(crate) fn actor(&self) -> Actor {
        match self {
            Sender::Official(principal) => principal.actor(),
            Sender::Anonymous { .. } => Actor::Citizen { principal: None },
        }
    }

    /// Whose keys are told apart from everybody else's.
    pub(crate) fn key_owner(&self) -> String {
        match self {
            Sender::Official(principal) => format!("principal:{}", principal.name),
            Sender::Anonymous { network } => format!("network:{network}"),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Sender>()
            .cloned()
            .ok_or_else(Problem::unauthenticated)
    }
}

/// The one name in the path.
#[derive(Debug)]
pub(crate) struct Name(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(name)| Name(name))
            .map_err(|_| Problem::no_such_route())
    }
}

/// The two names in the path, the outer one first.
#[derive(Debug)]
pub(crate) struct Names(pub(crate) String, pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Names {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        path.map(|Path((outer, inner))| Names(outer, inner))
            .map_err(|_| Problem::no_such_route())
    }
}

/// What stands in the query string.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(value)) => Ok(Params(value)),
            Err(rejected) => Err(Problem::invalid_parameter("query", &rejected.body_text())),
        }
    }
}

/// The sender's `Idempotency-Key`.
#[derive(Debug)]
pub(crate) struct Key(Option<String>);

impl Key {
    /// The key, which has to be there.
    pub(crate) fn required(self) -> Result<String, Problem> {
        self.0.ok_or_else(Problem::key_missing)
    }
}

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Key(None));
        };
        let fits = |text: &&str| {
            (1..=MAX_KEY_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
        };
        match value.to_str().ok().filter(fits) {
            Some(key) => Ok(Key(Some(key.to_owned()))),
            None => Err(Problem::key_invalid(MAX_KEY_CHARS)),
        }
    }
}

/// Under which key the answer to a request is kept.
pub(crate) fn request_key(owner: String, key: &str, request: &str) -> RequestKey {
    let key = IdempotencyKey {
        principal: owner,
        key: sha256(&[key.as_bytes()]),
    };
    RequestKey {
        key,
        request: request.to_owned(),
    }
}

/// The version that the sender saw (`If-Match`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen(pub(crate) Option<u64>);

impl Seen {
    /// The version, which has to be there.
    pub(crate) fn required(self) -> Result<u64, Problem> {
        self.0.ok_or_else(Problem::version_missing)
    }
}

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else {
            return Ok(Seen(None));
        };
        let version = value.to_str().ok().and_then(|tag| {
            tag.trim()
                .strip_prefix('"')?
                .strip_suffix('"')?
                .parse()
                .ok()
        });
        version
            .map(|version| Seen(Some(version)))
            .ok_or_else(Problem::version_invalid)
    }
}

/// A JSON body, and the digest that tells this request from another under the same key.
pub(crate) struct Document<T> {
    pub(crate) value: T,
    pub(crate) digest: String,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Document<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let received = receive(request, &["application/json"]).await?;
        Ok(Document {
            value: json::parse(&received.bytes)?,
            digest: received.digest,
        })
    }
}

/// A body as it came.
pub(crate) struct Received {
    pub(crate) bytes: Bytes,
    pub(crate) digest: String,
}

impl Received {
    /// The body as text.
    pub(crate) fn text(&self) -> Result<String, Problem> {
        std::str::from_utf8(&self.bytes)
            .map(str::to_owned)
            .map_err(|_| Problem::invalid_utf8())
    }
}

/// Takes the body of a request, which the gate has received already, if it is of one of these types; the first of them
/// is named in the refusal.
pub(crate) async fn receive(request: Request, types: &[&str]) -> Result<Received, Problem> {
    let (parts, body) = request.into_parts();
    if let Some(given) = parts.headers.get(CONTENT_TYPE) {
        let essence = given
            .to_str()
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim();
        if !types
            .iter()
            .any(|known| known.eq_ignore_ascii_case(essence))
        {
            return Err(Problem::media_type(
                types.first().copied().unwrap_or_default(),
            ));
        }
    }
    whole(&parts, body).await
}

/// Takes the body of a request of any type, and says of which.
pub(crate) async fn receive_any(request: Request) -> Result<(Received, String), Problem> {
    let (parts, body) = request.into_parts();
    let given = parts.headers.get(CONTENT_TYPE);
    let media = given.and_then(|given| given.to_str().ok());
    let media = media.unwrap_or("application/octet-stream");
    let media = media.chars().take(MAX_MEDIA_CHARS).collect();
    Ok((whole(&parts, body).await?, media))
}

async fn whole(parts: &Parts, body: axum::body::Body) -> Result<Received, Problem> {
    let bytes = body::collect(body, usize::MAX).await?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let digest = sha256(&[parts.method.as_str().as_bytes(), path.as_bytes(), &bytes]);
    Ok(Received { bytes, digest })
}
