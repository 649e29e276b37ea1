//! What reference data accepts, refuses and answers; one binary for the package.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod catalogues;
mod dispatch;
mod divisions;
mod linked;
mod real_divisions;
mod registers;
mod snapshots;
mod stations;
mod tree;
mod units;

use fengqiao_reference::{DataError, DivisionCode, Divisions, Reason, Source, UnitId};

/// An invented county of two townships with two villages and two grids.
const DIVISIONS: &str = "\
code,name,level,parent
990000000000,甲省,province,
990100000000,乙市,prefecture,990000000000
990101000000,丙区,county,990100000000
990101001000,丁镇,township,990101000000
990101001001,戊村,village,990101001000
990101001001001,第一网格,grid,990101001001
990101001001002,第二网格,grid,990101001001
990101002000,己镇,township,990101000000
990101002001,戊村,village,990101002000
";

fn code(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

fn unit(text: &str) -> UnitId {
    text.parse().unwrap()
}

fn divisions() -> Divisions {
    Divisions::load(&[Source::new("divisions.csv", DIVISIONS)]).unwrap()
}

/// Asserts that a load was refused on this line for this reason.
#[track_caller]
fn refused<T>(result: Result<T, DataError>, file: &str, line: u64, reason: Reason) {
    let expected = DataError {
        file: file.to_owned(),
        line,
        reason: Box::new(reason),
    };
    assert_eq!(result.err(), Some(expected));
}
