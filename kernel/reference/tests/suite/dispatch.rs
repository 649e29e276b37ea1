//! A dispatch catalogue of full size, 40 categories with 1,946 items: overlaps and gaps are refused with both lines named.

use fengqiao_reference::{Catalogue, DataError, Origin, Reason, Reference, Source, Units};
use jiff::civil::Date;

use crate::{code, divisions, refused};

const CATEGORIES: usize = 40;
const ITEMS: usize = 1_946;

const UNITS: &str = r#"
[[unit]]
id = "bureau"
name = "局"
division = "990101000000"

[[unit]]
id = "team"
name = "队"
division = "990101001000"
"#;

fn head(rules: &str) -> String {
    let values: Vec<String> = (0..CATEGORIES).map(|at| format!("\"类{at:02}\"")).collect();
    format!(
        "[catalogue]\ncode = \"dispatch\"\nversion = \"1\"\ndivision = \"990101000000\"\n\
         key = [\"category\", \"item\", \"place\", \"valid-from\"]\nunits = [\"lead\"]\ncodebook = {{ column = \"category\", values = [{}] }}\n{rules}\nrow = [\n",
        values.join(", ")
    )
}

fn row(item: usize, lead: &str, place: &str, from: &str, until: &str) -> String {
    let category = item % CATEGORIES;
    format!(
        "{{ category = \"类{category:02}\", item = \"事项{item:04}\", lead = \"{lead}\", place = \"{place}\", valid-from = \"{from}\", valid-until = \"{until}\" }},\n"
    )
}

fn all() -> Vec<String> {
    (0..ITEMS)
        .map(|item| row(item, "bureau", "990101000000", "2024-01-01", ""))
        .collect()
}

/// TOML's tables come after the keys at the top, so the rows are written as an array in front of the head.
fn text(rules: &str, rows: &[String]) -> String {
    let head = head(rules);
    let head = head.strip_suffix("row = [\n").unwrap();
    format!("row = [\n{}]\n{head}", rows.concat())
}

fn load(rules: &str, rows: &[String], day: &str) -> Result<Reference, DataError> {
    let divisions = divisions();
    let units = Units::load(&[Source::new("units.toml", UNITS)], &divisions).unwrap();
    let catalogue = Catalogue::from_toml(&Source::new("dispatch.toml", &text(rules, rows)))?;
    let day: Date = day.parse().unwrap();
    Reference::new(divisions, units, vec![catalogue])?.on(day)
}

const ONE_ROW: &str =
    "one-row = { matter = [\"category\", \"item\"], division = \"place\", everywhere = true }";

fn at(line: u64) -> Origin {
    Origin {
        file: "dispatch.toml".into(),
        line,
    }
}

#[test]
fn a_complete_catalogue_is_taken_and_finds_each_of_its_items() {
    let reference = load(ONE_ROW, &all(), "2024-06-01").unwrap();
    let catalogue = reference
        .catalogue("dispatch", &code("990101001001"))
        .unwrap();
    assert_eq!(catalogue.rows().len(), ITEMS);
    assert_eq!(catalogue.words().count(), CATEGORIES);
    for item in 0..ITEMS {
        let category = format!("类{:02}", item % CATEGORIES);
        let found = catalogue.begins(&[&category, &format!("事项{item:04}")]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].get("lead"), Some("bureau"));
    }
}

#[test]
fn a_second_row_for_one_matter_is_refused_with_both_lines_even_with_the_same_lead() {
    let mut rows = all();
    rows.push(row(700, "bureau", "990101001000", "2024-01-01", ""));
    let reason = Reason::Overlap {
        matter: "类20/事项0700".to_owned(),
        first: at(702),
    };
    refused(
        load(ONE_ROW, &rows, "2024-06-01"),
        "dispatch.toml",
        1_948,
        reason,
    );
}

#[test]
fn rows_for_one_matter_may_share_out_the_places() {
    let mut rows = all();
    rows[700] = row(700, "team", "990101001000", "2024-01-01", "");
    let reason = Reason::NoRowFor {
        matter: "类20/事项0700".to_owned(),
        code: "990101002000".to_owned(),
        name: "己镇".to_owned(),
    };
    refused(
        load(ONE_ROW, &rows, "2024-06-01"),
        "dispatch.toml",
        702,
        reason,
    );
    rows.push(row(700, "bureau", "990101002000", "2024-01-01", ""));
    assert!(load(ONE_ROW, &rows, "2024-06-01").is_ok());
}

#[test]
fn rows_for_one_matter_may_follow_each_other_in_time() {
    let mut rows = all();
    rows[700] = row(700, "bureau", "990101000000", "2024-01-01", "2024-06-30");
    rows.push(row(700, "team", "990101000000", "2024-07-01", ""));
    let lead = |day| {
        let reference = load(ONE_ROW, &rows, day).unwrap();
        let catalogue = reference
            .catalogue("dispatch", &code("990101001001"))
            .unwrap();
        let found = catalogue.begins(&["类20", "事项0700"]);
        assert_eq!(found.len(), 1);
        found[0].get("lead").map(str::to_owned)
    };
    assert_eq!(lead("2024-06-30").as_deref(), Some("bureau"));
    assert_eq!(lead("2024-07-01").as_deref(), Some("team"));
    let next = load(ONE_ROW, &rows, "2024-06-01").unwrap().next_change();
    assert_eq!(next, Some("2024-07-01".parse().unwrap()));

    rows[1_946] = row(700, "team", "990101000000", "2024-06-30", "");
    let reason = Reason::Overlap {
        matter: "类20/事项0700".to_owned(),
        first: at(702),
    };
    // The overlap is on one day in June; it is found on whichever day the file comes in.
    refused(
        load(ONE_ROW, &rows, "2024-01-01"),
        "dispatch.toml",
        1_948,
        reason,
    );
}

#[test]
fn two_leads_for_one_item_are_refused_with_both_lines() {
    let rule = "one-lead = { item = \"item\", lead = \"lead\", division = \"place\" }";
    let mut rows = all();
    rows.push(row(3, "team", "990101001001", "2024-01-01", ""));
    let reason = Reason::TwoLeads {
        item: "事项0003".to_owned(),
        lead: "team".to_owned(),
        other: "bureau".to_owned(),
        first: at(5),
    };
    refused(
        load(rule, &rows, "2024-06-01"),
        "dispatch.toml",
        1_948,
        reason,
    );
}

#[test]
fn a_category_without_an_item_is_refused_by_name() {
    let rows: Vec<String> = all()
        .into_iter()
        .filter(|row| !row.contains("类07"))
        .collect();
    let error = load(ONE_ROW, &rows, "2024-06-01").unwrap_err();
    let missing = vec!["类07".to_owned()];
    let column = "category".to_owned();
    assert_eq!(*error.reason, Reason::Gap { column, missing });
}

#[test]
fn a_category_whose_last_item_ended_is_a_gap_from_that_day_on() {
    let ending = |row: String| row.replace("valid-until = \"\"", "valid-until = \"2024-06-30\"");
    let rows = all().into_iter();
    let rows: Vec<String> = rows
        .map(|row| {
            if row.contains("类07") {
                ending(row)
            } else {
                row
            }
        })
        .collect();
    assert!(load(ONE_ROW, &rows, "2024-06-30").is_ok());
    let error = load(ONE_ROW, &rows, "2024-07-01").unwrap_err();
    assert!(matches!(*error.reason, Reason::Gap { .. }), "{error}");
}
