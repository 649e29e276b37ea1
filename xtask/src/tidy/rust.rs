//! Rules about Rust source: its first line, its length, its names, and what stands for unfinished work.

use super::tree::{File, Finding, Tree};

const MAX_LINES: usize = 500;

/// Files that may be longer, each with the reason.
const LONGER: &[(&str, &str)] = &[];

/// What stands for work that isn't done, or for a test that may pass by luck.
const UNFINISHED: &[(&str, &str)] = &[
    ("todo!", "finish it or leave it out"),
    ("unimplemented!", "finish it or leave it out"),
    ("FIXME", "mend it, or file an issue"),
    ("#[ignore", "a test runs or doesn't exist"),
    ("allow(dead_code)", "remove what nobody calls"),
];

const SLEEPS: &[&str] = &["thread::sleep", "time::sleep"];

/// Names that don't say what a thing is.
const EMPTY_NAMES: &[&str] = &["manager", "helper", "helpers", "util", "utils"];

const TYPE_WORDS: &[&str] = &["struct", "enum", "trait", "type", "union", "mod"];

/// Crates whose decisions must not depend on the order of a hash.
const PURE: &[&str] = &["core", "calendar", "reference", "metrics", "ledger"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.files
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(|file| {
            let mut findings = header(file);
            findings.extend(length(file));
            findings.extend(names(file));
            findings.extend(hash_order(file));
            if !file.names_the_forbidden() {
                findings.extend(unfinished(file));
                findings.extend(sleeps(file));
            }
            findings
        })
        .collect()
}

fn header(file: &File) -> Vec<Finding> {
    if file.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![file.finding(
        1,
        "begins without a `//!` sentence that says what the file is for",
    )]
}

fn length(file: &File) -> Option<Finding> {
    let lines = file.text.lines().count();
    let excused = LONGER.iter().any(|(path, _reason)| *path == file.path);
    (lines > MAX_LINES && !excused).then(|| {
        let what =
            format!("{lines} lines, where a reader manages {MAX_LINES}: split it by subject");
        file.finding(0, what)
    })
}

fn unfinished(file: &File) -> Vec<Finding> {
    let words = |(number, line): (usize, &str)| {
        let (word, instead) = UNFINISHED.iter().find(|(word, _)| line.contains(word))?;
        Some(file.finding(number, format!("`{word}`: {instead}")))
    };
    file.lines().filter_map(words).collect()
}

fn sleeps(file: &File) -> Vec<Finding> {
    let mut in_tests = file.path.starts_with("tests/") || file.path.contains("/tests/");
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        in_tests |= line.trim_start().starts_with("#[cfg(test)]");
        if in_tests && SLEEPS.iter().any(|sleep| line.contains(sleep)) {
            findings.push(file.finding(number, "a test sleeps: wait for what it waits for"));
        }
    }
    findings
}

fn names(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let stem = file.path.trim_end_matches(".rs");
    let in_path = stem.split(['/', '_', '-']).find(|word| is_empty_name(word));
    if let Some(word) = in_path {
        findings.push(file.finding(
            0,
            format!("“{word}” in a file's name doesn't say what is in it"),
        ));
    }
    for (number, line) in file.lines() {
        if let Some(name) = type_named(line)
            && words_of(name).iter().any(|word| is_empty_name(word))
        {
            findings.push(file.finding(number, format!("`{name}` doesn't say what it is")));
        }
    }
    findings
}

/// The name of the type or module that a line introduces.
fn type_named(line: &str) -> Option<&str> {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| word.starts_with("pub"));
    if !TYPE_WORDS.contains(&words.next()?) {
        return None;
    }
    let rest = words.next()?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    rest.get(..end.unwrap_or(rest.len()))
}

/// The words of an identifier: `PluginManager` and `plugin_manager` have the same two.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in name.chars() {
        if character == '_' || character.is_uppercase() {
            words.push(String::new());
        }
        if character != '_'
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words
}

fn is_empty_name(word: &str) -> bool {
    EMPTY_NAMES.contains(&word)
}

fn hash_order(file: &File) -> Vec<Finding> {
    let pure = PURE
        .iter()
        .any(|name| file.path.starts_with(&format!("kernel/{name}/src/")));
    if !pure {
        return Vec::new();
    }
    file.lines()
        .filter(|(_, line)| line.contains("HashMap") || line.contains("HashSet"))
        .map(|(number, _)| file.finding(number, "a hash's order leaks into decisions: use a BTree"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        let findings = check(&Tree::of(path, text));
        findings.into_iter().map(|finding| finding.line).collect()
    }

    const NONE: [usize; 0] = [];

    #[test]
    fn every_file_begins_with_a_sentence() {
        assert_eq!(found("a.rs", "//! What it is for.\nfn a() {}\n"), NONE);
        assert_eq!(found("a.rs", "use std::fmt;\n"), [1]);
    }

    #[test]
    fn a_file_that_nobody_reads_in_one_sitting_is_found() {
        let lines = |count| format!("//! Long.{}", "\n".repeat(count));
        assert_eq!(found("a.rs", &lines(MAX_LINES)), NONE);
        assert_eq!(found("a.rs", &lines(MAX_LINES + 1)), [0]);
    }

    #[test]
    fn unfinished_work_and_ignored_tests_are_found() {
        let text = "//! A.\nfn a() { todo!() }\n#[ignore = \"slow\"]\n// FIXME later\n";
        assert_eq!(found("a.rs", text), [2, 3, 4]);
    }

    #[test]
    fn a_test_may_not_sleep_but_the_ticker_may() {
        let ticker = "//! A.\nstd::thread::sleep(TICK);\n#[cfg(test)]\nmod tests {}\n";
        let test = "//! A.\n#[cfg(test)]\nmod tests { fn a() { tokio::time::sleep(TICK) } }\n";
        assert_eq!(found("kernel/host/src/ticker.rs", ticker), NONE);
        assert_eq!(found("kernel/host/src/ticker.rs", test), [3]);
        assert_eq!(found("tests/tests/main.rs", ticker), [2]);
    }

    #[test]
    fn names_that_say_nothing_are_found_in_types_and_files() {
        let text = "//! A.\npub(crate) struct PluginManager<T>(T);\nmod utils;\nstruct Utility;\n// a helper\n";
        assert_eq!(found("a.rs", text), [2, 3]);
        assert_eq!(found("src/case_util.rs", "//! A.\n"), [0]);
    }

    #[test]
    fn a_pure_crate_has_no_map_whose_order_can_leak() {
        let text = "//! A.\nuse std::collections::HashMap;\n";
        assert_eq!(found("kernel/core/src/a.rs", text), [2]);
        assert_eq!(found("kernel/server/src/a.rs", text), NONE);
    }
}
