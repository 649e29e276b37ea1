//! `/v1/rooms/{room}/…`: who has a room of the register when, book it, and give it back.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_core::command::Command;
use fengqiao_core::ids::{CaseId, Code, Seq, Subject, UnitId};
use fengqiao_service::ports::Clock as _;
use fengqiao_service::ports::store::{Person, Store as _};
use fengqiao_service::{Mode, Receipt, Request, Target};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::command_case::counted;
use crate::answers::{self, answer, ok};
use crate::app::Shared;
use crate::extract::{Document, Key, Name, Sender, request_key};
use crate::once::repeated;
use crate::operation::{Group, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::{BookingDone, Rows};

pub(super) fn operations() -> Vec<Operation> {
    let group = Group::Reference;
    vec![
        Operation::read::<Rows>(
            group,
            "/v1/rooms/{room}/bookings",
            "list-bookings",
            "场所的预约",
            || get(list),
        )
        .note("只列还没有结束的预约，按开始时间。"),
        Operation::write::<Wanted, BookingDone>(
            group,
            Method::POST,
            "/v1/rooms/{room}/bookings",
            "book-room",
            "预约场所",
            || post(book),
        )
        .note("这段时间已被预约的答复 409，并给出最早从什么时候起有空（free-from）。"),
        Operation::write::<Given, BookingDone>(
            group,
            Method::POST,
            "/v1/rooms/{room}/cancellations",
            "cancel-booking",
            "取消预约",
            || post(cancel),
        ),
    ]
}

/// From when until when, exclusive, and for which case.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[schemars(with = "String")]
    from: Timestamp,
    #[schemars(with = "String")]
    until: Timestamp,
    #[serde(default)]
    about: Option<CaseId>,
}

/// The number of a booking.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Given {
    booking: Seq,
}

/// When a room is taken is for everybody; by whom and for which case, for its keeper and whoever booked it.
async fn list(
    State(app): State<Shared>,
    sender: Sender,
    Name(room): Name,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let (room, keeper) = kept(&app, &room)?;
    let keeps = policy::check_unit(&keeper, principal, &app.kernel.reference()).is_ok();
    let docket = app.kernel.store().docket(&Subject::Unit(keeper)).await?;
    let now = app.clock.now();
    let mut rows = docket.bookings;
    rows.retain(|booking| booking.room == room && now < booking.until);
    rows.sort_by_key(|booking| booking.from);
    let shown = rows.iter().map(|booking| match keeps || booking.by == principal.name {
        true => json!(booking),
        false => json!({ "id": booking.id, "room": booking.room, "from": booking.from, "until": booking.until }),
    });
    let shown: Vec<_> = shown.collect();
    Ok(ok(&json!({ "rows": shown, "next": null })))
}

async fn book(
    State(app): State<Shared>,
    sender: Sender,
    Name(room): Name,
    key: Key,
    document: Document<Wanted>,
) -> Result<Response, Problem> {
    let (room, keeper) = kept(&app, &room)?;
    let wanted = document.value;
    let command = Command::Book {
        room,
        from: wanted.from,
        until: wanted.until,
        about: wanted.about,
    };
    carry(&app, &sender, keeper, command, key, &document.digest).await
}

async fn cancel(
    State(app): State<Shared>,
    sender: Sender,
    Name(room): Name,
    key: Key,
    document: Document<Given>,
) -> Result<Response, Problem> {
    let (_, keeper) = kept(&app, &room)?;
    let booking = document.value.booking;
    let command = Command::CancelBooking { booking };
    carry(&app, &sender, keeper, command, key, &document.digest).await
}

/// A room of the register and the unit that keeps it.
fn kept(app: &Shared, room: &str) -> Result<(Code, UnitId), Problem> {
    let reference = app.kernel.reference();
    let rooms = reference.registers().get("rooms");
    let row = rooms.and_then(|rooms| rooms.get(room));
    let keeper = row.and_then(|row| row.get("unit")?.parse().ok());
    let found = room.parse().ok().zip(keeper);
    found.ok_or_else(|| Problem::no_such("room", room))
}

/// Whoever books hasn't looked at the keeper's docket, and needn't: nobody else's booking is in their way, or it is said.
async fn carry(
    app: &Shared,
    sender: &Sender,
    keeper: UnitId,
    command: Command<String, Person>,
    key: Key,
    digest: &str,
) -> Result<Response, Problem> {
    sender.official()?;
    let name = command.name();
    let request = Request {
        target: Target::Unit(keeper),
        command,
        actor: sender.actor(),
        expected: None,
        key: Some(request_key(sender.key_owner(), &key.required()?, digest)),
        mode: Mode::Commit,
        message: None,
    };
    let wording = |outcome: &fengqiao_service::Outcome| {
        let body = answers::booked(outcome).to_string();
        (StatusCode::OK.as_u16(), body)
    };
    let submitted = app.kernel.submit(request, &wording).await;
    match counted(app, name, Mode::Commit, submitted)? {
        Receipt::Done(outcome) => Ok(answer(
            StatusCode::OK,
            outcome.worded.unwrap_or_default(),
            None,
        )),
        Receipt::Again(before) => Ok(repeated(&before)),
    }
}
