//! `cargo xtask test`: everything CI runs, in order, up to the first failure.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::{
    plugins, say, tidy,
    workspace::{self, Workspace},
};

/// Run everything that CI runs, and stop at the first failure.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {}

/// One thing that must succeed.
struct Step {
    name: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

const STEPS: &[Step] = &[
    Step {
        name: "formatting",
        run: |workspace| cargo(workspace, &["fmt", "--all", "--", "--check"]),
    },
    Step {
        name: "tidy",
        run: |workspace| tidy::run(workspace, &tidy::Options::default()),
    },
    Step {
        name: "plugins",
        run: plugins_every_way,
    },
    Step {
        name: "clippy",
        run: |workspace| {
            let clippy = [
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ];
            cargo(workspace, &clippy)
        },
    },
    Step {
        name: "tests",
        run: |workspace| cargo(workspace, &["test", "--workspace"]),
    },
    Step {
        name: "advisories",
        run: advisories,
    },
];

/// Runs the steps; the last line says whether all of them passed.
pub fn run(workspace: &Workspace, _options: &Options) -> Result<()> {
    let start = Instant::now();
    for (index, step) in STEPS.iter().enumerate() {
        let place = format!("[{}/{}] {}", index + 1, STEPS.len(), step.name);
        say(&format!("\n{place}"));
        let began = Instant::now();
        (step.run)(workspace).with_context(|| format!("{place} failed"))?;
        say(&format!(
            "{place}: passed in {}",
            words_for(began.elapsed())
        ));
    }
    let took = words_for(start.elapsed());
    println!("all {} steps passed in {took}", STEPS.len());
    Ok(())
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    workspace::run(workspace.cargo().args(arguments))
}

fn plugins_every_way(workspace: &Workspace) -> Result<()> {
    let options = plugins::Options {
        compiler: plugins::Choice::Auto,
    };
    plugins::run(workspace, &options)
}

/// The database of advisories is the only part of `deny.toml` that tidy can't check by itself.
fn advisories(workspace: &Workspace) -> Result<()> {
    let installed = workspace::text_of(workspace.cargo().args(["deny", "--version"])).is_ok();
    if !installed {
        say(
            "not checked: cargo-deny isn't installed (tidy has checked licences, bans and sources)",
        );
        return Ok(());
    }
    cargo(workspace, &["deny", "check"])
}

fn words_for(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds / 60 {
        0 => format!("{seconds} s"),
        minutes => format!("{minutes} min {} s", seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_minutes_once_there_is_one() {
        assert_eq!(words_for(Duration::from_secs(59)), "59 s");
        assert_eq!(words_for(Duration::from_secs(61)), "1 min 1 s");
    }
}
