//! What a plugin is told when it asks.

use std::sync::Arc;

use fengqiao_core::advice::GuardVerdict;
use fengqiao_reference::{Divisions, Reference, Source, Units};
use fengqiao_service::ports::advisor::Advisor as _;

use crate::desk::Desk;
use crate::guest::{REPLY, refuse};

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
