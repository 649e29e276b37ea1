//! What every request passes: who sends it, may they, how often, for how long; and one line in the log that names nobody but the principal.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::{Route, Shared};
use crate::body;
use crate::clock::Stopwatch;
use crate::extract::Sender;
use crate::limits::{MAX_BODY_BYTES, REQUEST_TIME};
use crate::policy;
use crate::problem::{Problem, ProblemCode};
use crate::rates::Source;
use crate::secret::sha256;

/// What the log and the metrics call a route that doesn't exist.
const NO_ROUTE: &str = "none";

/// Lets a request through to its handler, or answers the problem.
pub(crate) async fn gate(
    State(app): State<Shared>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let watch = Stopwatch::start();
    let request_id = app.ids.request();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path
        .as_ref()
        .and_then(|path| app.route(&method, path.as_str()))
        .copied();
    let sender = identify(&app, &request, address.ip());
    let principal = sender
        .as_ref()
        .ok()
        .and_then(Sender::principal)
        .map(|principal| principal.name.clone());
    let admitted = admit(&app, sender, route, address.ip());
    let time_limit = route.map_or(REQUEST_TIME, |route| route.time_limit);
    let mut response = in_time(time_limit, answer(admitted, route, request, next)).await;
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let operation = route.map_or(NO_ROUTE, |route| route.operation);
    let status = response.status().as_u16();
    let took = watch.elapsed();
    app.metrics.request(operation, status, took);
    let code = response
        .extensions()
        .get::<ProblemCode>()
        .map_or("", |code| code.0.as_str());
    tracing::info!(
        request_id,
        method = method.as_str(),
        route = path.as_ref().map_or(NO_ROUTE, MatchedPath::as_str),
        operation,
        status,
        code,
        duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        principal = principal.as_ref().map_or("", |name| name.as_str()),
        "请求"
    );
    response
}

/// Who sends it: a token that isn't known is refused, a missing one is nobody in particular.
fn identify(app: &Shared, request: &Request, address: IpAddr) -> Result<Sender, Problem> {
    let Some(given) = request.headers().get(AUTHORIZATION) else {
        let network = match Source::network(address) {
            Source::Network(network) => network.to_string(),
            Source::Principal(_) => String::new(),
        };
        return Ok(Sender::Anonymous {
            network: sha256(&[network.as_bytes()]),
        });
    };
    let token = given.to_str().ok().and_then(|text| text.split_once(' '));
    let token = token
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let principal = token.and_then(|token| app.principals.find(token));
    principal
        .cloned()
        .map(Sender::Official)
        .ok_or_else(Problem::unauthenticated)
}

/// Whether they may, now. A wrong token costs its network's permits, so that nobody can try many.
fn admit(
    app: &Shared,
    sender: Result<Sender, Problem>,
    route: Option<Route>,
    address: IpAddr,
) -> Result<Sender, Problem> {
    let source = match &sender {
        Ok(Sender::Official(principal)) => Source::Principal(principal.name.to_string()),
        Ok(Sender::Anonymous { .. }) | Err(_) => Source::network(address),
    };
    let free = route.is_some_and(|route| policy::is_for_machines(route.operation));
    if !free {
        let permit = app.rates.permit(&source, app.pulse.uptime());
        permit.map_err(|too_fast| Problem::too_fast(too_fast.retry_after_s))?;
    }
    let sender = sender?;
    if let Some(route) = route {
        policy::check_operation(route.access, sender.principal())?;
    }
    Ok(sender)
}

/// The answer, if it is there in time.
async fn in_time(limit: Duration, answered: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limit, answered).await {
        Ok(response) => response,
        Err(_) => Problem::timed_out(limit.as_secs()).into_response(),
    }
}

/// Receives the body, whatever is answered then: on a connection with an unread body the sender couldn't ask again.
async fn answer(
    admitted: Result<Sender, Problem>,
    route: Option<Route>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match admitted {
        Ok(sender) => {
            match body::collect(body, route.map_or(MAX_BODY_BYTES, |route| route.body_limit)).await
            {
                Ok(bytes) => {
                    parts.extensions.insert(sender);
                    next.run(Request::from_parts(parts, bytes.into())).await
                }
                Err(problem) => problem.into_response(),
            }
        }
        Err(problem) => {
            body::drain(body).await;
            problem.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::limits::LONG_REQUEST_TIME;
    use crate::operations;

    #[tokio::test]
    async fn an_answer_that_does_not_come_in_time_is_a_problem() {
        let never = std::future::pending();
        let late = in_time(Duration::ZERO, never).await;
        assert_eq!(late.status(), StatusCode::GATEWAY_TIMEOUT);
        let code = late.extensions().get::<ProblemCode>().unwrap();
        assert_eq!(code.0, "timed-out");
        let there = std::future::ready(StatusCode::OK.into_response());
        let answer = in_time(Duration::ZERO, there).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }

    #[test]
    fn only_what_compiles_loads_counts_or_moves_the_clock_may_take_ten_minutes() {
        let mut long = Vec::new();
        for operation in operations::all(true) {
            match operation.time_limit {
                LONG_REQUEST_TIME => long.push(operation.name),
                other => assert_eq!(other, REQUEST_TIME, "{}", operation.name),
            }
        }
        long.sort_unstable();
        let known = [
            "draft-assessment",
            "import-cases",
            "move-demo-clock",
            "publish-assessment",
            "put-bindings",
            "put-calendar",
            "put-catalogue",
            "put-divisions",
            "put-linked-open",
            "put-register",
            "put-units",
            "read-assessment",
            "read-channel-again",
            "read-elapsed",
            "read-figures",
            "read-lineage",
            "read-suggestions",
            "read-watch",
            "seal-dossier",
            "upload-plugin",
        ];
        assert_eq!(long, known);
    }
}
