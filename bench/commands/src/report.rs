//! What was measured, in ratios; and whether the targets are reached.

use std::collections::BTreeMap;

use crate::load::Round;

pub struct Sheet {
    slow: bool,
    sites: Vec<&'static str>,
    /// By the number of clients and the site.
    rounds: BTreeMap<(usize, usize), Vec<Round>>,
}

impl Sheet {
    pub fn new(slow: bool, sites: Vec<&'static str>) -> Self {
        match slow {
            false => println!("\non this disk:"),
            true => println!("\nwith 1 ms more for each sync:"),
        }
        println!(
            "  {:>7} {:14} {:>12} {:>21} {:>11} {:>11} {:>11}",
            "clients", "", "commands/s", "p25 to p75", "answer p50", "answer p99", "CPU each"
        );
        Self {
            slow,
            sites,
            rounds: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, clients: usize, site: usize, round: Round) {
        self.rounds.entry((clients, site)).or_default().push(round);
    }

    pub fn print(&self, clients: usize) {
        for (site, name) in self.sites.iter().enumerate() {
            let Some(rounds) = self.rounds.get(&(clients, site)) else {
                continue;
            };
            let of = |pick: fn(&Round) -> f64| spread(rounds.iter().map(pick).collect());
            let rate = of(|round| round.commands_a_second);
            let p50 = of(|round| round.p50.as_secs_f64() * 1e3);
            let p99 = of(|round| round.p99.as_secs_f64() * 1e3);
            let cpu = of(|round| round.cpu.as_secs_f64() * 1e6);
            println!(
                "  {clients:>7} {name:14} {:>12.0} {:>10.0} to {:>7.0} {:>8.2} ms {:>8.2} ms {:>8.0} us",
                rate.median, rate.low, rate.high, p50.median, p99.median, cpu.median
            );
        }
        if let Some(ratio) = self.ratio(clients) {
            println!(
                "  {:>7} {:14} {:>11.2}x {:>9.2}x to {:>6.2}x",
                "", "ratio", ratio.median, ratio.low, ratio.high
            );
        }
    }

    /// How many times as many the first site carries out as the second, round by round.
    fn ratio(&self, clients: usize) -> Option<Spread> {
        let (ours, theirs) = (
            self.rounds.get(&(clients, 0))?,
            self.rounds.get(&(clients, 1))?,
        );
        let pairs = ours.iter().zip(theirs);
        Some(spread(
            pairs
                .map(|(ours, theirs)| ours.commands_a_second / theirs.commands_a_second)
                .collect(),
        ))
    }

    pub fn targets(&self) {
        let (words, least) = match self.slow {
            false => ("at least as many at 64 clients on this disk", 1.0),
            true => (
                "at least ten times as many at 64 clients with slow syncs",
                10.0,
            ),
        };
        match self.ratio(64) {
            Some(ratio) => {
                let word = if ratio.median >= least {
                    "reached"
                } else {
                    "NOT reached"
                };
                println!("  target, {words}: {word}; {:.2} times", ratio.median);
            }
            None => println!("  target, {words}: not measured, one server was alone"),
        }
    }
}

struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

/// The median and the quartiles.
fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let at = |quarter: usize| {
        values
            .get(values.len().saturating_sub(1) * quarter / 4)
            .copied()
            .unwrap_or(f64::NAN)
    };
    Spread {
        low: at(1),
        median: at(2),
        high: at(3),
    }
}
