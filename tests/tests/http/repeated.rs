//! A request that is sent again is answered alike, once.

use std::sync::Barrier;

use serde_json::json;

use super::door::{Answer, DISPATCHER, Door, HOUSING, VILLAGE, registration};

/// How many equal requests come together.
const AT_ONCE: usize = 16;

#[test]
fn a_registration_sent_again_gets_the_same_answer_with_the_same_query_code() {
    let door = Door::open();
    let first = door.hand_in("same", &registration());
    let second = door.hand_in("same", &registration());
    assert_eq!((first.status, first.version), (201, second.version));
    assert_eq!(first.text, second.text);
    let listed = door.get("/v1/cases", DISPATCHER).done();
    assert_eq!(listed["rows"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_key_with_other_content_is_refused_and_nothing_is_taken_in() {
    let door = Door::open();
    door.handed_in("same", &registration());
    let mut other = registration();
    other["matter"]["text"] = "另一件事".into();
    assert_eq!(door.hand_in("same", &other).problem(), (422, "key-reused"));
    let listed = door.get("/v1/cases", DISPATCHER).done();
    assert_eq!(listed["rows"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_command_sent_again_is_carried_out_once() {
    let door = Door::open();
    let handed = door.dispatched("one", "housing");
    let sign = json!({ "do": "sign" });
    let first = door.command(HOUSING, &handed.number, handed.version, &sign);
    let second = door.command(HOUSING, &handed.number, handed.version, &sign);
    assert_eq!((first.status, &first.text), (200, &second.text));
    let case = door.get(&format!("/v1/cases/{}", handed.number), HOUSING);
    assert_eq!(case.version, first.version);
}

#[test]
fn two_people_may_use_the_same_key() {
    let door = Door::open();
    door.handed_in("same", &registration());
    let anonymous = door
        .ask("POST", "/v1/cases")
        .key("same")
        .json(&registration())
        .send();
    assert_eq!(anonymous.status, 201, "{}", anonymous.text);
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    let path = format!("/v1/cases/{}/commands?dry_run=true", handed.number);
    let dispatch = json!({ "do": "dispatch", "lead": "housing" });
    let tried = door
        .ask("POST", &path)
        .token(DISPATCHER)
        .json(&dispatch)
        .send()
        .done();
    assert_eq!(
        (&tried["verdict"], &tried["stage"]),
        (&json!("permitted"), &json!("dispatched"))
    );
    assert!(
        tried["events"]
            .as_array()
            .unwrap()
            .contains(&json!("assigned")),
        "{tried}"
    );
    let refused = json!({ "do": "archive" });
    assert_eq!(
        door.ask("POST", &path)
            .token(DISPATCHER)
            .json(&refused)
            .send()
            .problem(),
        (409, "wrong-stage")
    );
    let case = door.get(&format!("/v1/cases/{}", handed.number), DISPATCHER);
    assert_eq!(
        (case.version, &case.body["stage"]),
        (Some(handed.version), &json!("accepted"))
    );
    let refusals = door
        .get(&format!("/v1/cases/{}/refusals", handed.number), DISPATCHER)
        .done();
    assert_eq!(refusals["rows"], json!([]));
}

#[test]
fn a_dry_run_of_a_registration_takes_nothing_in_and_shows_the_deadlines() {
    let door = Door::open();
    let tried = door
        .ask("POST", "/v1/cases?dry_run=true")
        .token(DISPATCHER)
        .json(&registration())
        .send()
        .done();
    let deadlines = tried["deadlines"].as_array().unwrap();
    assert!(
        deadlines
            .iter()
            .all(|deadline| deadline["why"].is_array() && deadline["due"].is_string()),
        "{tried}"
    );
    assert!(!deadlines.is_empty());
    let listed = door
        .get(&format!("/v1/cases?place={VILLAGE}"), DISPATCHER)
        .done();
    assert_eq!(listed["rows"], json!([]));
}

/// Many times the same, let go together.
fn at_once<A: Send>(send: impl Fn() -> A + Sync) -> Vec<A> {
    let start = Barrier::new(AT_ONCE);
    std::thread::scope(|scope| {
        let one = || {
            start.wait();
            send()
        };
        let all: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// Every answer is the first's, or says that it is under way.
fn one_answer(answers: &[Answer], status: u16) -> &Answer {
    let (done, told): (Vec<_>, Vec<_>) = answers.iter().partition(|a| a.status == status);
    for answer in told {
        assert_eq!(answer.problem(), (409, "in-flight"), "{}", answer.text);
        assert_eq!(answer.retry_after, Some(1));
    }
    let first = done.first().expect("one of them is carried out");
    assert!(done.iter().all(|answer| answer.text == first.text));
    first
}

#[test]
fn equal_commands_at_the_same_moment_are_one() {
    let door = Door::open();
    let handed = door.dispatched("one", "housing");
    let sign = json!({ "do": "sign" });
    let send = || door.command(HOUSING, &handed.number, handed.version, &sign);
    let answers = at_once(send);
    let first = one_answer(&answers, 200);
    assert_eq!(send().text, first.text);
    let refusals = format!("/v1/cases/{}/refusals", handed.number);
    let refused = door.get(&refusals, DISPATCHER).done();
    assert_eq!(refused["rows"], json!([]));
}

#[test]
fn equal_registrations_at_the_same_moment_are_one() {
    let door = Door::open();
    let answers = at_once(|| door.hand_in("same", &registration()));
    let first = one_answer(&answers, 201);
    assert_eq!(door.hand_in("same", &registration()).text, first.text);
    let listed = door.get("/v1/cases", DISPATCHER).done();
    assert_eq!(listed["rows"].as_array().map(Vec::len), Some(1));
}
