//! What a due date says when it is asked why.

use fengqiao_calendar::Roll;

use crate::{at, china, deadline, spec};

#[test]
fn a_roll_over_names_the_festival_and_the_make_up_day() {
    assert_eq!(
        deadline("2024-01-26T10:00", "15cd", Roll::Law).steps,
        [
            "自2024-01-26（星期五）起算，当日不计入",
            "第15日为2024-02-10，春节放假至2024-02-17",
            "2024-02-18为调休上班日",
            "最后一日为休息日，依民法典第二百零三条顺延至2024-02-18",
            "截止时间为2024-02-18 24:00",
        ]
    );
}

#[test]
fn a_roll_over_of_a_plain_weekend_says_so() {
    let steps = deadline("2024-03-01T10:00", "15cd", Roll::Law).steps;
    assert_eq!(steps[1], "第15日为2024-03-16，周末休息至2024-03-17");
    assert_eq!(steps[2], "2024-03-18（星期一）为休息日后首个工作日");
}

#[test]
fn a_make_up_day_at_the_end_is_why_nothing_is_rolled_over() {
    let steps = deadline("2024-07-31T10:00", "60cd", Roll::Law).steps;
    assert_eq!(
        steps[1],
        "第60日为2024-09-29，2024-09-29（星期日）为调休上班日，不顺延"
    );
}

#[test]
fn a_working_day_limit_names_the_days_that_a_plain_week_would_miss() {
    assert_eq!(
        deadline("2024-02-02T10:00", "6wd", Roll::Law).steps,
        [
            "自2024-02-02（星期五）起算，当日不计入",
            "2024-02-04为调休上班日，计入",
            "第6个工作日为2024-02-09",
            "截止时间为2024-02-09 24:00",
        ]
    );
    assert_eq!(
        deadline("2024-02-09T10:00", "1wd", Roll::Law).steps[1..3],
        [
            "2024-02-10至2024-02-17春节放假，不计入",
            "2024-02-18为调休上班日，计入"
        ]
    );
}

#[test]
fn a_long_limit_sums_up_what_it_does_not_name() {
    let steps = deadline("2019-01-02T10:00", "1000wd", Roll::Law).steps;
    assert!(steps.len() <= 16, "{steps:#?}");
    assert!(
        steps
            .iter()
            .any(|step| step.starts_with("期间另有放假和调休")),
        "{steps:#?}"
    );
}

#[test]
fn hours_say_that_they_run_through() {
    assert_eq!(
        deadline("2024-02-09T22:15", "24h", Roll::Law).steps,
        [
            "自2024-02-09 22:15起24小时，不分昼夜和节假日，至2024-02-10 22:15",
            "截止时间为2024-02-10 22:15"
        ]
    );
}

#[test]
fn a_missing_day_of_the_month_is_explained() {
    let steps = deadline("2024-01-31T10:00", "1month", Roll::Law).steps;
    assert_eq!(steps[1], "到期月没有31日，以月末日2024-02-29为最后一日");
}

#[test]
fn an_extension_continues_the_story_from_the_raw_expiry() {
    let base = deadline("2024-08-02T10:00", "60cd", Roll::Law);
    let extended = china().extend(&base, spec("30cd")).unwrap();
    assert_eq!(extended.steps[..base.steps.len()], base.steps);
    assert_eq!(
        extended.steps[base.steps.len()..],
        [
            "延长30日，自未顺延的到期时刻2024-10-01 24:00起算",
            "第30日为2024-10-31",
            "截止时间为2024-10-31 24:00",
        ]
    );
}

#[test]
fn a_pause_says_how_long_the_clock_stood_still() {
    let base = deadline("2024-03-04T10:00", "5wd", Roll::Law);
    let resumed = china()
        .resume(&base, at("2024-03-05T09:00"), at("2024-03-07T15:00"))
        .unwrap();
    assert_eq!(
        resumed.steps[base.steps.len()..],
        [
            "2024-03-05 09:00暂停，2024-03-07 15:00恢复，停止2个工作日",
            "到期时刻由2024-03-11 24:00移至2024-03-13 24:00",
            "截止时间为2024-03-13 24:00",
        ]
    );
}

#[test]
fn a_date_beyond_the_notices_says_that_it_is_provisional() {
    let found = deadline("2026-12-30T10:00", "5wd", Roll::Law);
    assert!(found.provisional);
    let why = "2027年放假安排不在日历内，暂按周一至周五为工作日计算，公布后重新计算";
    assert!(
        found.steps.iter().any(|step| step == why),
        "{:#?}",
        found.steps
    );
}
