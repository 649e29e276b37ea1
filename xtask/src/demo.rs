//! `cargo xtask demo`: plays every golden case of every jurisdiction through HTTP, shows how it went, and keeps the kernel up.

mod progress;
mod table;
mod tour;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Result, bail};
use fengqiao_tests::play::Row;

use crate::{
    plugins, say,
    stage::{self, ANY_PORT, Place, Script, Stop, Waited},
    workspace::Workspace,
};
use progress::Progress;

/// Play every golden case on a fresh kernel through HTTP, print how each went, and keep serving.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Stop after the table.
    #[arg(long)]
    pub once: bool,
    /// Where the kernel listens, on this machine only; port 0 takes any free one.
    #[arg(long, value_name = "ADDR", default_value_t = ANY_PORT)]
    pub listen: SocketAddr,
}

impl Options {
    /// To the table and no further.
    #[must_use]
    pub fn once() -> Self {
        Self {
            once: true,
            listen: ANY_PORT,
        }
    }
}

/// Plays, shows, and serves until it is asked to stop; answers whether every case went as expected.
pub fn run(workspace: &Workspace, options: &Options) -> Result<bool> {
    let all = stage::jurisdictions(workspace)?;
    plugins::build(workspace, &plugins::Options::default())?;
    let kernel = stage::build_kernel(workspace)?;

    let stop = Stop::listen()?;
    let place = Place::take(&folder(workspace, options.once))?;
    let script = Script::new(workspace, workspace.target("plugins"), all.clone());
    let mut progress = Progress::new(script.cases())?;
    let mut kernel = script.open(&kernel, &place.data(), options.listen)?;
    let base = kernel.base();
    say(&format!(
        "demo: the kernel is process {} at {base}",
        kernel.process()
    ));
    let played = script.play(base.clone(), move |title| progress.tell(title));
    let Waited::Over(rows) = stop.unless_over(played)? else {
        bail!("asked to stop before every case was played");
    };

    println!("{}", table::of(&rows));
    if options.once {
        drop(kernel);
        println!("{}", last_line(&rows));
        return Ok(went_as_expected(&rows));
    }
    println!("{}\n", last_line(&rows));
    println!("{}", tour::of(&base, &place, &all));
    if let Waited::Over(()) =
        stop.unless_over(|| kernel.has_ended().map(|ended| ended.then_some(())))?
    {
        bail!(
            "the kernel ended by itself; its log is {}",
            place.log().display()
        );
    }
    say("demo: the kernel is stopped");
    Ok(went_as_expected(&rows))
}

/// The one that keeps serving has its own, so that tests can run beside it.
fn folder(workspace: &Workspace, once: bool) -> PathBuf {
    workspace.target(if once { "demo/once" } else { "demo/serving" })
}

/// `N cases, N as expected, 0 otherwise`.
fn last_line(rows: &[Row]) -> String {
    let otherwise = rows.iter().filter(|row| row.difference.is_some()).count();
    let expected = rows.len() - otherwise;
    format!(
        "{} cases, {expected} as expected, {otherwise} otherwise",
        rows.len()
    )
}

/// No case at all is nothing to be content with.
fn went_as_expected(rows: &[Row]) -> bool {
    !rows.is_empty() && rows.iter().all(|row| row.difference.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_every_case_once() {
        let row = |difference: Option<&str>| table::tests::row(difference);
        let rows = [row(None), row(Some("环节应为“closed”")), row(None)];
        assert_eq!(last_line(&rows), "3 cases, 2 as expected, 1 otherwise");
        assert!(!went_as_expected(&rows));
        assert_eq!(last_line(&[]), "0 cases, 0 as expected, 0 otherwise");
        assert!(!went_as_expected(&[]));
        assert!(went_as_expected(&[row(None)]));
    }
}
