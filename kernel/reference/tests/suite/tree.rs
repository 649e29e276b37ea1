//! Properties of any tree of divisions.

use fengqiao_reference::{DivisionCode, Divisions, Source};
use proptest::collection::btree_set;
use proptest::prelude::*;

/// The divisions that some villages of an invented province need, each once, with its level.
fn tree(villages: &[(u8, u8, u8, u8)]) -> String {
    let mut rows = std::collections::BTreeSet::new();
    for (prefecture, county, township, village) in villages {
        let prefecture = format!("99{:02}", prefecture + 1);
        let county_code = format!("{prefecture}{:02}", county + 1);
        let township_code = format!("{county_code}{:03}", township + 1);
        let village_code = format!("{township_code}{:03}", village + 1);
        rows.insert("990000000000,省,province,".to_owned());
        rows.insert(format!(
            "{prefecture}00000000,市{prefecture},prefecture,990000000000"
        ));
        rows.insert(format!(
            "{county_code}000000,区,county,{prefecture}00000000"
        ));
        rows.insert(format!(
            "{township_code}000,镇,township,{county_code}000000"
        ));
        rows.insert(format!("{village_code},村,village,{township_code}000"));
    }
    let rows: Vec<String> = rows.into_iter().collect();
    format!("code,name,level,parent\n{}\n", rows.join("\n"))
}

fn trees() -> impl Strategy<Value = Divisions> {
    let village = (0u8..3, 0u8..3, 0u8..3, 0u8..4);
    btree_set(village, 1..40).prop_map(|villages| {
        let villages: Vec<_> = villages.into_iter().collect();
        Divisions::load(&[Source::new("tree.csv", &tree(&villages))]).unwrap()
    })
}

proptest! {
    #[test]
    fn a_path_is_the_chain_of_parents(divisions in trees()) {
        for division in divisions.iter() {
            let path = divisions.path(division.code);
            prop_assert_eq!(path.last(), Some(&division));
            prop_assert_eq!(path.first().and_then(|root| root.parent), None);
            for (above, below) in path.iter().zip(path.iter().skip(1)) {
                prop_assert_eq!(below.parent, Some(above.code));
                prop_assert!(above.level > below.level);
            }
        }
    }

    #[test]
    fn within_holds_exactly_for_what_stands_on_the_path(divisions in trees()) {
        let all: Vec<DivisionCode> = divisions.iter().map(|division| division.code.clone()).collect();
        for inner in &all {
            let path: Vec<_> = divisions.path(inner).iter().map(|division| division.code).collect();
            for outer in &all {
                prop_assert_eq!(divisions.is_within(inner, outer), path.contains(&outer));
            }
        }
    }

    #[test]
    fn where_parents_follow_the_digits_within_agrees_with_the_digits(divisions in trees()) {
        for inner in divisions.iter() {
            for outer in divisions.iter() {
                let by_digits = outer.code.contains(inner.code);
                prop_assert_eq!(divisions.is_within(inner.code, outer.code), by_digits);
            }
        }
    }

    #[test]
    fn every_division_but_a_root_is_a_child_of_its_parent_once(divisions in trees()) {
        let children = divisions.iter().flat_map(|division| divisions.children(division.code));
        let mut listed: Vec<_> = children.chain(divisions.roots()).map(|division| division.code).collect();
        listed.sort();
        let all: Vec<_> = divisions.iter().map(|division| division.code).collect();
        prop_assert_eq!(listed, all);
    }

    #[test]
    fn any_text_is_loaded_or_refused_with_a_line_of_it(text in "(code,name,level,parent\n)?[0-9a-z,\"\r\n村 ]{0,80}") {
        if let Err(error) = Divisions::load(&[Source::new("any.csv", &text)]) {
            prop_assert!(error.line >= 1);
            prop_assert!(error.line <= text.split('\n').count() as u64);
        }
    }
}
