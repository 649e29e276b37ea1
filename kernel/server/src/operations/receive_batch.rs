//! `POST /v1/channels/{channel}/batches`: a table, each row of which is a message of its own.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::post;
use csv::ByteRecord;
use fengqiao_core::ids::DivisionCode;
use fengqiao_service::{Incoming, Mode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::receive::{channel_code, take};
use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Key, Name, Params, Sender, receive, request_key};
use crate::limits::MAX_BATCH_ROWS;
use crate::operation::{Body, Group, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::{Anything, Rows};
use crate::secret::sha256;
use crate::taken;

const CSV: [&str; 2] = ["text/csv", "text/plain"];

pub(super) fn operation() -> Operation {
    Operation::write::<Anything, Rows>(
        Group::Channels,
        Method::POST,
        "/v1/channels/{channel}/batches",
        "receive-batch",
        "接收一张表：每行一件",
        || post(receive_rows),
    )
    .takes(Body::of("text/csv"))
    .note("首行为表头，最多 200 行。每行各自登记、各有结果（row 为行号，表头是第 1 行），一行不行不影响其他行；用同一 Idempotency-Key 重发，已登记的行得到同样的答复。")
    .with("division", "渠道所属区划；不写即为本人的区划")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    division: Option<DivisionCode>,
}

async fn receive_rows(
    State(app): State<Shared>,
    sender: Sender,
    Name(channel): Name,
    Params(query): Params<Query>,
    key: Key,
    request: Request,
) -> Result<Response, Problem> {
    let principal = sender.official()?;
    let division = query.division.unwrap_or_else(|| principal.division.clone());
    policy::check_division(&division, principal)?;
    let channel = channel_code(&channel)?;
    let key = key.required()?;
    let received = receive(request, &CSV).await?;
    let reference = app.kernel.reference();
    let mut rows = Vec::new();
    for (row, raw) in messages(&received.bytes)? {
        // Each row is a request of its own, so that the whole table may be sent again after any interruption.
        let key = format!("{key}#{row}");
        let digest = sha256(&[channel.as_str().as_bytes(), &raw]);
        let incoming = Incoming {
            division: division.clone(),
            channel: channel.clone(),
            number: None,
            media: "text/csv".to_owned(),
            raw,
            actor: sender.actor(),
            key: Some(request_key(sender.key_owner(), &key, &digest)),
            mode: Mode::Commit,
        };
        let mut said = match take(&app, &sender, incoming, Some(&key)).await {
            Ok(taken) => {
                let opened = matches!(taken, fengqiao_service::Taken::Again(_)).then_some(&*key);
                taken::said(&taken, principal, &reference, opened).1
            }
            Err(problem) => failed(&problem),
        };
        if let Some(object) = said.as_object_mut() {
            object.insert("row".to_owned(), row.into());
        }
        rows.push(said);
    }
    Ok(ok(&json!({ "rows": rows, "next": null })))
}

fn failed(problem: &Problem) -> Value {
    let mut body = problem.body();
    let text = body.get_mut("detail").map(Value::take).unwrap_or_default();
    json!({ "outcome": "failed", "code": problem.code(), "text": text })
}

/// The rows of a table, each with the header before it: the line that it has in the sender's sheet, and its text.
fn messages(table: &[u8]) -> Result<Vec<(usize, Vec<u8>)>, Problem> {
    let table = table.strip_prefix(b"\xef\xbb\xbf").unwrap_or(table);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(table);
    let mut records = reader.byte_records();
    let unreadable = |error: csv::Error| Problem::table_unreadable(&error.to_string());
    let Some(header) = records.next().transpose().map_err(unreadable)? else {
        return Err(Problem::empty_message());
    };
    let mut rows = Vec::new();
    for (index, record) in records.enumerate() {
        if index == MAX_BATCH_ROWS {
            return Err(Problem::too_many_rows(MAX_BATCH_ROWS));
        }
        let record = record.map_err(unreadable)?;
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        rows.push((index + 2, written(&header, &record).map_err(unreadable)?));
    }
    if rows.is_empty() {
        return Err(Problem::empty_message());
    }
    Ok(rows)
}

fn written(header: &ByteRecord, record: &ByteRecord) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    writer.write_byte_record(header)?;
    writer.write_byte_record(record)?;
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_message_with_the_header_and_knows_its_line() {
        let table =
            "\u{feff}编号,内容\r\n1,路灯不亮\r\n,\r\n2,\"他说：\"\"坏了\"\"，\n第二行\"\r\n";
        let rows = messages(table.as_bytes()).unwrap();
        let rows: Vec<_> = rows
            .iter()
            .map(|(row, raw)| (*row, std::str::from_utf8(raw).unwrap()))
            .collect();
        assert_eq!(
            rows,
            [
                (2, "编号,内容\n1,路灯不亮\n"),
                (4, "编号,内容\n2,\"他说：\"\"坏了\"\"，\n第二行\"\n"),
            ]
        );
    }

    #[test]
    fn a_table_without_a_row_is_refused() {
        for table in ["", "编号,内容\n", "编号,内容\n ,\n"] {
            assert_eq!(
                messages(table.as_bytes()).unwrap_err().code(),
                "empty-message"
            );
        }
    }

    #[test]
    fn a_table_has_at_most_two_hundred_rows() {
        let table = |rows: usize| format!("编号\n{}", "1\n".repeat(rows));
        assert_eq!(messages(table(200).as_bytes()).unwrap().len(), 200);
        let refused = messages(table(201).as_bytes()).unwrap_err();
        assert_eq!(refused.code(), "too-many-rows");
    }
}
