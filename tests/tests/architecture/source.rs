//! The source tree as text: its files, its tests, its constants.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders in which tests and constants are looked for.
const CODE: [&str; 5] = ["kernel", "sdk", "plugins", "tests", "xtask"];

/// Where the store's suite lists what every store has to do.
const SUITE: &str = "kernel/store/src/conformance";

/// The folder of the workspace.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The text of a file, by its path from the root.
pub(super) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder with an ending, by its path from the root; built things and hidden folders aside.
pub(super) fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(ending) {
                let path = path.strip_prefix(root()).unwrap();
                found.push(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// Every test of the tree: its name, and the files that have one of that name.
pub(super) fn tests() -> BTreeMap<String, Vec<String>> {
    let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in CODE.iter().flat_map(|folder| files(folder, ".rs")) {
        for name in tests_in(&text(&path)) {
            tests.entry(name).or_default().push(path.clone());
        }
    }
    for line in text(&format!("{SUITE}.rs")).lines() {
        let Some((topic, name)) = line.trim().trim_end_matches(',').split_once(": ") else {
            continue;
        };
        let path = format!("{SUITE}/{topic}.rs");
        if root().join(&path).is_file() && text(&path).contains(&format!("fn {name}(")) {
            tests.entry(name.to_owned()).or_default().push(path);
        }
    }
    tests
}

/// The functions right below a test attribute.
fn tests_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            marked = true;
        } else if let Some(name) = function(line) {
            if marked {
                names.push(name.to_owned());
            }
            marked = false;
        }
    }
    names
}

fn function(line: &str) -> Option<&str> {
    let line = line.trim_start_matches("pub ").trim_start_matches("async ");
    line.strip_prefix("fn ")?.split('(').next()
}

/// A constant that is a number or a length of time.
#[derive(Debug)]
pub(super) struct Constant {
    pub(super) name: String,
    /// In pieces, bytes or milliseconds.
    pub(super) value: u64,
    /// Whether it is a limit by its name or its file.
    pub(super) is_limit: bool,
}

/// Every constant of a crate; what only its tests use aside.
pub(super) fn constants(crate_src: &str) -> Vec<Constant> {
    let product = |path: &String| {
        !["/tests", "/conformance", "/fixture"]
            .iter()
            .any(|part| path.contains(part))
    };
    let mut found = Vec::new();
    for path in files(crate_src, ".rs").into_iter().filter(product) {
        let is_limits = path.ends_with("/limits.rs");
        for statement in text(&path).split("const ").skip(1) {
            let Some((head, rest)) = statement.split_once(" =") else {
                continue;
            };
            let Some((name, _)) = head.split_once(": ") else {
                continue;
            };
            let Some(value) = rest.split(';').next().and_then(evaluate) else {
                continue;
            };
            let by_name = name.starts_with("MAX_") || name.starts_with("DEFAULT_");
            found.push(Constant {
                name: name.to_owned(),
                value,
                is_limit: is_limits || by_name,
            });
        }
    }
    found
}

/// The value of `4 * 1024`, `1 << 20`, `2_000` or `Duration::from_secs(30)`.
fn evaluate(expression: &str) -> Option<u64> {
    let expression = expression.trim();
    let inner = |prefix| expression.strip_prefix(prefix)?.strip_suffix(')');
    if let Some(seconds) = inner("Duration::from_secs(") {
        return Some(evaluate(seconds)? * 1_000);
    }
    if let Some(milliseconds) = inner("Duration::from_millis(") {
        return evaluate(milliseconds);
    }
    if let Some((number, bits)) = expression.split_once("<<") {
        return Some(evaluate(number)? << evaluate(bits)?);
    }
    let factors = expression.split('*');
    factors
        .map(|factor| factor.trim().replace('_', "").parse::<u64>().ok())
        .product()
}
