//! Who sees and does what, at the door.

use serde_json::json;

use super::door::{
    ADMIN, CHANNEL, COMMISSION, COUNTY, DISPATCHER, Door, GRID, HOUSING, PUBLISHER, STRANGER,
    WATER, registration,
};

#[test]
fn without_a_token_nothing_of_a_case_is_read() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    for part in ["", "/timeline", "/clocks", "/consultations", "/refusals"] {
        let answer = door
            .ask("GET", &format!("/v1/cases/{}{part}", handed.number))
            .send();
        assert_eq!(answer.problem(), (401, "unauthenticated"), "{part}");
    }
    let wrong = door.get(&format!("/v1/cases/{}", handed.number), "token-of-nobody");
    assert_eq!(wrong.problem(), (401, "unauthenticated"));
}

#[test]
fn another_county_reaches_neither_the_case_nor_the_list() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let path = format!("/v1/cases/{}", handed.number);
    assert_eq!(door.get(&path, STRANGER).problem(), (403, "out-of-scope"));
    assert_eq!(door.get("/v1/cases", STRANGER).done()["rows"], json!([]));
    assert_eq!(
        door.get(&format!("/v1/cases?division={COUNTY}"), STRANGER)
            .problem(),
        (403, "out-of-scope")
    );
    let urge = json!({ "do": "urge", "text": "请尽快" });
    assert_eq!(
        door.command(STRANGER, &handed.number, handed.version, &urge)
            .problem(),
        (403, "out-of-scope")
    );
}

#[test]
fn a_unit_sees_its_own_cases_and_no_others() {
    let door = Door::open();
    let handed = door.dispatched("one", "housing");
    let path = format!("/v1/cases/{}", handed.number);
    assert_eq!(door.get(&path, HOUSING).done()["unit"], "housing");
    assert_eq!(door.get(&path, WATER).problem(), (403, "out-of-scope"));
    assert_eq!(
        door.get("/v1/cases", HOUSING).done()["rows"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    assert_eq!(door.get("/v1/cases", WATER).done()["rows"], json!([]));
}

#[test]
fn for_the_accused_unit_the_report_does_not_exist() {
    let door = Door::open();
    let mut report = registration();
    report["matter"]["kind"] = "report".into();
    report["parties"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "role": "accused", "unit": "water" }));
    let handed = door.handed_in("one", &report);
    let path = format!("/v1/cases/{}", handed.number);
    let unknown = door.get("/v1/cases/20240101-990101-0000-0000", WATER);
    let accused = door.get(&path, WATER);
    assert_eq!(accused.problem(), (404, "no-such-case"));
    assert_eq!(accused.body["title"], unknown.body["title"]);
    assert_eq!(door.get("/v1/cases", WATER).done()["rows"], json!([]));
    let dispatch = json!({ "do": "dispatch", "lead": "water" });
    assert_eq!(
        door.command(DISPATCHER, &handed.number, handed.version, &dispatch)
            .problem(),
        (422, "recused")
    );
}

#[test]
fn a_handler_of_a_guarded_case_never_reads_who_reported() {
    let door = Door::open();
    let mut guarded = registration();
    guarded["protection"] = "reporter-hidden".into();
    let handed = door.handed_in("one", &guarded);
    door.command(
        DISPATCHER,
        &handed.number,
        handed.version,
        &json!({ "do": "dispatch", "lead": "housing" }),
    )
    .done();
    let path = format!("/v1/cases/{}", handed.number);
    for part in ["", "/timeline", "/clocks"] {
        let seen = door.get(&format!("{path}{part}"), HOUSING);
        assert_eq!(seen.status, 200, "{}", seen.text);
        for word in ["王", "138", "reporter\"", "window"] {
            assert!(!seen.text.contains(word), "{part} {word}: {}", seen.text);
        }
    }
}

#[test]
fn whoever_only_walks_the_village_sees_no_guarded_case() {
    let door = Door::open();
    let open = door.handed_in("one", &registration());
    let mut guarded = registration();
    guarded["protection"] = "confidential".into();
    let guarded = door.handed_in("two", &guarded);
    let see = |number: &str| door.get(&format!("/v1/cases/{number}"), GRID);
    assert_eq!(see(&open.number).status, 200);
    assert_eq!(see(&guarded.number).problem(), (403, "out-of-scope"));
}

#[test]
fn a_unit_above_sees_what_its_unit_below_sees() {
    let door = Door::open();
    let handed = door.dispatched("one", "housing");
    let path = format!("/v1/cases/{}", handed.number);
    assert_eq!(door.get(&path, COMMISSION).done()["unit"], "housing");
    let other = door.dispatched("two", "water");
    let path = format!("/v1/cases/{}", other.number);
    assert_eq!(door.get(&path, COMMISSION).problem(), (403, "out-of-scope"));
}

#[test]
fn a_channel_hands_in_and_reads_nothing_but_what_its_citizen_may() {
    let door = Door::open();
    let answer = door
        .ask("POST", "/v1/cases")
        .token(CHANNEL)
        .key("one")
        .json(&registration())
        .send();
    let body = answer.done();
    assert!(body["case"]["grades"].is_array(), "{body}");
    let number = body["number"].as_str().unwrap();
    assert_eq!(
        door.get(&format!("/v1/cases/{number}"), CHANNEL).problem(),
        (403, "role-forbidden")
    );
}

#[test]
fn people_are_masked_for_the_hub_too() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let seen = door.get(&format!("/v1/cases/{}", handed.number), DISPATCHER);
    assert!(seen.text.contains("138****8000"), "{}", seen.text);
    assert!(!seen.text.contains("13800138000") && !seen.text.contains("王小明"));
}

#[test]
fn who_keeps_plugins_reads_no_case_and_who_reads_cases_keeps_no_plugin() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    assert_eq!(
        door.get(&format!("/v1/cases/{}", handed.number), PUBLISHER)
            .problem(),
        (403, "role-forbidden")
    );
    let bindings = json!({ "division": COUNTY, "bindings": [] });
    let put = |token: &str| {
        door.ask("PUT", "/v1/bindings")
            .token(token)
            .key("b")
            .json(&bindings)
            .send()
    };
    assert_eq!(put(DISPATCHER).problem(), (403, "role-forbidden"));
    assert_eq!(put(ADMIN).status, 200);
}

#[test]
fn nobody_sends_a_command_of_the_kernel_itself() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let breach = json!({ "do": "breach", "clock": 2 });
    for token in [DISPATCHER, ADMIN] {
        let answer = door.command(token, &handed.number, handed.version, &breach);
        assert_eq!(answer.problem(), (403, "not-yours"));
    }
}

#[test]
fn a_wrong_code_and_a_number_that_does_not_exist_are_answered_alike() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let ask = |number: &str, code: &str| {
        door.ask("POST", "/v1/query")
            .json(&json!({ "number": number, "query-code": code }))
            .send()
    };
    let wrong = ask(&handed.number, "00000000000000000000000000000000");
    let unknown = ask("20240101-990101-0000-0000", &handed.query_code);
    assert_eq!(wrong.problem(), (404, "wrong-query-code"));
    assert_eq!(wrong.text, unknown.text);
    let right = ask(&handed.number, &handed.query_code).done();
    assert_eq!(right["matter"]["text"], "村口路灯坏了三天");
    assert!(
        right["timeline"]
            .as_array()
            .is_some_and(|timeline| !timeline.is_empty())
    );
}

#[test]
fn the_citizen_may_withdraw_with_the_code_and_do_nothing_of_the_offices() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let send = |key: &str, command: serde_json::Value| {
        let body =
            json!({ "number": handed.number, "query-code": handed.query_code, "command": command });
        door.ask("POST", "/v1/query/commands")
            .key(key)
            .seen(handed.version)
            .json(&body)
            .send()
    };
    assert_eq!(
        send("a", json!({ "do": "dispatch", "lead": "housing" })).problem(),
        (403, "not-yours")
    );
    let ended = send("b", json!({ "do": "withdraw", "text": "已经自己解决" })).done();
    assert_eq!(ended["stage"], "ended");
}

#[test]
fn whoever_asks_too_often_without_a_token_is_told_when_to_come_back() {
    let door = Door::open();
    let ask = || door.ask("GET", "/v1/units/housing").send();
    let refused = (0..4_000)
        .map(|_| ask())
        .find(|answer| answer.status != 200);
    let refused = refused.expect("the limit is reached");
    assert_eq!(refused.problem(), (429, "too-many-requests"));
    assert!(refused.retry_after.is_some_and(|seconds| seconds > 0));
    assert_eq!(door.get("/v1/units/housing", DISPATCHER).status, 200);
}
