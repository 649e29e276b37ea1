//! Plugins at the door: what isn't one, what fails, and what the case does then.

use fengqiao_guests::{contract, dummy};
use serde_json::json;

use super::door::{ADMIN, Answer, COUNTY, DISPATCHER, Door, PUBLISHER, registration};

#[test]
fn what_is_no_component_is_refused_and_names_the_rule() {
    let door = Door::open();
    for bytes in [
        b"not wasm at all".to_vec(),
        wat::parse_str("(module)").unwrap(),
        Vec::new(),
    ] {
        let answer = upload(&door, "a", bytes);
        assert_eq!(answer.problem(), (422, "component-refused"));
        assert!(answer.body["rule"].is_string(), "{}", answer.text);
    }
    assert_eq!(door.get("/v1/plugins", PUBLISHER).done()["rows"], json!([]));
}

#[test]
fn a_component_that_wants_the_system_is_refused() {
    let door = Door::open();
    let wasi =
        "(component (import \"wasi:clocks/wall-clock@0.2.0\" (instance (export \"now\" (func)))))";
    assert_eq!(
        upload(&door, "a", wat::parse_str(wasi).unwrap()).problem(),
        (422, "component-refused")
    );
}

#[test]
fn an_upload_above_the_limit_is_refused() {
    let door = Door::open();
    let answer = upload(&door, "a", vec![0; 4 * 1024 * 1024 + 1]);
    assert_eq!(answer.problem(), (413, "body-too-large"));
}

#[test]
fn a_plugin_that_is_not_there_or_misconfigured_is_not_bound() {
    let door = Door::open();
    let answer = bind(
        &door,
        "a",
        &[json!({ "id": "one", "plugin": "unheard-of" })],
    );
    assert_eq!(answer.problem(), (422, "unknown-plugin"));
    upload(&door, "b", dummy::component(&contract::current(), "guard")).done();
    let twice = [
        json!({ "id": "one", "plugin": "dummy-guard" }),
        json!({ "id": "one", "plugin": "dummy-guard" }),
    ];
    assert_eq!(
        bind(&door, "c", &twice).problem(),
        (422, "duplicate-binding")
    );
    let elsewhere = [json!({ "id": "one", "plugin": "dummy-guard", "division": "990102000000" })];
    assert_eq!(
        bind(&door, "d", &elsewhere).problem(),
        (422, "outside-division")
    );
    assert_eq!(door.get("/v1/bindings", ADMIN).done()["rows"], json!([]));
}

#[test]
fn a_profile_that_cannot_be_said_keeps_the_binding_out_of_force() {
    let door = Door::open();
    upload(
        &door,
        "a",
        dummy::component(&contract::current(), "profile"),
    )
    .done();
    let answer = bind(
        &door,
        "b",
        &[json!({ "id": "one", "plugin": "dummy-profile" })],
    );
    assert_eq!(answer.problem(), (422, "profile-failed"));
    assert_eq!(answer.body["failure"], "trap");
    assert_eq!(door.get("/v1/bindings", ADMIN).done()["rows"], json!([]));
}

#[test]
fn a_triage_that_traps_sends_the_case_to_a_person_and_loses_nothing() {
    let door = Door::open();
    upload(&door, "a", dummy::component(&contract::current(), "triage")).done();
    bind(
        &door,
        "b",
        &[json!({ "id": "one", "plugin": "dummy-triage" })],
    )
    .done();
    let handed = door.handed_in("c", &registration());
    let case = door
        .get(&format!("/v1/cases/{}", handed.number), DISPATCHER)
        .done();
    let open = case["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|task| task["done-at"].is_null());
    assert!(open.count() > 0, "{case}");
    let consulted = door
        .get(
            &format!("/v1/cases/{}/consultations", handed.number),
            DISPATCHER,
        )
        .done();
    assert_eq!(
        (
            &consulted["rows"][0]["hook"],
            &consulted["rows"][0]["failure"]
        ),
        (&json!("triage"), &json!("trap"))
    );
    let desk = door.get("/v1/desk", DISPATCHER).done();
    assert!(!desk["rows"].as_array().unwrap().is_empty());
}

#[test]
fn a_guard_that_traps_never_stops_the_case() {
    let door = Door::open();
    upload(&door, "a", dummy::component(&contract::current(), "guard")).done();
    bind(
        &door,
        "b",
        &[json!({ "id": "one", "plugin": "dummy-guard" })],
    )
    .done();
    let handed = door.handed_in("c", &registration());
    let dispatch = json!({ "do": "dispatch", "lead": "housing" });
    let done = door
        .command(DISPATCHER, &handed.number, handed.version, &dispatch)
        .done();
    assert_eq!(done["stage"], "dispatched");
    assert!(
        done["events"]
            .as_array()
            .unwrap()
            .contains(&json!("rule-unavailable")),
        "{done}"
    );
}

#[test]
fn an_upload_tells_what_the_component_is_and_the_same_bytes_twice_are_one() {
    let door = Door::open();
    let component = dummy::component(&contract::current(), "react");
    let first = upload(&door, "a", component.clone());
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(first.body["manifest"]["name"], "dummy-react");
    assert!(
        first.body["exports"]
            .as_array()
            .is_some_and(|exports| !exports.is_empty())
    );
    let second = upload(&door, "b", component).done();
    assert_eq!(second["digest"], first.body["digest"]);
    assert_eq!(
        door.get("/v1/plugins", PUBLISHER).done()["rows"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

/// Uploads a component.
pub(super) fn upload(door: &Door, key: &str, bytes: Vec<u8>) -> Answer {
    door.ask("POST", "/v1/plugins")
        .token(PUBLISHER)
        .key(key)
        .bytes("application/wasm", bytes)
        .send()
}

/// Puts these bindings of the county in force, in the place of those it had.
pub(super) fn bind(door: &Door, key: &str, bindings: &[serde_json::Value]) -> Answer {
    let body = json!({ "division": COUNTY, "bindings": bindings });
    door.ask("PUT", "/v1/bindings")
        .token(ADMIN)
        .key(key)
        .json(&body)
        .send()
}
