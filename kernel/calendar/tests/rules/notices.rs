//! Notices as they are published, and the mistakes made in typing them.

use fengqiao_calendar::{Calendar, CalendarError};

use crate::{china, day};

/// A notice with the given days off and make-up working days, as dates.
fn notice(year: u16, off: &[&str], working: &[&str]) -> String {
    let list = |dates: &[&str]| {
        dates
            .iter()
            .map(|date| format!("{{ date = {date}, name = \"节日\" }}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    format!(
        "year = {year}\noff = [{}]\nworking = [{}]\n",
        list(off),
        list(working)
    )
}

fn refusal(text: &str) -> CalendarError {
    Calendar::from_toml(&[("a.toml", text)]).unwrap_err()
}

#[test]
fn a_day_is_working_when_listed_so_or_a_weekday_that_is_not_listed_off() {
    let calendar = china();
    for (date, off, make_up) in [
        ("2024-02-04", None, Some("春节")),
        ("2024-02-10", Some("春节"), None),
        ("2024-02-24", Some("周末"), None),
        ("2024-02-26", None, None),
    ] {
        assert_eq!(calendar.day_off_name(day(date)), off, "{date}");
        assert_eq!(calendar.make_up_name(day(date)), make_up, "{date}");
        assert_eq!(calendar.is_working_day(day(date)), off.is_none(), "{date}");
    }
}

#[test]
fn the_calendar_knows_how_far_it_reaches() {
    let calendar = china();
    assert_eq!(calendar.published_through(), day("2026-12-31"));
    assert_eq!(
        calendar.version(),
        "cn-2019..2026#531f8dd36068f1e9",
        "recorded deadlines name it"
    );
    assert!(calendar.covers(day("2019-01-01")) && calendar.covers(day("2026-12-31")));
    assert!(!calendar.covers(day("2018-12-31")) && !calendar.covers(day("2027-01-01")));
}

#[test]
fn the_version_changes_with_the_days_and_not_with_the_layout() {
    let version = |text: &str| {
        Calendar::from_toml(&[("a.toml", text)])
            .unwrap()
            .version()
            .to_owned()
    };
    let plain = notice(2030, &["2030-01-01"], &["2030-01-05"]);
    assert_eq!(version(&plain), version(&format!("# A remark.\n\n{plain}")));
    assert_ne!(
        version(&plain),
        version(&notice(2030, &["2030-01-01"], &["2030-01-06"]))
    );
}

#[test]
fn a_newer_notice_is_added_to_the_built_in_ones() {
    let of_2027 = notice(2027, &["2027-01-01"], &[]);
    let calendar = Calendar::china_with(&[("cn-2027.toml", &of_2027)]).unwrap();
    assert_eq!(calendar.published_through(), day("2027-12-31"));
    assert!(!calendar.is_working_day(day("2027-01-01")));
}

#[test]
fn a_date_listed_twice_is_refused() {
    let (file, date) = ("a.toml".to_owned(), day("2030-01-01"));
    let off = notice(2030, &["2030-01-01", "2030-01-01"], &[]);
    assert_eq!(
        refusal(&off),
        CalendarError::Duplicate {
            file: file.clone(),
            date
        }
    );
    let working = notice(2030, &[], &["2030-01-01", "2030-01-01"]);
    assert_eq!(refusal(&working), CalendarError::Duplicate { file, date });
}

#[test]
fn a_date_both_off_and_working_is_refused() {
    let both = notice(2030, &["2030-01-01"], &["2030-01-01"]);
    assert_eq!(
        refusal(&both),
        CalendarError::Contradiction {
            file: "a.toml".into(),
            date: day("2030-01-01")
        }
    );
}

#[test]
fn a_date_outside_the_year_of_its_file_is_refused() {
    for date in ["2031-01-01", "2029-11-30", "2028-12-31"] {
        assert_eq!(
            refusal(&notice(2030, &[date], &[])),
            CalendarError::OutsideYear {
                file: "a.toml".into(),
                date: day(date),
                year: 2030
            }
        );
    }
}

#[test]
fn a_value_that_is_no_day_is_refused() {
    let timed = notice(2030, &["2030-01-01T00:00:00"], &[]);
    assert_eq!(
        refusal(&timed),
        CalendarError::NotADate {
            file: "a.toml".into(),
            text: "2030-01-01T00:00:00".into()
        }
    );
    let impossible = refusal(&notice(2030, &["2030-02-30"], &[]));
    assert!(impossible.to_string().contains("a.toml"), "{impossible}");
}

#[test]
fn a_date_without_a_reason_is_refused() {
    let unnamed = "year = 2030\noff = [{ date = 2030-01-01, name = \" \" }]\nworking = []\n";
    assert_eq!(
        refusal(unnamed),
        CalendarError::Unnamed {
            file: "a.toml".into(),
            date: day("2030-01-01")
        }
    );
}

#[test]
fn a_text_of_another_form_is_refused_by_the_name_of_its_file() {
    for text in [
        "",
        "year = 2030",
        "year = \"2030\"\noff = []\nworking = []",
        "year = 2030\noff = []\nworking = []\nx = 1",
        "{",
    ] {
        let refused = refusal(text);
        assert!(
            matches!(&refused, CalendarError::Unreadable { file, .. } if file == "a.toml"),
            "{refused:?}"
        );
    }
}

#[test]
fn a_missing_year_between_two_others_is_refused() {
    let (of_2030, of_2033) = (notice(2030, &[], &[]), notice(2033, &[], &[]));
    assert_eq!(
        Calendar::from_toml(&[("d.toml", &of_2033), ("a.toml", &of_2030)]),
        Err(CalendarError::MissingYear {
            year: 2031,
            before: "a.toml".into(),
            after: "d.toml".into()
        })
    );
}

#[test]
fn two_notices_of_one_year_are_refused() {
    let of_2030 = notice(2030, &[], &[]);
    assert_eq!(
        Calendar::from_toml(&[("a.toml", &of_2030), ("b.toml", &of_2030)]),
        Err(CalendarError::YearTwice {
            first: "a.toml".into(),
            second: "b.toml".into(),
            year: 2030
        })
    );
}

#[test]
fn no_notice_at_all_is_refused() {
    assert_eq!(Calendar::from_toml(&[]), Err(CalendarError::Empty));
}

#[test]
fn new_years_rest_may_begin_in_the_december_before() {
    let calendar = china();
    assert_eq!(calendar.day_off_name(day("2022-12-31")), Some("元旦"));
    assert_eq!(calendar.make_up_name(day("2018-12-29")), Some("元旦"));
}

#[test]
fn two_notices_that_list_one_day_are_refused_by_the_name_of_the_later() {
    let date = day("2030-12-31");
    let (off, working) = (
        notice(2030, &["2030-12-31"], &[]),
        notice(2031, &[], &["2030-12-31"]),
    );
    assert_eq!(
        Calendar::from_toml(&[("a.toml", &off), ("b.toml", &working)]),
        Err(CalendarError::Contradiction {
            file: "b.toml".into(),
            date
        })
    );
    let again = notice(2031, &["2030-12-31"], &[]);
    assert_eq!(
        Calendar::from_toml(&[("a.toml", &off), ("b.toml", &again)]),
        Err(CalendarError::Duplicate {
            file: "b.toml".into(),
            date
        })
    );
}
