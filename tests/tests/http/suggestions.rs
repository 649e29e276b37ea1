//! Suggestions by theme, through the door of the real kernel.

use serde_json::{Value, json};

use super::assessing::{closed_at, import, old_case};
use super::door::{ASSESSOR, COUNTY, Door, STRANGER};

#[test]
fn suggestions_are_digested_by_theme_a_page_at_a_time_within_ones_reach() {
    let door = Door::open();
    door.move_clock("2024-05-10T09:00:00+08:00").done();
    let about = |number, more: &[(&str, Value)]| {
        let mut case = old_case(number, more);
        case["facts"]["kind"] = json!("suggestion");
        case
    };
    let parking = ("theme", json!("parking"));
    let cases = [
        about(1, &[parking.clone(), closed_at("2023-05-09T01:00:00Z")]),
        about(2, &[parking, ("adopted", json!(true))]),
        about(3, &[("category", json!("schools"))]),
        old_case(4, &[]),
    ];
    import(&door, "s", &cases).done();
    let path = format!("/v1/metrics-suggestions?window=2023-05&division={COUNTY}");
    let first = door.get(&format!("{path}&limit=1"), ASSESSOR).done();
    let parking = json!({
        "theme": "parking", "registered": 2, "closed": 1, "adopted": 1,
        "cases": ["旧-000001", "旧-000002"],
    });
    assert_eq!(first["rows"], json!([parking]));
    let after = first["next"].as_str().unwrap();
    let rest = door.get(&format!("{path}&limit=1&after={after}"), ASSESSOR);
    let rest = rest.done();
    assert_eq!(rest["rows"][0]["theme"], "schools");
    assert_eq!(rest["next"], Value::Null);
    assert_eq!(door.get(&path, STRANGER).problem(), (403, "out-of-scope"));
}
