//! Assessments within their reach: what an import may touch, who may appeal, and which cases a list shows to whom.

use serde_json::{Value, json};

use super::assessing::{a_month, built, go, import, old_case, publish, review};
use super::door::{
    ADMIN, ASSESSOR, Answer, COMMISSION, COUNTY, DISPATCHER, Door, HOUSING, Handed, OTHER_ADMIN,
    WATER, registration,
};
use super::plugins::{bind, upload};

const OTHER_COUNTY: &str = "990102000000";

fn placed_elsewhere(number: usize, more: &[(&str, Value)]) -> Value {
    let mut case = old_case(number, more);
    case["facts"]["place"] = json!(OTHER_COUNTY);
    case
}

fn import_as(door: &Door, token: &str, key: &str, cases: &[Value]) -> Answer {
    let lines: Vec<String> = cases.iter().map(Value::to_string).collect();
    door.ask("POST", "/v1/imported-cases")
        .token(token)
        .key(key)
        .bytes("application/x-ndjson", lines.join("\n"))
        .send()
}

fn appeal(door: &Door, token: &str, key: &str, case: &str, unit: &str) -> Answer {
    let body = json!({ "case": case, "unit": unit, "formulas": ["closing-rate"] });
    door.ask("POST", "/v1/appeals")
        .token(token)
        .key(key)
        .json(&body)
        .send()
}

fn cases_of(rows: &Value) -> Vec<&str> {
    let rows = rows["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| row["case"].as_str().unwrap())
        .collect()
}

#[test]
fn an_import_replaces_no_row_that_another_county_imported() {
    let door = Door::open();
    import(&door, "theirs", &[old_case(1, &[])]).done();
    let cases = [placed_elsewhere(2, &[]), placed_elsewhere(1, &[])];
    let refused = import_as(&door, OTHER_ADMIN, "taken", &cases);
    assert_eq!(refused.problem(), (403, "out-of-scope"));
    assert_eq!(refused.body["line"], 2);
    let corrected = import(&door, "corrected", &[old_case(1, &[])]);
    assert_eq!(corrected.done()["imported"], 1);
}

#[test]
fn an_import_names_no_unit_of_another_county() {
    let door = Door::open();
    let turn = json!([{ "unit": "housing", "given-at": "2023-05-02T02:00:00Z" }]);
    let cases = [
        placed_elsewhere(1, &[]),
        placed_elsewhere(2, &[("turns", turn.clone())]),
    ];
    let refused = import_as(&door, OTHER_ADMIN, "a", &cases);
    assert_eq!(refused.problem(), (403, "out-of-scope"));
    assert_eq!(
        (&refused.body["line"], &refused.body["unit"]),
        (&json!(2), &json!("housing"))
    );
    import_as(&door, ADMIN, "b", &[old_case(3, &[("turns", turn)])]).done();
}

#[test]
fn a_unit_appeals_for_itself_and_where_it_had_a_part() {
    let (door, cases) = a_month();
    let first = &cases[0].number;
    let without_part = appeal(&door, WATER, "a", first, "water");
    assert_eq!(without_part.problem(), (403, "out-of-scope"));
    let for_another = appeal(&door, COMMISSION, "b", first, "housing");
    assert_eq!(for_another.problem(), (403, "out-of-scope"));
    appeal(&door, HOUSING, "c", first, "housing").done();
}

#[test]
fn the_same_appeal_is_one_under_every_key() {
    let (door, cases) = a_month();
    let first = &cases[0].number;
    let asked = appeal(&door, HOUSING, "a", first, "housing").done();
    assert_eq!(appeal(&door, HOUSING, "a", first, "housing").done(), asked);
    let again = appeal(&door, HOUSING, "b", first, "housing");
    assert_eq!(again.problem(), (409, "already-recorded"));
}

#[test]
fn appeals_are_listed_a_page_at_a_time() {
    let (door, cases) = a_month();
    let (second, third) = (&cases[1].number, &cases[2].number);
    appeal(&door, WATER, "a", second, "water").done();
    appeal(&door, WATER, "b", third, "water").done();
    let first = door.get("/v1/appeals?limit=1", ASSESSOR).done();
    assert_eq!(first["rows"][0]["appeal"]["case"], *third);
    let after = first["next"].as_str().unwrap();
    let path = format!("/v1/appeals?limit=1&after={after}");
    let rest = door.get(&path, ASSESSOR).done();
    assert_eq!(rest["rows"][0]["appeal"]["case"], *second);
}

#[test]
fn bulletins_are_listed_a_page_at_a_time_with_their_acknowledgements() {
    let door = Door::open();
    let issue = |month: &str| {
        let body = json!({
            "division": COUNTY, "window": month,
            "columns": [{ "code": "fires", "label": "火灾" }],
            "lines": [{ "unit": "water", "counts": { "fires": 0 } }],
        });
        let asked = door.ask("POST", "/v1/bulletins").token(ASSESSOR).key(month);
        asked.json(&body).send().done()
    };
    let march = issue("2024-03");
    issue("2024-04");
    let path = format!(
        "/v1/bulletins/{}/acknowledgements",
        march["id"].as_str().unwrap()
    );
    let given = json!({ "unit": "water" });
    let asked = door.ask("POST", &path).token(WATER).key("read");
    asked.json(&given).send().done();
    let first = door.get("/v1/bulletins?limit=1", ASSESSOR).done();
    assert_eq!(first["rows"][0]["window"], "2024-04");
    assert_eq!(first["rows"][0]["outstanding"], json!(["water"]));
    let after = first["next"].as_str().unwrap();
    let path = format!("/v1/bulletins?limit=1&after={after}");
    let rest = door.get(&path, ASSESSOR).done();
    assert_eq!(rest["rows"][0]["window"], "2024-03");
    assert_eq!(rest["rows"][0]["outstanding"], json!([]));
}

#[test]
fn whoever_is_accused_in_a_case_finds_its_number_in_no_list() {
    let door = Door::open();
    door.move_clock("2024-05-10T09:00:00+08:00").done();
    let mut report = registration();
    let accused = json!({ "role": "accused", "principal": "assessor" });
    report["parties"].as_array_mut().unwrap().push(accused);
    let handed: Handed = door.handed_in("one", &report);
    let dispatch = json!({ "do": "dispatch", "lead": "water" });
    go(&door, DISPATCHER, &handed, handed.version, &dispatch);
    let other = door.dispatched("two", "housing");
    let path = "/v1/metrics/closing-rate?window=2024-05&part=denominator";
    let seen = door.get(path, DISPATCHER).done();
    assert_eq!(cases_of(&seen).len(), 2);
    assert!(cases_of(&seen).contains(&handed.number.as_str()));
    let seen = door.get(path, ASSESSOR).done();
    assert_eq!(cases_of(&seen), [other.number.as_str()]);
}

#[test]
fn beside_a_sheet_a_unit_reads_what_the_watch_found_about_itself_alone() {
    let (door, cases) = a_month();
    let path = format!("/v1/cases/{}", cases[0].number);
    let seen = door.get(&path, DISPATCHER).version.unwrap();
    let rework = json!({ "do": "rework", "text": "路灯又灭了" });
    go(&door, DISPATCHER, &cases[0], seen, &rework);
    upload(&door, "a", built("monthly-review")).done();
    let bound = [json!({ "id": "review", "plugin": "monthly-review", "config": review() })];
    bind(&door, "b", &bound).done();
    let published = publish(&door, "c", ASSESSOR).done();
    let path = format!(
        "/v1/assessments/{}",
        published["sheet"]["id"].as_str().unwrap()
    );
    let watch = |token: &str| door.get(&path, token).done()["watch"].clone();
    assert_eq!(watch(HOUSING)[0]["unit"], "housing");
    assert_eq!(watch(WATER), json!([]));
}
