//! ARCHITECTURE.md's table of limits, held against the constants and fields that it names.

use std::collections::BTreeSet;

use fengqiao_host::Limits;

use super::source::{constants, files, tests};
use super::statements::{code_words, section};

/// Where the limits stand.
const LIMITS: &str = "## Limits";

/// Where the numbers stand that limit nothing.
const PERIODS: &str = "## Periods and defaults";

/// One row of a table.
#[derive(Debug)]
struct Row {
    /// The folder of the crate's source.
    source: String,
    name: String,
    value: u64,
    ceiling: Option<u64>,
    reached_by: String,
}

fn rows(heading: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut source = String::new();
    for line in section("ARCHITECTURE.md", heading).lines() {
        if line.starts_with("### ") {
            source = code_words(line).next().unwrap().to_owned();
        } else if line.starts_with("| `") {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            rows.push(Row {
                source: source.clone(),
                name: cells[0].trim_matches('`').to_owned(),
                value: amount(cells[1]).unwrap_or_else(|| panic!("{line}")),
                ceiling: (cells.len() > 3).then(|| amount(cells[2])).flatten(),
                reached_by: (*cells.last().unwrap()).to_owned(),
            });
        }
    }
    rows
}

/// `4 MiB`, `30 s`, `10,000` in bytes, milliseconds or pieces.
fn amount(cell: &str) -> Option<u64> {
    let mut words = cell.split(' ');
    let number: u64 = words.next()?.replace(',', "").parse().ok()?;
    let unit = match words.next().unwrap_or_default() {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => 1,
    };
    Some(number * unit)
}

#[test]
fn every_limit_of_a_call_stands_in_the_table_as_it_is() {
    let rows = rows(LIMITS);
    let limits = Limits::DEFAULT.rows().into_iter();
    for ((name, value), (_, ceiling)) in limits.zip(Limits::CEILING.rows()) {
        let row = rows.iter().find(|row| row.name == name);
        let row = row.unwrap_or_else(|| panic!("no row for {name}"));
        assert_eq!((row.value, row.ceiling), (value, Some(ceiling)), "{name}");
    }
}

#[test]
fn every_row_names_a_constant_with_the_same_value() {
    let fields: BTreeSet<&str> = Limits::DEFAULT.rows().iter().map(|row| row.0).collect();
    for row in rows(LIMITS).into_iter().chain(rows(PERIODS)) {
        if fields.contains(row.name.as_str()) {
            continue;
        }
        let values: BTreeSet<u64> = constants(&row.source)
            .iter()
            .filter(|constant| constant.name == row.name)
            .map(|constant| constant.value)
            .collect();
        assert_eq!(values, [row.value].into(), "{} {}", row.source, row.name);
    }
}

#[test]
fn every_named_limit_of_the_kernel_has_a_row() {
    let mut rows = rows(LIMITS);
    rows.extend(self::rows(PERIODS));
    for manifest in files("kernel", "Cargo.toml") {
        let source = manifest.replace("Cargo.toml", "src");
        for constant in constants(&source).iter().filter(|c| c.is_limit) {
            let mut same = rows.iter().filter(|row| row.name == constant.name);
            let has_row = same.any(|row| row.source == source);
            assert!(has_row, "{source}: no row for {}", constant.name);
        }
    }
}

#[test]
fn every_limit_is_reached_by_a_test_that_exists() {
    let tests = tests();
    let rows = rows(LIMITS);
    assert!(rows.len() > 100, "{}", rows.len());
    for row in rows {
        let mut named = code_words(&row.reached_by).peekable();
        assert!(
            named.peek().is_some(),
            "{}: which test reaches it?",
            row.name
        );
        for name in named {
            assert!(tests.contains_key(name), "{}: no test {name}", row.name);
        }
    }
}
