//! How a limit is written, and which texts are none.

use fengqiao_calendar::{ClockError, MAX_AMOUNT, Roll, Spec, SpecError};

use crate::{at, china, spec};

#[test]
fn every_unit_is_read_and_written_the_same_way() {
    for (text, expected) in [
        ("30min", Spec::Minutes(30)),
        ("24h", Spec::Hours(24)),
        ("15cd", Spec::CalendarDays(15)),
        ("5wd", Spec::WorkingDays(5)),
        ("same-day", Spec::SameDay),
        ("2month", Spec::Months(2)),
        ("1year", Spec::Years(1)),
    ] {
        assert_eq!(spec(text), expected);
        assert_eq!(expected.to_string(), text);
        assert_eq!(
            serde_json::to_string(&expected).unwrap(),
            format!("\"{text}\"")
        );
        assert_eq!(
            serde_json::from_str::<Spec>(&format!("\"{text}\"")).unwrap(),
            expected
        );
    }
}

#[test]
fn at_once_is_no_limit_because_it_has_no_number() {
    let refusal = "第一时间".parse::<Spec>().unwrap_err();
    assert_eq!(
        refusal,
        SpecError::NoAmount {
            text: "第一时间".into()
        }
    );
    assert_eq!(
        refusal.to_string(),
        "“第一时间”没有数量，不能作为时限：只记录实际用时，不启动时钟；如需计时请写明数量与单位，例如 24h、5wd、15cd"
    );
}

#[test]
fn a_malformed_limit_is_refused_with_its_reason() {
    let refused = |text: &str| text.parse::<Spec>().unwrap_err();
    let text = |text: &str| text.to_owned();
    for without_amount in ["", "wd", " 5wd", "-5wd", "+5wd", "５wd", "SAME-DAY"] {
        assert_eq!(
            refused(without_amount),
            SpecError::NoAmount {
                text: text(without_amount)
            }
        );
    }
    for unknown in ["5", "5 wd", "5WD", "5天", "5.5h", "5wd5"] {
        assert_eq!(
            refused(unknown),
            SpecError::UnknownUnit {
                text: text(unknown)
            }
        );
    }
    assert_eq!(
        refused("05wd"),
        SpecError::LeadingZero { text: text("05wd") }
    );
    assert_eq!(refused("0wd"), SpecError::Zero { text: text("0wd") });
    assert_eq!(
        refused("10001wd"),
        SpecError::TooLarge {
            text: text("10001wd")
        }
    );
    assert_eq!(
        refused("99999999999wd"),
        SpecError::TooLarge {
            text: text("99999999999wd")
        }
    );
    assert_eq!(
        refused(&"长".repeat(1000)),
        SpecError::NoAmount {
            text: "长".repeat(24)
        }
    );
}

#[test]
fn an_amount_that_was_never_read_from_text_is_checked_all_the_same() {
    let start = at("2024-02-02T10:00");
    for limit in [
        Spec::WorkingDays(0),
        Spec::WorkingDays(MAX_AMOUNT + 1),
        Spec::Hours(u32::MAX),
    ] {
        assert!(
            matches!(
                china().deadline(start, limit, Roll::Law),
                Err(ClockError::Spec(_))
            ),
            "{limit}"
        );
        let base = china().deadline(start, spec("5wd"), Roll::Law).unwrap();
        assert!(
            matches!(china().extend(&base, limit), Err(ClockError::Spec(_))),
            "{limit}"
        );
    }
}
