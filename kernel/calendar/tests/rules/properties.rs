//! What holds of every deadline, whatever its start and limit.

use std::sync::LazyLock;

use fengqiao_calendar::{Calendar, Roll, Spec, local_date, parse_instant};
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use proptest::prelude::*;

use crate::{at, china};

static CHINA: LazyLock<Calendar> = LazyLock::new(china);

/// An instant in the published years, at any millisecond.
fn start() -> impl Strategy<Value = Timestamp> {
    (at("2019-01-01T00:00").as_millisecond()..at("2026-06-30T00:00").as_millisecond())
        .prop_map(|ms| Timestamp::from_millisecond(ms).unwrap())
}

fn any_instant() -> impl Strategy<Value = Timestamp> {
    (Timestamp::MIN.as_second()..=Timestamp::MAX.as_second())
        .prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn roll() -> impl Strategy<Value = Roll> {
    prop_oneof![Just(Roll::Law), Just(Roll::Local)]
}

fn unit() -> impl Strategy<Value = fn(u32) -> Spec> {
    let units: [fn(u32) -> Spec; 6] = [
        Spec::Minutes,
        Spec::Hours,
        Spec::CalendarDays,
        Spec::WorkingDays,
        Spec::Months,
        Spec::Years,
    ];
    prop::sample::select(units.to_vec())
}

fn any_spec(amount: impl Strategy<Value = u32>) -> impl Strategy<Value = Spec> {
    prop_oneof![1 => Just(Spec::SameDay), 6 => (unit(), amount).prop_map(|(unit, amount)| unit(amount))]
}

fn plus_days(day: Date, days: u32) -> Date {
    day.checked_add(Span::new().days(days)).unwrap()
}

/// Working days after `from`, up to and including `until`.
fn working_days_between(from: Date, until: Date) -> usize {
    from.series(Span::new().days(1))
        .skip(1)
        .take_while(|day| *day <= until)
        .filter(|day| CHINA.is_working_day(*day))
        .count()
}

proptest! {
    #[test]
    fn a_larger_amount_never_ends_earlier(
        start in start(), unit in unit(), roll in roll(), amount in 1u32..300, more in 0u32..100,
    ) {
        let shorter = CHINA.deadline(start, unit(amount), roll).unwrap();
        let longer = CHINA.deadline(start, unit(amount + more), roll).unwrap();
        prop_assert!(shorter.raw <= longer.raw);
        prop_assert!(shorter.due <= longer.due);
    }

    #[test]
    fn a_working_day_limit_ends_on_a_working_day_after_exactly_its_amount(
        start in start(), roll in roll(), amount in 1u32..300,
    ) {
        let found = CHINA.deadline(start, Spec::WorkingDays(amount), roll).unwrap();
        prop_assert!(CHINA.is_working_day(found.due_date()));
        prop_assert_eq!(working_days_between(local_date(start), found.due_date()), amount as usize);
        prop_assert_eq!(found.raw, found.due);
    }

    #[test]
    fn under_the_law_days_end_on_the_first_working_day_from_the_raw_expiry(
        start in start(), amount in 1u32..300,
    ) {
        let found = CHINA.deadline(start, Spec::CalendarDays(amount), Roll::Law).unwrap();
        let raw = plus_days(local_date(start), amount);
        prop_assert_eq!(local_date(found.raw), raw);
        let mut expected = raw;
        while !CHINA.is_working_day(expected) {
            expected = expected.tomorrow().unwrap();
        }
        prop_assert_eq!(found.due_date(), expected);
    }

    #[test]
    fn an_extension_equals_base_and_extension_counted_at_once_without_the_roll_over(
        start in start(), roll in roll(), base in 1u32..200, by in 1u32..100,
    ) {
        for unit in [Spec::Minutes, Spec::Hours, Spec::CalendarDays, Spec::WorkingDays] {
            let first = CHINA.deadline(start, unit(base), roll).unwrap();
            let extended = CHINA.extend(&first, unit(by)).unwrap();
            let at_once = CHINA.deadline(start, unit(base + by), roll).unwrap();
            prop_assert_eq!(extended.raw, at_once.raw);
            prop_assert_eq!(extended.due, at_once.due);
        }
    }

    #[test]
    fn an_extension_never_ends_earlier_than_before(
        start in start(), roll in roll(), base in any_spec(1u32..200), unit in unit(), by in 1u32..100,
    ) {
        let first = CHINA.deadline(start, base, roll).unwrap();
        prop_assert!(CHINA.extend(&first, unit(by)).unwrap().due >= first.due);
    }

    #[test]
    fn pause_then_resume_adds_exactly_the_pause(
        start in start(), base in any_spec(1u32..100), before in 0u32..=1000, pause_min in 0i64..60_000,
    ) {
        let first = CHINA.deadline(start, base, Roll::Local).unwrap();
        let running = first.due.duration_since(start);
        let paused_at = start + running / 1000 * i32::try_from(before).unwrap();
        let resumed_at = paused_at + SignedDuration::from_mins(pause_min);
        let later = CHINA.resume(&first, paused_at, resumed_at).unwrap();
        let (from, until) = (local_date(paused_at), local_date(resumed_at));
        match base {
            Spec::Minutes(_) | Spec::Hours(_) => {
                prop_assert_eq!(later.due.duration_since(first.due), resumed_at.duration_since(paused_at));
            }
            Spec::WorkingDays(_) => {
                let still = from.series(Span::new().days(1)).take_while(|day| *day < until);
                let still = still.filter(|day| CHINA.is_working_day(*day)).count();
                prop_assert_eq!(working_days_between(first.due_date(), later.due_date()), still);
                prop_assert!(CHINA.is_working_day(later.due_date()));
            }
            Spec::CalendarDays(_) | Spec::SameDay | Spec::Months(_) | Spec::Years(_) => {
                prop_assert_eq!(later.due_date().duration_since(first.due_date()), until.duration_since(from));
            }
        }
    }

    #[test]
    fn a_clock_that_resumes_is_never_already_breached(
        start in start(), base in any_spec(1u32..100), by in any_spec(1u32..100), roll in roll(),
        before in 0u32..=1000, pause_min in 0i64..60_000,
    ) {
        let first = CHINA.deadline(start, base, roll).unwrap();
        let first = CHINA.extend(&first, by).unwrap_or(first);
        let running = first.due.duration_since(start);
        let paused_at = start + running / 1000 * i32::try_from(before).unwrap();
        let resumed_at = paused_at + SignedDuration::from_mins(pause_min);
        let later = CHINA.resume(&first, paused_at, resumed_at).unwrap();
        prop_assert!(!later.is_breached(resumed_at), "{later:#?}");
        prop_assert!(later.due >= first.due);
    }

    #[test]
    fn recomputing_by_the_same_calendar_changes_nothing(
        start in start(), base in any_spec(1u32..100), by in any_spec(1u32..50), roll in roll(), pause_min in 0i64..60_000,
    ) {
        let first = CHINA.deadline(start, base, roll).unwrap();
        let extended = CHINA.extend(&first, by).unwrap_or(first);
        let changed = CHINA.resume(&extended, start, start + SignedDuration::from_mins(pause_min)).unwrap();
        prop_assert_eq!(CHINA.recompute(&changed).unwrap(), changed);
    }

    #[test]
    fn nothing_panics_whatever_the_input(
        start in any_instant(), base in any_spec(any::<u32>()), by in any_spec(1u32..20_000), roll in roll(),
        paused_at in any_instant(), pause_s in 0i64..4_000_000_000,
    ) {
        let _ = parse_instant(&start.to_string());
        for base in [base, by] {
            if let Ok(first) = CHINA.deadline(start, base, roll) {
                let _ = CHINA.extend(&first, by);
                let _ = CHINA.resume(&first, paused_at, start);
                let resumed_at = start.checked_add(SignedDuration::from_secs(pause_s)).unwrap_or(Timestamp::MAX);
                let _ = CHINA.resume(&first, start, resumed_at);
                let _ = CHINA.recompute(&first);
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,80}") {
        let _ = parse_instant(&text);
        let _ = Calendar::from_toml(&[("any", &text)]);
        if let Ok(read) = text.parse::<Spec>() {
            prop_assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn every_allowed_limit_is_read_back_as_written(limit in any_spec(1u32..=10_000)) {
        prop_assert_eq!(limit.to_string().parse(), Ok(limit));
    }
}
