//! The mechanism of the monthly review: how much, how fast, how well, how it was liked; cards take away.

mod config;
#[cfg(test)]
mod tests;

use fengqiao_sdk::prelude::*;

use config::{Card, Config, Quantity, Share};

/// What leads the code of a card among the tallies.
const CARD: &str = "card.";

struct MonthlyReview;

impl Plugin for MonthlyReview {
    type Config = Config;
}

impl Assess for MonthlyReview {
    fn assess(
        config: &Config,
        _subject: &Subject,
        _period: &str,
        own: &Tallies,
        group: &Tallies,
    ) -> Result<ScoreSheet, PluginError> {
        let sheet = quantity(ScoreSheet::empty(), &config.quantity, own);
        let shares = config.shares.iter();
        let sheet = shares.fold(sheet, |sheet, it| share(sheet, it, own, group));
        let cards = config.cards.iter();
        Ok(cards.fold(sheet, |sheet, it| card(sheet, it, own)))
    }
}

fn quantity(sheet: ScoreSheet, quantity: &Quantity, own: &Tallies) -> ScoreSheet {
    let count = own.get(&quantity.tally);
    let points = part_of(quantity.weight_hundredths, count, quantity.enough);
    let full = written(quantity.weight_hundredths);
    let words = format!("{count} 件，{} 件及以上得满分 {full} 分", quantity.enough);
    sheet.line(&quantity.code, &quantity.label, points, &words)
}

/// A unit that had nothing to count stands like everybody together: it neither gains nor loses.
fn share(sheet: ScoreSheet, share: &Share, own: &Tallies, group: &Tallies) -> ScoreSheet {
    let full = written(share.weight_hundredths);
    let (points, words) = match (counts(share, own), counts(share, group)) {
        (Some((above, below)), _) => (
            part_of(share.weight_hundredths, above, below),
            format!("{above} ÷ {below} × {full} 分"),
        ),
        (None, Some((above, below))) => (
            part_of(share.weight_hundredths, above, below),
            format!("本单位无可计，按全体 {above} ÷ {below} × {full} 分"),
        ),
        (None, None) => (
            share.weight_hundredths,
            format!("全体均无可计，记满分 {full} 分"),
        ),
    };
    sheet.line(&share.code, &share.label, points, &words)
}

fn card(sheet: ScoreSheet, card: &Card, own: &Tallies) -> ScoreSheet {
    let count = own.get(&format!("{CARD}{}", card.code));
    let cards = i64::try_from(count).unwrap_or(i64::MAX);
    let taken = cards.saturating_mul(card.takes_hundredths);
    let words = format!("{count} 张 × 扣 {} 分", written(card.takes_hundredths));
    let code = format!("card-{}", card.code);
    sheet.line(&code, &card.label, taken.saturating_neg(), &words)
}

/// The counts of a share; nothing where the whole is nothing.
fn counts(share: &Share, tallies: &Tallies) -> Option<(u64, u64)> {
    let sum = |codes: &[String]| -> u64 { codes.iter().map(|code| tallies.get(code)).sum() };
    let below = sum(&share.below).saturating_sub(sum(&share.excluded));
    (below > 0).then(|| (sum(&share.above), below))
}

/// Of the points, the part that one count is of another; half up, and never more than all.
fn part_of(points: i64, above: u64, below: u64) -> i64 {
    let (part, whole) = (i128::from(above.min(below)), i128::from(below.max(1)));
    let points = (i128::from(points) * part * 2 + whole) / (whole * 2);
    i64::try_from(points).unwrap_or(i64::MAX)
}

/// Hundredths of a point as people write points.
fn written(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let amount = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", amount / 100, amount % 100)
}

fengqiao_sdk::export!(MonthlyReview: assess);
