//! Wording shared by the reasons of a deadline.

use jiff::SignedDuration;
use jiff::civil::{Date, Weekday};

use crate::calendar::Calendar;
use crate::spec::Spec;

/// A day with its weekday: `2024-02-02（星期五）`.
pub(crate) fn day_text(day: Date) -> String {
    let weekday = match day.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    };
    format!("{day}（{weekday}）")
}

/// What kind of rest a day off is: `春节放假`, `周末休息`.
pub(crate) fn rest_text(calendar: &Calendar, name: &str, day: Date) -> String {
    if calendar.is_listed(day) {
        format!("{name}放假")
    } else {
        format!("{name}休息")
    }
}

/// Why a working day is one, where that needs saying: a make-up day, or the first after the rest.
pub(crate) fn working_day_text(calendar: &Calendar, day: Date) -> String {
    match calendar.make_up_name(day) {
        Some(_) => format!("{day}为调休上班日"),
        None => format!("{}为休息日后首个工作日", day_text(day)),
    }
}

/// A limit in words: `30日`, `5个工作日`.
pub(crate) fn spec_text(spec: Spec) -> String {
    match spec {
        Spec::Minutes(n) => format!("{n}分钟"),
        Spec::Hours(n) => format!("{n}小时"),
        Spec::CalendarDays(n) => format!("{n}日"),
        Spec::WorkingDays(n) => format!("{n}个工作日"),
        Spec::SameDay => "当日".to_owned(),
        Spec::Months(n) => format!("{n}个月"),
        Spec::Years(n) => format!("{n}年"),
    }
}

/// A length of time in words, to the second: `2小时30分钟`, `45秒`.
pub(crate) fn duration_text(time: SignedDuration) -> String {
    let seconds = time.as_secs();
    let parts = [
        (seconds / 3600, "小时"),
        (seconds / 60 % 60, "分钟"),
        (seconds % 60, "秒"),
    ];
    let text: String = parts
        .iter()
        .filter(|(amount, _)| *amount > 0)
        .map(|(amount, unit)| format!("{amount}{unit}"))
        .collect();
    if text.is_empty() {
        "不足1秒".to_owned()
    } else {
        text
    }
}
