//! ARCHITECTURE.md's invariants, held against the tests that they name; and what documents point at.

use super::source::{files, root, tests, text};

const MAP: &str = "ARCHITECTURE.md";

/// The lines below a heading up to the next one of its own level.
pub(super) fn section(document: &str, heading: &str) -> String {
    let level = heading.split(' ').next().unwrap();
    let document = text(document);
    let mut lines = document.lines().skip_while(|line| *line != heading);
    assert!(lines.next().is_some(), "no heading {heading}");
    lines
        .take_while(|line| !line.starts_with(&format!("{level} ")))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The words in backticks.
pub(super) fn code_words(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn every_invariant_names_tests_that_exist() {
    let tests = tests();
    let section = section(MAP, "## Invariants");
    let mut statements: Vec<(&str, usize)> = Vec::new();
    for line in section.lines() {
        if line.starts_with("**") {
            statements.push((line, 0));
        } else if let Some(named) = line.strip_prefix("- `") {
            let mut words = named.split('`').step_by(2);
            let path = words.next().unwrap();
            let (_, count) = statements.last_mut().unwrap();
            for name in words.filter(|word| !word.is_empty()) {
                let known = tests
                    .get(name)
                    .is_some_and(|at| at.iter().any(|p| p == path));
                assert!(known, "{path} has no test {name}");
                *count += 1;
            }
        }
    }
    assert!(statements.len() >= 17, "{statements:#?}");
    for (statement, count) in statements {
        assert!(count > 0, "no test stands behind: {statement}");
    }
}

#[test]
fn every_path_in_the_documents_exists() {
    const TOP: [&str; 9] = [
        "kernel/",
        "wit/",
        "sdk/",
        "plugins/",
        "examples/",
        "tests/",
        "xtask/",
        "bench/",
        ".ci/",
    ];
    let mut wrong = Vec::new();
    for document in ["README.md", "README.zh-CN.md", MAP, "CONTRIBUTING.md"] {
        let text = text(document);
        let words = code_words(&text).filter(|word| TOP.iter().any(|top| word.starts_with(top)));
        let links = text.split("](").skip(1);
        let links = links.filter_map(|rest| rest.split([')', '#']).next());
        let links = links.filter(|link| !link.is_empty() && !link.contains("://"));
        let paths = words.chain(links);
        for path in paths.filter(|path| !path.contains(['<', '*', '…', ' ', '\n'])) {
            if !root().join(path).exists() {
                wrong.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_crate_of_the_kernel_stands_on_the_map() {
    let section = section(MAP, "## The crates");
    for manifest in files("kernel", "Cargo.toml") {
        let folder = manifest.trim_end_matches("Cargo.toml");
        assert!(section.contains(&format!("`{folder}`")), "{folder}");
    }
}
