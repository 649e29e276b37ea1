//! Registers, stations and the import command: whole or not at all, and people's names for few.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::door::{ADMIN, Door, GRID, HOUSING, OTHER_ADMIN, STRANGER, binary, write};

const KINDS: &str = "[catalogue]\ncode = \"station-kinds\"\nversion = \"1\"\ndivision = \"990101000000\"\nkey = [\"code\"]\n[[row]]\ncode = \"site\"\n";

const SERVICES: &str = "[catalogue]\ncode = \"station-services\"\nversion = \"1\"\ndivision = \"990101000000\"\nkey = [\"code\"]\n\
    [[row]]\ncode = \"law\"\nwithin-m = 500\n[[row]]\ncode = \"mind\"\nwithin-m = 500\n";

const CARE_KINDS: &str = "[catalogue]\ncode = \"care-kinds\"\nversion = \"1\"\ndivision = \"990101000000\"\nkey = [\"code\"]\n[[row]]\ncode = \"alone\"\n";

const STATIONS: &str = "id,division,name,kind,services,lon,lat,datum\n\
    s1,990101001000,一站,site,law,114.001,22.6,WGS84\n";

const POSTS: &str = "id,division,name,unit,person,phone\n\
    p1,990101000000,值班,hub,钱某某,13800138000\n";

const CARE: &str = "id,division,kind,person,phone\nc1,990101001001,alone,孙某某,13900139000\n";

fn put_register(door: &Door, kind: &str, key: &str, text: &str) -> super::door::Answer {
    let path = format!("/v1/registers/{kind}?name={kind}.csv");
    door.put(&path, "text/csv", text).key(key).send()
}

fn put_catalogue(door: &Door, name: &str, text: &str) {
    let path = format!("/v1/reference/catalogues?name={name}");
    let put = door.put(&path, "application/toml", text).key(name);
    put.send().done();
}

fn with_stations() -> Door {
    let door = Door::open();
    put_catalogue(&door, "kinds.toml", KINDS);
    put_catalogue(&door, "services.toml", SERVICES);
    put_register(&door, "stations", "stations", STATIONS).done();
    door
}

#[test]
fn a_bad_register_is_refused_with_its_line_and_the_one_in_force_stays() {
    let door = Door::open();
    let taken = put_register(&door, "posts", "one", POSTS).done();
    let wrong = format!("{POSTS}p2,990101000000,值班,nobody,,\n");
    let answer = put_register(&door, "posts", "two", &wrong);
    assert_eq!(answer.problem(), (422, "reference-refused"));
    assert_eq!(
        (&answer.body["file"], &answer.body["line"]),
        (&json!("posts.csv"), &json!(3))
    );
    let rows = door.get("/v1/registers/posts", ADMIN).done();
    assert_eq!(rows["rows"].as_array().map(Vec::len), Some(1));
    let edition = format!("/v1/editions/{}", taken["version"].as_str().unwrap());
    let edition = door.get(&edition, ADMIN).done();
    assert!(edition["files"]["posts:posts.csv"].is_string(), "{edition}");
}

#[test]
fn a_register_that_does_not_exist_is_named() {
    let door = Door::open();
    let answer = put_register(&door, "friends", "one", POSTS);
    assert_eq!(answer.problem(), (404, "unknown-reference"));
}

#[test]
fn names_and_phones_are_whole_in_ones_own_division_and_masked_elsewhere() {
    let door = Door::open();
    put_register(&door, "posts", "one", POSTS).done();
    let seen = |token| {
        let rows = door.get("/v1/registers/posts", token).done();
        (
            rows["rows"][0]["person"].clone(),
            rows["rows"][0]["phone"].clone(),
        )
    };
    assert_eq!(seen(HOUSING), (json!("钱某某"), json!("13800138000")));
    assert_eq!(seen(STRANGER), (json!("钱*"), json!("138****8000")));
}

#[test]
fn a_care_list_is_seen_by_those_who_care_in_their_own_division_alone() {
    let door = Door::open();
    put_catalogue(&door, "care.toml", CARE_KINDS);
    put_register(&door, "care", "one", CARE).done();
    let path = "/v1/registers/care";
    assert_eq!(door.get(path, GRID).done()["rows"][0]["person"], "孙某某");
    assert_eq!(door.get(path, STRANGER).done()["rows"], json!([]));
    assert_eq!(door.get(path, HOUSING).problem(), (403, "role-forbidden"));
    let elsewhere = format!("{path}?division=990101000000");
    assert_eq!(
        door.get(&elsewhere, STRANGER).problem(),
        (403, "out-of-scope")
    );
}

#[test]
fn rows_are_found_by_division_unit_and_word_a_page_at_a_time() {
    let door = with_stations();
    let more = "s2,990101001000,二站,site,mind,114.002,22.6,WGS84\n";
    put_register(&door, "stations", "more", &format!("{STATIONS}{more}")).done();
    let ids = |query: &str| -> (Vec<String>, Value) {
        let page = door
            .get(&format!("/v1/registers/stations?{query}"), HOUSING)
            .done();
        let rows = page["rows"].as_array().unwrap().iter();
        (
            rows.map(|row| row["id"].as_str().unwrap().to_owned())
                .collect(),
            page["next"].clone(),
        )
    };
    assert_eq!(ids("word=mind").0, ["s2"]);
    assert_eq!(ids("division=990102000000").0, [""; 0]);
    let (first, next) = ids("limit=1");
    assert_eq!((first, next), (vec!["s1".to_owned()], json!("1")));
    assert_eq!(ids("limit=1&after=1"), (vec!["s2".to_owned()], Value::Null));
}

#[test]
fn anybody_finds_the_stations_near_a_point_in_whichever_datum() {
    let door = with_stations();
    let near = door
        .ask(
            "GET",
            "/v1/stations/near?lon=114.0&lat=22.6&place=990101001001",
        )
        .send()
        .done();
    assert_eq!(near["rows"][0]["metres"], 103);
    assert_eq!(near["covered"], json!({ "law": true, "mind": false }));
    let moved = door
        .ask("GET", "/v1/stations/near?lon=114.0&lat=22.6&datum=GCJ-02")
        .send()
        .done();
    assert!(
        moved["rows"][0]["metres"].as_u64().unwrap() > 300,
        "{moved}"
    );
    let wrong = door
        .ask("GET", "/v1/stations/near?lon=22.6&lat=114.0")
        .send();
    assert_eq!(wrong.problem(), (400, "invalid-parameter"));
}

#[test]
fn a_search_reaches_at_most_fifty_kilometres() {
    let door = Door::open();
    put_catalogue(&door, "kinds.toml", KINDS);
    put_catalogue(&door, "services.toml", SERVICES);
    // Along a meridian a degree is about 111.2 km.
    let far = "s2,990101001000,远站,site,law,114.001,23.1,WGS84\n";
    put_register(&door, "stations", "far", &format!("{STATIONS}{far}")).done();
    let found = |lat: &str| {
        let path = format!("/v1/stations/near?lon=114.001&lat={lat}&within=400000");
        let near = door.ask("GET", &path).send().done();
        let rows = near["rows"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("22.66"), ["s1", "s2"]);
    assert_eq!(found("22.64"), ["s1"]);
}

#[test]
fn a_grid_that_nobody_is_responsible_for_stops_the_import() {
    let door = Door::open();
    let grids = "code,name,level,parent\n\
        990101001001001,一网格,grid,990101001001\n990101001001002,二网格,grid,990101001001\n";
    let put = door.put("/v1/reference/divisions?name=grids.csv", "text/csv", grids);
    put.key("grids").send().done();
    let one = "id,division,name,unit\ng1,990101001001001,网格员,hub\n";
    let refused = put_register(&door, "posts", "one", one);
    assert_eq!(refused.problem(), (422, "reference-refused"));
    assert_eq!(refused.body["line"], 2);
    let reason = refused.body["reason"].as_str().unwrap();
    assert!(reason.contains("二网格"), "{reason}");
    assert_eq!(
        door.get("/v1/registers/posts", ADMIN).done()["rows"],
        json!([])
    );
    let both = format!("{one}g2,990101001001002,网格员,hub\n");
    put_register(&door, "posts", "both", &both).done();
}

#[test]
fn a_register_of_another_county_is_not_replaced_nor_a_row_brought_there() {
    let door = Door::open();
    put_register(&door, "posts", "one", POSTS).done();
    let theirs = |key: &str, name: &str, text: &str| {
        let path = format!("/v1/registers/posts?name={name}");
        let put = door.ask("PUT", &path).bytes("text/csv", text);
        put.token(OTHER_ADMIN).key(key).send()
    };
    let own = "id,division,name,unit\nq1,990102000000,值班,hub\n";
    let replaced = theirs("replace", "posts.csv", own);
    assert_eq!(replaced.problem(), (403, "out-of-scope"));
    let brought = theirs("bring", "other.csv", POSTS);
    assert_eq!(brought.problem(), (403, "out-of-scope"));
    theirs("own", "other.csv", own).done();
}

#[test]
fn gaps_of_given_places_come_with_a_map() {
    let door = with_stations();
    let asked = json!({
        "division": "990101000000",
        "points": [{ "name": "东区", "lon": "114.0", "lat": "22.6" }],
    });
    let answer = door
        .ask("POST", "/v1/stations/gaps")
        .token(HOUSING)
        .json(&asked)
        .send()
        .done();
    assert_eq!(
        answer["gaps"],
        json!([{ "name": "东区", "missing": ["mind"] }])
    );
    assert_eq!(answer["map"]["features"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_question_about_more_places_than_allowed_is_refused() {
    let door = with_stations();
    let point = json!({ "name": "x", "lon": "114.0", "lat": "22.6" });
    let ask = |count| {
        let asked = json!({ "division": "990101000000", "points": vec![point.clone(); count] });
        door.ask("POST", "/v1/stations/gaps")
            .token(HOUSING)
            .json(&asked)
            .send()
    };
    assert_eq!(ask(5_000).status, 200);
    assert_eq!(ask(5_001).problem(), (400, "invalid-parameter"));
}

#[test]
fn a_division_is_found_by_its_written_path() {
    let door = Door::open();
    let found = door
        .get(
            "/v1/divisions?path=%E4%B8%99%E5%8E%BF%2F%E6%88%8A%E6%9D%91",
            ADMIN,
        )
        .done();
    assert_eq!(found["rows"][0]["code"], "990101001001");
    let both = door.get("/v1/divisions?path=a&name=b", ADMIN);
    assert_eq!(both.problem(), (400, "invalid-parameter"));
}

fn import(data: &Path, files: &[(&str, &str, &str)]) -> Output {
    let mut command = Command::new(binary());
    command.arg("import").arg("--data").arg(data);
    for (kind, name, text) in files {
        let path = data.with_file_name(name);
        write(&path, text);
        command.arg(format!("{kind}={}", path.display()));
    }
    command.output().unwrap()
}

const DIVISIONS: &str = "code,name,level,parent\n990000000000,甲省,province,\n990100000000,乙市,prefecture,990000000000\n";

#[test]
fn files_are_imported_together_into_a_directory_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let rooms = "id,division,name,unit\nr,990100000000,一号,nobody\n";
    let refused = import(
        &data,
        &[("divisions", "d.csv", DIVISIONS), ("rooms", "r.csv", rooms)],
    );
    let words = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(words.contains("r.csv 第 2 行"), "{words}");
    // Nothing of the first try is there: the same division isn't known yet.
    let unknown = import(
        &data,
        &[(
            "units",
            "u.toml",
            "[[unit]]\nid = \"a\"\nname = \"甲\"\ndivision = \"990100000000\"\n",
        )],
    );
    assert_eq!(unknown.status.code(), Some(1));
    let taken = import(&data, &[("divisions", "d.csv", DIVISIONS)]);
    let words = String::from_utf8(taken.stdout).unwrap();
    assert!(
        taken.status.success() && words.contains("区划 2"),
        "{words}"
    );
}

#[test]
fn a_directory_that_a_kernel_works_on_is_not_imported_into() {
    let door = Door::bare();
    let refused = import(&door.data(), &[("divisions", "d.csv", DIVISIONS)]);
    let words = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(words.contains("正由另一个进程使用"), "{words}");
}

#[test]
fn a_notice_of_holidays_is_brought_by_whoever_has_the_directory_and_by_no_county() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let notice = "year = 2027\nworking = []\noff = [{ date = 2027-01-01, name = \"元旦\" }]\n";
    let taken = import(&data, &[("calendar", "2027.toml", notice)]);
    let words = String::from_utf8(taken.stdout).unwrap();
    assert!(words.contains("公布至 2027-12-31"), "{words}");
    let again = import(&data, &[("calendar", "twice.toml", notice)]);
    let words = String::from_utf8(again.stderr).unwrap();
    assert!(
        words.contains("2027.toml") && words.contains("twice.toml"),
        "{words}"
    );
    let door = Door::open();
    let path = "/v1/reference/calendars?name=2027.toml";
    let put = door.put(path, "application/toml", notice).key("notice");
    assert_eq!(put.send().problem(), (403, "out-of-scope"));
}
