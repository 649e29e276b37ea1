//! Brings a kernel to where a jurisdiction's cases can be played: everything goes through HTTP, as a district would.

use std::collections::BTreeMap;
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
    reference(client, workspace, all)?;
    let digests = plugins(client, workspace, all)?;
    for jurisdiction in all {
        bind(client, jurisdiction, &digests)?;
    }
    Ok(())
}

fn reference(client: &Client, workspace: &Path, all: &[Jurisdiction]) -> Result<()> {
    let Some(first) = all.first() else {
        return Ok(());
    };
    let admin = token(first, "system-admin")?;
    let mut table = divisions(workspace)?;
    let mut units = String::new();
    for jurisdiction in all {
        table.push_str(&jurisdiction.grids);
        units.push_str(&jurisdiction.units_toml);
        units.push('\n');
    }
    let put = |path: &str, token: &str, media: &str, body: String| -> Result<()> {
        client
            .put(path, Some(token), media, body.into_bytes())?
            .done()
            .with_context(|| format!("上传 {path}"))?;
        Ok(())
    };
    put("/v1/reference/divisions", admin, "text/csv", table)?;
    put("/v1/reference/units", admin, "application/toml", units)?;
    for jurisdiction in all {
        let admin = token(jurisdiction, "system-admin")?;
        for (name, text) in &jurisdiction.catalogues {
            let path = format!("/v1/reference/catalogues/{}-{name}", jurisdiction.name);
            put(&path, admin, "application/toml", text.clone())?;
        }
    }
    Ok(())
}

/// Uploads every plugin that is bound; the digest of each by its name.
fn plugins(
    client: &Client,
    workspace: &Path,
    all: &[Jurisdiction],
) -> Result<BTreeMap<String, String>> {
    let mut digests = BTreeMap::new();
    for jurisdiction in all {
        for binding in &jurisdiction.bindings {
            if digests.contains_key(&binding.plugin) {
                continue;
            }
            let path = workspace
                .join(PLUGINS)
                .join(format!("{}.wasm", binding.plugin));
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

fn token<'a>(jurisdiction: &'a Jurisdiction, role: &str) -> Result<&'a str> {
    let principal = jurisdiction
        .principal(role)
        .with_context(|| format!("{} 没有 {role}", jurisdiction.title))?;
    Ok(&principal.token)
}
