//! The mechanism of points: each thing done, or not done, is worth some, and the sheet says where every one came from.

mod config;
#[cfg(test)]
mod tests;

use fengqiao_sdk::prelude::*;

use config::{Config, Dimension, Item};

const HUNDREDTHS: u64 = 100;

struct Points;

impl Plugin for Points {
    type Config = Config;
}

impl Assess for Points {
    /// One line an item, those of one dimension together; also where there was nothing to count, so that nobody wonders.
    fn assess(
        config: &Config,
        _subject: &Subject,
        _period: &str,
        own: &Tallies,
        _group: &Tallies,
    ) -> Result<ScoreSheet, PluginError> {
        config.check()?;
        let lines = config.dimensions.iter().flat_map(|dimension| {
            let items = config.items.iter();
            let items = items.filter(|item| item.dimension == dimension.code);
            items.map(move |item| (dimension, item))
        });
        Ok(lines.fold(ScoreSheet::empty(), |sheet, (dimension, item)| {
            line(sheet, dimension, item, own.get(&item.tally))
        }))
    }
}

fn line(sheet: ScoreSheet, dimension: &Dimension, item: &Item, count: u64) -> ScoreSheet {
    let each = item.points_hundredths;
    let points = i64::try_from(count)
        .unwrap_or(i64::MAX)
        .saturating_mul(each);
    sheet.line(
        &format!("{}-{}", dimension.code, item.code),
        &format!("{}：{}", dimension.label, item.label),
        points,
        &format!("{} {count} 件 × {} 分", item.label, written(each)),
    )
}

/// Points as people write them: `3`, `-0.5`, `1.25`.
fn written(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let amount = hundredths.unsigned_abs();
    let (whole, rest) = (amount / HUNDREDTHS, amount % HUNDREDTHS);
    let decimals = format!("{rest:02}");
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}.{decimals}"),
    }
}

fengqiao_sdk::export!(Points: assess);
