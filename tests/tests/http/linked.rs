//! Linked platforms at the door: dispatch out, status back, and what doesn't agree.

use serde_json::{Value, json};

use super::door::{
    Answer, CHANNEL, DISPATCHER, Door, HOUSING, OTHER_PLATFORM, PLATFORM, STRANGER, registration,
};

/// Housing is reached through the video platform; water isn't.
fn linked() -> Door {
    let door = Door::open();
    let put = |register: &str, rows: &str| {
        let path = format!("/v1/registers/{register}?name={register}.csv");
        door.put(&path, "text/csv", rows)
            .key(register)
            .send()
            .done();
    };
    put(
        "linked-platforms",
        "id,division,name\nvideo,990101000000,视联网\ncloud,990101000000,云平台\n",
    );
    put(
        "linked-units",
        "id,division,unit,platform\n1,990101000000,housing,video\n",
    );
    door
}

fn outbox(door: &Door, query: &str) -> Vec<Value> {
    let path = format!("/v1/linked/video/outbox{query}");
    let body = door.get(&path, PLATFORM).done();
    body["rows"].as_array().unwrap().clone()
}

fn say(door: &Door, key: &str, rows: &Value) -> Answer {
    door.ask("POST", "/v1/linked/video/statuses")
        .token(PLATFORM)
        .key(key)
        .json(&json!({ "rows": rows }))
        .send()
}

/// Says one thing; answers what became of it and why.
fn said(door: &Door, status: &str, order: &str, state: &str, text: &str) -> (String, Value) {
    let row = json!({ "status": status, "order": order, "state": state, "text": text });
    let body = say(door, status, &json!([row])).done();
    let row = &body["rows"][0];
    (
        row["outcome"].as_str().unwrap().to_owned(),
        row["code"].clone(),
    )
}

fn acknowledge(door: &Door, through: u64) -> Value {
    let ask = door.ask("POST", "/v1/linked/video/acknowledgements");
    let ask = ask.token(PLATFORM).key(&format!("has-{through}"));
    ask.json(&json!({ "through": through })).send().done()
}

/// The whole list, page after page.
fn apart(door: &Door, token: &str, limit: u32) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/v1/linked/video/reconciliation?limit={limit}{after}");
        let page = door.get(&path, token).done();
        for row in page["rows"].as_array().unwrap() {
            let word = |name: &str| row[name].as_str().unwrap().to_owned();
            found.push((word("kind"), word("order")));
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
}

fn stage(door: &Door, case: &str) -> Value {
    door.get(&format!("/v1/cases/{case}"), DISPATCHER).done()["stage"].clone()
}

fn given(door: &Door, key: &str) -> (String, String) {
    let case = door.dispatched(key, "housing").number;
    let order = format!("{case}/");
    let mut rows = outbox(door, "").into_iter();
    let row = rows.find(|row| row["order"].as_str().unwrap().starts_with(&order));
    (case, row.unwrap()["order"].as_str().unwrap().to_owned())
}

#[test]
fn what_is_given_to_a_linked_unit_goes_out_and_what_another_unit_gets_does_not() {
    let door = linked();
    door.dispatched("water", "water");
    assert_eq!(outbox(&door, ""), [] as [Value; 0]);
    let case = door.dispatched("housing", "housing");
    let urge = json!({ "do": "urge", "text": "请尽快" });
    door.command(DISPATCHER, &case.number, case.version, &urge)
        .done();
    let rows = outbox(&door, "");
    let told: Vec<_> = rows
        .iter()
        .map(|row| (&row["seq"], &row["change"]))
        .collect();
    assert_eq!(
        told,
        [(&json!(1), &json!("given")), (&json!(2), &json!("urged"))]
    );
    assert_eq!(rows[0]["number"], case.number);
    assert_eq!(rows[0]["order"], rows[1]["order"]);
    assert_eq!(rows[0]["case"]["matter"]["text"], "村口路灯坏了三天");
    let later = outbox(&door, "?after=1");
    assert_eq!(later.len(), 1);
    assert_eq!(acknowledge(&door, 1), json!({ "acknowledged": 1 }));
    let rows = outbox(&door, "");
    assert!(rows[0]["acknowledged-at"].is_string() && rows[1]["acknowledged-at"].is_null());
}

#[test]
fn a_platform_reads_no_reporter_of_a_guarded_case() {
    let door = linked();
    let mut guarded = registration();
    guarded["matter"]["kind"] = "report".into();
    let case = door.handed_in("guarded", &guarded);
    let dispatch = json!({ "do": "dispatch", "lead": "housing" });
    door.command(DISPATCHER, &case.number, case.version, &dispatch)
        .done();
    let sent = door.get("/v1/linked/video/outbox", PLATFORM);
    assert!(sent.text.contains("村口路灯坏了三天"), "{}", sent.text);
    for name in ["王", "138"] {
        assert!(!sent.text.contains(name), "{}", sent.text);
    }
}

#[test]
fn what_a_platform_says_is_the_units_own_command() {
    let door = linked();
    let (case, order) = given(&door, "one");
    let done = |status: &str, state: &str, text: &str| {
        assert_eq!(
            said(&door, status, &order, state, text).0,
            "done",
            "{state}"
        );
    };
    assert_eq!(said(&door, "s0", &order, "received", "").0, "noted");
    assert_eq!(stage(&door, &case), "dispatched");
    done("s1", "signed", "");
    assert_eq!(stage(&door, &case), "handling");
    done("s2", "contacted", "已联系诉求人");
    done("s3", "reported", "路灯已修好");
    assert_eq!(stage(&door, &case), "reported");
    let seen = door.get(&format!("/v1/cases/{case}"), HOUSING).done();
    assert_eq!(seen["reports"][0]["text"], "路灯已修好");
    let timeline = door.get(&format!("/v1/cases/{case}/timeline"), DISPATCHER);
    let rows = timeline.done()["rows"].as_array().unwrap().clone();
    let by_housing = rows.iter().filter(|row| row["unit"] == "housing");
    assert!(by_housing.count() >= 3, "{rows:?}");
}

#[test]
fn each_row_has_its_own_result_and_the_same_status_twice_is_carried_out_once() {
    let door = linked();
    let (case, order) = given(&door, "one");
    let rows = json!([
        { "status": "s1", "order": order, "state": "reported", "text": "修好了" },
        { "status": "s2", "order": "99/1", "state": "signed" },
        { "status": "s3", "order": order, "number": "V-1", "state": "signed" },
    ]);
    let outcomes = |answer: Answer| -> Vec<(String, Value)> {
        let body = answer.done();
        let rows = body["rows"].as_array().unwrap().iter();
        rows.map(|row| {
            (
                row["outcome"].as_str().unwrap().to_owned(),
                row["code"].clone(),
            )
        })
        .collect()
    };
    let expected = [
        ("refused".to_owned(), json!("wrong-stage")),
        ("unknown".to_owned(), Value::Null),
        ("done".to_owned(), Value::Null),
    ];
    assert_eq!(outcomes(say(&door, "first", &rows)), expected);
    let version = || door.get(&format!("/v1/cases/{case}"), DISPATCHER).version;
    let before = version();
    assert_eq!(outcomes(say(&door, "second", &rows)), expected);
    assert_eq!(version(), before);
    let other = said(&door, "s3", &order, "contacted", "换了内容");
    assert_eq!(other, ("failed".to_owned(), json!("key-reused")));
}

#[test]
fn an_order_that_was_taken_back_is_said_so_and_its_status_refused() {
    let door = linked();
    let (case, order) = given(&door, "one");
    let version = door.get(&format!("/v1/cases/{case}"), DISPATCHER).version;
    let over = json!({ "do": "hand-over", "lead": "water", "text": "转水务局" });
    door.command(DISPATCHER, &case, version.unwrap(), &over)
        .done();
    let rows = outbox(&door, "");
    let last = rows.last().unwrap();
    assert_eq!(
        (&last["order"], &last["change"]),
        (&json!(order), &json!("taken-back"))
    );
    assert!(last["case"].is_null(), "{last}");
    let refused = said(&door, "s1", &order, "signed", "");
    assert_eq!(refused, ("refused".to_owned(), json!("order-over")));
    assert_eq!(
        apart(&door, DISPATCHER, 50),
        [("over-here".to_owned(), order)]
    );
}

#[test]
fn what_does_not_agree_is_named_page_by_page() {
    let door = linked();
    door.move_clock("2024-02-02T10:00:00+08:00").done();
    let orders: Vec<(String, String)> = ["a", "b", "c"].map(|key| given(&door, key)).into();
    let [(_, a), (_, b), (_, c)] = orders.as_slice() else {
        panic!("{orders:?}");
    };
    acknowledge(&door, 2);
    said(&door, "s1", a, "reported", "没签收就报办结");
    said(&door, "s2", "99/9", "signed", "");
    assert_eq!(said(&door, "s3", b, "signed", "").0, "done");
    let open = json!({ "orders": [a, "88/1"] });
    let path = "/v1/linked/video/open";
    let counted = door
        .ask("PUT", path)
        .token(PLATFORM)
        .key("open")
        .json(&open);
    assert_eq!(
        counted.send().done(),
        json!({ "ours": 3, "theirs": 2, "only-ours": 2, "only-theirs": 1 })
    );
    let row = |kind: &str, order: &str| (kind.to_owned(), order.to_owned());
    // Our orders by their numbers, which are drawn by lot; then what nobody here knows.
    let ours = |unacknowledged: &[(String, String)]| {
        let mut rows = vec![
            row("done-there", a),
            row("only-ours", b),
            row("only-ours", c),
        ];
        rows.extend_from_slice(unacknowledged);
        rows.sort_by(|one, other| (&one.1, other.0.as_str()).cmp(&(&other.1, one.0.as_str())));
        rows.extend([row("unknown", "99/9"), row("only-theirs", "88/1")]);
        rows
    };
    let expected = ours(&[]);
    for limit in [1, 2, 50] {
        assert_eq!(apart(&door, DISPATCHER, limit), expected, "{limit}");
    }
    door.move_clock("2024-02-03T09:59:59+08:00").done();
    assert_eq!(apart(&door, PLATFORM, 50), expected);
    door.move_clock("2024-02-03T12:00:00+08:00").done();
    let expected = ours(&[row("unacknowledged", c)]);
    assert_eq!(apart(&door, PLATFORM, 50), expected);
}

#[test]
fn a_platform_that_has_an_order_and_says_nothing_before_the_clock_is_named() {
    let door = linked();
    door.move_clock("2024-02-02T10:00:00+08:00").done();
    let case = door.handed_in("one", &registration());
    let provenance = json!({ "mark": "A", "source": "试验" });
    let clock = json!({ "name": "sign", "spec": "1h", "provenance": provenance });
    let dispatch = json!({ "do": "dispatch", "lead": "housing", "clocks": [clock] });
    door.command(DISPATCHER, &case.number, case.version, &dispatch)
        .done();
    acknowledge(&door, 9);
    assert_eq!(apart(&door, DISPATCHER, 50), []);
    door.move_clock("2024-02-02T11:00:01+08:00").done();
    let silent = apart(&door, DISPATCHER, 50);
    assert_eq!(silent.len(), 1);
    assert_eq!(silent[0].0, "silent");
}

#[test]
fn nobody_but_the_platform_itself_takes_and_says_and_only_its_place_reads_what_differs() {
    let door = linked();
    given(&door, "one");
    for token in [HOUSING, DISPATCHER, CHANNEL, OTHER_PLATFORM] {
        let refused = door.get("/v1/linked/video/outbox", token);
        assert_eq!(refused.problem().0, 403, "{token}");
        let ask = door.ask("POST", "/v1/linked/video/statuses").token(token);
        let said = ask.key("other").json(&json!({ "rows": [] })).send();
        assert_eq!(said.problem().0, 403, "{token}");
    }
    for token in [HOUSING, CHANNEL, OTHER_PLATFORM, STRANGER] {
        let refused = door.get("/v1/linked/video/reconciliation", token);
        assert_eq!(refused.problem().0, 403, "{token}");
    }
    let unknown = door.get("/v1/linked/nowhere/outbox", PLATFORM);
    assert_eq!(unknown.problem(), (404, "no-such-platform"));
    let own = door.get("/v1/linked/cloud/outbox", OTHER_PLATFORM).done();
    assert_eq!(own["rows"], json!([]));
}

#[test]
fn a_list_of_open_numbers_has_at_most_ten_thousand() {
    let door = linked();
    let put = |count: usize| {
        let orders: Vec<String> = (0..count).map(|number| format!("{number}/1")).collect();
        let ask = door.ask("PUT", "/v1/linked/video/open").token(PLATFORM);
        let ask = ask.key(&format!("open-{count}"));
        ask.json(&json!({ "orders": orders })).send()
    };
    assert_eq!(put(10_000).done()["theirs"], 10_000);
    assert_eq!(put(10_001).problem(), (422, "too-many-rows"));
}

#[test]
fn a_batch_of_statuses_has_at_most_two_hundred_rows() {
    let door = linked();
    let rows = |count: usize| -> Value {
        let row =
            |number| json!({ "status": format!("s{number}"), "order": "1/1", "state": "signed" });
        (0..count).map(row).collect()
    };
    let taken = say(&door, "most", &rows(200)).done();
    assert_eq!(taken["rows"].as_array().unwrap().len(), 200);
    let refused = say(&door, "more", &rows(201));
    assert_eq!(refused.problem(), (422, "too-many-rows"));
}

#[test]
fn a_platform_does_nothing_but_what_a_linked_platform_does() {
    let door = linked();
    let (number, _) = given(&door, "one");
    for path in [
        format!("/v1/cases/{number}"),
        "/v1/cases".to_owned(),
        "/v1/registers/rooms".to_owned(),
    ] {
        assert_eq!(
            door.get(&path, PLATFORM).problem(),
            (403, "role-forbidden"),
            "{path}"
        );
    }
    let rated = door.command(
        PLATFORM,
        &number,
        1,
        &json!({ "do": "rate", "grade": "satisfied" }),
    );
    assert_eq!(rated.problem(), (403, "role-forbidden"));
    let outbox = door.get("/v1/linked/video/outbox", PLATFORM);
    assert_eq!(outbox.status, 200, "{}", outbox.text);
}
