//! Plugins that misbehave while a case is being worked on: each is stopped, named, and costs nobody their case.

use fengqiao_guests::answers::{accept, permit, propose};
use fengqiao_guests::{Guest, bad};
use serde_json::{Value, json};

use super::door::{DISPATCHER, Door, Handed, OTHER_ADMIN, registration};
use super::plugins::{bind, upload};

/// A unit of another county, which no plugin of this one may name.
const ELSEWHERE: &str = r#"
[[unit]]
id = "far-water"
name = "邻县水务局"
division = "990102000000"
"#;

/// Uploads a guest under this name and puts it in force, alone.
fn put_in_force(door: &Door, name: &str, guest: Guest) {
    let component = guest.named(name).component();
    upload(door, &format!("upload-{name}"), component).done();
    let binding = json!({ "id": name, "plugin": name });
    bind(door, &format!("bind-{name}"), &[binding]).done();
}

fn case(door: &Door, handed: &Handed) -> Value {
    let path = format!("/v1/cases/{}", handed.number);
    door.get(&path, DISPATCHER).done()
}

/// The last consultation of a hook about a case.
fn consulted(door: &Door, handed: &Handed, hook: &str) -> Value {
    let path = format!("/v1/cases/{}/consultations", handed.number);
    let rows = door.get(&path, DISPATCHER).done()["rows"].take();
    let mut rows = rows.as_array().unwrap().clone();
    rows.retain(|row| row["hook"] == hook);
    rows.pop().unwrap()
}

/// The failure that is recorded of a hook; the metrics have counted the same.
fn failure(door: &Door, handed: &Handed, hook: &str) -> String {
    let failure = consulted(door, handed, hook)["failure"].clone();
    let failure = failure.as_str().unwrap().to_owned();
    assert!(counted(door, hook, &failure) > 0, "{hook} {failure}");
    failure
}

/// How often a hook's calls ended so.
fn counted(door: &Door, hook: &str, outcome: &str) -> u64 {
    let metrics = door.ask("GET", "/metrics").send().text;
    let row = format!("fengqiao_plugin_calls_total{{hook=\"{hook}\",outcome=\"{outcome}\"}} ");
    let mut lines = metrics.lines();
    let count = lines.find_map(|line| line.strip_prefix(&row)).unwrap();
    count.parse().unwrap()
}

/// The case is there, a person is to act on it, a clock runs, and the desk shows it.
fn waits_for_a_person(door: &Door, handed: &Handed, task: &str) {
    let case = case(door, handed);
    assert_eq!(case["stage"], "accepted", "{case}");
    let open = |found: &&Value| found["done-at"].is_null() && found["code"] == task;
    let task = case["tasks"].as_array().unwrap().iter().find(open);
    assert_eq!(task.unwrap()["role"], "dispatcher", "{case}");
    let mut clocks = case["clocks"].as_array().unwrap().iter();
    assert!(clocks.any(|clock| clock["state"] == "running"), "{case}");
    let desk = door.get("/v1/desk", DISPATCHER).done();
    assert!(desk.to_string().contains(&handed.number), "{desk}");
}

/// The person acts, and a healthy plugin that takes the bad one's place is asked and answers.
fn goes_on(door: &Door, handed: &Handed) {
    let dispatch = json!({ "do": "dispatch", "lead": "water" });
    let done = door.command(DISPATCHER, &handed.number, handed.version, &dispatch);
    assert_eq!(done.done()["stage"], "dispatched");
    put_in_force(door, "healthy", accept("housing"));
    let next = door.handed_in("next", &registration());
    let next = case(door, &next);
    assert_eq!(
        (&next["stage"], &next["lead"]),
        (&json!("dispatched"), &json!("housing"))
    );
    door.ask("GET", "/healthz").send().done();
}

/// A triage that fails in one of these ways costs nobody anything.
fn triage_fails(guest: Guest, failures: &[&str]) {
    let door = Door::open();
    put_in_force(&door, "bad", guest);
    let handed = door.handed_in("first", &registration());
    let failed = failure(&door, &handed, "triage");
    assert!(failures.contains(&failed.as_str()), "{failed}");
    waits_for_a_person(&door, &handed, "local-rule-unavailable");
    assert!(was(&door, &handed, "rule-unavailable", &failed));
    goes_on(&door, &handed);
}

/// Whether an event of this name, with this word in it, stands in the history.
fn was(door: &Door, handed: &Handed, name: &str, word: &str) -> bool {
    let case = case(door, handed);
    let events = case["events"].as_array().unwrap();
    let mut events = events.iter().map(ToString::to_string);
    events.any(|event| event.contains(&format!("\"{name}\"")) && event.contains(word))
}

#[test]
fn a_triage_that_spins_is_stopped_and_a_person_decides() {
    let spins = bad::spins(accept("housing"));
    triage_fails(spins, &["cpu-deadline", "wall-deadline"]);
}

#[test]
fn a_triage_that_recurses_without_end_is_stopped_and_a_person_decides() {
    triage_fails(bad::recurses(accept("housing")), &["trap"]);
}

#[test]
fn a_triage_that_takes_all_memory_is_stopped_and_a_person_decides() {
    triage_fails(bad::allocates(accept("housing")), &["memory"]);
}

#[test]
fn a_triage_that_answers_ten_megabytes_is_not_listened_to_and_a_person_decides() {
    let long = bad::answers_ten_megabytes(accept("housing"), 52);
    triage_fails(long, &["hostcall-bytes"]);
}

#[test]
fn a_triage_that_answers_nonsense_is_not_followed_and_a_person_decides() {
    triage_fails(accept("two words"), &["bad-output"]);
}

#[test]
fn a_triage_that_writes_log_lines_without_end_is_stopped_and_its_log_stays_short() {
    let door = Door::open();
    put_in_force(
        &door,
        "bad",
        bad::chatters_without_end(accept("housing"), 3_000),
    );
    let handed = door.handed_in("first", &registration());
    let failed = failure(&door, &handed, "triage");
    assert!(
        ["cpu-deadline", "wall-deadline"].contains(&failed.as_str()),
        "{failed}"
    );
    assert_eq!(lines_of_plugins(&door), [2_048; 100]);
    waits_for_a_person(&door, &handed, "local-rule-unavailable");
    goes_on(&door, &handed);
}

#[test]
fn a_triage_that_floods_the_log_and_answers_is_followed_and_its_log_is_cut() {
    let door = Door::open();
    put_in_force(&door, "loud", bad::chatters(accept("housing"), 150, 3_000));
    let handed = door.handed_in("first", &registration());
    assert_eq!(case(&door, &handed)["lead"], "housing");
    assert_eq!(lines_of_plugins(&door), [2_048; 100]);
}

/// How long each line is that the loud plugin wrote to the kernel's log; the host adds one of its own about a failure.
fn lines_of_plugins(door: &Door) -> Vec<usize> {
    let log = door.log();
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line["target"] == "plugin" && line["level"] == "INFO")
        .map(|line| line["message"].as_str().unwrap().len())
        .collect()
}

#[test]
fn a_triage_that_names_a_unit_of_another_county_is_not_followed_and_a_person_decides() {
    let door = Door::open();
    door.ask("PUT", "/v1/reference/units?name=far.toml")
        .token(OTHER_ADMIN)
        .bytes("application/toml", ELSEWHERE)
        .key("far")
        .send()
        .done();
    put_in_force(&door, "bad", accept("far-water"));
    let handed = door.handed_in("first", &registration());
    assert!(consulted(&door, &handed, "triage")["failure"].is_null());
    assert!(was(&door, &handed, "proposal-refused", "outside-division"));
    waits_for_a_person(&door, &handed, "proposal-refused");
    goes_on(&door, &handed);
}

#[test]
fn a_triage_that_names_a_unit_that_does_not_exist_is_not_followed_and_a_person_decides() {
    let door = Door::open();
    put_in_force(&door, "bad", accept("nobody"));
    let handed = door.handed_in("first", &registration());
    assert!(was(&door, &handed, "rule-unavailable", "bad-output"));
    waits_for_a_person(&door, &handed, "local-rule-unavailable");
    goes_on(&door, &handed);
}

/// A guard that fails in one of these ways lets the move go ahead, flagged; the one that follows it is asked.
fn guard_fails(guest: Guest, failures: &[&str]) {
    let door = Door::open();
    put_in_force(&door, "bad", guest);
    let handed = door.dispatched("first", "housing");
    let failed = failure(&door, &handed, "guard");
    assert!(failures.contains(&failed.as_str()), "{failed}");
    assert!(was(&door, &handed, "rule-unavailable", &failed));
    let case = case(&door, &handed);
    assert_eq!(
        (&case["stage"], &case["lead"]),
        (&json!("dispatched"), &json!("housing"))
    );
    let flags = case["flags"].as_array().unwrap();
    assert!(flags.contains(&json!("local-rule-unavailable")), "{case}");
    let mut clocks = case["clocks"].as_array().unwrap().iter();
    assert!(clocks.any(|clock| clock["state"] == "running"), "{case}");
    put_in_force(&door, "healthy", permit());
    door.dispatched("next", "housing");
    assert!(counted(&door, "guard", "answered") > 0);
}

#[test]
fn a_guard_that_spins_never_stops_the_case() {
    guard_fails(bad::spins(permit()), &["cpu-deadline", "wall-deadline"]);
}

#[test]
fn a_guard_that_recurses_without_end_never_stops_the_case() {
    guard_fails(bad::recurses(permit()), &["trap"]);
}

#[test]
fn a_guard_that_takes_all_memory_never_stops_the_case() {
    guard_fails(bad::allocates(permit()), &["memory"]);
}

/// A reaction that fails in one of these ways is recorded, and the case is where it would be without it.
fn reaction_fails(guest: Guest, failures: &[&str]) {
    let door = Door::open();
    put_in_force(&door, "bad", guest);
    let handed = door.handed_in("first", &registration());
    let failed = failure(&door, &handed, "react");
    assert!(failures.contains(&failed.as_str()), "{failed}");
    assert!(was(&door, &handed, "rule-unavailable", &failed));
    waits_for_a_person(&door, &handed, "needs-dispatch");
    goes_on(&door, &handed);
}

#[test]
fn a_reaction_in_nonsense_json_is_recorded_and_changes_nothing() {
    let nonsense = propose("any", "sign", "{\"do\":\"sign\"");
    reaction_fails(nonsense, &["bad-output"]);
}

#[test]
fn a_reaction_of_an_unheard_of_command_is_recorded_and_changes_nothing() {
    let unheard_of = propose("any", "make-tea", "{\"do\":\"make-tea\"}");
    reaction_fails(unheard_of, &["bad-output"]);
}

#[test]
fn a_reaction_that_traps_or_spins_is_recorded_and_changes_nothing() {
    reaction_fails(bad::traps(Guest::of("react")), &["trap"]);
    let spins = bad::spins(Guest::of("react"));
    reaction_fails(spins, &["cpu-deadline", "wall-deadline"]);
}

#[test]
fn a_plugin_that_failed_is_asked_again_and_answers_the_next_time() {
    let door = Door::open();
    let component = bad::spins(permit()).named("spinning").component();
    upload(&door, "a", component).done();
    upload(&door, "b", permit().named("healthy").component()).done();
    let both = [
        json!({ "id": "spinning", "plugin": "spinning", "order": 0 }),
        json!({ "id": "healthy", "plugin": "healthy", "order": 1 }),
    ];
    bind(&door, "c", &both).done();
    for key in ["one", "two", "three"] {
        door.dispatched(key, "housing");
    }
    assert_eq!(counted(&door, "guard", "answered"), 3);
}
