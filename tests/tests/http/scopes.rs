//! What one county keeps, another doesn't replace.

use fengqiao_guests::{contract, dummy};
use serde_json::{Value, json};

use super::door::{ADMIN, Answer, COUNTY, Door, OTHER_ADMIN, OTHER_PUBLISHER, PUBLISHER};

const OTHER_COUNTY: &str = "990102000000";

fn put(door: &Door, token: &str, path: &str, content: &str, key: &str) -> Answer {
    door.ask("PUT", path)
        .token(token)
        .key(key)
        .bytes("application/toml", content)
        .send()
}

fn unit(id: &str, division: &str) -> String {
    format!("[[unit]]\nid = \"{id}\"\nname = \"{id}\"\ndivision = \"{division}\"\n")
}

#[test]
fn nobody_replaces_a_file_of_units_of_another_county_or_writes_its_units() {
    let door = Door::open();
    let theirs = "/v1/reference/units?name=u.toml";
    let own = "/v1/reference/units?name=own.toml";
    let here = unit("far-roads", OTHER_COUNTY);
    let refused = (403, "out-of-scope");
    let replaced = put(&door, OTHER_ADMIN, theirs, &here, "a");
    assert_eq!(replaced.problem(), refused);
    let planted = put(&door, OTHER_ADMIN, own, &unit("planted", COUNTY), "b");
    assert_eq!(planted.problem(), refused);
    assert_eq!(door.get("/v1/units/housing", ADMIN).status, 200);
    assert_eq!(door.get("/v1/units/planted", ADMIN).status, 404);
    put(&door, OTHER_ADMIN, own, &here, "c").done();
    assert_eq!(
        put(&door, ADMIN, own, "", "d").problem(),
        refused,
        "neither does the first county replace the other's"
    );
}

#[test]
fn nobody_replaces_a_catalogue_of_another_county() {
    let door = Door::open();
    let path = "/v1/reference/catalogues?name=matters.toml";
    let own = "/v1/reference/catalogues?name=own.toml";
    let refused = (403, "out-of-scope");
    put(&door, ADMIN, path, &catalogue(COUNTY, "1"), "a").done();
    let replaced = put(&door, OTHER_ADMIN, path, &catalogue(OTHER_COUNTY, "1"), "b");
    assert_eq!(replaced.problem(), refused);
    let planted = put(&door, OTHER_ADMIN, own, &catalogue(COUNTY, "1"), "c");
    assert_eq!(planted.problem(), refused);
    put(&door, OTHER_ADMIN, own, &catalogue(OTHER_COUNTY, "1"), "d").done();
    put(&door, ADMIN, path, &catalogue(COUNTY, "2"), "e").done();
}

fn catalogue(division: &str, version: &str) -> String {
    format!(
        "[catalogue]\ncode = \"routes\"\nversion = \"{version}\"\ndivision = \"{division}\"\nkey = [\"item\"]\n\n\
         [[row]]\nitem = \"lamp\"\n"
    )
}

fn upload(door: &Door, token: &str, key: &str, bytes: Vec<u8>) -> Value {
    door.ask("POST", "/v1/plugins")
        .token(token)
        .key(key)
        .bytes("application/wasm", bytes)
        .send()
        .done()["digest"]
        .clone()
}

fn bound(door: &Door, token: &str, division: &str, key: &str) -> Answer {
    let binding = json!({ "id": format!("of-{key}"), "plugin": "dummy-guard" });
    let body = json!({ "division": division, "bindings": [binding] });
    door.ask("PUT", "/v1/bindings")
        .token(token)
        .key(key)
        .json(&body)
        .send()
}

#[test]
fn an_upload_of_another_county_changes_no_plugins_name() {
    let door = Door::open();
    let first = dummy::component(&contract::current(), "guard");
    // The same plugin in other bytes: a custom section named `x` with nothing in it.
    let second = [first.as_slice(), &[0, 2, 1, b'x']].concat();
    let ours = upload(&door, PUBLISHER, "a", first.clone());
    assert_eq!(
        bound(&door, OTHER_ADMIN, OTHER_COUNTY, "b").problem(),
        (422, "unknown-plugin")
    );
    let theirs = upload(&door, OTHER_PUBLISHER, "c", second);
    assert_ne!(ours, theirs);
    let named = |answer: Answer| answer.done()["rows"][0]["digest"].clone();
    assert_eq!(named(bound(&door, ADMIN, COUNTY, "d")), ours);
    assert_eq!(named(bound(&door, OTHER_ADMIN, OTHER_COUNTY, "e")), theirs);
    // Whoever uploads the same bytes has them under their name, too.
    assert_eq!(upload(&door, OTHER_PUBLISHER, "f", first), ours);
}
