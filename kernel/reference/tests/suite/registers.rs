//! Registers: what a row must look like, what it may name, and which rows hold on a day.

use std::sync::Arc;

use fengqiao_reference::{
    Catalogue, DataError, Origin, Reason, Reference, Register, Registers, Source, Units, kind,
};
use jiff::civil::Date;

use crate::{code, divisions, refused};

pub(crate) const UNITS: &str = r#"
[[unit]]
id = "town"
name = "丁镇政府"
division = "990101001000"
"#;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn load(of: &str, file: &str, text: &str) -> Result<Arc<Register>, DataError> {
    load_on(of, file, text, "2024-06-01")
}

fn load_on(of: &str, file: &str, text: &str, on: &str) -> Result<Arc<Register>, DataError> {
    Register::load(kind(of).unwrap(), &[Source::new(file, text)], day(on)).map(Arc::new)
}

fn words(catalogue: &str, words: &[&str]) -> Catalogue {
    let rows: String = words
        .iter()
        .map(|word| format!("[[row]]\nword = \"{word}\"\nwithin-m = 500\n"))
        .collect();
    let text =
        format!("[catalogue]\ncode = \"{catalogue}\"\nversion = \"1\"\nkey = [\"word\"]\n{rows}");
    Catalogue::from_toml(&Source::new("words.toml", &text)).unwrap()
}

/// The county of the suite with one unit, these codebooks and these registers.
pub(crate) fn reference(
    codebooks: &[(&str, &[&str])],
    registers: Vec<Arc<Register>>,
) -> Result<Reference, DataError> {
    let divisions = divisions();
    let units = Units::load(&[Source::new("units.toml", UNITS)], &divisions).unwrap();
    let catalogues = codebooks.iter().map(|(code, own)| words(code, own));
    let reference = Reference::new(divisions, units, catalogues.collect()).unwrap();
    reference.with_registers(Registers::new(registers, &Registers::default()))
}

fn ids(register: &Register) -> Vec<&str> {
    register.iter().map(|row| row.id()).collect()
}

const ROOMS: &str = "\
id,division,name,unit,seats,valid-from,valid-until
r2,990101002000,二号,town,20,,
r1,990101001000,一号,town,,2024-01-01,2024-12-31
r1,990101001000,新一号,town,,2025-01-01,
";

#[test]
fn the_rows_of_a_day_are_found_by_identifier_and_by_division() {
    let rooms = load("rooms", "rooms.csv", ROOMS).unwrap();
    assert_eq!(ids(&rooms), ["r1", "r2"]);
    let one = rooms.get("r1").unwrap();
    assert_eq!((one.get("name"), one.get("seats")), (Some("一号"), None));
    let below: Vec<_> = rooms.below("990101002").map(|row| row.id()).collect();
    assert_eq!(below, ["r2"]);
    let within: Vec<_> = rooms
        .within(&code("990101000000"))
        .map(|row| row.id())
        .collect();
    assert_eq!(within, ["r1", "r2"]);
    assert!(rooms.get("r").is_none());
    assert_eq!(rooms.in_division("990101000000").count(), 0);
}

#[test]
fn a_row_holds_from_its_first_day_to_its_last() {
    for (on, name) in [
        ("2024-12-31", Some("一号")),
        ("2025-01-01", Some("新一号")),
        ("2023-12-31", None),
    ] {
        let rooms = load_on("rooms", "rooms.csv", ROOMS, on).unwrap();
        assert_eq!(
            rooms.get("r1").and_then(|row| row.get("name")),
            name,
            "{on}"
        );
    }
}

#[test]
fn a_register_says_when_other_rows_hold() {
    let changes = |on| {
        load_on("rooms", "rooms.csv", ROOMS, on)
            .unwrap()
            .next_change()
    };
    assert_eq!(changes("2023-06-01"), Some(day("2024-01-01")));
    assert_eq!(changes("2024-06-01"), Some(day("2025-01-01")));
    assert_eq!(changes("2025-06-01"), None);
}

#[test]
fn the_version_names_the_rows_that_hold_in_whatever_order() {
    let version = |text: &str, on| {
        let rooms = load_on("rooms", "rooms.csv", text, on).unwrap();
        rooms.version().to_owned()
    };
    let (header, rows) = ROOMS.split_once('\n').unwrap();
    let turned: Vec<&str> = rows.lines().rev().collect();
    let turned = format!("{header}\n{}\n", turned.join("\n"));
    assert_eq!(version(ROOMS, "2024-06-01"), version(&turned, "2024-06-01"));
    assert_eq!(version(ROOMS, "2024-06-01"), version(ROOMS, "2024-12-31"));
    assert_ne!(version(ROOMS, "2024-12-31"), version(ROOMS, "2025-01-01"));
}

#[test]
fn toml_says_the_same_as_csv() {
    let text = r#"
[[row]]
id = "r2"
division = "990101002000"
name = "二号"
unit = "town"
seats = 20
"#;
    let one = load("rooms", "rooms.toml", text).unwrap();
    let csv = "unit,id,division,name,seats\ntown,r2,990101002000,二号,20\n";
    let other = load("rooms", "rooms.csv", csv).unwrap();
    assert_eq!(one.version(), other.version());
}

#[test]
fn two_rows_of_one_identifier_on_one_day_are_refused_with_both_lines() {
    let text = ROOMS.replace("2025-01-01", "2024-12-31");
    let reason = Reason::DuplicateRow {
        id: "r1".to_owned(),
        first: Origin {
            file: "rooms.csv".into(),
            line: 3,
        },
    };
    refused(load("rooms", "rooms.csv", &text), "rooms.csv", 4, reason);
}

#[test]
fn a_row_that_holds_later_is_checked_today() {
    let text = ROOMS.replace("新一号,town,,", "新一号,town,many,");
    let error = load("rooms", "rooms.csv", &text).unwrap_err();
    assert_eq!(error.line, 4);
    assert!(matches!(*error.reason, Reason::BadValue { .. }), "{error}");
}

#[test]
fn what_a_file_may_not_hold_is_refused_with_its_line() {
    let cases = [
        ("id,division,name,unit,colour\n", 1, "不认识“colour”列"),
        (
            "id,division,name,unit\n,990101001000,一号,town\n",
            2,
            "“id”没有填写",
        ),
        ("id,division,name,unit\nr,99,一号,town\n", 2, "区划代码“99”"),
        (
            "id,division,name,unit\n\nr,990101001000,,town\n",
            3,
            "“name”没有填写",
        ),
        (
            "id,division,name,unit\nr,990101001000,一号\n",
            2,
            "本行有 3 项",
        ),
        (
            "id,division,name,unit,valid-from\nr,990101001000,一号,town,明天\n",
            2,
            "应为日期",
        ),
    ];
    for (text, line, words) in cases {
        let error = load("rooms", "rooms.csv", text).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_message_never_repeats_what_is_personal() {
    let text = "id,division,name,unit,person,phone\np,990101001000,岗,town,张\u{7}三,13800000000\n";
    let error = load("posts", "posts.csv", text).unwrap_err().to_string();
    assert!(
        error.contains("“person”") && !error.contains('张'),
        "{error}"
    );
}

#[test]
fn what_a_row_names_must_be_there() {
    let cases: [(&str, &str, &str); 6] = [
        (
            "rooms",
            "id,division,name,unit\nr,990101009000,一号,town\n",
            "区划 990101009000 不存在",
        ),
        (
            "rooms",
            "id,division,name,unit\nr,990101001000,一号,city\n",
            "单位 city 不存在",
        ),
        (
            "rooms",
            "id,division,name,unit,uses\nr,990101001000,一号,town,听证\n",
            "目录 room-uses",
        ),
        (
            "rosters",
            "id,division,kind\nm,990101001000,渔民\n",
            "“渔民”不在规定的类别中",
        ),
        (
            "sponsors",
            "id,division,unit,kind,post\ns,990101001000,town,sponsor,p9\n",
            "p9 在 posts 中不存在",
        ),
        (
            "grid-aliases",
            "id,division,name,unit\na,990101001000,综治一格,town\n",
            "不是网格",
        ),
    ];
    for (of, text, words) in cases {
        let register = load(of, "rows.csv", text).unwrap();
        let error = reference(&[("roster-kinds", &["网格员"])], vec![register]).unwrap_err();
        assert_eq!(error.line, 2, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_word_that_rows_of_other_registers_name_is_found() {
    let posts = "id,division,name,unit\np1,990101001000,镇长,town\n";
    let sponsors = "id,division,unit,kind,post\ns,990101001000,town,first-responsible,p1\n";
    let registers = vec![
        load("posts", "posts.csv", posts).unwrap(),
        load("sponsors", "sponsors.csv", sponsors).unwrap(),
    ];
    let reference = reference(&[], registers).unwrap();
    let sponsors = reference.registers().get("sponsors").unwrap();
    assert_eq!(sponsors.get("s").unwrap().get("post"), Some("p1"));
}

#[test]
fn a_grid_that_nobody_is_responsible_for_stops_the_load() {
    let posts =
        "id,division,name,unit\np0,990101001000,镇长,town\np1,990101001001001,网格员,town\n";
    let load_posts = |text: &str| reference(&[], vec![load("posts", "posts.csv", text).unwrap()]);
    let reason = Reason::NobodyInGrid {
        grid: "990101001001002".to_owned(),
        name: "第二网格".to_owned(),
    };
    refused(load_posts(posts), "posts.csv", 3, reason);
    let both = format!("{posts}p2,990101001001002,网格员,town\n");
    assert!(load_posts(&both).is_ok());
    // A county that says nothing of its grids isn't asked.
    assert!(load_posts("id,division,name,unit\np0,990101001000,镇长,town\n").is_ok());
}

#[test]
fn a_grid_with_teams_has_each_of_them_once() {
    let kinds: &[(&str, &[&str])] = &[("team-kinds", &["巡逻", "调解", "宣传"])];
    let teams = |text: &str| {
        let text = format!("id,division,kind\n{text}");
        reference(kinds, vec![load("teams", "teams.csv", &text).unwrap()])
    };
    let (one, two) = ("t1,990101001001001,巡逻\n", "t2,990101001001001,调解\n");
    let three = "t3,990101001001001,宣传\n";
    assert!(teams(&format!("{one}{two}{three}")).is_ok());
    let reason = Reason::TeamsMissing {
        grid: "990101001001001".to_owned(),
        missing: vec!["宣传".to_owned()],
    };
    refused(teams(&format!("{one}{two}")), "teams.csv", 2, reason);
    let again = teams(&format!("{one}{two}{three}t4,990101001001001,调解\n")).unwrap_err();
    assert_eq!(again.line, 5);
    assert!(again.to_string().contains("teams.csv 第 3 行"), "{again}");
}

#[test]
fn a_care_list_answers_yes_or_no_within_its_county() {
    let text = "\
id,division,kind,person,phone,identity-number
c1,990101001001,独居老人,张三,138-0000-0000,
c2,990101001001,独居老人,李四,,11010119500101001x
";
    let care = load("care", "care.csv", text).unwrap();
    let reference = reference(&[("care-kinds", &["独居老人"])], vec![care]).unwrap();
    let here = code("990101002001");
    assert!(reference.is_in_care("13800000000", &here));
    assert!(reference.is_in_care("11010119500101001X", &here));
    assert!(!reference.is_in_care("13800000001", &here));
    // The province is in no county, and nobody's list is told to it.
    assert!(!reference.is_in_care("13800000000", &code("990000000000")));
}

#[test]
fn a_care_list_names_a_phone_or_a_number() {
    let text = "id,division,kind\nc1,990101001001,独居老人\n";
    let error = load("care", "care.csv", text).unwrap_err();
    assert_eq!(error.line, 2);
}

#[test]
fn a_roster_of_three_hundred_thousand_is_loaded() {
    let mut text = String::from("id,division,kind,skills,person,phone\n");
    for member in 0..300_000 {
        text.push_str(&format!(
            "m{member},990101002001,网格员,心理;法律,志愿者{member},138{member:08}\n"
        ));
    }
    let roster = load("rosters", "roster.csv", &text).unwrap();
    let codebooks: &[(&str, &[&str])] =
        &[("roster-kinds", &["网格员"]), ("skills", &["心理", "法律"])];
    let reference = reference(codebooks, vec![roster]).unwrap();
    let roster = reference.registers().get("rosters").unwrap();
    assert_eq!(roster.in_division("990101002001").count(), 300_000);
    let last = roster.get("m299999").unwrap();
    assert_eq!(last.list("skills").collect::<Vec<_>>(), ["心理", "法律"]);
}

#[test]
fn rows_are_found_from_near_to_far_and_each_once() {
    let text = "id,division,name,unit\n\
        far,990102000000,远,town\ncounty,990101000000,县,town\nnext,990101002000,邻镇,town\n\
        own,990101001001,本村,town\ntown,990101001000,本镇,town\n";
    let rooms = load("rooms", "rooms.csv", text).unwrap();
    let path = ["990101001001", "990101001000", "990101000000"].map(code);
    let near: Vec<_> = rooms.nearest(&path).map(|row| row.id()).collect();
    assert_eq!(near, ["own", "town", "county", "next", "far"]);
}
