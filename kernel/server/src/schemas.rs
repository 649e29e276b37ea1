//! The shapes of answers for the OpenAPI document, where no type of the core says them already.

#![allow(dead_code, reason = "these types are only ever described, never made")]

use fengqiao_core::bookings::Booking;
use fengqiao_core::docket::Docket;
use fengqiao_core::ids::{CaseId, Code, Digest, DivisionCode, Level, UnitId};
use fengqiao_core::views::citizen::CitizenView;
use fengqiao_core::views::handler::HandlerView;
use fengqiao_core::views::supervisor::SupervisorView;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde_json::{Map, Value};

/// Any JSON document.
#[derive(JsonSchema)]
pub(crate) struct Anything(Map<String, Value>);

/// A page of rows.
#[derive(JsonSchema)]
pub(crate) struct Rows {
    /// The rows.
    rows: Vec<Map<String, Value>>,
    /// What to pass as `after` for the next page; null at the end.
    next: Option<String>,
}

/// Somebody, in clear, on the way in.
#[derive(JsonSchema)]
#[schemars(rename = "Person", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct PersonSchema {
    /// 姓名
    name: String,
    /// 电话
    phone: Option<String>,
    /// 身份证号
    identity_number: Option<String>,
    /// 住址
    address: Option<String>,
}

/// A case as its reader sees it.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum CaseSeen {
    /// The hub's and the supervisor's view.
    Supervisor(Box<SupervisorView>),
    /// The handling unit's view.
    Handler(Box<HandlerView>),
    /// The citizen's view.
    Citizen(Box<CitizenView>),
}

/// The answer to a registration.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) struct Registered {
    /// The case number.
    number: CaseId,
    /// Told once: opens the case for whoever has it.
    query_code: String,
    /// The version.
    version: u64,
    /// The case, without words and people.
    case: Option<CaseSeen>,
}

/// What became of a channel's message.
#[derive(JsonSchema)]
#[schemars(rename = "Taken", rename_all = "kebab-case")]
pub(crate) struct TakenSchema {
    /// `registered`, `same`, `unread` or `declined`.
    outcome: String,
    /// The case number, where it is one.
    number: Option<CaseId>,
    /// Told once: opens the case for whoever has it.
    query_code: Option<String>,
    /// The case's version.
    version: Option<u64>,
    /// Cases that may be the same.
    alike: Option<Vec<Map<String, Value>>>,
    /// The message's own number, where it came before or waits for a person.
    message: Option<String>,
    /// Why nobody could read it.
    reason: Option<Code>,
    /// Why it is declined, as a word.
    code: Option<Code>,
    /// Why it is declined.
    text: Option<String>,
}

/// The answer to a command on a case.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) struct Done {
    /// The version afterwards.
    version: u64,
    /// The stage afterwards.
    stage: Code,
    /// The stage in local words.
    stage_label: String,
    /// What happened, by the events' words.
    events: Vec<Code>,
    /// The case, without words and people.
    case: Option<CaseSeen>,
}

/// The answer to a command on a docket.
#[derive(JsonSchema)]
pub(crate) struct DocketDone {
    /// The version afterwards.
    version: u64,
    /// What happened, by the events' words.
    events: Vec<Code>,
    /// The docket afterwards.
    docket: Docket,
}

/// A room that was booked or given back.
#[derive(JsonSchema)]
pub(crate) struct BookingDone {
    /// What happened, by the events' words.
    events: Vec<Code>,
    /// The booking; none where it was given back.
    booking: Option<Booking>,
}

/// Reference data that was taken.
#[derive(JsonSchema)]
pub(crate) struct ReferenceTaken {
    /// `divisions`, `units` or `catalogue`.
    kind: String,
    /// The file.
    name: String,
    /// The version of all reference data together.
    version: String,
}

/// A plugin that was admitted.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) struct PluginLine {
    /// SHA-256 of the component.
    digest: Digest,
    /// Its size.
    size_bytes: u64,
    /// What it says about itself.
    manifest: Map<String, Value>,
    /// What it exports.
    exports: Vec<String>,
    /// What it imports.
    imports: Vec<String>,
}

/// A division with the divisions above it.
#[derive(JsonSchema)]
pub(crate) struct DivisionLine {
    /// Its code.
    code: DivisionCode,
    /// Its name.
    name: String,
    /// Its level.
    level: Level,
    /// The division right above it.
    parent: Option<DivisionCode>,
    /// From the highest down to itself.
    path: Vec<Map<String, Value>>,
}

/// A unit.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) struct UnitLine {
    /// What every record calls it.
    id: UnitId,
    /// What people call it.
    name: String,
    /// What it is.
    kind: String,
    /// The division that it serves.
    division: DivisionCode,
    /// What it is in charge of.
    portfolios: Vec<String>,
    /// The unit above it in the administration.
    parent: Option<UnitId>,
    /// The unit above it in its trade.
    business_parent: Option<UnitId>,
}

/// The time of a demonstration.
#[derive(JsonSchema)]
pub(crate) struct DemoTime {
    /// What the clock shows.
    now: Timestamp,
    /// How many clocks ran out on the way.
    breached: u64,
}

/// What went wrong (RFC 9457).
#[derive(JsonSchema)]
pub(crate) struct ProblemSchema {
    /// A name for the kind of problem.
    r#type: String,
    /// The kind in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: String,
    /// What is wrong here.
    detail: String,
    /// What to do next.
    next: String,
}
