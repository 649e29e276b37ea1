//! What the hand-written handler wants to be started with and asked.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Case, Site};
use crate::http::Connection;

pub fn arguments(
    command: &mut Command,
    folder: &Path,
    address: SocketAddr,
    tokens: &[String],
) -> Result<()> {
    let file = folder.join("tokens");
    let lines = tokens
        .iter()
        .enumerate()
        .map(|(person, token)| format!("{token} handler-{person}\n"));
    std::fs::write(&file, lines.collect::<String>())?;
    command.arg("--data").arg(folder).arg("--tokens").arg(file);
    command.arg("--listen").arg(address.to_string());
    Ok(())
}

pub async fn new_case(site: &Site, connection: &mut Connection, lane: usize) -> Result<Case> {
    let path = ("POST", "/v1/cases");
    let answer = site
        .send(connection, path, site.token(lane), None, &json!({}))
        .await?;
    let body: Value = serde_json::from_slice(&answer.body)?;
    Ok(Case {
        id: body["case"].as_str().context("no case number")?.to_owned(),
        version: answer.version.context("no version")?,
    })
}
