//! A bulletin's numbers are whole, and every unit on it acknowledges it once.

use fengqiao_metrics::{Acknowledged, BulletinDraft, BulletinError, Column, Line};

use super::cohort::{at, code, division, unit};

const COLUMNS: [(&str, &str); 4] = [
    ("petitions", "信访"),
    ("public-security", "刑事治安案件"),
    ("traffic-accidents", "交通事故"),
    ("fires", "火灾"),
];

pub(crate) fn draft(units: &[&str]) -> BulletinDraft {
    let line = |name: &&str| Line {
        unit: unit(name),
        counts: COLUMNS
            .iter()
            .zip(1..)
            .map(|((it, _), count)| (code(it), count))
            .collect(),
    };
    BulletinDraft {
        division: division("999901000000"),
        window: "2024-05".parse().unwrap(),
        columns: COLUMNS
            .iter()
            .map(|(it, label)| Column {
                code: code(it),
                label: (*label).to_owned(),
            })
            .collect(),
        lines: units.iter().map(line).collect(),
    }
}

#[test]
fn a_bulletin_lists_its_units_in_order_with_the_sum_of_each_column() {
    let bulletin = draft(&["town-b", "town-a"]).issue(at(31, 9)).unwrap();
    let units: Vec<&str> = bulletin
        .content()
        .lines
        .iter()
        .map(|it| it.unit.as_str())
        .collect();
    assert_eq!(units, ["town-a", "town-b"]);
    let totals: Vec<(&str, u64)> = bulletin
        .totals()
        .iter()
        .map(|(it, sum)| (it.as_str(), *sum))
        .collect();
    let expected = [
        ("petitions", 2),
        ("public-security", 4),
        ("traffic-accidents", 6),
        ("fires", 8),
    ];
    assert_eq!(totals, expected);
}

#[test]
fn a_unit_acknowledges_once_and_the_first_time_stands() {
    let mut bulletin = draft(&["town-a", "town-b"]).issue(at(30, 9)).unwrap();
    let town = unit("town-b");
    assert_eq!(bulletin.outstanding().len(), 2);
    assert_eq!(
        bulletin.acknowledge(&town, at(30, 10)),
        Ok(Acknowledged::Now)
    );
    assert_eq!(
        bulletin.acknowledge(&town, at(31, 10)),
        Ok(Acknowledged::Before(at(30, 10)))
    );
    assert_eq!(bulletin.acknowledged()[&town], at(30, 10));
    assert_eq!(bulletin.outstanding(), [&unit("town-a")]);
}

#[test]
fn who_is_not_on_a_bulletin_or_comes_before_it_does_not_acknowledge_it() {
    let mut bulletin = draft(&["town-a"]).issue(at(30, 9)).unwrap();
    let stranger = unit("town-z");
    let refused = bulletin.acknowledge(&stranger, at(30, 10)).unwrap_err();
    assert_eq!(refused, BulletinError::NotAddressed(stranger));
    let early = bulletin
        .acknowledge(&unit("town-a"), at(30, 8))
        .unwrap_err();
    assert_eq!(early, BulletinError::TooEarly);
}

#[test]
fn a_number_that_is_missing_is_not_taken_for_zero() {
    let mut missing = draft(&["town-a"]);
    missing.lines[0].counts.remove(&code("fires"));
    let refused = missing.issue(at(30, 9)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "单位 town-a 缺“fires”的数，没有发生请写 0"
    );
}

#[test]
fn a_number_of_no_column_and_a_unit_or_column_named_twice_are_refused() {
    let mut unknown = draft(&["town-a"]);
    unknown.lines[0].counts.insert(code("floods"), 1);
    let refused = unknown.issue(at(30, 9)).unwrap_err();
    let (town, column) = (unit("town-a"), code("floods"));
    assert_eq!(
        refused,
        BulletinError::Unknown {
            unit: town.clone(),
            column
        }
    );
    let twice = draft(&["town-a", "town-a"]).issue(at(30, 9)).unwrap_err();
    assert_eq!(twice, BulletinError::UnitTwice(town));
    let mut columns = draft(&["town-a"]);
    columns.columns.push(columns.columns[0].clone());
    let refused = columns.issue(at(30, 9)).unwrap_err();
    assert_eq!(refused, BulletinError::ColumnTwice(code("petitions")));
}
