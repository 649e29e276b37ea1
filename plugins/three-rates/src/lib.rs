//! The mechanism of three rates (三率): each is a part of a whole, weighted, and their sum gives the grade.

mod config;
#[cfg(test)]
mod tests;

use fengqiao_sdk::prelude::*;

use config::{Config, Grade, Rate};

struct ThreeRates;

impl Plugin for ThreeRates {
    type Config = Config;
}

impl Assess for ThreeRates {
    fn assess(
        config: &Config,
        _subject: &Subject,
        period: &str,
        own: &Tallies,
        group: &Tallies,
    ) -> Result<ScoreSheet, PluginError> {
        config.check()?;
        let rates = config.rates.iter();
        let mut sheet = rates.fold(ScoreSheet::empty(), |sheet, rate| {
            line(sheet, rate, own, group)
        });
        if is_year(period)
            && let Some(grade) = grade(config, sheet.total_hundredths)
        {
            sheet.grade = Some(grade.code.clone());
            let consequence = grade.consequence.as_deref().unwrap_or("无");
            let words = format!("评定为“{}”；奖惩：{consequence}", grade.label);
            sheet = sheet.line("grade", "等次", 0, &words);
        }
        Ok(sheet)
    }
}

/// Grades, with rewards and penalties, are for a year; a month has its points alone.
fn is_year(period: &str) -> bool {
    !period.contains('-')
}

/// A unit that had nothing to count in a rate gets the points of everybody together: it neither gains nor loses.
fn line(sheet: ScoreSheet, rate: &Rate, own: &Tallies, group: &Tallies) -> ScoreSheet {
    let mut told = String::new();
    let points = match (points(rate, own), points(rate, group)) {
        (Some((above, below, points)), _) => {
            told = format!("{above} ÷ {below}");
            points
        }
        (None, Some((above, below, points))) => {
            told = format!("本单位无可计，按全体 {above} ÷ {below}");
            points
        }
        (None, None) => {
            told.push_str("全体均无可计，记满分");
            rate.weight_hundredths
        }
    };
    let words = format!("{told}，满分 {} 分", written(rate.weight_hundredths));
    sheet.line(&rate.code, &rate.label, points, &words)
}

/// The counts and the points, half up; nothing where the whole is nothing. More above than below counts as all of it.
fn points(rate: &Rate, tallies: &Tallies) -> Option<(u64, u64, i64)> {
    let sum = |codes: &[String]| -> u64 { codes.iter().map(|code| tallies.get(code)).sum() };
    let below = sum(&rate.below).saturating_sub(sum(&rate.excluded));
    let above = sum(&rate.above);
    let part = i128::from(above.min(below));
    let whole = i128::from(below);
    if whole == 0 {
        return None;
    }
    let points = (i128::from(rate.weight_hundredths) * part * 2 + whole) / (whole * 2);
    Some((above, below, i64::try_from(points).unwrap_or(i64::MAX)))
}

fn grade(config: &Config, total_hundredths: i64) -> Option<&Grade> {
    let mut grades = config.grades.iter();
    grades.find(|grade| total_hundredths >= grade.at_least_hundredths)
}

/// Hundredths of a point as people write points.
fn written(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let amount = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", amount / 100, amount % 100)
}

fengqiao_sdk::export!(ThreeRates: assess);
