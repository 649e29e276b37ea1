//! Profiles that can't hold: none of them comes into force, and what is in force stays.

use fengqiao_guests::answers::profile;
use fengqiao_guests::{Guest, bad};
use serde_json::{Value, json};

use super::door::{ADMIN, Answer, COUNTY, DISPATCHER, Door, registration};
use super::plugins::{bind, upload};

/// A profile with one proceeding, from whose state `open` nothing leads on.
const DEAD_END: &str = r#"{"proceedings":[{
    "kind": "warning", "label": "提示单", "initial": "raised",
    "open": { "by": ["plugin"], "grant": "not-needed" },
    "states": [
        { "code": "raised", "label": "已发出", "owner": "addressee", "end": "open" },
        { "code": "stuck", "label": "搁置", "owner": "addressee", "end": "open" },
        { "code": "answered", "label": "已答复", "end": "ends" }
    ],
    "moves": [
        { "code": "answer", "label": "答复", "from": "raised", "to": "answered", "by": ["addressee"] },
        { "code": "shelve", "label": "搁置", "from": "raised", "to": "stuck", "by": ["addressee"] }
    ]}]}"#;

const ONE_WORD: &str = r#"{"labels":{"stage.accepted":"受理"}}"#;
const ANOTHER_WORD: &str = r#"{"labels":{"stage.accepted":"接件"}}"#;

/// Uploads these guests under their names and tries to put all of them in force at once.
fn put_in_force(door: &Door, guests: Vec<(&str, Guest)>) -> Answer {
    let (mut bindings, mut key) = (Vec::new(), "bind".to_owned());
    for (name, guest) in guests {
        key.push_str(name);
        let component = guest.named(name).component();
        upload(door, &format!("upload-{name}"), component).done();
        bindings.push(json!({ "id": name, "plugin": name }));
    }
    bind(door, &key, &bindings)
}

/// The names of the bindings in force.
fn in_force(door: &Door) -> Vec<Value> {
    let rows = door.get("/v1/bindings", ADMIN).done()["rows"].take();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["id"].clone()).collect()
}

/// What was in force stays, cases come in as before, and the next profile is taken.
fn goes_on(door: &Door, before: &[&str]) {
    assert_eq!(in_force(door), before);
    let handed = door.handed_in("case", &registration());
    let path = format!("/v1/cases/{}", handed.number);
    assert_eq!(door.get(&path, DISPATCHER).done()["stage"], "accepted");
    put_in_force(door, vec![("healthy", profile(ANOTHER_WORD))]).done();
    assert_eq!(in_force(door), ["healthy"]);
}

/// A profile that can't be said keeps what was in force.
fn cannot_be_said(guest: Guest, failures: &[&str]) {
    let door = Door::open();
    put_in_force(&door, vec![("before", profile(ONE_WORD))]).done();
    let answer = put_in_force(&door, vec![("bad", guest)]);
    assert_eq!(answer.problem(), (422, "profile-failed"));
    assert_eq!(answer.body["binding"], "bad");
    let failure = answer.body["failure"].as_str().unwrap();
    assert!(failures.contains(&failure), "{failure}");
    goes_on(&door, &["before"]);
}

#[test]
fn a_profile_in_nonsense_json_is_not_taken() {
    cannot_be_said(profile("{\"labels\":"), &["bad-output"]);
}

#[test]
fn a_profile_of_ten_megabytes_is_not_taken() {
    let long = bad::answers_ten_megabytes(profile("{}"), 4);
    cannot_be_said(long, &["hostcall-bytes"]);
}

#[test]
fn a_profile_that_is_never_finished_is_not_taken() {
    let spins = bad::spins(profile("{}"));
    cannot_be_said(spins, &["cpu-deadline", "wall-deadline"]);
}

#[test]
fn a_proceeding_with_a_dead_end_is_refused_with_its_state() {
    let door = Door::open();
    put_in_force(&door, vec![("before", profile(ONE_WORD))]).done();
    let answer = put_in_force(&door, vec![("bad", profile(DEAD_END))]);
    assert_eq!(answer.problem(), (422, "graph-unsound"));
    assert_eq!(
        (&answer.body["binding"], &answer.body["kind"]),
        (&json!("bad"), &json!("warning"))
    );
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(detail.contains("stuck"), "{detail}");
    goes_on(&door, &["before"]);
}

#[test]
fn two_profiles_of_one_division_that_say_different_things_are_refused_together() {
    let door = Door::open();
    put_in_force(&door, vec![("before", profile(ONE_WORD))]).done();
    let guests = vec![("one", profile(ONE_WORD)), ("two", profile(ANOTHER_WORD))];
    let answer = put_in_force(&door, guests);
    assert_eq!(answer.problem(), (422, "profile-collision"));
    assert_eq!(answer.body["division"], COUNTY);
    assert_eq!(answer.body["key"], "label.stage.accepted");
    assert_eq!(answer.body["bindings"], json!(["one", "two"]));
    goes_on(&door, &["before"]);
}

#[test]
fn two_profiles_of_one_division_that_say_the_same_are_both_in_force() {
    let door = Door::open();
    let guests = vec![("one", profile(ONE_WORD)), ("two", profile(ONE_WORD))];
    put_in_force(&door, guests).done();
    assert_eq!(in_force(&door), ["one", "two"]);
}
