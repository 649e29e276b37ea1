//! What was measured, in ratios; and whether the targets are reached.

use anyhow::Result;
use fengqiao_core::snapshot::Snapshot;

use crate::Contender;
use crate::ours::{ANSWERED, EMPTY, FRESH_MEMORY, HEADLINE, INSTANCE, RECEIVED, THERE};
use crate::rounds::Rounds;

pub fn print(contenders: &[Box<dyn Contender>], rounds: &Rounds, cases: &[Snapshot]) -> Result<()> {
    let bytes: usize = cases
        .iter()
        .map(|case| serde_json::to_vec(case).map_or(0, |json| json.len()))
        .sum();
    println!(
        "triage: a 40-row table on a full case of {} bytes as JSON, {} rounds",
        bytes / cases.len(),
        rounds.0.first().map_or(0, Vec::len)
    );
    println!(
        "{:44} {:>10} {:>19} {:>12} {:>12}",
        "", "median", "p25 to p75", "x native", "ours is"
    );
    let sheet = Sheet { contenders, rounds };
    for (index, contender) in contenders.iter().enumerate() {
        let own = spread(&rounds.0[index]);
        let native = sheet.ratio(index, 0);
        let ours = sheet.of(HEADLINE).map_or(String::new(), |ours| {
            format!("{:.2} x it", sheet.ratio(ours, index).median)
        });
        println!(
            "{:44} {:>8.2}us {:>9.2} to {:>6.2} {:>12.1} {:>12}",
            contender.name(),
            own.median / 1e3,
            own.low / 1e3,
            own.high / 1e3,
            native.median,
            ours
        );
    }
    sheet.targets();
    sheet.parts();
    Ok(())
}

struct Sheet<'a> {
    contenders: &'a [Box<dyn Contender>],
    rounds: &'a Rounds,
}

impl Sheet<'_> {
    fn of(&self, name: &str) -> Option<usize> {
        self.contenders
            .iter()
            .position(|contender| contender.name() == name)
    }

    /// How many times as long one takes as the other, round by round.
    fn ratio(&self, one: usize, other: usize) -> Spread {
        let pairs = self.rounds.0[one].iter().zip(&self.rounds.0[other]);
        spread(&pairs.map(|(one, other)| one / other).collect::<Vec<_>>())
    }

    fn targets(&self) {
        println!("\ntargets, for \"{HEADLINE}\":");
        let targets = [
            ("cheaper than rhai", "rhai", 1.0),
            ("at most twice zen-engine", "zen-engine, compiled", 2.0),
            (
                "at least five times cheaper than extism fresh",
                "extism, fresh plugin",
                0.2,
            ),
        ];
        for (words, peer, most) in targets {
            let (Some(ours), Some(peer)) = (self.of(HEADLINE), self.of(peer)) else {
                println!("  {words}: not measured");
                continue;
            };
            let ratio = self.ratio(ours, peer);
            let word = if ratio.median <= most {
                "reached"
            } else {
                "NOT reached"
            };
            println!(
                "  {words}: {word}; {:.3} times its time ({:.3} to {:.3})",
                ratio.median, ratio.low, ratio.high
            );
        }
    }

    /// Each part is the difference between two calls, of which the longer does one thing more.
    fn parts(&self) {
        println!("\nwhere the time of \"{HEADLINE}\" goes:");
        let parts: [(&str, &str, &[&str]); 5] = [
            ("a store and an instance, and dropping both", INSTANCE, &[]),
            (
                "turn, limits, and a call with nothing in it",
                EMPTY,
                &[INSTANCE],
            ),
            ("converting the case and copying it in", RECEIVED, &[EMPTY]),
            (
                "copying the answer out and checking it",
                ANSWERED,
                &[RECEIVED],
            ),
            (
                "the guest's own work, with a look into the catalogue",
                HEADLINE,
                &[ANSWERED],
            ),
        ];
        let whole = self
            .of(HEADLINE)
            .map_or(0.0, |index| spread(&self.rounds.0[index]).median);
        for (words, with, without) in parts {
            let Some(with) = self.of(with) else { continue };
            let without: Vec<usize> = without.iter().filter_map(|name| self.of(name)).collect();
            let rest = |round: usize| {
                without
                    .iter()
                    .map(|other| self.rounds.0[*other][round])
                    .sum::<f64>()
            };
            let took = self.rounds.0[with].iter().enumerate();
            let part: Vec<f64> = took.map(|(round, took)| took - rest(round)).collect();
            let part = spread(&part);
            println!(
                "  {words:56} {:>6.2}us ({:.2} to {:.2}), {:>3.0} %",
                part.median / 1e3,
                part.low / 1e3,
                part.high / 1e3,
                part.median / whole * 100.0
            );
        }
        if let (Some(here), Some(there)) = (self.of(INSTANCE), self.of(THERE)) {
            let pairs = self.rounds.0[there].iter().zip(&self.rounds.0[here]);
            let way = spread(&pairs.map(|(there, here)| there - here).collect::<Vec<_>>());
            println!(
                "  (to the guests' threads and back, for a plugin that isn't trusted to be prompt: {:.2}us more)",
                way.median / 1e3
            );
        }
        if let (Some(pooled), Some(fresh)) = (self.of(HEADLINE), self.of(FRESH_MEMORY)) {
            println!(
                "  (with fresh memory for each call instead of pooled: {:.2} times as long)",
                self.ratio(fresh, pooled).median
            );
        }
    }
}

struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

/// The median and the quartiles.
fn spread(values: &[f64]) -> Spread {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |quarter: usize| {
        sorted
            .get(sorted.len().saturating_sub(1) * quarter / 4)
            .copied()
            .unwrap_or(f64::NAN)
    };
    Spread {
        low: at(1),
        median: at(2),
        high: at(3),
    }
}
