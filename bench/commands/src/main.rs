//! Durable commands a second through HTTP: the kernel with a plugin against a hand-written handler, taking turns.

mod http;
mod load;
mod report;
mod rows;
mod site;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use report::Sheet;
use site::{Places, Site};

/// Measure durable commands a second.
#[derive(Parser)]
struct Options {
    /// Fewer and shorter rounds.
    #[arg(long)]
    quick: bool,
    /// The kernel's server; without it the hand-written handler is measured alone.
    #[arg(long)]
    ours: Option<PathBuf>,
    /// The hand-written server.
    #[arg(long)]
    naive: PathBuf,
    /// The component of `plugins/forty-rows`.
    #[arg(long)]
    plugin: PathBuf,
    /// The library of `slow-sync.c`.
    #[arg(long)]
    slow_sync: PathBuf,
    /// A folder on the disk that is measured.
    #[arg(long)]
    data: PathBuf,
}

/// How many at once, and how many commands each sends in a round.
const CLIENTS: [(usize, usize); 3] = [(1, 400), (16, 100), (64, 60)];
const ROUNDS: usize = 9;
const QUICK_ROUNDS: usize = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let options = Options::parse();
    println!(
        "commands: `progress` on a case in handling, {} on each case; median of the rounds",
        load::COMMANDS_A_CASE
    );
    measure(&options, false).await?;
    measure(&options, true).await
}

async fn measure(options: &Options, slow: bool) -> Result<()> {
    let places = Places {
        ours: options.ours.clone().unwrap_or_default(),
        naive: options.naive.clone(),
        plugin: options.plugin.clone(),
        slow_sync: slow.then(|| options.slow_sync.clone()),
        data: options.data.join(if slow { "slow" } else { "as-is" }),
    };
    let mut sites = vec![Site::naive(&places).await?];
    if options.ours.is_some() {
        sites.insert(0, Site::ours(&places).await?);
    }
    let rounds = if options.quick { QUICK_ROUNDS } else { ROUNDS };
    let mut sheet = Sheet::new(slow, sites.iter().map(Site::name).collect());
    let mut counted = Vec::new();
    for site in &sites {
        load::round(site, CLIENTS[1].0, CLIENTS[1].1, u64::MAX).await?;
        counted.push(rows::a_command(site).await?);
    }
    for (clients, commands) in CLIENTS {
        for round in 0..rounds {
            for turn in 0..sites.len() {
                // Who begins alternates.
                let which = (turn + round) % sites.len();
                let shown = load::round(&sites[which], clients, commands, round as u64).await?;
                sheet.add(clients, which, shown);
            }
        }
        sheet.print(clients);
    }
    sheet.targets();
    if !slow {
        rows::print(&counted);
    }
    Ok(())
}
