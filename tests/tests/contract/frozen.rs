//! What was published never changes.
#![allow(
    clippy::disallowed_methods,
    reason = "the contract is the files of the source tree"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fengqiao_guests::{contract, dummy};

#[test]
fn a_published_package_is_the_current_one_unless_its_version_was_raised() {
    let current = packages(&contract::current());
    for version in released_versions() {
        for (name, published) in packages(&contract::released(&version)) {
            let (folder, _) = name.split_once('@').unwrap_or((&name, ""));
            if let Some(now) = current.get(&name) {
                assert_eq!(
                    now, &published,
                    "{name} was published with {version}: raise its version, or put the old text back"
                );
            } else {
                let is_there = current
                    .keys()
                    .any(|other| other.starts_with(&format!("{folder}@")));
                assert!(is_there, "{name} was published with {version} and is gone");
            }
        }
    }
}

#[test]
fn every_published_hook_can_still_be_made_into_a_component() {
    for version in released_versions() {
        for hook in contract::HOOKS {
            let component = dummy::component(&contract::released(&version), hook);
            let export = format!("fengqiao:{hook}/{hook}@");
            let text = String::from_utf8_lossy(&component);
            assert!(text.contains(&export), "{hook} of {version}");
        }
    }
}

#[test]
fn the_current_contract_is_published() {
    let current = packages(&contract::current());
    let published: Vec<String> = released_versions()
        .iter()
        .flat_map(|version| packages(&contract::released(version)).into_keys())
        .collect();
    for name in current.keys() {
        assert!(published.contains(name), "copy {name} into wit/released/");
    }
}

fn released_versions() -> Vec<String> {
    let versions = folders(&contract::current().join("released"));
    versions.iter().map(|path| name_of(path)).collect()
}

/// Each package of a contract, as `fengqiao:triage@0.1.0`, with the text of its files.
fn packages(contract: &Path) -> BTreeMap<String, String> {
    let mut packages = BTreeMap::new();
    for folder in folders(contract)
        .iter()
        .filter(|path| name_of(path) != "released")
    {
        let mut files: Vec<PathBuf> = entries(folder);
        files.sort();
        let text: String = files
            .iter()
            .map(|file| fs::read_to_string(file).unwrap())
            .collect();
        let name = text.lines().find_map(|line| line.strip_prefix("package "));
        let name = name.unwrap_or_else(|| panic!("{} names no package", folder.display()));
        packages.insert(name.trim_end_matches(';').to_owned(), text);
    }
    packages
}

fn folders(path: &Path) -> Vec<PathBuf> {
    entries(path)
        .into_iter()
        .filter(|path| path.is_dir())
        .collect()
}

fn entries(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
