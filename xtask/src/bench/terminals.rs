//! A day's registrations through HTTP: each jurisdiction with its own plugins, its golden cases' first steps over and over.

use std::{
    path::Path,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use comfy_table::{Table, presets};
use fengqiao_tests::{
    act, client::Client, golden::Step, jurisdiction::Jurisdiction, names::Names, upload,
};
use serde_json::Value;

use crate::{
    plugins, say,
    stage::{self, ANY_PORT, Place, Script},
    workspace::Workspace,
};

/// Events of one day (S: a seed's one-stop centre, whose 824 terminals brought 10,000 a day).
const EVENTS_A_DAY: usize = 10_000;
/// How many terminals there are (S: the same).
const TERMINALS: usize = 824;
/// How many of them send without pause, in the long round.
const BUSY_TERMINALS: usize = 16;
/// How many times fewer events where it has to be quick.
const QUICK: usize = 10;

/// Registrations that a jurisdiction's own people make.
struct Forms {
    token: String,
    bodies: Vec<Value>,
}

/// Prints, for each jurisdiction, how long the server's part of a registration takes.
pub(super) fn measure(workspace: &Workspace, server: &Path, quick: bool) -> Result<()> {
    plugins::build(workspace, &plugins::Options::default())?;
    let events = if quick {
        EVENTS_A_DAY / QUICK
    } else {
        EVENTS_A_DAY
    };
    let divisions = upload::divisions(workspace.root())?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header([
        "jurisdiction",
        "round",
        "registered",
        "a second",
        "median",
        "p95",
        "p99",
        "p95 to a dry run's",
    ]);
    for jurisdiction in stage::jurisdictions(workspace)? {
        say(&format!("bench: {} registers", jurisdiction.name));
        let forms = forms(&jurisdiction, &Names::new(&jurisdiction, &divisions))?;
        let place = Place::take(&workspace.target("bench-terminals"))?;
        let built = workspace.target("plugins");
        let script = Script::new(workspace, built.clone(), vec![jurisdiction.clone()]);
        let kernel = script.open(server, &place.data(), ANY_PORT)?;
        let base = kernel.base();
        let all = [jurisdiction.clone()];
        upload::upload_from(&Client::new(&base), workspace.root(), &built, &all)?;

        let dry = round(
            &base,
            "dry",
            "?dry_run=true",
            &forms,
            BUSY_TERMINALS,
            events,
        )?;
        let day = round(&base, "day", "", &forms, BUSY_TERMINALS, events)?;
        let once = round(&base, "once", "", &forms, TERMINALS, TERMINALS)?;
        let sixteen = format!("{BUSY_TERMINALS} without pause");
        table.add_row(day.row(&jurisdiction.name, &sixteen, &dry));
        table.add_row(once.row(&jurisdiction.name, "all at once", &dry));
    }
    println!("{table}");
    Ok(())
}

fn forms(jurisdiction: &Jurisdiction, names: &Names) -> Result<Forms> {
    let adapter = jurisdiction
        .principal("adapter")
        .context("nobody registers for a channel")?;
    let mut bodies = Vec::new();
    for case in &jurisdiction.cases {
        let taken = |step: &&Step| step.act == "register" && step.expect.refused.is_none();
        if let Some(first) = case.steps.first().filter(taken) {
            bodies.push(act::registration(first, case, names)?);
        }
    }
    Ok(Forms {
        token: adapter.token.clone(),
        bodies,
    })
}

/// What one round took, each request by itself, from the first byte sent to the last one read.
struct Round {
    took: Vec<Duration>,
    whole: Duration,
}

/// So many terminals begin at the same moment; together they send so many registrations.
fn round(
    base: &str,
    name: &str,
    query: &str,
    forms: &Forms,
    terminals: usize,
    events: usize,
) -> Result<Round> {
    let share = events.div_ceil(terminals);
    let ready = Barrier::new(terminals + 1);
    let path = format!("/v1/cases{query}");
    thread::scope(|scope| {
        let running: Vec<_> = (0..terminals)
            .map(|nth| {
                let client = Client::named(base, &format!("{name}-{nth}"));
                let (ready, path) = (&ready, &path);
                scope.spawn(move || -> Result<Vec<Duration>> {
                    // The connection is there before the clock runs, as a terminal's is.
                    let warm = client.get("/healthz", None);
                    ready.wait();
                    warm?;
                    let bodies = forms.bodies.iter().cycle().skip(nth).take(share);
                    bodies
                        .map(|body| one(&client, path, &forms.token, body))
                        .collect()
                })
            })
            .collect();
        ready.wait();
        let began = Instant::now();
        let mut took = Vec::with_capacity(share * terminals);
        for terminal in running {
            let times = terminal.join().ok().context("a terminal broke off")?;
            took.extend(times?);
        }
        took.sort_unstable();
        ensure!(!took.is_empty(), "nothing was registered");
        Ok(Round {
            took,
            whole: began.elapsed(),
        })
    })
}

fn one(client: &Client, path: &str, token: &str, body: &Value) -> Result<Duration> {
    let began = Instant::now();
    client.post(path, Some(token), None, body)?.done()?;
    Ok(began.elapsed())
}

impl Round {
    fn at_percent(&self, percent: usize) -> Duration {
        let nth = (self.took.len() * percent).div_ceil(100).max(1);
        self.took.get(nth - 1).copied().unwrap_or_default()
    }

    fn row(&self, jurisdiction: &str, round: &str, dry: &Round) -> [String; 8] {
        let ms = |time: Duration| format!("{} ms", tenths(time.as_micros() / 100));
        let ninety_five = |of: &Round| of.at_percent(95).as_micros().max(1);
        let events = u128::try_from(self.took.len()).unwrap_or_default();
        [
            jurisdiction.to_owned(),
            round.to_owned(),
            events.to_string(),
            (events * 1_000_000 / self.whole.as_micros().max(1)).to_string(),
            ms(self.at_percent(50)),
            ms(self.at_percent(95)),
            ms(self.at_percent(99)),
            tenths(ninety_five(self) * 10 / ninety_five(dry)),
        ]
    }
}

fn tenths(number: u128) -> String {
    format!("{}.{}", number / 10, number % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_hundred_the_ninety_fifth_and_of_one_the_only() {
        let round = |took: std::ops::RangeInclusive<u64>| Round {
            took: took.map(Duration::from_millis).collect(),
            whole: Duration::from_secs(1),
        };
        assert_eq!(round(1..=100).at_percent(95), Duration::from_millis(95));
        assert_eq!(round(7..=7).at_percent(95), Duration::from_millis(7));
    }
}
