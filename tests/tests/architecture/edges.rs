//! Who may know whom, held against cargo's own account of the dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use super::source::{root, text};

/// The crates of this workspace that each may name in its manifest, for its tests too. A new arrow is a decision: it
/// is drawn in ARCHITECTURE.md first.
const ARROWS: &[(&str, &[&str])] = &[
    ("fengqiao-calendar", &[]),
    ("fengqiao-core", &["fengqiao-calendar"]),
    ("fengqiao-reference", &["fengqiao-core"]),
    ("fengqiao-metrics", &["fengqiao-core"]),
    (
        "fengqiao-service",
        &[
            "fengqiao-core",
            "fengqiao-calendar",
            "fengqiao-reference",
            "fengqiao-metrics",
        ],
    ),
    (
        "fengqiao-store",
        &["fengqiao-core", "fengqiao-metrics", "fengqiao-service"],
    ),
    (
        "fengqiao-host",
        &[
            "fengqiao-core",
            "fengqiao-calendar",
            "fengqiao-reference",
            "fengqiao-metrics",
            "fengqiao-service",
            "fengqiao-guests",
        ],
    ),
    (
        "fengqiao-server",
        &[
            "fengqiao-core",
            "fengqiao-calendar",
            "fengqiao-reference",
            "fengqiao-metrics",
            "fengqiao-service",
            "fengqiao-store",
            "fengqiao-host",
        ],
    ),
    ("fengqiao-sdk", &[]),
    ("fengqiao-guests", &[]),
    (
        "fengqiao-tests",
        &[
            "fengqiao-core",
            "fengqiao-service",
            "fengqiao-store",
            "fengqiao-host",
            "fengqiao-sdk",
            "fengqiao-guests",
        ],
    ),
    ("xtask", &["fengqiao-tests"]),
];

/// What a plugin may name.
const PLUGIN_ARROWS: &[&str] = &["fengqiao-sdk"];

/// What only one crate may name, because it is that crate's trade.
const TRADES: &[(&str, &[&str])] = &[
    ("axum", &["fengqiao-server"]),
    ("cap-std", &["fengqiao-server"]),
    ("getrandom", &["fengqiao-server"]),
    ("mimalloc", &["fengqiao-server"]),
    ("rusqlite", &["fengqiao-store"]),
    ("sqlx", &["fengqiao-store"]),
    ("wasmtime", &["fengqiao-host"]),
    ("wit-bindgen", &["fengqiao-sdk"]),
];

const OUTSIDE: &[&str] = &[
    "axum",
    "getrandom",
    "hyper",
    "libsqlite3-sys",
    "mio",
    "rand",
    "rusqlite",
    "sqlx",
    "tokio",
    "ureq",
    "wasmtime",
];

/// What must not be found below a crate, however many steps down.
const NEVER_BELOW: &[(&str, &[&str])] = &[
    ("fengqiao-calendar", OUTSIDE),
    ("fengqiao-core", OUTSIDE),
    ("fengqiao-reference", OUTSIDE),
    ("fengqiao-metrics", OUTSIDE),
    ("fengqiao-sdk", OUTSIDE),
    (
        "fengqiao-service",
        &["axum", "hyper", "rusqlite", "sqlx", "wasmtime"],
    ),
    ("fengqiao-store", &["axum", "hyper", "wasmtime"]),
    ("fengqiao-host", &["axum", "hyper", "rusqlite", "sqlx"]),
];

/// Only what this machine builds: asking for every platform would download them all.
fn metadata() -> Metadata {
    let told = Command::new("rustc").arg("-vV").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    MetadataCommand::new()
        .current_dir(root())
        .other_options([
            "--locked".to_owned(),
            "--filter-platform".to_owned(),
            host.unwrap().to_owned(),
        ])
        .exec()
        .unwrap()
}

fn allowed(name: &str, manifest: &str) -> Option<&'static [&'static str]> {
    if manifest.contains("/plugins/") {
        return Some(PLUGIN_ARROWS);
    }
    let arrows = ARROWS.iter().find(|(from, _)| *from == name);
    arrows.map(|(_, to)| *to)
}

#[test]
fn every_dependency_within_the_workspace_is_an_arrow_of_the_map() {
    let metadata = metadata();
    let members = metadata.workspace_packages();
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut wrong = Vec::new();
    for member in members {
        let manifest = member.manifest_path.as_str().replace('\\', "/");
        let Some(allowed) = allowed(&member.name, &manifest) else {
            wrong.push(format!("{} isn't on the map", member.name));
            continue;
        };
        let named = member.dependencies.iter().map(|d| d.name.as_str());
        for to in named.filter(|to| names.contains(to) && !allowed.contains(to)) {
            wrong.push(format!("{} -> {to}", member.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_trade_is_known_to_its_own_crate_alone() {
    let mut wrong = Vec::new();
    for member in metadata().workspace_packages() {
        for dependency in &member.dependencies {
            let trade = TRADES.iter().find(|(name, _)| *name == dependency.name);
            if trade.is_some_and(|(_, owners)| !owners.contains(&member.name.as_str())) {
                wrong.push(format!("{} -> {}", member.name, dependency.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_pure_crate_has_no_runtime_database_sandbox_or_randomness_below_it() {
    let metadata = metadata();
    let names: BTreeMap<&PackageId, &str> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.as_str()))
        .collect();
    let mut wrong = Vec::new();
    for (name, forbidden) in NEVER_BELOW {
        let start = names.iter().find(|(_, known)| *known == name).unwrap().0;
        for found in below(&metadata, start) {
            let found = names.get(found).unwrap();
            if forbidden.contains(found) {
                wrong.push(format!("{found} is below {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Everything that is built into a crate.
fn below<'a>(metadata: &'a Metadata, start: &'a PackageId) -> BTreeSet<&'a PackageId> {
    let nodes = &metadata.resolve.as_ref().unwrap().nodes;
    let mut seen = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        let node = nodes.iter().find(|node| &node.id == id).unwrap();
        for dependency in &node.deps {
            let mut kinds = dependency.dep_kinds.iter();
            let built_in = kinds.any(|kind| kind.kind == DependencyKind::Normal);
            if built_in && seen.insert(&dependency.pkg) {
                waiting.push(&dependency.pkg);
            }
        }
    }
    seen
}

#[test]
fn the_store_port_lends_nobody_a_transaction() {
    let port = text("kernel/service/src/ports/store.rs");
    let (_, port) = port.split_once("pub trait Store").unwrap();
    let (port, _) = port.split_once("\n}").unwrap();
    let answers: Vec<&str> = port.split("Output = Result<").skip(1).collect();
    assert!(answers.len() > 20, "{answers:?}");
    for answer in answers {
        let answer = answer.split_once("> + Send").unwrap().0;
        for lent in ["'", "&", "dyn ", "impl ", "Transaction", "Guard"] {
            assert!(!answer.contains(lent), "{answer} isn't a plain value");
        }
    }
}
