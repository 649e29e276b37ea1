//! The divisions that the examples use load as they are; asserted by structure, never by name.

use std::collections::BTreeMap;

use fengqiao_reference::{Divisions, Level, Source};

const TEXT: &str = include_str!("../../../../examples/divisions/divisions.csv");

fn load() -> Divisions {
    Divisions::load(&[Source::new("divisions.csv", TEXT)]).unwrap()
}

#[test]
fn every_row_of_the_published_file_is_loaded() {
    assert_eq!(load().len(), TEXT.lines().count() - 1);
}

#[test]
fn every_root_is_a_province_and_every_level_occurs() {
    let divisions = load();
    assert!(divisions.roots().all(|root| root.level == Level::Province));
    let mut counts = BTreeMap::new();
    for division in divisions.iter() {
        *counts.entry(division.level).or_insert(0) += 1;
    }
    let levels: Vec<Level> = counts.into_keys().collect();
    assert_eq!(
        levels,
        [
            Level::Village,
            Level::Township,
            Level::County,
            Level::Prefecture,
            Level::Province
        ]
    );
}

#[test]
fn every_village_has_a_path_of_five() {
    let divisions = load();
    let villages = divisions
        .iter()
        .filter(|division| division.level == Level::Village);
    for village in villages {
        assert_eq!(divisions.path(village.code).len(), 5, "{}", village.code);
    }
}

#[test]
fn every_division_is_found_by_its_own_name_in_its_parent() {
    let divisions = load();
    for division in divisions.iter() {
        let found = divisions.by_name(division.name, division.parent);
        assert!(found.contains(&division), "{}", division.code);
    }
}
