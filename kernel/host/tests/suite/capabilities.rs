//! What a plugin is told when it asks.

use std::sync::Arc;

use fengqiao_core::advice::GuardVerdict;
use fengqiao_guests::REPLY;
use fengqiao_guests::answers::{permit, refuse};
use fengqiao_reference::{Divisions, Reference, Source, Units};
use fengqiao_service::ports::advisor::Advisor as _;

use crate::desk::Desk;

const DIVISIONS: &str = "\
code,name,level,parent
990000000000,甲省,province,
990100000000,乙市,prefecture,990000000000
990101000000,丙区,county,990100000000
";

fn reference(name: &str) -> Arc<Reference> {
    let text = DIVISIONS.replace("丙区", name);
    let divisions = Divisions::load(&[Source::new("divisions.csv", &text)]).unwrap();
    Arc::new(Reference::new(divisions, Units::default(), Vec::new()).unwrap())
}

/// A guard that refuses in the words that stand at the address in the answer of a capability.
fn repeat(capability: &str, function: &str, question: &str, days: Option<u32>, at: u32) -> Vec<u8> {
    let params = if days.is_some() {
        "i32 i32 i32 i32"
    } else {
        "i32 i32 i32"
    };
    let mut guest = refuse("told", "").imports(capability, function, params);
    let (text, length) = guest.put(question.as_bytes());
    let days = days.map_or(String::new(), |days| format!("(i32.const {days})"));
    let id = function.replace('-', "_");
    guest
        .first(&format!(
            "(call ${id} (i32.const {text}) (i32.const {length}) {days} (i32.const {REPLY}))
             (i32.store (i32.const 272) (i32.load (i32.const {at})))
             (i32.store (i32.const 276) (i32.load offset=4 (i32.const {at})))"
        ))
        .component()
}

fn told(words: &str) -> GuardVerdict {
    GuardVerdict::Refuse {
        code: "told".parse().unwrap(),
        text: words.to_owned(),
    }
}

#[tokio::test]
async fn a_division_is_found_in_the_version_in_force() {
    let desk = Desk::new();
    let guest = repeat(
        "directory",
        "find-division",
        "990101000000",
        None,
        REPLY + 16,
    );
    let binding = desk.bind(&guest).await;
    for name in ["丙区", "丁区"] {
        desk.advisor.set_reference(reference(name));
        assert_eq!(desk.ask_guard(&binding).await, Ok(told(name)));
    }
}

#[tokio::test]
async fn a_malformed_code_is_a_bad_request() {
    let guest = repeat("directory", "find-division", "12", None, REPLY + 8);
    let verdict = Desk::new().guard(&guest).await.unwrap();
    let GuardVerdict::Refuse { text, .. } = verdict else {
        panic!("{verdict:?}");
    };
    assert!(text.contains("12"), "{text}");
}

#[tokio::test]
async fn working_days_are_counted_by_the_notices() {
    // 2024-02-04 and 2024-02-18 are made up for the Spring Festival (10 to 17 February).
    let guest = repeat(
        "calendar",
        "add-working-days",
        "2024-02-02",
        Some(5),
        REPLY + 4,
    );
    assert_eq!(Desk::new().guard(&guest).await, Ok(told("2024-02-08")));
}

#[tokio::test]
async fn a_day_that_no_notice_covers_is_unavailable() {
    let guest = repeat(
        "calendar",
        "add-working-days",
        "2199-01-01",
        Some(1),
        REPLY + 8,
    );
    let verdict = Desk::new().guard(&guest).await.unwrap();
    let GuardVerdict::Refuse { text, .. } = verdict else {
        panic!("{verdict:?}");
    };
    assert!(text.contains("2199-01-02"), "{text}");
}

#[tokio::test]
async fn a_question_is_answered_with_at_most_two_hundred_rows() {
    let divisions = Divisions::load(&[Source::new("divisions.csv", DIVISIONS)]).unwrap();
    let rows = (0..201).map(|n| {
        format!("[[unit]]\nid = \"u-{n}\"\nname = \"单位{n}\"\ndivision = \"990101000000\"\n\n")
    });
    let units = Units::load(
        &[Source::new("units.toml", &rows.collect::<String>())],
        &divisions,
    );
    let reference = Reference::new(divisions, units.unwrap(), Vec::new()).unwrap();
    let desk = Desk::new();
    desk.advisor.set_reference(Arc::new(reference));
    for (wanted, given) in [(199, 199), (200, 200), (201, 200), (u32::MAX, 200)] {
        let verdict = desk.guard(&counts_units(wanted, given)).await;
        assert_eq!(verdict, Ok(GuardVerdict::Permit), "{wanted}");
    }
}

/// A guard that asks for so many units of the county, and fails unless it is given that many.
fn counts_units(wanted: u32, given: u32) -> Vec<u8> {
    let mut guest = permit().imports("directory", "units-in", "i32 i32 i32 i32");
    let (county, length) = guest.put(b"990101000000");
    let (wanted, given) = (wanted.cast_signed(), given.cast_signed());
    guest
        .first(&format!(
            "(call $units_in (i32.const {county}) (i32.const {length}) (i32.const {wanted}) (i32.const {REPLY}))
             (if (i32.load8_u (i32.const {REPLY})) (then unreachable))
             (if (i32.ne (i32.load offset=8 (i32.const {REPLY})) (i32.const {given})) (then unreachable))"
        ))
        .component()
}
