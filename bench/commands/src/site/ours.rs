//! What the kernel wants to be started with, filled with and asked, until a case is being handled.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use bench_table::{Level, Office, ROWS};
use serde_json::{Value, json};

use super::{Case, Site};
use crate::http::Connection;

const COUNTY: &str = "990101000000";
const TOWNSHIP: &str = "990101001000";
const PLACE: &str = "990101001002";
const DIVISIONS: &str = "code,name,level,parent\n\
    990000000000,甲省,province,\n\
    990100000000,乙市,prefecture,990000000000\n\
    990101000000,丙区,county,990100000000\n\
    990101001000,丁镇,township,990101000000\n\
    990101001002,戊村,village,990101001000\n";

/// Puts divisions, units, the plugin and its binding in force.
const KEEPER: &str = "token-of-the-keeper";

/// What is reported, and who leads by the table.
const CATEGORY: &str = "施工噪声";
const LEAD: &str = "990101000000-城市管理局";

pub fn arguments(
    command: &mut Command,
    folder: &Path,
    address: SocketAddr,
    tokens: &[String],
) -> Result<()> {
    let mut people = String::new();
    let keeper =
        format!("token = \"{KEEPER}\"\nrole = \"system-admin\"\ndivision = \"990000000000\"\n");
    write!(people, "[[principal]]\nname = \"keeper\"\n{keeper}")?;
    for (person, token) in tokens.iter().enumerate() {
        let part = format!("role = \"unit-handler\"\ndivision = \"{COUNTY}\"\nunit = \"{LEAD}\"\n");
        write!(
            people,
            "[[principal]]\nname = \"handler-{person}\"\ntoken = \"{token}\"\n{part}"
        )?;
    }
    let file = folder.join("principals.toml");
    std::fs::write(&file, people)?;
    command.arg("serve").arg("--data").arg(folder.join("data"));
    command.arg("--listen").arg(address.to_string());
    command.arg("--principals").arg(file);
    Ok(())
}

/// The database that the server has made by now.
pub fn database(folder: &Path) -> Result<PathBuf> {
    let files = std::fs::read_dir(folder.join("data"))?;
    let mut paths = files.filter_map(Result::ok).map(|file| file.path());
    let is_database = |path: &PathBuf| {
        path.extension()
            .is_some_and(|kind| kind == "db" || kind == "sqlite")
    };
    paths
        .find(is_database)
        .context("the server made no database")
}

/// Divisions, the table's units, the plugin, and its binding for the county.
pub async fn fill(site: &Site, plugin: &Path) -> Result<()> {
    let mut connection = Connection::open(site.address).await?;
    let units = units();
    let component = std::fs::read(plugin)?;
    let files: [(&str, &str, &str, &[u8]); 3] = [
        (
            "PUT",
            "/v1/reference/divisions?name=divisions.csv",
            "text/csv",
            DIVISIONS.as_bytes(),
        ),
        (
            "PUT",
            "/v1/reference/units?name=units.toml",
            "application/toml",
            units.as_bytes(),
        ),
        ("POST", "/v1/plugins", "application/wasm", &component),
    ];
    for (method, path, content_type, body) in files {
        site.send_bytes(
            &mut connection,
            (method, path),
            KEEPER,
            None,
            (content_type, body),
        )
        .await?;
    }
    let bindings = json!({
        "division": COUNTY,
        "bindings": [{ "id": "forty-rows", "plugin": "forty-rows", "config": { "by": "code" } }],
    });
    site.send(
        &mut connection,
        ("PUT", "/v1/bindings"),
        KEEPER,
        None,
        &bindings,
    )
    .await?;
    Ok(())
}

/// Registers a matter, which the plugin routes to the lead, and signs for it.
pub async fn new_case(site: &Site, connection: &mut Connection, lane: usize) -> Result<Case> {
    let matter = json!({
        "matter": {
            "kind": "complaint", "category": CATEGORY, "place": PLACE, "people": 3,
            "text": "反映人称楼下夜间仍在施工，噪声很大，孩子无法休息，已多次向物业反映未果，请尽快到场核实处理。",
        },
        "source": { "channel": "hotline" },
        "parties": [{ "role": "reporter", "person": { "name": "张三", "phone": "13800000000" } }],
    });
    let token = site.token(lane);
    let answer = site
        .send(connection, ("POST", "/v1/cases"), token, None, &matter)
        .await?;
    let body: Value = serde_json::from_slice(&answer.body)?;
    let number = body["case"]
        .as_str()
        .or_else(|| body["case"]["id"].as_str())
        .or_else(|| body["number"].as_str());
    let id = number
        .with_context(|| format!("no case number in {body}"))?
        .to_owned();
    let path = format!("/v1/cases/{id}/commands");
    let sign = json!({ "do": "sign" });
    let answer = site
        .send(connection, ("POST", &path), token, answer.version, &sign)
        .await?;
    Ok(Case {
        id,
        version: answer.version.context("no version")?,
    })
}

/// Every office of the table, in the county or the township.
fn units() -> String {
    let offices: BTreeSet<(&str, &str)> = ROWS
        .iter()
        .flat_map(|row| row.assists.iter().chain([&row.lead]))
        .map(|&(level, name): &Office| {
            (
                if level == Level::County {
                    COUNTY
                } else {
                    TOWNSHIP
                },
                name,
            )
        })
        .collect();
    let unit = |(division, name): &(&str, &str)| {
        format!(
            "[[unit]]\nid = \"{division}-{name}\"\nname = \"{name}\"\ndivision = \"{division}\"\n"
        )
    };
    offices.iter().map(unit).collect()
}
