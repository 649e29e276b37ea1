//! Figures with their cases, appeals, bulletins and sheets, through the door of the real kernel.

use std::path::Path;

use fengqiao_guests::{contract, dummy};
use serde_json::{Value, json};

use super::door::{
    ADMIN, ASSESSOR, Answer, COMMISSION, COUNTY, DISPATCHER, Door, HOUSING, Handed, STRANGER,
    VILLAGE, WATER,
};
use super::plugins::{bind, upload};

const MAY: &str = "window=2024-05";

pub(super) fn figures(door: &Door, query: &str, token: &str) -> Value {
    door.get(&format!("/v1/metrics?{query}"), token).done()
}

fn figure<'a>(body: &'a Value, formula: &str) -> &'a Value {
    let figures = body["figures"].as_array().unwrap();
    let mut found = figures.iter().filter(|it| it["formula"] == formula);
    found.next().unwrap()
}

fn counts(figure: &Value) -> (u64, u64, u64, &str) {
    (
        figure["numerator"].as_u64().unwrap(),
        figure["denominator"].as_u64().unwrap(),
        figure["excluded"].as_u64().unwrap(),
        figure["published"].as_str().unwrap(),
    )
}

pub(super) fn go(door: &Door, token: &str, case: &Handed, seen: u64, command: &Value) -> u64 {
    let body = door.command(token, &case.number, seen, command).done();
    body["version"].as_u64().unwrap()
}

/// Goes the whole way to the reply, on which a case is closed where no place says otherwise.
fn finish(door: &Door, case: &Handed, token: &str) {
    let seen = go(door, token, case, case.version, &json!({ "do": "sign" }));
    let seen = go(
        door,
        token,
        case,
        seen,
        &json!({ "do": "contact", "text": "已联系" }),
    );
    let seen = go(
        door,
        token,
        case,
        seen,
        &json!({ "do": "report", "text": "已修好" }),
    );
    let reply = json!({
        "do": "reply", "text": "路灯已修好",
        "delivery": { "delivery": "delivered", "way": "sms" },
    });
    go(door, token, case, seen, &reply);
}

/// Three matters in May: one closed by housing, one sent back by housing to water, one that nobody worked on.
pub(super) fn a_month() -> (Door, Vec<Handed>) {
    let door = Door::open();
    door.move_clock("2024-05-10T09:00:00+08:00").done();
    let first = door.dispatched("one", "housing");
    finish(&door, &first, HOUSING);
    let second = door.dispatched("two", "housing");
    let object = json!({ "do": "object", "text": "不属于本单位职责" });
    let seen = go(&door, HOUSING, &second, second.version, &object);
    let rule = json!({ "do": "rule", "ruling": "upheld", "text": "同意退单" });
    let seen = go(&door, DISPATCHER, &second, seen, &rule);
    let dispatch = json!({ "do": "dispatch", "lead": "water" });
    go(&door, DISPATCHER, &second, seen, &dispatch);
    let third = door.dispatched("three", "water");
    (door, vec![first, second, third])
}

pub(super) fn old_case(number: usize, more: &[(&str, Value)]) -> Value {
    let mut facts = json!({
        "case": format!("旧-{number:06}"), "kind": "complaint", "place": VILLAGE,
        "channel": "old-system", "reporter": "citizen", "visits": 1, "attendances": 1,
        "settled": "dispatched",
        "instants": {
            "registered-at": "2023-05-02T01:00:00Z", "accepted-at": "2023-05-02T02:00:00Z",
        },
    });
    for (name, value) in more {
        facts[*name] = value.clone();
    }
    json!({ "facts": facts })
}

pub(super) fn closed_at(at: &str) -> (&'static str, Value) {
    ("closings", json!([{ "at": at, "division": VILLAGE }]))
}

pub(super) fn import(door: &Door, key: &str, cases: &[Value]) -> Answer {
    let lines: Vec<String> = cases.iter().map(Value::to_string).collect();
    door.ask("POST", "/v1/imported-cases")
        .token(ADMIN)
        .key(key)
        .bytes("application/x-ndjson", lines.join("\n"))
        .send()
}

fn rules(door: &Door, key: &str, rules: &Value) -> Answer {
    let body = json!({ "division": COUNTY, "rules": rules });
    door.put("/v1/counting-rules", "application/json", &body.to_string())
        .key(key)
        .send()
}

#[test]
fn a_month_counts_what_happened_and_lists_its_cases() {
    let (door, cases) = a_month();
    let body = figures(&door, MAY, ASSESSOR);
    assert_eq!(counts(figure(&body, "closing-rate")), (1, 3, 0, "33.33%"));
    assert_eq!(counts(figure(&body, "return-rate")), (1, 4, 0, "25.00%"));
    assert_eq!(body["tallies"]["registered"], 3);
    assert_eq!(body["tallies"]["attendances"], 3);
    let path = figure(&body, "closing-rate")["cases"].as_str().unwrap();
    let listed = door.get(path, ASSESSOR).done();
    assert_eq!(listed["rows"][0]["case"], cases[0].number);
    let below = door
        .get(&format!("{path}&part=denominator&limit=2"), ASSESSOR)
        .done();
    assert_eq!(below["rows"].as_array().map(Vec::len), Some(2));
    let after = below["next"].as_str().unwrap();
    let rest = format!("{path}&part=denominator&limit=2&after={after}");
    let rest = door.get(&rest, ASSESSOR).done();
    assert_eq!(
        (rest["rows"].as_array().map(Vec::len), &rest["next"]),
        (Some(1), &Value::Null)
    );
}

#[test]
fn what_is_taken_out_is_told_with_its_reason() {
    let (door, _) = a_month();
    let body = figures(&door, MAY, ASSESSOR);
    let response = figure(&body, "response-rate");
    let reasons: Vec<&str> = response["exclusions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["label"].as_str().unwrap())
        .collect();
    assert!(!reasons.contains(&"退单"), "{response}");
    assert!(!reasons.is_empty(), "{response}");
    let path = response["cases"].as_str().unwrap();
    let out = door.get(&format!("{path}&part=excluded"), ASSESSOR).done();
    let told: u64 = response["excluded"].as_u64().unwrap();
    assert_eq!(
        out["rows"].as_array().map(Vec::len),
        usize::try_from(told).ok()
    );
}

#[test]
fn a_count_is_broken_down_by_unit_and_by_channel() {
    let (door, _) = a_month();
    let by_unit = figures(&door, &format!("{MAY}&by=unit"), ASSESSOR);
    let of = |unit: &str| {
        let slices = by_unit["slices"].as_array().unwrap();
        let slice = slices.iter().find(|it| it["word"] == unit).unwrap();
        slice["tallies"]["dispatched"].as_u64().unwrap()
    };
    assert_eq!((of("housing"), of("water")), (2, 2));
    let by_channel = figures(&door, &format!("{MAY}&by=channel"), ASSESSOR);
    assert_eq!(by_channel["slices"][0]["word"], "window");
    assert_eq!(by_channel["slices"][0]["tallies"]["registered"], 3);
}

#[test]
fn figures_stay_within_the_senders_reach() {
    let (door, _) = a_month();
    let county = format!("{MAY}&division={COUNTY}");
    let outside = door.get(&format!("/v1/metrics?{county}"), STRANGER);
    assert_eq!(outside.problem(), (403, "out-of-scope"));
    let own = figures(&door, MAY, WATER);
    assert_eq!(own["tallies"]["dispatched"], 2);
    let others = door.get(&format!("/v1/metrics?{MAY}&unit=housing"), WATER);
    assert_eq!(others.problem(), (403, "out-of-scope"));
    let publish = publish(&door, "p", WATER);
    assert_eq!(publish.problem().0, 403);
}

#[test]
fn a_cohort_of_16769_gives_99_91_and_831_of_2237_gives_37_15() {
    let door = Door::open();
    door.move_clock("2024-05-10T09:00:00+08:00").done();
    let mut number = 0..;
    let mut all = Vec::new();
    let mediated = |closed: Option<&str>| {
        let mut mediation = json!({ "unit": "housing", "accepted-at": "2023-05-02T03:00:00Z" });
        if let Some(outcome) = closed {
            mediation["closed-at"] = json!("2023-05-09T03:00:00Z");
            mediation["outcome"] = json!(outcome);
        }
        ("mediations", json!([mediation]))
    };
    for case in 0..16_769 {
        let mut more = Vec::new();
        if case < 16_754 {
            more.push(closed_at("2023-05-20T01:00:00Z"));
        }
        match case {
            0..831 => more.push(mediated(Some("agreed"))),
            831..2_237 => more.push(mediated(Some("failed"))),
            2_237..2_521 => more.push(mediated(None)),
            _ => {}
        }
        all.push(old_case(number.next().unwrap(), &more));
    }
    for (page, cases) in all.chunks(9_000).enumerate() {
        let done = import(&door, &format!("page-{page}"), cases).done();
        assert_eq!(done["imported"], cases.len());
    }
    let body = figures(&door, "from=2023-05-01&to=2023-05-31", ASSESSOR);
    let closing = figure(&body, "closing-rate");
    assert_eq!(counts(closing), (16_754, 16_769, 0, "99.91%"));
    let mediation = figure(&body, "mediation-success");
    assert_eq!(counts(mediation), (831, 2_237, 0, "37.15%"));
    let accepted = figure(&body, "mediation-success-accepted");
    assert_eq!(counts(accepted), (831, 2_521, 0, "32.96%"));
    let path = closing["cases"].as_str().unwrap();
    let last = door.get(&format!("{path}&after=16750"), ASSESSOR).done();
    assert_eq!(
        (last["rows"].as_array().map(Vec::len), &last["next"]),
        (Some(4), &Value::Null)
    );
}

#[test]
fn more_resolved_than_received_is_a_throughput_and_no_rate() {
    let door = Door::open();
    door.move_clock("2024-05-10T09:00:00+08:00").done();
    let mut cases = Vec::new();
    for number in 0..608 {
        // 501 were accepted on the day itself, the rest the day before; all were resolved on it.
        let day = if number < 501 {
            "2023-07-23"
        } else {
            "2023-07-22"
        };
        let instants = json!({
            "registered-at": format!("{day}T01:00:00Z"), "accepted-at": format!("{day}T02:00:00Z"),
        });
        let closing = closed_at("2023-07-23T08:00:00Z");
        cases.push(old_case(number, &[("instants", instants), closing]));
    }
    import(&door, "day", &cases).done();
    let day = "from=2023-07-23&to=2023-07-23";
    let body = figures(&door, day, ASSESSOR);
    let flow = figure(&body, "closing-throughput");
    assert_eq!(counts(flow), (608, 501, 0, "121.36%"));
    assert_eq!(
        (&flow["is"], &flow["kind"]),
        (&json!("throughput"), &json!("flow"))
    );
    let path = format!("/v1/metrics/closing-throughput?{day}&as=rate");
    assert_eq!(door.get(&path, ASSESSOR).problem(), (422, "not-a-rate"));
    let named = json!({ "rates": [{ "formula": "closing-throughput", "name": "化解率" }] });
    assert_eq!(rules(&door, "named", &named).problem().0, 422);
}

#[test]
fn rates_bear_the_words_of_the_place() {
    let (door, _) = a_month();
    let named = json!({ "rates": [{ "formula": "closing-rate", "name": "按件办结率" }] });
    rules(&door, "named", &named).done();
    let body = figures(&door, MAY, ASSESSOR);
    assert_eq!(body["named"][0]["name"], "按件办结率");
    assert_eq!(body["named"][0]["published"], "33.33%");
}

#[test]
fn an_import_is_taken_whole_or_not_at_all_and_never_over_a_case_of_ours() {
    let (door, cases) = a_month();
    let mut ours = old_case(1, &[]);
    ours["facts"]["case"] = json!(cases[0].number);
    let refused = import(&door, "ours", &[old_case(2, &[]), ours]);
    assert_eq!(refused.problem(), (422, "our-own-case"));
    let twice = import(&door, "twice", &[old_case(2, &[]), old_case(2, &[])]);
    assert_eq!(twice.problem(), (422, "imported-twice"));
    let mut elsewhere = old_case(3, &[]);
    elsewhere["facts"]["place"] = json!("990102000000");
    assert_eq!(
        import(&door, "far", &[elsewhere]).problem(),
        (403, "out-of-scope")
    );
    let body = figures(&door, "window=2023-05", ASSESSOR);
    assert_eq!(body["tallies"]["registered"], 0);
}

#[test]
fn an_import_above_eight_mebibytes_is_refused() {
    let door = Door::open();
    let answer = door
        .ask("POST", "/v1/imported-cases")
        .token(ADMIN)
        .key("large")
        .bytes("application/x-ndjson", vec![b'\n'; 8 * 1024 * 1024 + 1])
        .send();
    assert_eq!(answer.problem(), (413, "body-too-large"));
}

#[test]
fn a_granted_appeal_changes_the_figure_in_public_and_never_the_case() {
    let (door, cases) = a_month();
    let third = &cases[2];
    let appeal = json!({ "case": third.number, "unit": "water", "formulas": ["closing-rate"] });
    let ask = |token: &str, key: &str| {
        door.ask("POST", "/v1/appeals")
            .token(token)
            .key(key)
            .json(&appeal)
            .send()
    };
    assert_eq!(ask(HOUSING, "a").problem(), (403, "out-of-scope"));
    let asked = ask(WATER, "b").done();
    let path = format!("/v1/appeals/{}/decision", asked["id"].as_str().unwrap());
    let decide = |reason: &str, key: &str| {
        let word = json!({ "outcome": "granted", "public-reason": reason });
        door.ask("POST", &path)
            .token(ASSESSOR)
            .key(key)
            .json(&word)
            .send()
    };
    assert_eq!(decide(" ", "c").problem(), (422, "appeal-invalid"));
    decide("因台风停电，非单位责任", "d").done();
    assert_eq!(decide("再定一次", "e").problem(), (409, "already-recorded"));
    let body = figures(&door, MAY, ASSESSOR);
    let closing = figure(&body, "closing-rate");
    assert_eq!(counts(closing), (1, 2, 1, "50.00%"));
    let path = format!("{}&part=excluded", closing["cases"].as_str().unwrap());
    let out = door.get(&path, ASSESSOR).done();
    assert_eq!(out["rows"][0]["label"], "申诉剔除：因台风停电，非单位责任");
    let case = door.get(&format!("/v1/cases/{}", third.number), DISPATCHER);
    assert_eq!(case.version, Some(third.version));
}

#[test]
fn a_bulletin_is_issued_once_and_acknowledged_by_its_units() {
    let door = Door::open();
    let line = |unit: &str, fires: u64| json!({ "unit": unit, "counts": { "petitions": 2, "fires": fires } });
    let columns = json!([
        { "code": "petitions", "label": "信访" }, { "code": "fires", "label": "火灾" },
    ]);
    let bulletin = json!({
        "division": COUNTY, "window": "2024-04", "columns": columns,
        "lines": [line("housing", 1), line("water", 0)],
    });
    let issue = |body: &Value, key: &str| {
        door.ask("POST", "/v1/bulletins")
            .token(ASSESSOR)
            .key(key)
            .json(body)
            .send()
    };
    let mut missing = bulletin.clone();
    missing["lines"][0]["counts"] = json!({ "petitions": 2 });
    assert_eq!(issue(&missing, "a").problem(), (422, "bulletin-invalid"));
    let issued = issue(&bulletin, "b").done();
    assert_eq!(issued["totals"], json!({ "petitions": 4, "fires": 1 }));
    assert_eq!(issue(&bulletin, "c").problem(), (409, "already-recorded"));
    let path = format!(
        "/v1/bulletins/{}/acknowledgements",
        issued["id"].as_str().unwrap()
    );
    let acknowledge = |unit: &str, token: &str, key: &str| {
        let given = json!({ "unit": unit });
        door.ask("POST", &path)
            .token(token)
            .key(key)
            .json(&given)
            .send()
    };
    assert_eq!(
        acknowledge("housing", WATER, "d").problem(),
        (403, "out-of-scope")
    );
    acknowledge("housing", COMMISSION, "e").done();
    let listed = door.get("/v1/bulletins", ASSESSOR).done();
    assert_eq!(listed["rows"][0]["outstanding"], json!(["water"]));
}

pub(super) fn publish(door: &Door, key: &str, token: &str) -> Answer {
    let body = json!({ "division": COUNTY, "window": "2024-05" });
    door.ask("POST", "/v1/assessments")
        .token(token)
        .key(key)
        .json(&body)
        .send()
}

#[allow(
    clippy::disallowed_methods,
    reason = "a test reads the plugin that was built for it"
)]
pub(super) fn built(plugin: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read(root.join(format!("target/plugins/{plugin}.wasm"))).unwrap()
}

pub(super) fn review() -> Value {
    let assumed = json!({ "mark": "A", "source": "假定" });
    json!({
        "quantity": {
            "code": "quantity", "label": "数量", "tally": "closed", "enough": 2,
            "weight-hundredths": 5000, "provenance": assumed,
        },
        "shares": [{
            "code": "quality", "label": "质量", "above": ["returned"], "below": ["dispatched"],
            "weight-hundredths": 5000, "provenance": assumed,
        }],
        "cards": [],
    })
}

#[test]
fn a_months_sheet_is_scored_checked_ranked_and_recorded() {
    let (door, _) = a_month();
    upload(&door, "a", built("monthly-review")).done();
    let bound = [json!({ "id": "review", "plugin": "monthly-review", "config": review() })];
    bind(&door, "b", &bound).done();
    let draft = format!("/v1/assessments-draft?division={COUNTY}&window=2024-05");
    let tried = door.get(&draft, ASSESSOR).done();
    assert_eq!(tried["sheet"]["published-by"], Value::Null);
    assert_eq!(
        door.get("/v1/assessments", ASSESSOR).done()["rows"],
        json!([])
    );
    let published = publish(&door, "c", ASSESSOR).done();
    let units = published["sheet"]["units"].as_array().unwrap();
    // Housing closed one of two that are enough (25 points), and one of its two was returned (25); water nothing.
    let scores: Vec<(&str, u64, i64)> = units
        .iter()
        .map(|it| {
            (
                it["unit"].as_str().unwrap(),
                it["rank"].as_u64().unwrap(),
                it["score"]["total-hundredths"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(scores, [("housing", 1, 5_000), ("water", 2, 0)]);
    assert_eq!(units[0]["tallies"]["dispatched"], 2);
    assert_eq!(published["sheet"]["group"]["dispatched"], 4);
    let again = publish(&door, "d", ASSESSOR).done();
    assert_eq!(again["sheet"]["revision"], 2);
    let id = published["sheet"]["id"].as_str().unwrap();
    let kept = door.get(&format!("/v1/assessments/{id}"), ASSESSOR).done();
    assert_eq!(kept["sheet"], published["sheet"]);
}

#[test]
fn a_plugin_that_fails_leaves_no_sheet_and_a_record_of_it() {
    let (door, _) = a_month();
    assert_eq!(publish(&door, "a", ASSESSOR).problem(), (422, "no-scoring"));
    upload(&door, "b", dummy::component(&contract::current(), "assess")).done();
    bind(
        &door,
        "c",
        &[json!({ "id": "one", "plugin": "dummy-assess" })],
    )
    .done();
    let failed = publish(&door, "d", ASSESSOR);
    assert_eq!(failed.problem(), (422, "scoring-failed"));
    assert_eq!(failed.body["failure"], "trap");
    let listed = door.get("/v1/assessments", ASSESSOR).done();
    assert_eq!(listed["rows"], json!([]));
    assert_eq!(listed["failures"][0]["failure"], "trap");
}

#[test]
fn what_may_hide_behind_a_figure_is_listed_with_its_cases() {
    let (door, cases) = a_month();
    let seen = door
        .get(&format!("/v1/cases/{}", cases[0].number), DISPATCHER)
        .version;
    let rework = json!({ "do": "rework", "text": "路灯又灭了" });
    go(&door, DISPATCHER, &cases[0], seen.unwrap(), &rework);
    let found = door
        .get(&format!("/v1/metrics-watch?{MAY}"), ASSESSOR)
        .done();
    assert_eq!(found["rows"][0]["concern"], "closed-then-reopened");
    assert_eq!(found["rows"][0]["cases"], json!([cases[0].number]));
}
