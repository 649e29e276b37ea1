//! Limits of the door that only requests reach.

use serde_json::{Value, json};

use super::door::{DISPATCHER, Door, HOUSING};
use super::plugins::bind;

#[test]
fn one_request_puts_at_most_two_hundred_bindings_in_force() {
    let door = Door::open();
    let bindings = |count: usize| -> Vec<Value> {
        let binding = |n| json!({ "id": format!("b{n}"), "plugin": "unheard-of" });
        (0..count).map(binding).collect()
    };
    let most = bind(&door, "most", &bindings(200));
    assert_eq!(most.problem(), (422, "unknown-plugin"));
    let more = bind(&door, "more", &bindings(201));
    assert_eq!(more.problem(), (422, "too-many-bindings"));
    assert_eq!(more.body["limit"], 200);
}

#[test]
fn a_file_of_reference_data_has_a_name_of_at_most_eighty_characters() {
    let door = Door::open();
    let put = |name: &str| {
        let path = format!("/v1/reference/units?name={name}");
        let asked = door.put(&path, "application/toml", "");
        asked.key(name).send()
    };
    put(&"u".repeat(80)).done();
    for name in ["", &"u".repeat(81)] {
        let path = format!("/v1/reference/units?name={name}");
        let refused = door.put(&path, "application/toml", "").key("no").send();
        assert_eq!(refused.problem(), (400, "invalid-parameter"));
    }
}

#[test]
fn a_list_reads_at_most_twenty_pages_for_one_answer_and_says_where_it_stopped() {
    let door = Door::open();
    // The oldest case is the only one that housing may see of those that water has a part in.
    let first = door.dispatched("first", "water");
    let part = json!({ "unit": "housing", "role": "assist", "result": "owed" });
    let assign = json!({ "do": "assign", "appointment": part });
    door.command(DISPATCHER, &first.number, first.version, &assign)
        .done();
    door.move_clock("2019-01-01T01:00:00+08:00").done();
    for n in 0..20 {
        door.dispatched(&n.to_string(), "water");
    }
    let list = |after: &str| {
        let path = format!("/v1/cases?unit=water&limit=1{after}");
        door.get(&path, HOUSING).done()
    };
    let stopped = list("");
    assert_eq!(stopped["rows"], json!([]));
    let next = stopped["next"].as_str().unwrap();
    let found = list(&format!("&after={next}"));
    assert_eq!(found["rows"][0]["number"], first.number.as_str());
}
