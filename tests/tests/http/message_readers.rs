//! Who hands messages in, and who reads what became of them.

use serde_json::{Value, json};

use super::channels::{WORDS, answering, matter, rows, send, trapping};
use super::door::{CHANNEL, HOUSING, STRANGER};

#[test]
fn only_the_hub_of_the_place_reads_messages() {
    let door = trapping();
    let id = send(&door, "one", WORDS).done()["message"].clone();
    let path = format!("/v1/messages/{}", id.as_str().unwrap());
    assert_eq!(door.get(&path, STRANGER).problem(), (403, "out-of-scope"));
    assert_eq!(door.get("/v1/messages", STRANGER).done()["rows"], json!([]));
    for token in [HOUSING, CHANNEL] {
        assert_eq!(door.get(&path, token).problem().0, 403);
        assert_eq!(door.get("/v1/messages", token).problem().0, 403);
    }
}

#[test]
fn a_unit_hands_in_no_message_and_so_tries_no_telephone() {
    let door = answering(&matter());
    let path = "/v1/channels/hotline/messages?dry_run=true";
    let tried = door.ask("POST", path).token(HOUSING);
    assert_eq!(tried.bytes("text/xml", "a").send().problem().0, 403);
}

#[test]
fn whoever_is_accused_reads_no_message_of_the_case() {
    let mut accusing = matter();
    let accused = json!({ "role": "accused", "principal": "dispatcher" });
    let parties = accusing["parties"].as_array_mut().unwrap();
    parties.push(accused);
    let door = answering(&accusing);
    let taken = send(&door, "one", WORDS).done();
    assert_eq!(taken["outcome"], "registered");
    assert_eq!(rows(&door, "/v1/messages"), [] as [Value; 0]);
}
