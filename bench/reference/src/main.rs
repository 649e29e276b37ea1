//! Look-ups in reference data, each beside the plain way to do it, at three sizes in one run.

mod catalogue;
mod divisions;
mod measure;
mod stations;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// Measure look-ups in reference data.
#[derive(Parser)]
struct Options {
    /// Fewer rounds.
    #[arg(long)]
    quick: bool,
    /// The divisions of the whole country, as the kernel imports them; without it that many are invented.
    #[arg(long)]
    divisions: Option<PathBuf>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let rounds = if options.quick { 5 } else { 21 };
    measure::head();
    catalogue::measure(rounds)?;
    stations::measure(rounds)?;
    divisions::measure(rounds, options.divisions.as_deref())
}
