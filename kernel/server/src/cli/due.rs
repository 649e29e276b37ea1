//! `fengqiao due`: when a limit ends, and why then.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use fengqiao_calendar::{Calendar, Roll, Spec, parse_instant};

use super::Failure;

/// 计算到期日：第一行是日期
#[derive(Args)]
pub(super) struct Due {
    /// 起算时刻，例如 2024-02-02T10:00+08:00
    #[arg(long)]
    start: String,
    /// 时限，例如 5wd、24h、15cd、2month、same-day
    #[arg(long)]
    spec: String,
    /// 到期日遇休息日时：law 依法顺延，local 不顺延
    #[arg(long, value_enum, default_value_t = Rolling::Law)]
    roll: Rolling,
    /// 逐步说明理由
    #[arg(long)]
    explain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rolling {
    /// 依法顺延
    Law,
    /// 不顺延
    Local,
}

impl Due {
    /// The text to print.
    pub(super) fn run(&self) -> Result<String, Failure> {
        let start =
            parse_instant(&self.start).map_err(|error| Failure::AskedWrongly(error.to_string()))?;
        let spec: Spec = self
            .spec
            .parse()
            .map_err(|error: fengqiao_calendar::SpecError| {
                Failure::AskedWrongly(error.to_string())
            })?;
        let roll = match self.roll {
            Rolling::Law => Roll::Law,
            Rolling::Local => Roll::Local,
        };
        let calendar = Calendar::china().map_err(|error| Failure::Couldnt(error.to_string()))?;
        let deadline = calendar
            .deadline(start, spec, roll)
            .map_err(|error| Failure::Couldnt(error.to_string()))?;
        let mut text = format!("{}\n", deadline.due_date());
        if self.explain {
            for step in &deadline.steps {
                // Writing to a string can't fail.
                let _infallible = writeln!(text, "{step}");
            }
            let _infallible = writeln!(text, "日历版本：{}", deadline.calendar);
            if deadline.provisional {
                text.push_str("暂定：所涉年份的放假通知尚未公布，公布后将重新计算\n");
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(start: &str, spec: &str, explain: bool) -> Due {
        Due {
            start: start.to_owned(),
            spec: spec.to_owned(),
            roll: Rolling::Law,
            explain,
        }
    }

    #[test]
    fn make_up_days_count_as_working_days() {
        let text = due("2024-02-02T10:00+08:00", "5wd", false).run().unwrap();
        assert_eq!(text, "2024-02-08\n");
    }

    #[test]
    fn an_explanation_follows_the_date_and_names_the_calendar() {
        let text = due("2024-02-02T10:00+08:00", "5wd", true).run().unwrap();
        assert!(text.starts_with("2024-02-08\n"), "{text}");
        assert!(text.contains("日历版本：cn-"), "{text}");
    }

    #[test]
    fn a_date_that_waits_for_a_notice_is_marked() {
        let text = due("2030-02-02T10:00+08:00", "5wd", true).run().unwrap();
        assert!(text.contains("暂定"), "{text}");
    }

    #[test]
    fn a_wrong_question_is_told_apart_from_a_failure() {
        assert!(matches!(
            due("2024-02-30T10:00+08:00", "5wd", false).run(),
            Err(Failure::AskedWrongly(_))
        ));
        assert!(matches!(
            due("2024-02-02T10:00+08:00", "soon", false).run(),
            Err(Failure::AskedWrongly(_))
        ));
    }
}
