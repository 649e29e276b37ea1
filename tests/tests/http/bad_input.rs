//! Bad input gets a clear refusal and loses nothing.

use serde_json::{Value, json};

use super::door::{ADMIN, DISPATCHER, Door, HOUSING, registration};

#[test]
fn a_place_that_does_not_exist_is_refused() {
    let door = Door::open();
    let mut unknown = registration();
    unknown["matter"]["place"] = "990101001999".into();
    let answer = door.hand_in("one", &unknown);
    assert_eq!(answer.problem(), (422, "unknown-division"));
    assert_eq!(answer.body["division"], "990101001999");
}

#[test]
fn a_unit_that_does_not_exist_is_refused_and_the_case_stays_as_it_was() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let dispatch = json!({ "do": "dispatch", "lead": "nobody" });
    let answer = door.command(DISPATCHER, &handed.number, handed.version, &dispatch);
    assert_eq!(answer.problem(), (422, "unknown-unit"));
    let case = door.get(&format!("/v1/cases/{}", handed.number), DISPATCHER);
    assert_eq!(case.version, Some(handed.version));
    assert_eq!(case.body["stage"], "accepted");
}

#[test]
fn a_command_at_the_wrong_stage_names_the_stage_and_is_recorded() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let answer = door.command(
        DISPATCHER,
        &handed.number,
        handed.version,
        &json!({ "do": "archive" }),
    );
    assert_eq!(answer.problem(), (409, "wrong-stage"));
    assert_eq!(answer.body["at"], "accepted");
    let refusals = door
        .get(&format!("/v1/cases/{}/refusals", handed.number), DISPATCHER)
        .done();
    assert_eq!(refusals["rows"][0]["code"], "wrong-stage");
    assert_eq!(refusals["rows"][0]["command"], "archive");
}

#[test]
fn a_change_needs_the_version_that_its_sender_saw() {
    let door = Door::open();
    let handed = door.dispatched("one", "housing");
    let path = format!("/v1/cases/{}/commands", handed.number);
    let sign = json!({ "do": "sign" });
    let unseen = door
        .ask("POST", &path)
        .token(HOUSING)
        .key("a")
        .json(&sign)
        .send();
    assert_eq!(unseen.problem(), (428, "if-match-missing"));
    let stale = door.command(HOUSING, &handed.number, handed.version - 1, &sign);
    assert_eq!(stale.problem(), (412, "stale-version"));
    assert_eq!(stale.body["actual"], handed.version);
    door.command(HOUSING, &handed.number, handed.version, &sign)
        .done();
}

#[test]
fn a_body_of_two_mebibytes_is_refused_and_the_kernel_goes_on() {
    let door = Door::open();
    let mut large = registration();
    large["matter"]["text"] = "长".repeat(700_000).into();
    let answer = door.hand_in("one", &large);
    assert_eq!(answer.problem(), (413, "body-too-large"));
    assert_eq!(answer.body["limit"], 1024 * 1024);
    door.handed_in("one", &registration());
}

#[test]
fn words_beyond_their_limit_are_refused() {
    let door = Door::open();
    let mut long = registration();
    long["matter"]["text"] = "长".repeat(8_001).into();
    assert_eq!(door.hand_in("one", &long).problem(), (422, "too-long"));
}

#[test]
fn json_may_not_nest_deeper_than_the_limit() {
    let door = Door::open();
    let deep = format!("{{\"matter\":{}{}}}", "[".repeat(64), "]".repeat(64));
    let answer = post(&door, "application/json", deep);
    assert_eq!(answer, (400, "json-too-deep".to_owned()));
}

#[test]
fn broken_text_broken_json_and_another_media_type_are_told_apart() {
    let door = Door::open();
    assert_eq!(
        post(
            &door,
            "application/json",
            b"{\"matter\":\"\xff\xfe\"}".to_vec()
        ),
        (400, "invalid-utf8".to_owned())
    );
    assert_eq!(
        post(&door, "application/json", "{\"matter\":"),
        (400, "malformed-json".to_owned())
    );
    assert_eq!(
        post(&door, "text/xml", "<matter/>"),
        (415, "unsupported-media-type".to_owned())
    );
}

#[test]
fn a_field_that_nobody_knows_is_refused_by_its_name() {
    let door = Door::open();
    let mut odd = registration();
    odd["matter"]["colour"] = "blue".into();
    let answer = door.hand_in("one", &odd);
    assert_eq!(answer.problem(), (422, "invalid-document"));
    assert!(
        answer.body["detail"].as_str().unwrap().contains("colour"),
        "{}",
        answer.text
    );
}

#[test]
fn a_date_that_does_not_exist_is_refused_in_a_body_and_in_a_query() {
    let door = Door::open();
    let handed = door.dispatched("one", "housing");
    let suspend =
        json!({ "do": "suspend", "review-at": "2024-02-30T10:00:00+08:00", "text": "等材料" });
    let answer = door.command(HOUSING, &handed.number, handed.version, &suspend);
    assert_eq!(answer.problem(), (422, "invalid-document"));
    let listed = door.get("/v1/cases?since=2024-13-01T00:00:00Z", DISPATCHER);
    assert_eq!(listed.problem(), (400, "invalid-parameter"));
}

#[test]
fn what_is_not_there_is_a_problem_too() {
    let door = Door::bare();
    assert_eq!(
        door.ask("GET", "/v1/nothing").send().problem(),
        (404, "no-such-route")
    );
    assert_eq!(
        door.ask("DELETE", "/v1/cases").send().problem(),
        (405, "method-not-allowed")
    );
    assert_eq!(
        door.get("/v1/cases/20240202-990101-0000-0000", DISPATCHER)
            .problem(),
        (404, "no-such-case")
    );
    assert_eq!(
        door.get("/v1/units/nobody", DISPATCHER).problem(),
        (404, "unknown-unit")
    );
    assert_eq!(
        door.get("/v1/divisions/990101009999", DISPATCHER).problem(),
        (404, "unknown-division")
    );
    assert_eq!(
        door.get("/v1/cases?after=nonsense", DISPATCHER).problem(),
        (400, "invalid-cursor")
    );
}

#[test]
fn a_catalogue_with_a_duplicate_names_the_line_and_changes_nothing() {
    let door = Door::open();
    let duplicate = "[catalogue]\ncode = \"routes\"\nversion = \"1\"\ndivision = \"990101000000\"\n\
                     key = [\"item\"]\n\n[[row]]\nitem = \"lamp\"\n\n[[row]]\nitem = \"lamp\"\n";
    let answer = door
        .put(
            "/v1/reference/catalogues?name=routes.toml",
            "application/toml",
            duplicate,
        )
        .key("c")
        .send();
    assert_eq!(answer.problem(), (422, "reference-refused"));
    assert_eq!(answer.body["file"], "routes.toml");
    assert_eq!(answer.body["line"], 10);
    let single = duplicate.replace("[[row]]\nitem = \"lamp\"\n\n", "");
    door.put(
        "/v1/reference/catalogues?name=routes.toml",
        "application/toml",
        &single,
    )
    .key("d")
    .send()
    .done();
}

#[test]
fn divisions_that_units_stand_on_are_never_pulled_away() {
    let door = Door::open();
    let fewer = "code,name,level,parent\n990000000000,甲省,province,\n";
    let answer = door
        .put("/v1/reference/divisions?name=d.csv", "text/csv", fewer)
        .key("fewer")
        .send();
    assert_eq!(answer.problem(), (422, "reference-refused"));
    door.get("/v1/units/housing", ADMIN).done();
    door.get("/v1/divisions/990101001001", ADMIN).done();
}

#[test]
fn a_text_that_is_no_header_is_refused() {
    let door = Door::open();
    let handed = door.dispatched("one", "housing");
    let path = format!("/v1/cases/{}/commands", handed.number);
    let sign = json!({ "do": "sign" });
    let long = door
        .ask("POST", &path)
        .token(HOUSING)
        .key(&"k".repeat(129))
        .seen(handed.version)
        .json(&sign)
        .send();
    assert_eq!(long.problem(), (400, "idempotency-key-invalid"));
    let none = door
        .ask("POST", &path)
        .token(HOUSING)
        .seen(handed.version)
        .json(&sign)
        .send();
    assert_eq!(none.problem(), (400, "idempotency-key-missing"));
}

fn post(door: &Door, media_type: &str, body: impl Into<Vec<u8>>) -> (u16, String) {
    let answer = door
        .ask("POST", "/v1/cases")
        .token(DISPATCHER)
        .key("one")
        .bytes(media_type, body)
        .send();
    let (status, code) = answer.problem();
    (status, code.to_owned())
}

#[test]
fn every_row_of_a_list_is_an_object() {
    let door = Door::open();
    door.handed_in("one", &registration());
    let listed = door
        .get("/v1/cases?stage=accepted&limit=1", DISPATCHER)
        .done();
    assert_eq!(listed["rows"].as_array().map(Vec::len), Some(1));
    assert!(
        listed["rows"]
            .as_array()
            .into_iter()
            .flatten()
            .all(Value::is_object)
    );
}
