//! Channels at the door: a raw message becomes a case, the same one twice is one, and none is lost.

use fengqiao_guests::{Guest, REPLY, contract, dummy};
use serde_json::{Value, json};

use super::door::{
    Answer, CHANNEL, COUNTY, DISPATCHER, Door, HOUSING, PUBLISHER, VILLAGE, registration,
};
use super::plugins::{bind, upload};

pub(super) const WORDS: &str = "王小明住在三号楼，电话13800138000";

/// What a guest answers to every message.
pub(super) fn matter() -> Value {
    let mut matter = registration();
    matter["matter"]["category"] = "路灯损坏".into();
    matter["source"]["channel"] = "whatever".into();
    matter
}

/// A county whose hotline is read by this guest.
pub(super) fn read_by(component: Vec<u8>, plugin: &str) -> Door {
    let door = Door::open();
    upload(&door, "adapter", component).done();
    let binding = json!({ "id": "hotline", "plugin": plugin, "channel": "hotline" });
    bind(&door, "hotline", &[binding]).done();
    door
}

pub(super) fn answering(document: &Value) -> Door {
    let guest = Guest::of("intake").text(8, &document.to_string());
    read_by(guest.component(), "by-hand")
}

pub(super) fn trapping() -> Door {
    read_by(
        dummy::component(&contract::current(), "intake"),
        "dummy-intake",
    )
}

pub(super) fn send_to(door: &Door, query: &str, key: &str, raw: impl Into<Vec<u8>>) -> Answer {
    door.ask("POST", &format!("/v1/channels/hotline/messages{query}"))
        .token(CHANNEL)
        .key(key)
        .bytes("text/xml; charset=utf-8", raw)
        .send()
}

pub(super) fn send(door: &Door, key: &str, raw: &str) -> Answer {
    send_to(door, "", key, raw)
}

pub(super) fn rows(door: &Door, path: &str) -> Vec<Value> {
    let body = door.get(path, DISPATCHER).done();
    body["rows"].as_array().unwrap().clone()
}

#[test]
fn a_message_becomes_a_case_and_its_citizen_follows_it_with_the_query_code() {
    let door = answering(&matter());
    let answer = send_to(&door, "?number=H-1", "one", "<order>1</order>");
    assert_eq!(answer.status, 201, "{}", answer.text);
    let proof = json!({ "number": answer.body["number"], "query-code": answer.body["query-code"] });
    let seen = door.ask("POST", "/v1/query").json(&proof).send().done();
    assert_eq!(seen["matter"]["text"], "村口路灯坏了三天");
    let number = answer.body["number"].as_str().unwrap();
    let case = door.get(&format!("/v1/cases/{number}"), DISPATCHER).done();
    assert_eq!(case["source"]["channel"], "hotline");
    assert_eq!(case["source"]["external"], "H-1");
    let consulted = rows(&door, &format!("/v1/cases/{number}/consultations"));
    assert_eq!(consulted[0]["hook"], "intake");
    assert!(!consulted[0].to_string().contains("王小明"));
    let again = send_to(&door, "?number=H-1", "one", "<order>1</order>");
    assert_eq!((again.status, again.body), (201, answer.body));
}

#[test]
fn the_same_message_twice_is_one_submission_and_that_it_came_again_is_on_record() {
    let door = answering(&matter());
    let first = send(&door, "one", "<order>\n1</order>").done();
    let same = send(&door, "two", "\u{feff}<order>\r\n1</order>\r\n").done();
    assert_eq!(same["outcome"], "same");
    assert_eq!(same["number"], first["number"]);
    assert!(same["query-code"].is_null());
    // Sent again under its own key, it is answered alike and not counted again.
    send(&door, "two", "\u{feff}<order>\r\n1</order>\r\n").done();
    let kept = rows(&door, "/v1/messages?state=registered");
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (&kept[0]["repeats"], &kept[0]["number"]),
        (&json!(1), &first["number"])
    );
    assert_eq!(rows(&door, "/v1/cases").len(), 1);
    let other = send(&door, "three", "<order>2</order>").done();
    assert_eq!(other["outcome"], "registered");
}

#[test]
fn the_number_that_an_adapter_reads_makes_two_messages_one() {
    let mut matter = matter();
    matter["source"]["external"] = "H-9".into();
    let door = answering(&matter);
    let first = send(&door, "one", "sent at 9:00").done();
    let same = send(&door, "two", "sent at 9:05").done();
    assert_eq!(
        (&same["outcome"], &same["number"]),
        (&json!("same"), &first["number"])
    );
}

#[test]
fn a_message_whose_adapter_traps_waits_for_a_person_who_registers_it() {
    let door = trapping();
    let answer = send(&door, "one", WORDS);
    assert_eq!(
        (answer.status, &answer.body["outcome"]),
        (202, &json!("unread"))
    );
    assert_eq!(answer.body["reason"], "trap");
    let id = answer.body["message"].as_str().unwrap();
    let same = send(&door, "two", WORDS).done();
    assert_eq!(
        (&same["outcome"], &same["state"]),
        (&json!("same"), &json!("unread"))
    );
    let tasks = |desk: &[Value]| {
        desk.iter()
            .filter(|row| row["code"] == "unread-message")
            .count()
    };
    assert_eq!(tasks(&rows(&door, "/v1/desk")), 1);
    send(&door, "three", "另一件").done();
    assert_eq!(tasks(&rows(&door, "/v1/desk")), 1);
    let path = format!("/v1/messages/{id}");
    assert_eq!(door.get(&path, DISPATCHER).done()["text"], WORDS);
    let by_hand = |key: &str| {
        let path = format!("{path}/registration");
        let asked = door.ask("POST", &path).token(DISPATCHER).key(key);
        asked.json(&registration()).send()
    };
    let registered = by_hand("hand").done();
    let number = registered["number"].as_str().unwrap();
    let case = door.get(&format!("/v1/cases/{number}"), DISPATCHER).done();
    assert_eq!(case["source"]["channel"], "hotline");
    let kept = rows(&door, &format!("/v1/messages?number={number}"));
    assert_eq!(
        (&kept[0]["message"], &kept[0]["state"]),
        (&json!(id), &json!("registered"))
    );
    assert_eq!(
        by_hand("hand").done()["query-code"],
        registered["query-code"]
    );
    assert_eq!(by_hand("other").problem(), (409, "message-settled"));
    let same = send(&door, "four", WORDS).done();
    assert_eq!(same["number"], number);
}

#[test]
fn whoever_may_not_see_a_guarded_case_whole_is_not_told_by_which_way_it_came() {
    let mut guarded = matter();
    guarded["protection"] = "confidential".into();
    let door = answering(&guarded);
    let number = send_to(&door, "?number=H-1", "one", "<order>1</order>").done()["number"].clone();
    let path = format!("/v1/cases/{}/consultations", number.as_str().unwrap());
    let answer = |token: &str| door.get(&path, token).done()["rows"][0].clone();
    assert_eq!(answer(DISPATCHER)["answer"]["source"]["external"], "H-1");
    let withheld = answer(PUBLISHER);
    assert_eq!(
        (&withheld["hook"], &withheld["answer"]),
        (&json!("intake"), &Value::Null)
    );
    assert!(!withheld.to_string().contains("H-1"));
}

#[test]
fn what_a_message_says_is_in_no_event_and_no_log_line() {
    let door = trapping();
    let id = send(&door, "one", WORDS).done()["message"].clone();
    let id = id.as_str().unwrap();
    let log = door.log();
    assert!(log.contains("receive-message"), "{log}");
    assert!(
        !log.contains("王小明") && !log.contains("13800138000"),
        "{log}"
    );
    let docket = door.get(&format!("/v1/divisions/{COUNTY}/docket"), DISPATCHER);
    assert!(docket.text.contains("unread-message"), "{}", docket.text);
    assert!(!docket.text.contains("王小明"), "{}", docket.text);
    let list = door.get("/v1/messages", DISPATCHER);
    assert!(list.text.contains(id) && !list.text.contains("王小明"));
}

#[test]
fn what_an_adapter_says_while_it_reads_is_in_no_log_line() {
    let mut guest = Guest::of("intake").text(8, &matter().to_string());
    let (start, length) = guest.put(WORDS.as_bytes());
    let says = format!(
        "(call $log (i32.const 3) (i32.const {start}) (i32.const {length}) (i32.const {REPLY}))"
    );
    let guest = guest.imports("log", "log", "i32 i32 i32 i32").first(&says);
    let door = read_by(guest.component(), "by-hand");
    send(&door, "one", "a").done();
    let log = door.log();
    assert!(log.contains("读来件时写的话不入日志"), "{log}");
    assert!(!log.contains("三号楼"), "{log}");
}

#[test]
fn a_dismissed_message_leaves_its_number_and_none_of_its_words() {
    let door = trapping();
    let id = send(&door, "one", WORDS).done()["message"].clone();
    let path = format!("/v1/messages/{}", id.as_str().unwrap());
    let dismiss = |key: &str| {
        let asked = door
            .ask("POST", &format!("{path}/dismissal"))
            .token(DISPATCHER);
        asked.key(key).json(&json!({ "ground": "advert" })).send()
    };
    dismiss("a").done();
    let kept = door.get(&path, DISPATCHER).done();
    assert_eq!(
        (&kept["state"], &kept["reason"]),
        (&json!("dismissed"), &json!("advert"))
    );
    assert!(
        kept["text"].is_null() && kept["settled-by"].is_object(),
        "{kept}"
    );
    dismiss("a").done();
    // Whoever repeats it, because it was broken off, has its words erased all the same.
    assert_eq!(dismiss("b").done()["state"], "dismissed");
    let same = send(&door, "two", WORDS).done();
    assert_eq!(
        (&same["state"], &same["number"]),
        (&json!("dismissed"), &Value::Null)
    );
}

#[test]
fn an_answer_that_is_no_registration_or_cannot_be_carried_out_loses_no_message() {
    let mut unknown_field = matter();
    unknown_field["matter"]["colour"] = "red".into();
    let mut elsewhere = matter();
    elsewhere["matter"]["place"] = "880101000000".into();
    let mut long = matter();
    long["matter"]["text"] = "长".repeat(8_001).into();
    for (document, reason) in [
        (unknown_field, "bad-output"),
        (elsewhere, "unknown-division"),
        (long, "too-long"),
    ] {
        let door = answering(&document);
        let answer = send(&door, "one", WORDS);
        assert_eq!(
            (answer.status, &answer.body["reason"]),
            (202, &json!(reason))
        );
        assert_eq!(rows(&door, "/v1/messages?state=unread").len(), 1);
        assert_eq!(rows(&door, "/v1/cases"), [] as [Value; 0]);
    }
}

#[test]
fn bytes_that_are_no_text_are_kept_as_they_are() {
    let door = trapping();
    let gbk = [0xc2_u8, 0xb7, 0xb5, 0xc6];
    let id = send_to(&door, "", "one", gbk).done()["message"].clone();
    let path = format!("/v1/messages/{}", id.as_str().unwrap());
    assert_eq!(door.get(&path, DISPATCHER).done()["hex"], "c2b7b5c6");
}

#[test]
fn what_is_not_for_this_platform_is_declined_with_its_reason() {
    let guest = Guest::of("intake")
        .byte(4, 2)
        .text(8, "small-loop")
        .text(16, "由网格处置");
    let door = read_by(guest.component(), "by-hand");
    let answer = send(&door, "one", "<event/>");
    let expected = json!({ "outcome": "declined", "code": "small-loop", "text": "由网格处置" });
    assert_eq!((answer.status, answer.body), (200, expected));
    assert_eq!(rows(&door, "/v1/messages"), [] as [Value; 0]);
    assert_eq!(rows(&door, "/v1/cases"), [] as [Value; 0]);
}

#[test]
fn a_channel_that_nobody_reads_and_a_sender_without_reach_are_told_so() {
    let door = Door::open();
    assert_eq!(send(&door, "one", "a").problem(), (422, "no-adapter"));
    assert_eq!(send(&door, "two", " \n").problem(), (422, "empty-message"));
    let elsewhere = send_to(&door, "?division=990102000000", "three", "a");
    assert_eq!(elsewhere.problem(), (403, "out-of-scope"));
    let path = "/v1/channels/hotline/messages";
    let nobody = door
        .ask("POST", path)
        .key("four")
        .bytes("text/xml", "a")
        .send();
    assert_eq!(nobody.problem(), (401, "unauthenticated"));
    let publisher = door
        .ask("POST", path)
        .token(PUBLISHER)
        .key("five")
        .bytes("text/xml", "a");
    assert_eq!(publisher.send().problem().0, 403);
    let no_key = door
        .ask("POST", path)
        .token(CHANNEL)
        .bytes("text/xml", "a")
        .send();
    assert_eq!(no_key.problem(), (400, "idempotency-key-missing"));
    let large = send_to(&door, "", "six", vec![b'a'; (1 << 20) + 1]);
    assert_eq!(large.problem(), (413, "body-too-large"));
}

#[test]
fn a_dry_run_reads_a_message_and_keeps_nothing_of_it() {
    let door = answering(&matter());
    let path = "/v1/channels/hotline/messages?dry_run=true";
    let tried = door
        .ask("POST", path)
        .token(CHANNEL)
        .bytes("text/xml", "a")
        .send();
    assert_eq!(tried.done()["outcome"], "registered");
    assert_eq!(rows(&door, "/v1/messages"), [] as [Value; 0]);
    assert_eq!(rows(&door, "/v1/cases"), [] as [Value; 0]);
}

#[test]
fn what_may_be_the_same_is_suggested_and_never_in_the_way() {
    let door = answering(&matter());
    let first = send(&door, "one", "1").done();
    assert_eq!(first["alike"], json!([]));
    let second = send(&door, "two", "2").done();
    let alike = &second["alike"][0];
    assert_eq!(alike["number"], first["number"]);
    assert_eq!(
        (&alike["same-matter"], &alike["same-reporter"]),
        (&json!(true), &json!(true))
    );
    let number = second["number"].as_str().unwrap();
    let path = format!("/v1/cases/{number}/alike");
    assert_eq!(rows(&door, &path)[0]["number"], first["number"]);
    // A handler isn't told who else the reporter is.
    let dispatch = json!({ "do": "dispatch", "lead": "housing" });
    let version = second["version"].as_u64().unwrap();
    door.command(DISPATCHER, number, version, &dispatch).done();
    assert_eq!(door.get(&path, HOUSING).done()["rows"], json!([]));
    // Far later, it is another matter.
    door.move_clock("2019-06-01T01:00:00+08:00").done();
    let third = send(&door, "three", "3").done();
    assert_eq!(third["alike"], json!([]));
}

#[test]
fn a_channel_is_told_of_no_case_whose_reporter_is_guarded() {
    let door = answering(&matter());
    let mut guarded = matter();
    guarded["protection"] = "reporter-hidden".into();
    door.handed_in("guarded", &guarded);
    let open = send(&door, "one", "1").done();
    assert_eq!(open["alike"], json!([]));
    let path = format!("/v1/cases/{}/alike", open["number"].as_str().unwrap());
    assert_eq!(rows(&door, &path).len(), 1);
}

#[test]
fn at_most_ten_cases_are_named_as_alike() {
    let door = answering(&matter());
    let mut last = Value::Null;
    for n in 0..12 {
        last = send(&door, &n.to_string(), &n.to_string()).done();
    }
    assert_eq!(last["alike"].as_array().map(Vec::len), Some(10));
}

#[test]
fn messages_are_read_page_by_page_each_once() {
    let door = answering(&matter());
    for n in 0..3 {
        send(&door, &n.to_string(), &n.to_string()).done();
    }
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = door
            .get(&format!("/v1/messages?limit=2{after}"), DISPATCHER)
            .done();
        let rows = page["rows"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| row["message"].to_string()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3);
}

#[test]
fn a_media_type_is_kept_up_to_a_hundred_characters() {
    let door = trapping();
    let media = "x".repeat(101);
    let asked = door
        .ask("POST", "/v1/channels/hotline/messages")
        .token(CHANNEL);
    asked.key("one").bytes(&media, "a").send().done();
    let kept = rows(&door, "/v1/messages");
    assert_eq!(kept[0]["media"].as_str().map(str::len), Some(100));
}

#[test]
fn every_row_of_a_table_has_its_own_result_and_the_table_may_be_sent_again() {
    let door = answering(&matter());
    let table = format!("地点,内容\n{VILLAGE},一\n{VILLAGE},二\n{VILLAGE},一\n");
    let batch = |key: &str, table: &str| {
        let asked = door
            .ask("POST", "/v1/channels/hotline/batches")
            .token(CHANNEL);
        asked.key(key).bytes("text/csv", table.to_owned()).send()
    };
    let first = batch("one", &table).done();
    let results: Vec<_> = first["rows"].as_array().unwrap().iter().collect();
    let told: Vec<_> = results
        .iter()
        .map(|row| (&row["row"], &row["outcome"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!(2), &json!("registered")),
            (&json!(3), &json!("registered")),
            (&json!(4), &json!("same")),
        ]
    );
    assert_eq!(results[2]["number"], results[0]["number"]);
    let proof = json!({ "number": results[1]["number"], "query-code": results[1]["query-code"] });
    door.ask("POST", "/v1/query").json(&proof).send().done();
    assert_eq!(batch("one", &table).done(), first);
    let changed = batch("one", &table.replace('二', "三")).done();
    assert_eq!(changed["rows"][1]["outcome"], "failed");
    assert_eq!(changed["rows"][1]["code"], "key-reused");
    assert_eq!(changed["rows"][0], first["rows"][0]);
    assert_eq!(
        batch("two", "地点,内容\n").problem(),
        (422, "empty-message")
    );
}

#[test]
fn a_row_that_nobody_could_read_says_why_and_the_others_go_on() {
    let door = trapping();
    let asked = door
        .ask("POST", "/v1/channels/hotline/batches")
        .token(CHANNEL);
    let body = asked
        .key("one")
        .bytes("text/csv", "内容\n一\n二\n")
        .send()
        .done();
    for (index, row) in [2, 3].into_iter().enumerate() {
        let said = &body["rows"][index];
        assert_eq!(
            (&said["row"], &said["outcome"]),
            (&json!(row), &json!("unread"))
        );
        assert_eq!(said["reason"], "trap");
    }
    assert_eq!(rows(&door, "/v1/messages?state=unread").len(), 2);
}
