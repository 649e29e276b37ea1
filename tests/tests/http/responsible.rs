//! People in registers are found near a case, and called on when one escalates.

use serde_json::{Value, json};

use super::door::{ADMIN, COUNTY, DISPATCHER, Door, GRID, HOUSING, STRANGER, VILLAGE};

const POSTS: &str = "id,division,name,unit,person,phone\n\
    p1,990101000000,包联领导,hub,钱某某,13811112222\np2,990101001001,书记,commission,李某某,13833334444\n";

const SPONSORS: &str = "id,division,unit,kind,post\n\
    s1,990101000000,housing,sponsor,p1\ns2,990101001001,water,first-responsible,p2\n";

const ROSTERS: &str = "id,division,kind,skills,person,phone\n\
    town,990101001000,helper,talk,赵某某,13700000001\n\
    county,990101000000,helper,talk;law,孙某某,13700000002\n\
    near,990101001001,helper,talk,周某某,13700000003\n";

const NEAR: &str = "/v1/registers/rosters/near";

fn put(door: &Door, kind: &str, text: &str) {
    let path = format!("/v1/registers/{kind}?name={kind}.csv");
    door.put(&path, "text/csv", text).key(kind).send().done();
}

fn with_volunteers() -> Door {
    let door = Door::open();
    for (code, words) in [
        ("roster-kinds", &["helper"][..]),
        ("skills", &["talk", "law"]),
    ] {
        let rows = words
            .iter()
            .map(|word| format!("[[row]]\nword = \"{word}\"\n"));
        let head = format!(
            "[catalogue]\ncode = \"{code}\"\nversion = \"1\"\nkey = [\"word\"]\ndivision = \"{COUNTY}\"\n"
        );
        let text = head + &rows.collect::<String>();
        let path = format!("/v1/reference/catalogues?name={code}.toml");
        let asked = door.put(&path, "application/toml", &text).key(code);
        asked.send().done();
    }
    put(&door, "rosters", ROSTERS);
    door
}

fn ids(page: &Value) -> Vec<&str> {
    let rows = page["rows"].as_array().unwrap().iter();
    rows.filter_map(|row| row["id"].as_str()).collect()
}

#[test]
fn volunteers_are_matched_to_a_case_by_skill_the_nearest_first_a_page_at_a_time() {
    let door = with_volunteers();
    let case = door.dispatched("lamp", "housing").number;
    let found = door.get(&format!("{NEAR}?case={case}"), DISPATCHER).done();
    assert_eq!(ids(&found), ["near", "town", "county"]);
    assert_eq!(
        (&found["place"], &found["next"]),
        (&json!(VILLAGE), &Value::Null)
    );
    let skilled = format!("{NEAR}?division={VILLAGE}&words=talk;law");
    assert_eq!(ids(&door.get(&skilled, DISPATCHER).done()), ["county"]);
    let page = |after: &str| {
        let path = format!("{NEAR}?division={VILLAGE}&limit=2{after}");
        door.get(&path, DISPATCHER).done()
    };
    let (first, second) = (page(""), page("&after=2"));
    assert_eq!(
        (ids(&first), &first["next"]),
        (vec!["near", "town"], &json!("2"))
    );
    assert_eq!(
        (ids(&second), &second["next"]),
        (vec!["county"], &Value::Null)
    );
}

#[test]
fn only_those_who_hand_out_work_match_people_and_only_in_their_own_place() {
    let door = with_volunteers();
    let path = format!("{NEAR}?division={VILLAGE}");
    assert_eq!(door.get(&path, HOUSING).problem(), (403, "role-forbidden"));
    assert_eq!(door.get(&path, STRANGER).problem(), (403, "out-of-scope"));
    let rows = door.get(&path, GRID).done();
    assert_eq!(rows["rows"][0]["phone"], "13700000003");
    assert_eq!(
        rows["rows"][1]["phone"], "137****0001",
        "not of the village"
    );
}

#[test]
fn what_a_match_is_asked_for_is_named_once_and_clearly() {
    let door = with_volunteers();
    let refused = (400, "invalid-parameter");
    let two = format!("{NEAR}?division={VILLAGE}&alias=x");
    assert_eq!(door.get(&two, DISPATCHER).problem(), refused);
    assert_eq!(door.get(NEAR, DISPATCHER).problem(), refused);
    let alias = format!("{NEAR}?alias=x");
    assert_eq!(door.get(&alias, DISPATCHER).problem(), refused);
    let care = format!("/v1/registers/care/near?division={VILLAGE}");
    assert_eq!(door.get(&care, DISPATCHER).problem(), refused);
    let elsewhere = format!("/v1/registers/friends/near?division={VILLAGE}");
    assert_eq!(
        door.get(&elsewhere, DISPATCHER).problem(),
        (404, "unknown-reference")
    );
}

#[test]
fn a_match_asks_for_at_most_ten_words() {
    let door = with_volunteers();
    let path = |count: usize| {
        format!(
            "{NEAR}?division={VILLAGE}&words={}",
            vec!["talk"; count].join(";")
        )
    };
    assert_eq!(
        door.get(&path(10), DISPATCHER).done()["rows"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    assert_eq!(
        door.get(&path(11), DISPATCHER).problem(),
        (400, "invalid-parameter")
    );
}

#[test]
fn a_case_handed_up_calls_on_the_sponsor_and_the_first_responsible_person_by_their_handles() {
    let door = Door::open();
    put(&door, "posts", POSTS);
    put(&door, "sponsors", SPONSORS);
    let case = door.dispatched("lamp", "housing");
    let up = json!({ "do": "hand-up", "to": COUNTY, "reason": "too-hard" });
    let body = door.command(DISPATCHER, &case.number, case.version, &up);
    body.done();
    // Moving the clock delivers what waits.
    door.move_clock("2024-02-02T10:00:00+08:00").done();
    let log = door.log();
    let told: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("escalated.hand-up"))
        .collect();
    assert_eq!(told.len(), 2, "{log}");
    assert!(
        told.iter().all(|line| line.contains(&case.number)),
        "{told:?}"
    );
    assert!(
        told.iter().any(|line| line.contains("\"post\":\"p1\"")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|line| line.contains("\"post\":\"p2\"")),
        "{told:?}"
    );
    for secret in ["钱某某", "13811112222", "李某某", "13833334444"] {
        assert!(!log.contains(secret), "{log}");
    }
    assert_eq!(
        door.get("/v1/registers/posts?id=p1", ADMIN).done()["rows"][0]["person"],
        "钱某某"
    );
}
