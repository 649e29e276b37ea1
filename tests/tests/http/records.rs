//! What is read page by page, and what is changed only by whoever saw it.

use serde_json::{Value, json};

use super::door::{ADMIN, Answer, COUNTY, DISPATCHER, Door, HOUSING, registration};

#[test]
fn refused_attempts_are_read_page_by_page_while_new_ones_arrive() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let attempts = ["archive", "close", "sign", "resume"];
    let attempt = |act: &str| {
        let refused = door.command(
            DISPATCHER,
            &handed.number,
            handed.version,
            &json!({ "do": act }),
        );
        assert!(refused.status >= 400, "{}", refused.text);
    };
    attempts.iter().for_each(|act| attempt(act));
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/v1/cases/{}/refusals?limit=2{after}", handed.number);
        let page = door.get(&path, DISPATCHER).done();
        let rows = page["rows"].as_array().unwrap();
        assert!(rows.len() <= 2, "{page}");
        seen.extend(rows.iter().map(|row| row["command"].clone()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
        attempt("terminate");
    }
    let newest_first: Vec<Value> = attempts.iter().rev().map(|act| json!(act)).collect();
    assert_eq!(seen, newest_first);
}

fn grant(door: &Door, key: &str, seen: Option<u64>) -> Answer {
    let terms = json!({
        "grantor": "commission", "grantee": "housing", "kind": "order", "addressees": ["water"],
        "scope": COUNTY, "from": "2024-01-01T00:00:00Z", "until": "2034-01-01T00:00:00Z",
    });
    let asked = door
        .ask("POST", &format!("/v1/divisions/{COUNTY}/commands"))
        .token(ADMIN)
        .key(key);
    let asked = match seen {
        Some(version) => asked.seen(version),
        None => asked,
    };
    asked.json(&json!({ "do": "grant", "terms": terms })).send()
}

#[test]
fn a_docket_is_changed_only_by_whoever_saw_it() {
    let door = Door::open();
    let path = format!("/v1/divisions/{COUNTY}/docket");
    let fresh = door.get(&path, DISPATCHER);
    assert_eq!((fresh.status, fresh.version), (200, Some(0)));
    assert_eq!(grant(&door, "a", None).problem(), (428, "if-match-missing"));
    assert_eq!(grant(&door, "b", Some(3)).problem(), (412, "stale-version"));
    assert_eq!(grant(&door, "c", Some(0)).version, Some(1));
    assert_eq!(grant(&door, "d", Some(0)).problem(), (412, "stale-version"));
    assert_eq!(door.get(&path, DISPATCHER).version, Some(1));
}

#[test]
fn a_citizen_changes_only_what_they_saw() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let withdraw = json!({ "do": "withdraw", "text": "已经自己解决" });
    let body = json!({
        "number": handed.number, "query-code": handed.query_code, "command": withdraw,
    });
    let asked = || door.ask("POST", "/v1/query/commands");
    let unseen = asked().key("a").json(&body).send();
    assert_eq!(unseen.problem(), (428, "if-match-missing"));
    let stale = asked().key("b").seen(handed.version + 1).json(&body).send();
    assert_eq!(stale.problem(), (412, "stale-version"));
    let proof = json!({ "number": handed.number, "query-code": handed.query_code });
    let read = door.ask("POST", "/v1/query").json(&proof).send();
    let seen = read.version.unwrap();
    let ended = asked().key("c").seen(seen).json(&body).send().done();
    assert_eq!(ended["stage"], "ended");
}

#[test]
fn consultations_say_where_the_next_page_begins() {
    let door = Door::open();
    let handed = door.dispatched("one", "housing");
    let path = format!("/v1/cases/{}/consultations?limit=1", handed.number);
    assert_eq!(door.get(&path, HOUSING).status, 403);
    let none = door.get(&path, DISPATCHER).done();
    assert_eq!((&none["rows"], &none["next"]), (&json!([]), &Value::Null));
}

#[test]
fn the_cases_of_a_procedure_that_there_is_not_or_of_another_place_are_refused() {
    let door = Door::open();
    let asked = |division: &str, id: &str| {
        let path = format!("/v1/divisions/{division}/proceedings/{id}/cases");
        door.get(&path, DISPATCHER).problem().0
    };
    assert_eq!((asked(COUNTY, "7"), asked(COUNTY, "七")), (404, 404));
    assert_eq!(asked("990102000000", "7"), 403);
}
