//! The same again: by the sender's number, or said to be a repeat of an earlier message.

use fengqiao_guests::Guest;
use serde_json::{Value, json};

use super::channels::{answering, matter, read_by, rows, send, send_to};
use super::door::{DISPATCHER, Door, HOUSING};
use super::plugins::{bind, upload};

/// From now on the hotline is read by a guest that answers this.
fn answer_with(door: &Door, document: &Value) {
    let guest = Guest::of("intake").text(8, &document.to_string());
    upload(door, "another", guest.component()).done();
    let binding = json!({ "id": "hotline", "plugin": "by-hand", "channel": "hotline" });
    bind(door, "another", &[binding]).done();
}

fn stating(words: &str) -> Value {
    let mut matter = matter();
    matter["matter"]["text"] = words.into();
    matter
}

#[test]
fn the_senders_number_makes_two_messages_of_one_statement_one_whatever_else_changed() {
    let door = answering(&matter());
    let first = send_to(&door, "?number=H-7", "one", "sent at 9:00").done();
    let same = send_to(&door, "?number=H-7", "two", "sent at 9:05").done();
    assert_eq!(
        (&same["outcome"], &same["number"]),
        (&json!("same"), &first["number"])
    );
}

#[test]
fn another_statement_under_an_old_number_waits_for_a_person_and_is_not_lost() {
    let door = answering(&matter());
    send_to(&door, "?number=H-7", "one", "<order>1</order>").done();
    answer_with(&door, &stating("楼上漏水"));
    let other = send_to(&door, "?number=H-7", "two", "<order>2</order>");
    assert_eq!(
        (other.status, &other.body["reason"]),
        (202, &json!("number-reused"))
    );
    let waiting = rows(&door, "/v1/messages?state=unread");
    let id = waiting[0]["message"].as_str().unwrap();
    let raw = door.get(&format!("/v1/messages/{id}"), DISPATCHER);
    assert!(raw.text.contains("<order>2</order>"), "{}", raw.text);
    // The same bytes again are the same message, not a third one.
    let again = send_to(&door, "?number=H-7", "three", "<order>2</order>").done();
    assert_eq!(
        (&again["outcome"], &again["state"]),
        (&json!("same"), &json!("unread"))
    );
    assert_eq!(rows(&door, "/v1/cases").len(), 1);
}

/// A repeat of message `H-1`, with words of its own.
fn repeat() -> Value {
    let mut repeat = stating("还是没有人来修");
    repeat["source"]["external"] = "H-2".into();
    repeat["repeats"] = "H-1".into();
    repeat
}

#[test]
fn a_repeat_with_words_of_its_own_is_a_case_of_its_own_linked_to_the_first() {
    let door = answering(&matter());
    let first = send_to(&door, "?number=H-1", "one", "<order>1</order>").done();
    let number = first["number"].as_str().unwrap();
    answer_with(&door, &repeat());
    let second = send(&door, "two", "<order>2</order>").done();
    assert_eq!(second["outcome"], "registered");
    let second = second["number"].as_str().unwrap();
    let links = |number: &str| {
        let case = door.get(&format!("/v1/cases/{number}"), DISPATCHER).done();
        case["links"].clone()
    };
    assert_eq!(links(second), json!([[number, "repeats"]]));
    assert_eq!(links(number), json!([[second, "related"]]));
    // Whoever works on the first doesn't read what somebody else said, nor about whom.
    let timeline = door.get(&format!("/v1/cases/{number}/timeline"), HOUSING);
    assert!(
        !timeline.text.contains("还是没有人来修"),
        "{}",
        timeline.text
    );
    // Sent again, it is the same message.
    let again = send(&door, "three", "<order>2</order>").done();
    assert_eq!(
        (&again["outcome"], &again["number"]),
        (&json!("same"), &json!(second))
    );
}

#[test]
fn a_repeat_whose_first_nobody_knows_waits_for_a_person() {
    let guest = Guest::of("intake").byte(4, 1).text(8, "H-1");
    let door = read_by(guest.component(), "by-hand");
    let answer = send(&door, "one", "再催");
    assert_eq!(
        (answer.status, &answer.body["reason"]),
        (202, &json!("first-unknown"))
    );
}
