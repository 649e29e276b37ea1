//! Units: what a register must look like and what it answers.

use fengqiao_reference::limits::MAX_PORTFOLIOS;
use fengqiao_reference::{DataError, Origin, Reason, Source, Unit, Units};

use crate::{divisions, refused, unit};

const REGISTER: &str = r#"
[[unit]]
id = "county-hub"
name = "综治中心"
kind = "hub"
division = "990101000000"

[[unit]]
id = "county-bureau"
name = "城管局"
division = "990101000000"
portfolios = ["城管", "市容"]
parent = "county-hub"

[[unit]]
id = "town-hub"
name = "综治中心"
division = "990101001000"
portfolios = ["综合"]
parent = "county-hub"

[[unit]]
id = "town-team"
name = "执法队"
division = "990101001000"
portfolios = ["城管"]
parent = "town-hub"
business-parent = "county-bureau"
"#;

fn load(text: &str) -> Result<Units, DataError> {
    Units::load(&[Source::new("units.toml", text)], &divisions())
}

fn register() -> Units {
    load(REGISTER).unwrap()
}

fn ids<'a>(found: impl IntoIterator<Item = &'a Unit>) -> Vec<&'a str> {
    found.into_iter().map(|unit| unit.id.as_str()).collect()
}

/// A unit with these further lines, the first of which is line 5.
fn with(lines: &str) -> String {
    format!("[[unit]]\nid = \"u1\"\nname = \"一局\"\ndivision = \"990101000000\"\n{lines}\n")
}

#[test]
fn a_unit_shows_what_its_row_says() {
    let units = register();
    let team = units.get(&unit("town-team")).unwrap();
    assert_eq!(team.kind, Unit::DEFAULT_KIND);
    assert!(team.has_portfolio("城管"));
    assert!(!team.has_portfolio("综合"));
    assert_eq!(units.get(&unit("county-hub")).unwrap().kind, "hub");
}

#[test]
fn both_parents_supervise_a_unit_the_administrative_one_first() {
    assert_eq!(
        ids(register().supervisors(&unit("town-team"))),
        ["town-hub", "county-bureau"]
    );
}

#[test]
fn one_parent_of_both_kinds_supervises_once() {
    let text = REGISTER.replace(
        r#"business-parent = "county-bureau""#,
        r#"business-parent = "town-hub""#,
    );
    assert_eq!(
        ids(load(&text).unwrap().supervisors(&unit("town-team"))),
        ["town-hub"]
    );
}

#[test]
fn a_superior_is_found_over_any_chain_of_parents() {
    let units = register();
    assert!(units.is_above(&unit("county-hub"), &unit("town-team")));
    assert!(units.is_above(&unit("county-bureau"), &unit("town-team")));
    assert!(!units.is_above(&unit("county-bureau"), &unit("town-hub")));
    assert!(!units.is_above(&unit("town-team"), &unit("town-team")));
}

#[test]
fn units_are_found_by_division_and_by_name() {
    let units = register();
    assert_eq!(
        ids(units.in_division(&crate::code("990101001000"))),
        ["town-hub", "town-team"]
    );
    assert_eq!(ids(units.by_name("综治中心")), ["county-hub", "town-hub"]);
    assert_eq!(ids(units.by_name("综治")), [""; 0]);
}

#[test]
fn the_version_depends_on_content_and_not_on_order_or_files() {
    let (first, second) = REGISTER.split_at(REGISTER.find("[[unit]]\nid = \"town-hub\"").unwrap());
    let sources = [Source::new("b.toml", second), Source::new("a.toml", first)];
    let split = Units::load(&sources, &divisions()).unwrap();
    assert_eq!(split.version(), register().version());
    assert_ne!(
        load(&REGISTER.replace("市容", "市貌")).unwrap().version(),
        split.version()
    );
}

#[test]
fn a_duplicate_id_names_both_lines() {
    let text = format!("{}{}", with(""), with("").replace("一局", "二局"));
    let reason = Reason::DuplicateUnit {
        id: "u1".to_owned(),
        first: Origin {
            file: "units.toml".into(),
            line: 2,
        },
    };
    refused(load(&text), "units.toml", 7, reason);
}

#[test]
fn one_name_twice_in_a_division_is_refused_with_both_lines() {
    let text = format!("{}{}", with(""), with("").replace("u1", "u2"));
    let reason = Reason::DuplicateUnitName {
        name: "一局".to_owned(),
        division: "990101000000".to_owned(),
        first: Origin {
            file: "units.toml".into(),
            line: 2,
        },
    };
    refused(load(&text), "units.toml", 7, reason);
}

#[test]
fn an_unknown_or_bad_division_is_refused_on_its_own_line() {
    let unknown = with("").replace("990101000000", "990109000000");
    let reason = Reason::UnknownDivision {
        field: "division".to_owned(),
        code: "990109000000".to_owned(),
    };
    refused(load(&unknown), "units.toml", 4, reason);

    let bad = with("").replace("990101000000", "9901");
    refused(
        load(&bad),
        "units.toml",
        4,
        Reason::BadDivisionCode {
            code: "9901".to_owned(),
        },
    );
}

#[test]
fn an_unknown_parent_of_either_kind_is_refused_on_its_own_line() {
    for field in ["parent", "business-parent"] {
        let reason = Reason::UnknownUnit {
            field: field.to_owned(),
            id: "nobody".to_owned(),
        };
        refused(
            load(&with(&format!("{field} = \"nobody\""))),
            "units.toml",
            5,
            reason,
        );
    }
}

#[test]
fn units_that_supervise_each_other_in_a_circle_are_refused() {
    let text = REGISTER.replace(
        "kind = \"hub\"",
        "kind = \"hub\"\nbusiness-parent = \"town-team\"",
    );
    let units = ["county-hub", "town-team", "town-hub", "county-hub"]
        .map(str::to_owned)
        .to_vec();
    refused(
        load(&text),
        "units.toml",
        3,
        Reason::SupervisionCycle { units },
    );

    let units = vec!["u1".to_owned(), "u1".to_owned()];
    refused(
        load(&with("parent = \"u1\"")),
        "units.toml",
        2,
        Reason::SupervisionCycle { units },
    );
}

#[test]
fn an_id_with_a_space_is_refused() {
    let error = load(&with("").replace("u1", "u 1")).unwrap_err();
    assert_eq!(error.line, 2);
    assert!(matches!(*error.reason, Reason::BadUnitId { ref id, .. } if id == "u 1"));
}

#[test]
fn a_name_with_surrounding_space_is_refused() {
    let reason = Reason::Untidy {
        field: "name".to_owned(),
        value: " 一局".to_owned(),
    };
    refused(
        load(&with("").replace("一局", " 一局")),
        "units.toml",
        3,
        reason,
    );
}

#[test]
fn a_portfolio_stands_once_and_no_more_than_the_limit_of_them() {
    let reason = Reason::DuplicatePortfolio {
        portfolio: "城管".to_owned(),
    };
    refused(
        load(&with("portfolios = [\n\"城管\",\n\"城管\"]")),
        "units.toml",
        7,
        reason,
    );

    let list = |count: usize| {
        let portfolios: Vec<String> = (0..count).map(|at| format!("\"职责{at}\"")).collect();
        with(&format!("portfolios = [{}]", portfolios.join(",")))
    };
    assert_eq!(load(&list(MAX_PORTFOLIOS)).unwrap().len(), 1);
    let reason = Reason::TooMany {
        what: "职责",
        limit: MAX_PORTFOLIOS,
    };
    refused(load(&list(MAX_PORTFOLIOS + 1)), "units.toml", 5, reason);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(load(&format!("\u{feff}{REGISTER}")).unwrap().len(), 4);
}

#[test]
fn an_unknown_field_or_broken_syntax_is_refused_on_its_line() {
    for (lines, line) in [
        ("portfolio = [\"城管\"]", 5),
        ("parent = ", 5),
        ("\nparent = 3", 6),
    ] {
        let error = load(&with(lines)).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(matches!(*error.reason, Reason::Syntax { .. }), "{error}");
    }
}
