//! Divisions: what a file must look like and what the index answers.

use fengqiao_reference::limits::{MAX_NAME_CHARS, MAX_PAGE_ROWS};
use fengqiao_reference::{Division, Divisions, Level, Origin, Reason, Source};

use crate::{DIVISIONS, code, divisions, refused};

const HEADER: &str = "code,name,level,parent\n";

fn load(rows: &str) -> Result<Divisions, fengqiao_reference::DataError> {
    let text = format!("{HEADER}{rows}");
    Divisions::load(&[Source::new("divisions.csv", &text)])
}

fn codes<'a>(found: impl IntoIterator<Item = Division<'a>>) -> Vec<String> {
    found
        .into_iter()
        .map(|division| division.code.to_string())
        .collect()
}

#[test]
fn a_path_goes_from_the_root_to_the_division() {
    assert_eq!(
        codes(divisions().path(&code("990101001001001"))),
        [
            "990000000000",
            "990100000000",
            "990101000000",
            "990101001000",
            "990101001001",
            "990101001001001"
        ]
    );
}

#[test]
fn a_division_shows_its_name_level_and_parent() {
    let divisions = divisions();
    let village = divisions.get(&code("990101001001")).unwrap();
    assert_eq!((village.name, village.level), ("戊村", Level::Village));
    assert_eq!(village.parent, Some(&code("990101001000")));
}

#[test]
fn a_division_lies_within_itself_and_its_ancestors_only() {
    let divisions = divisions();
    let village = code("990101001001");
    assert!(divisions.is_within(&village, &village));
    assert!(divisions.is_within(&village, &code("990100000000")));
    assert!(!divisions.is_within(&village, &code("990101002000")));
    assert!(!divisions.is_within(&code("990100000000"), &village));
}

#[test]
fn an_unknown_division_lies_nowhere_and_has_no_path() {
    let divisions = divisions();
    let unknown = code("990101001009");
    assert!(!divisions.is_within(&unknown, &code("990000000000")));
    assert!(!divisions.is_within(&unknown, &unknown));
    assert!(divisions.path(&unknown).is_empty());
    assert_eq!(divisions.children(&unknown).count(), 0);
}

#[test]
fn parent_links_hold_even_where_the_digits_say_otherwise() {
    let divisions = load(
        "990100000000,乙市,prefecture,\n\
         990101000000,丙区,county,990100000000\n\
         990102000000,庚区,county,990100000000\n\
         990101003000,划归庚区的镇,township,990102000000\n",
    )
    .unwrap();
    let town = code("990101003000");
    assert!(divisions.is_within(&town, &code("990102000000")));
    assert!(!divisions.is_within(&town, &code("990101000000")));
}

#[test]
fn a_township_may_lie_right_below_a_prefecture_without_counties() {
    let divisions =
        load("990300000000,辛市,prefecture,\n990300001000,壬镇,township,990300000000\n").unwrap();
    assert_eq!(
        codes(divisions.children(&code("990300000000"))),
        ["990300001000"]
    );
}

#[test]
fn children_are_those_right_below_by_code() {
    assert_eq!(
        codes(divisions().children(&code("990101000000"))),
        ["990101001000", "990101002000"]
    );
    assert_eq!(codes(divisions().roots()), ["990000000000"]);
}

#[test]
fn grids_are_the_children_with_fifteen_digits() {
    assert_eq!(
        codes(divisions().grids(&code("990101001001"))),
        ["990101001001001", "990101001001002"]
    );
    assert_eq!(divisions().grids(&code("990101001000")).count(), 0);
}

#[test]
fn the_county_of_a_grid_is_found_by_level() {
    let divisions = divisions();
    let grid = code("990101001001002");
    let county = divisions.at_level(&grid, Level::County).unwrap();
    assert_eq!(county.code.as_str(), "990101000000");
    assert_eq!(
        divisions.at_level(&code("990101000000"), Level::Village),
        None
    );
}

#[test]
fn two_villages_of_two_towns_meet_in_the_county() {
    let divisions = divisions();
    let common = divisions
        .common(&code("990101001001"), &code("990101002001"))
        .unwrap();
    assert_eq!(common.code.as_str(), "990101000000");
}

#[test]
fn a_name_finds_every_division_that_has_it_and_a_place_narrows_it() {
    let divisions = divisions();
    assert_eq!(
        codes(divisions.by_name("戊村", None)),
        ["990101001001", "990101002001"]
    );
    let town = code("990101002000");
    assert_eq!(
        codes(divisions.by_name("戊村", Some(&town))),
        ["990101002001"]
    );
    assert_eq!(codes(divisions.by_name("戊", None)), [""; 0]);
}

#[test]
fn a_search_takes_the_beginning_of_a_name_or_of_a_code() {
    let divisions = divisions();
    assert_eq!(
        codes(divisions.search("戊", None, 0, 10).items),
        ["990101001001", "990101002001"]
    );
    assert_eq!(
        codes(divisions.search("990101002", None, 0, 10).items),
        ["990101002000", "990101002001"]
    );
    let town = code("990101001000");
    assert_eq!(
        codes(divisions.search("99010100", Some(&town), 0, 1).items),
        ["990101001000"]
    );
}

#[test]
fn pages_of_a_search_follow_each_other_to_the_end() {
    let divisions = divisions();
    let (mut seen, mut skip) = (Vec::new(), Some(0));
    while let Some(from) = skip {
        let page = divisions.search("", None, from, 2);
        assert!(page.items.len() <= 2);
        seen.extend(codes(page.items));
        skip = page.next;
    }
    seen.sort();
    assert_eq!(seen, codes(divisions.iter()));
}

#[test]
fn a_page_is_cut_to_its_limit() {
    let rows: String = (1..=MAX_PAGE_ROWS + 1)
        .map(|at| format!("990101{at:03}000,镇,township,\n"))
        .collect();
    let page_rows = load(&rows).map(|all| all.search("镇", None, 0, usize::MAX).items.len());
    assert_eq!(page_rows, Ok(MAX_PAGE_ROWS));
}

#[test]
fn equal_content_has_an_equal_version_whatever_the_order_of_the_rows() {
    let mut rows: Vec<&str> = DIVISIONS.lines().skip(1).collect();
    rows.reverse();
    let reversed = load(&rows.join("\r\n")).unwrap();
    assert_eq!(reversed.version(), divisions().version());

    let renamed = DIVISIONS.replace("丁镇", "丁街道");
    let renamed = Divisions::load(&[Source::new("divisions.csv", &renamed)]).unwrap();
    assert_ne!(renamed.version(), divisions().version());

    let moved = DIVISIONS.replace("village,990101002000", "village,990101001000");
    let moved = Divisions::load(&[Source::new("divisions.csv", &moved)]).unwrap();
    assert_ne!(moved.version(), divisions().version());
}

#[test]
fn a_grid_numbered_zero_is_not_the_village_it_lies_in() {
    assert_eq!(divisions().get(&code("990101001001000")), None);
}

#[test]
fn a_district_adds_its_grids_and_the_version_before_stays_as_it_is() {
    let base = divisions();
    let before = base.version().to_owned();
    let grids = format!("{HEADER}990101002001001,新网格,grid,990101002001\n");
    let next = base.merge(&[Source::new("grids.csv", &grids)]).unwrap();
    assert_eq!(
        codes(next.grids(&code("990101002001"))),
        ["990101002001001"]
    );
    assert_eq!(
        (base.version(), base.len()),
        (before.as_str(), next.len() - 1)
    );
    assert_ne!(next.version(), base.version());
}

#[test]
fn what_is_in_force_is_not_loaded_again() {
    let again = format!("{HEADER}990101002000,己镇,township,990101000000\n");
    let reason = Reason::DivisionInForce {
        code: "990101002000".to_owned(),
    };
    refused(
        divisions().merge(&[Source::new("again.csv", &again)]),
        "again.csv",
        2,
        reason,
    );
}

#[test]
fn a_duplicate_names_both_lines_also_across_files() {
    let one = format!("{HEADER}990000000000,甲省,province,\n");
    let two = format!("{HEADER}\n980000000000,癸省,province,\n990000000000,甲省,province,\n");
    let sources = [Source::new("one.csv", &one), Source::new("two.csv", &two)];
    let reason = Reason::DuplicateDivision {
        code: "990000000000".to_owned(),
        first: Origin {
            file: "one.csv".into(),
            line: 2,
        },
    };
    refused(Divisions::load(&sources), "two.csv", 4, reason);
}

#[test]
fn an_unknown_parent_is_refused() {
    let reason = Reason::UnknownDivision {
        field: "parent".to_owned(),
        code: "990100000000".to_owned(),
    };
    refused(
        load("990101000000,丙区,county,990100000000\n"),
        "divisions.csv",
        2,
        reason,
    );
}

#[test]
fn a_bad_code_is_refused() {
    for bad in [
        "",
        "99010100100",
        "99010100100A",
        "9901010010011",
        "９90101001001",
    ] {
        let reason = Reason::BadDivisionCode {
            code: bad.to_owned(),
        };
        refused(
            load(&format!("{bad},丙区,county,\n")),
            "divisions.csv",
            2,
            reason,
        );
    }
}

#[test]
fn a_level_that_disagrees_with_the_code_is_refused() {
    let reason = Reason::WrongLevel {
        code: "990101000000".to_owned(),
        stated: "township".to_owned(),
        actual: "county",
    };
    refused(
        load("990101000000,丙区,township,\n"),
        "divisions.csv",
        2,
        reason,
    );
}

#[test]
fn a_cycle_is_refused_because_some_parent_in_it_is_not_of_a_higher_level() {
    let reason = Reason::WrongParentLevel {
        code: "990100000000".to_owned(),
        parent: "990101000000".to_owned(),
    };
    let rows = "990100000000,乙市,prefecture,990101000000\n\
                990101000000,丙区,county,990100000000\n";
    refused(load(rows), "divisions.csv", 2, reason);

    let reason = Reason::WrongParentLevel {
        code: "990101000000".to_owned(),
        parent: "990101000000".to_owned(),
    };
    refused(
        load("990101000000,丙区,county,990101000000\n"),
        "divisions.csv",
        2,
        reason,
    );
}

#[test]
fn a_grid_lies_in_a_village_or_a_township_and_nowhere_else() {
    let town = "990101001000,丁镇,township,\n990101001000001,网格,grid,990101001000\n";
    assert_eq!(load(town).unwrap().len(), 2);

    let county = "990101000000,丙区,county,\n990101000000001,网格,grid,990101000000\n";
    let reason = Reason::WrongParentLevel {
        code: "990101000000001".to_owned(),
        parent: "990101000000".to_owned(),
    };
    refused(load(county), "divisions.csv", 3, reason);
}

#[test]
fn a_village_or_a_grid_without_a_parent_is_refused() {
    let reason = Reason::NoParent {
        code: "990101001001".to_owned(),
    };
    refused(
        load("990101001001,戊村,village,\n"),
        "divisions.csv",
        2,
        reason,
    );
}

#[test]
fn a_missing_unknown_or_repeated_column_is_refused() {
    let cases = [
        (
            "code,name,level\n",
            Reason::MissingColumn {
                column: "parent".to_owned(),
            },
        ),
        (
            "",
            Reason::MissingColumn {
                column: "code".to_owned(),
            },
        ),
        (
            "code,name,level,parent,note\n",
            Reason::UnknownColumn {
                column: "note".to_owned(),
            },
        ),
        (
            "code,name,level,parent,name\n",
            Reason::DuplicateColumn {
                column: "name".to_owned(),
            },
        ),
    ];
    for (text, reason) in cases {
        refused(
            Divisions::load(&[Source::new("divisions.csv", text)]),
            "divisions.csv",
            1,
            reason,
        );
    }
}

#[test]
fn a_row_of_another_width_is_refused() {
    let reason = Reason::WrongWidth {
        columns: 4,
        fields: 3,
    };
    refused(
        load("990000000000,甲省,province\n"),
        "divisions.csv",
        2,
        reason,
    );
}

#[test]
fn lines_are_counted_as_an_editor_does_with_crlf_blank_lines_and_byte_order_mark() {
    let text = "\u{feff}code,name,level,parent\r\n\r\n990000000000,甲省,province,\r\n\r\n990100000000,,prefecture,990000000000\r\n";
    let reason = Reason::Empty {
        field: "name".to_owned(),
    };
    refused(
        Divisions::load(&[Source::new("windows.csv", text)]),
        "windows.csv",
        5,
        reason,
    );
}

#[test]
fn a_name_at_the_limit_is_taken_and_one_above_it_refused() {
    let row = |chars| format!("990000000000,{},province,\n", "长".repeat(chars));
    assert_eq!(load(&row(MAX_NAME_CHARS)).unwrap().len(), 1);
    let reason = Reason::TooLong {
        field: "name".to_owned(),
        limit: MAX_NAME_CHARS,
    };
    refused(load(&row(MAX_NAME_CHARS + 1)), "divisions.csv", 2, reason);
}

#[test]
fn a_refusal_reads_as_a_sentence_with_file_line_and_what_to_do() {
    let error = load("990101001001,戊村,village,\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "divisions.csv 第 2 行：990101001001 没有上级：村（社区）和网格必须填写上级，请补上"
    );
}

#[test]
fn a_written_path_means_the_division_at_its_end() {
    let divisions = divisions();
    let found = |path: &str| -> Vec<String> {
        let page = divisions.search_path(path, None, 0, 10);
        page.items
            .iter()
            .map(|division| division.code.to_string())
            .collect()
    };
    assert_eq!(found("甲省/乙市/丙区/丁镇/戊村"), ["990101001001"]);
    assert_eq!(found("丙区 己镇 戊"), ["990101002001"]);
    assert_eq!(found("戊村"), ["990101001001", "990101002001"]);
    assert_eq!(found("己镇/丁镇"), [""; 0]);
    let town = code("990101001000");
    let page = divisions.search_path("丙区/戊村", Some(&town), 0, 10);
    assert_eq!(page.items.len(), 1);
}
