//! How an outcome is worded: the bodies of successful writes, which are kept as answers and so hold no words and no people.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderValue};
use axum::response::{IntoResponse, Response};
use fengqiao_core::actor::Role;
use fengqiao_core::case::Case;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::ids::Subject;
use fengqiao_core::profile::Rules;
use fengqiao_core::views::citizen::{CitizenView, Proof};
use fengqiao_core::views::{Sheet, citizen, handler, supervisor};
use fengqiao_reference::Reference;
use fengqiao_service::ports::store::Answer;
use fengqiao_service::{CaseView, Outcome, Viewer};
use serde::Serialize;
use serde_json::{Value, json};

use crate::extract::Sender;
use crate::policy;
use crate::principals::Principal;
use crate::secret::seal;

/// Who reads an answer.
#[derive(Clone)]
pub(crate) enum Reader {
    /// The citizen whose case it is, or the channel that speaks for them.
    Citizen,
    /// Somebody who signed in, with the units that say what concerns them.
    Official(Principal, Arc<Reference>),
}

impl Reader {
    /// Whoever sent the request.
    pub(crate) fn of(sender: &Sender, reference: Arc<Reference>) -> Self {
        match sender.principal() {
            Some(principal) if principal.role != Role::Adapter => {
                Reader::Official(principal.clone(), reference)
            }
            _ => Reader::Citizen,
        }
    }
}

/// A JSON answer with its version as `ETag`.
pub(crate) fn answer(status: StatusCode, body: String, version: Option<u64>) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(version) = version
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\""))
    {
        headers.insert(ETAG, tag);
    }
    response
}

/// A JSON answer of anything.
pub(crate) fn ok(body: &impl Serialize) -> Response {
    let body = serde_json::to_string(body).unwrap_or_default();
    answer(StatusCode::OK, body, None)
}

/// What a registration is answered. With a key, the query code is sealed: so it is kept.
pub(crate) fn registered(
    outcome: &Outcome,
    reader: &Reader,
    rules: &Rules,
    key: Option<&str>,
) -> Value {
    let Subject::Case(number) = &outcome.subject else {
        return Value::Null;
    };
    let code = outcome.query_code.as_deref().unwrap_or_default();
    let code = match key {
        Some(key) => seal(code, key, number.as_str()).unwrap_or_default(),
        None => code.to_owned(),
    };
    json!({
        "number": number,
        "query-code": code,
        "version": outcome.version,
        "case": outcome.case.as_ref().map(|case| wordless(case, reader, rules)),
    })
}

/// The body of a registration's stored answer with its query code opened again.
pub(crate) fn unsealed(answer: &Answer, key: &str) -> String {
    let Ok(mut body) = serde_json::from_str::<Value>(&answer.body) else {
        return answer.body.clone();
    };
    let opened = match (
        body.get("number").and_then(Value::as_str),
        body.get("query-code").and_then(Value::as_str),
    ) {
        (Some(number), Some(sealed)) => seal(sealed, key, number),
        _ => None,
    };
    if let (Some(code), Some(object)) = (opened, body.as_object_mut()) {
        object.insert("query-code".to_owned(), code.into());
    }
    body.to_string()
}

/// What a command on a case is answered: JSON, written at once.
pub(crate) fn carried_out(outcome: &Outcome, reader: &Reader, rules: &Rules) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    struct CarriedOut<'a> {
        version: u64,
        stage: Option<&'a str>,
        stage_label: Option<&'a str>,
        events: Vec<String>,
        case: Option<CaseView>,
    }
    let case = outcome.case.as_deref();
    let stage = case.map(|case| case.stage.name());
    let done = CarriedOut {
        version: outcome.version,
        stage: stage.map(|stage| stage.as_str()),
        stage_label: stage.map(|stage| rules.stage_label(stage)),
        events: event_names(&outcome.events),
        case: case.and_then(|case| wordless(case, reader, rules)),
    };
    serde_json::to_string(&done).unwrap_or_default()
}

/// What a command on a unit's or a division's docket is answered.
pub(crate) fn docketed(outcome: &Outcome) -> Value {
    json!({
        "version": outcome.version,
        "events": event_names(&outcome.events),
        "docket": outcome.docket,
    })
}

/// What a booking is answered, or that it was given back: no more of the keeper's docket.
pub(crate) fn booked(outcome: &Outcome) -> Value {
    let mut events = outcome.events.iter().map(|recorded| &recorded.event);
    let booking = events.find_map(|event| match event {
        Event::RoomBooked { booking } => Some(booking),
        _ => None,
    });
    json!({ "events": event_names(&outcome.events), "booking": booking })
}

/// What a dry run is answered: the verdict, and the deadlines that would be set with their reasons.
pub(crate) fn permitted(outcome: &Outcome) -> Value {
    let deadlines = outcome
        .events
        .iter()
        .filter(|recorded| recorded.subject == outcome.subject)
        .filter_map(deadline);
    json!({
        "verdict": "permitted",
        "stage": outcome.case.as_ref().map(|case| case.stage.name().as_str()),
        "version": outcome.version,
        "deadlines": deadlines.collect::<Vec<_>>(),
        "events": event_names(&outcome.events),
    })
}

fn deadline(recorded: &Recorded) -> Option<Value> {
    match &recorded.event {
        Event::ClockStarted { clock } => Some(json!({
            "clock": clock.name,
            "id": clock.id,
            "due": clock.deadline.due,
            "why": clock.deadline.steps,
            "source": clock.rule.provenance.source,
            "provisional": clock.deadline.provisional,
            "unconfirmed": clock.rule.provenance.is_unconfirmed().then_some(fengqiao_core::views::UNCONFIRMED),
        })),
        Event::ClockExtended {
            clock, deadline, ..
        }
        | Event::ClockResumed { clock, deadline }
        | Event::ClockRecomputed { clock, deadline } => Some(
            json!({ "id": clock, "due": deadline.due, "why": deadline.steps, "provisional": deadline.provisional }),
        ),
        _ => None,
    }
}

/// The words of events, in order.
fn event_names(events: &[Recorded]) -> Vec<String> {
    // The word comes first, before everything that the event holds.
    let name = |recorded: &Recorded| {
        let event = serde_json::to_string(&recorded.event).ok()?;
        let (name, _) = event.strip_prefix("{\"event\":\"")?.split_once('"')?;
        Some(name.to_owned())
    };
    events.iter().filter_map(name).collect()
}

/// The case as the reader may see it, with no words, no people and no history in it: the answer is kept for thirty
/// days, and what a citizen has erased must not live on there.
fn wordless(case: &Case, reader: &Reader, rules: &Rules) -> Option<CaseView> {
    let (texts, persons) = (BTreeMap::new(), BTreeMap::new());
    let sheet = Sheet {
        case,
        history: &[],
        rules,
        texts: &texts,
        persons: &persons,
    };
    let viewer = match reader {
        Reader::Citizen => Some(Viewer::QueryCode),
        Reader::Official(principal, reference) => policy::viewer(case, principal, reference),
    };
    match viewer? {
        Viewer::QueryCode => citizen(citizen::view(&sheet, Proof::QueryCode)),
        Viewer::Citizen(principal) => citizen(citizen::view(&sheet, Proof::SignedIn(&principal))),
        Viewer::Handler { unit, principal } => handler::view(&sheet, &unit, Some(&principal))
            .map(Box::new)
            .map(CaseView::Handler),
        Viewer::Supervisor(actor) => supervisor::view(&sheet, &actor, &BTreeSet::new())
            .map(Box::new)
            .map(CaseView::Supervisor),
    }
}

fn citizen(view: Option<CitizenView>) -> Option<CaseView> {
    view.map(Box::new).map(CaseView::Citizen)
}
