//! Tests of what a golden file may say, and of where its mistakes are found.

use jiff::civil::date;

use super::*;

const GOOD: &str = r#"title = "顶楼违建"
source = "报道开头"

[[step]]
at = "第1天 10:00"
by = "匿名市民"
do = "register"
channel = "公众号"
kind = "report"
place = "一街道"
text = "顶楼违建"
expect = { stage = "dispatched", lead = "城管局" }

[[step]]
at = "第2天 09:30"
by = "城管局"
do = "report"
text = "已检查"

[step.expect]
refused = "evidence-missing"
due.report = "2024-02-08"
"#;

fn refused(text: &str) -> Mistake {
    read("案例.toml", text, date(2024, 2, 2)).unwrap_err()
}

fn changed(from: &str, to: &str) -> Mistake {
    assert!(GOOD.contains(from), "{from}");
    refused(&GOOD.replacen(from, to, 1))
}

#[test]
fn a_note_is_read_with_its_times_fields_and_expectations() {
    let golden = read("案例.toml", GOOD, date(2024, 2, 2)).unwrap();
    assert_eq!(golden.steps.len(), 2);
    let report = &golden.steps[1];
    assert_eq!(
        (report.line, report.act.as_str(), report.case.as_str()),
        (15, "report", THE_CASE)
    );
    assert_eq!(report.at.to_string(), "2024-02-03T01:30:00Z");
    assert_eq!(report.text("text"), Some("已检查"));
    assert_eq!(report.expect.refused.as_deref(), Some("evidence-missing"));
    assert_eq!(report.expect.due["report"], "2024-02-08");
}

#[test]
fn a_file_may_name_its_own_first_day() {
    let text = format!("day-one = \"2022-01-14\"\n{GOOD}");
    let golden = read("案例.toml", &text, date(2024, 2, 2)).unwrap();
    assert_eq!(golden.steps[0].at.to_string(), "2022-01-14T02:00:00Z");
}

#[test]
fn a_misspelt_expectation_is_found_in_its_line() {
    let mistake = changed("due.report", "dou.report");
    assert_eq!((mistake.file.as_str(), mistake.line), ("案例.toml", 22));
    assert!(mistake.reason.contains("dou"), "{mistake}");
    assert_eq!(
        changed("stage = \"dispatched\"", "stge = \"dispatched\"").line,
        12
    );
}

#[test]
fn an_unknown_command_is_refused_with_those_that_exist() {
    let mistake = changed("do = \"report\"", "do = \"reprot\"");
    assert_eq!(mistake.line, 15);
    assert!(
        mistake.reason.contains("`reprot`") && mistake.reason.contains("send-back"),
        "{mistake}"
    );
}

#[test]
fn a_field_of_another_command_is_refused_in_its_line() {
    let mistake = changed("text = \"已检查\"", "text = \"已检查\"\nroute = \"110\"");
    assert_eq!(mistake.line, 19);
    assert!(mistake.reason.contains("`route`"), "{mistake}");
}

#[test]
fn a_missing_field_is_named() {
    let mistake = changed("channel = \"公众号\"\n", "");
    assert_eq!(mistake.line, 5);
    assert!(mistake.reason.contains("`channel`"), "{mistake}");
}

#[test]
fn a_step_needs_to_say_who_and_when() {
    assert!(changed("by = \"城管局\"\n", "").reason.contains("`by`"));
    assert!(
        changed("at = \"第2天 09:30\"\n", "")
            .reason
            .contains("`at`")
    );
}

#[test]
fn time_doesnt_run_backwards() {
    let mistake = changed("第2天 09:30", "第1天 09:30");
    assert_eq!(mistake.line, 15);
}

#[test]
fn what_isnt_toml_is_refused_in_its_line() {
    assert_eq!(changed("kind = \"report\"", "kind = report").line, 9);
    assert_eq!(
        changed("source = \"报道开头\"", "sourse = \"报道开头\"").line,
        2
    );
}

#[test]
fn a_file_without_steps_is_refused() {
    let mistake = refused("title = \"空\"\nsource = \"无\"\n");
    assert!(mistake.reason.contains("[[step]]"));
}
