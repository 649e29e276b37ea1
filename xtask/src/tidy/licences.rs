//! What is built into the product: licences, banned crates and sources, held against `deny.toml` without a tool installed.

mod expression;

use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand, Package};
use serde::Deserialize;

use super::tree::{Finding, Tree};
use crate::workspace::{self, Workspace};

const RULES: &str = "deny.toml";

/// The part of `deny.toml` that needs nothing but cargo's own metadata. Advisories need a database.
#[derive(Debug, Deserialize)]
struct Rules {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Debug, Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

pub(super) fn check(workspace: &Workspace, tree: &Tree) -> Result<Vec<Finding>> {
    let file = tree
        .file(RULES)
        .with_context(|| format!("{RULES} is missing"))?;
    let rules: Rules = toml::from_str(&file.text).with_context(|| format!("reading {RULES}"))?;
    let metadata = built_here(workspace)?;
    Ok(metadata
        .packages
        .iter()
        .flat_map(|package| rules.broken_by(package))
        .map(|what| Finding {
            path: "Cargo.lock".to_owned(),
            line: 0,
            what,
        })
        .collect())
}

/// Only what this machine builds: asking for every platform would download them all.
fn built_here(workspace: &Workspace) -> Result<Metadata> {
    let told = workspace::text_of(Command::new("rustc").arg("-vV"))?;
    let host = told
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc doesn't say which machine it runs on")?;
    let options = ["--filter-platform".to_owned(), host.to_owned()];
    Ok(MetadataCommand::new()
        .current_dir(workspace.root())
        .other_options(options)
        .exec()?)
}

impl Rules {
    fn broken_by(&self, package: &Package) -> Vec<String> {
        let registry = package.source.as_ref().map(|source| source.repr.as_str());
        let name = format!("{} {}", package.name, package.version);
        [
            self.licence(package.license.as_deref()),
            self.ban(&package.name),
            self.source(registry),
        ]
        .into_iter()
        .flatten()
        .map(|what| format!("{name} {what}"))
        .collect()
    }

    fn licence(&self, licence: Option<&str>) -> Option<String> {
        let Some(text) = licence else {
            return Some("has no licence expression".to_owned());
        };
        let allowed = |term: &str| self.licenses.allow.iter().any(|licence| licence == term);
        match expression::holds(text, &allowed) {
            Some(true) => None,
            Some(false) => Some(format!("is licensed {text}, which {RULES} doesn't allow")),
            None => Some(format!("has a licence expression nobody can read: {text}")),
        }
    }

    fn ban(&self, name: &str) -> Option<String> {
        let banned = self.bans.deny.iter().find(|banned| banned.name == name)?;
        Some(format!("is banned: {}", banned.reason))
    }

    fn source(&self, source: Option<&str>) -> Option<String> {
        let source = source?;
        let known = source
            .strip_prefix("registry+")
            .is_some_and(|registry| self.sources.allow_registry.iter().any(|it| it == registry));
        (!known).then(|| format!("comes from {source}, which {RULES} doesn't allow"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let text = r#"
            [licenses]
            allow = ["MIT"]
            [bans]
            deny = [{ crate = "openssl", reason = "no system library" }]
            [sources]
            allow-registry = ["https://registry.example"]
        "#;
        toml::from_str(text).expect("the rules of this test")
    }

    #[test]
    fn a_licence_that_is_not_allowed_is_found() {
        assert_eq!(rules().licence(Some("MIT OR GPL-3.0-only")), None);
        assert!(rules().licence(Some("AGPL-3.0-only")).is_some());
        assert!(rules().licence(Some("MIT OR (")).is_some());
        assert!(rules().licence(None).is_some());
    }

    #[test]
    fn a_banned_crate_is_found_with_the_reason() {
        assert_eq!(
            rules().ban("openssl"),
            Some("is banned: no system library".to_owned())
        );
        assert_eq!(rules().ban("openssl-probe"), None);
    }

    #[test]
    fn a_crate_from_another_source_is_found() {
        assert_eq!(rules().source(None), None);
        assert_eq!(
            rules().source(Some("registry+https://registry.example")),
            None
        );
        assert!(
            rules()
                .source(Some("git+https://registry.example/a.git"))
                .is_some()
        );
    }
}
