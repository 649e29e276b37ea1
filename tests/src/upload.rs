//! Brings a kernel to where a jurisdiction's cases can be played: everything goes through HTTP, as a district would.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::client::Client;
use crate::files;
use crate::jurisdiction::Jurisdiction;

/// The divisions of the examples, relative to the workspace.
pub const DIVISIONS: &str = "examples/divisions/divisions.csv";
/// Where the built plugins lie, relative to the workspace.
pub const PLUGINS: &str = "target/plugins";

/// The divisions' table of the workspace.
pub fn divisions(workspace: &Path) -> Result<String> {
    files::text(&workspace.join(DIVISIONS))
}

/// Uploads reference data, plugins and bindings of all these jurisdictions.
///
/// # Errors
/// What the kernel refused, in its own words, or a plugin that isn't built.
pub fn upload(client: &Client, workspace: &Path, all: &[Jurisdiction]) -> Result<()> {
    upload_from(client, workspace, &workspace.join(PLUGINS), all)
}

/// The same with the plugins of another folder.
///
/// # Errors
/// As [`upload`].
pub fn upload_from(
    client: &Client,
    workspace: &Path,
    folder: &Path,
    all: &[Jurisdiction],
) -> Result<()> {
    reference(client, workspace, all)?;
    let digests = plugins(client, folder, all)?;
    for jurisdiction in all {
        bind(client, jurisdiction, &digests)?;
        count(client, jurisdiction)?;
    }
    Ok(())
}

/// The first table: the rows that each jurisdiction brings itself, and the common table where one brings none; every code once.
fn first_table(workspace: &Path, all: &[Jurisdiction]) -> Result<String> {
    let mut table = String::new();
    if all.iter().any(|own| own.divisions.is_empty()) {
        table = divisions(workspace)?;
    }
    let mut known: BTreeSet<String> = table.lines().map(code).collect();
    for row in all.iter().flat_map(|own| own.divisions.lines()) {
        // The header is a row like any other: its first cell is there once.
        if known.insert(code(row)) {
            table.push_str(row);
            table.push('\n');
        }
    }
    Ok(table)
}

fn code(row: &str) -> String {
    row.split(',').next().unwrap_or_default().to_owned()
}

/// Every file under a name of its own, so that a refusal names the file and line that people know.
fn reference(client: &Client, workspace: &Path, all: &[Jurisdiction]) -> Result<()> {
    if let Some(first) = all.first() {
        let table = first_table(workspace, all)?;
        put(client, first, "reference/divisions", "divisions.csv", table)?;
    }
    for jurisdiction in all {
        let name = &jurisdiction.name;
        let put = |path: &str, file: String, content: &String| {
            put(client, jurisdiction, path, &file, content.clone())
        };
        if !jurisdiction.grids.is_empty() {
            let file = format!("{name}-grids.csv");
            put("reference/divisions", file, &jurisdiction.grids)?;
        }
        let file = format!("{name}-units.toml");
        put("reference/units", file, &jurisdiction.units_toml)?;
        for (catalogue, text) in &jurisdiction.catalogues {
            let file = format!("{name}-{catalogue}.toml");
            put("reference/catalogues", file, text)?;
        }
        // By name a register stands after those that it names.
        for (register, text) in &jurisdiction.registers {
            let kind = register.split('.').next().unwrap_or_default();
            let path = format!("registers/{kind}");
            put(&path, format!("{name}-{register}"), text)?;
        }
    }
    Ok(())
}

fn put(
    client: &Client,
    jurisdiction: &Jurisdiction,
    kind: &str,
    file: &str,
    content: String,
) -> Result<()> {
    let admin = token(jurisdiction, "system-admin")?;
    let media = match file.rsplit_once('.') {
        Some((_, "csv")) => "text/csv",
        _ => "application/toml",
    };
    let path = format!("/v1/{kind}?name={file}");
    let answer = client.put(&path, Some(admin), media, content.into_bytes())?;
    answer.done().with_context(|| format!("上传 {file}"))?;
    Ok(())
}

/// Uploads every plugin that is bound; the digest of each by its name.
fn plugins(
    client: &Client,
    folder: &Path,
    all: &[Jurisdiction],
) -> Result<BTreeMap<String, String>> {
    let mut digests = BTreeMap::new();
    for jurisdiction in all {
        for binding in &jurisdiction.bindings {
            if digests.contains_key(&binding.plugin) {
                continue;
            }
            let path = folder.join(format!("{}.wasm", binding.plugin));
            ensure!(
                files::exists(&path),
                "{} 不存在：插件还没有编译，请运行 cargo xtask test（或 cargo xtask plugins）",
                path.display()
            );
            let publisher = token(jurisdiction, "publisher")?;
            let answer = client.post_bytes(
                "/v1/plugins",
                Some(publisher),
                "application/wasm",
                files::bytes(&path)?,
            )?;
            let answer = answer
                .done()
                .with_context(|| format!("上传插件 {}", binding.plugin))?;
            let digest = answer
                .body
                .get("digest")
                .and_then(Value::as_str)
                .context("上传插件的答复里没有 digest")?;
            digests.insert(binding.plugin.clone(), digest.to_owned());
        }
    }
    Ok(digests)
}

/// Binds division by division, the highest first; each division's bindings go in at once.
fn bind(
    client: &Client,
    jurisdiction: &Jurisdiction,
    digests: &BTreeMap<String, String>,
) -> Result<()> {
    let admin = token(jurisdiction, "system-admin")?;
    let mut bindings = Vec::new();
    for binding in &jurisdiction.bindings {
        let config = serde_json::to_value(&binding.config)
            .with_context(|| format!("绑定 {} 的配置", binding.id))?;
        bindings.push(json!({
            "id": binding.id,
            "plugin": digests.get(&binding.plugin),
            "division": binding.division,
            "order": binding.order,
            "channel": binding.channel,
            "config": config,
        }));
    }
    let body = json!({ "division": jurisdiction.division, "bindings": bindings });
    let answer = client.put(
        "/v1/bindings",
        Some(admin),
        "application/json",
        body.to_string().into_bytes(),
    )?;
    answer
        .done()
        .with_context(|| format!("绑定 {}", jurisdiction.title))?;
    Ok(())
}

/// Says how the place counts.
fn count(client: &Client, jurisdiction: &Jurisdiction) -> Result<()> {
    let Some(rules) = &jurisdiction.counting else {
        return Ok(());
    };
    let body = json!({ "division": jurisdiction.division, "rules": rules });
    let answer = client.put(
        "/v1/counting-rules",
        Some(token(jurisdiction, "system-admin")?),
        "application/json",
        body.to_string().into_bytes(),
    )?;
    answer
        .done()
        .with_context(|| format!("设定 {} 的统计口径", jurisdiction.title))?;
    Ok(())
}

fn token<'a>(jurisdiction: &'a Jurisdiction, role: &str) -> Result<&'a str> {
    let principal = jurisdiction
        .principal(role)
        .with_context(|| format!("{} 没有 {role}", jurisdiction.title))?;
    Ok(&principal.token)
}
