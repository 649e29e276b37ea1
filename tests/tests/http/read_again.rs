//! Messages that nobody could read are read again once their adapter was mended.

use fengqiao_guests::Guest;
use serde_json::{Value, json};

use super::channels::{WORDS, matter, rows, send, trapping};
use super::door::{Answer, CHANNEL, DISPATCHER, Door, HOUSING, STRANGER};
use super::plugins::{bind, upload};

/// In the place of the adapter that traps, one that answers this.
fn mend(door: &Door, answer: &Value) {
    let guest = Guest::of("intake").text(8, &answer.to_string());
    upload(door, "mended", guest.component()).done();
    let binding = json!({ "id": "hotline", "plugin": "by-hand", "channel": "hotline" });
    bind(door, "mended", &[binding]).done();
}

fn waiting(door: &Door, key: &str, words: &str) -> String {
    let taken = send(door, key, words).done();
    assert_eq!(taken["outcome"], "unread");
    taken["message"].as_str().unwrap().to_owned()
}

fn read_again(door: &Door, key: &str, message: &str) -> Answer {
    let path = format!("/v1/messages/{message}/reading");
    door.ask("POST", &path).token(DISPATCHER).key(key).send()
}

fn tasks(door: &Door) -> usize {
    let desk = rows(door, "/v1/desk");
    let unread = desk.iter().filter(|row| row["code"] == "unread-message");
    unread.count()
}

#[test]
fn a_message_is_registered_once_its_adapter_was_mended_and_the_hubs_task_is_done() {
    let door = trapping();
    let id = waiting(&door, "one", WORDS);
    assert_eq!(tasks(&door), 1);
    let still = read_again(&door, "early", &id).done();
    assert_eq!(
        (&still["outcome"], &still["reason"]),
        (&json!("unread"), &json!("trap"))
    );
    assert_eq!(tasks(&door), 1);
    mend(&door, &matter());
    // The key that got nothing the first time may be used again.
    let first = read_again(&door, "early", &id).done();
    assert_eq!(first["outcome"], "registered");
    assert_eq!(tasks(&door), 0);
    assert_eq!(read_again(&door, "early", &id).done(), first);
    let proof = json!({ "number": first["number"], "query-code": first["query-code"] });
    let seen = door.ask("POST", "/v1/query").json(&proof).send().done();
    assert_eq!(seen["matter"]["text"], "村口路灯坏了三天");
    let other = read_again(&door, "other", &id).done();
    assert_eq!(
        (&other["outcome"], &other["number"]),
        (&json!("same"), &first["number"])
    );
    assert_eq!(rows(&door, "/v1/cases").len(), 1);
    let number = first["number"].as_str().unwrap();
    let consulted = rows(&door, &format!("/v1/cases/{number}/consultations"));
    assert!(consulted.iter().any(|row| row["hook"] == "intake"));
}

#[test]
fn all_that_waits_on_a_channel_is_read_again_and_the_same_matter_twice_is_one_case() {
    let door = trapping();
    let ids: Vec<String> = [("one", "一"), ("two", "二")]
        .map(|(key, words)| waiting(&door, key, words))
        .into();
    let mut numbered = matter();
    numbered["source"]["external"] = "H-3".into();
    mend(&door, &numbered);
    let ask = door.ask("POST", "/v1/channels/hotline/readings");
    let read = ask.token(DISPATCHER).key("all").send().done();
    let mut outcomes: Vec<&str> = Vec::new();
    for row in read["rows"].as_array().unwrap() {
        assert!(ids.iter().any(|id| row["message"] == id.as_str()) || row["outcome"] == "same");
        outcomes.push(row["outcome"].as_str().unwrap());
    }
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["registered", "same"]);
    assert!(read["next"].is_null());
    assert_eq!(rows(&door, "/v1/cases").len(), 1);
    assert_eq!(rows(&door, "/v1/messages?state=unread").len(), 0);
    assert_eq!(tasks(&door), 0);
    // The number that was read only now makes a third one the same.
    let third = send(&door, "third", "三").done();
    assert_eq!(third["outcome"], "same");
}

#[test]
fn the_task_stays_as_long_as_another_message_waits() {
    let door = trapping();
    let first = waiting(&door, "one", "一");
    let second = waiting(&door, "two", "二");
    let dismiss = |id: &str| {
        let path = format!("/v1/messages/{id}/dismissal");
        let ask = door.ask("POST", &path).token(DISPATCHER).key(id);
        ask.json(&json!({ "ground": "test" })).send().done();
    };
    dismiss(&first);
    assert_eq!(tasks(&door), 1);
    dismiss(&second);
    assert_eq!(tasks(&door), 0);
    waiting(&door, "three", "三");
    assert_eq!(tasks(&door), 1);
}

#[test]
fn only_the_hub_of_the_place_has_messages_read_again() {
    let door = trapping();
    let id = waiting(&door, "one", WORDS);
    let path = format!("/v1/messages/{id}/reading");
    for token in [HOUSING, CHANNEL, STRANGER] {
        let refused = door.ask("POST", &path).token(token).key("x").send();
        assert_eq!(refused.problem().0, 403, "{token}");
    }
    let elsewhere = door.ask(
        "POST",
        "/v1/channels/hotline/readings?division=990101000000",
    );
    let refused = elsewhere.token(STRANGER).key("x").send();
    assert_eq!(refused.problem(), (403, "out-of-scope"));
}
