//! `cargo xtask test`: everything CI runs, in order, up to the first failure.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{
    demo, plugins, say, tidy,
    workspace::{self, Workspace},
};

/// Run everything that CI runs, and stop at the first failure.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {}

/// One thing that must succeed.
struct Step {
    name: &'static str,
    run: fn(&Workspace) -> Result<Outcome>,
}

/// What became of a step that didn't fail.
enum Outcome {
    Passed,
    /// The machine lacks what the step needs, and nothing else in the product does.
    NotRun(String),
}

/// The quick ones first, and what a machine may lack last.
const STEPS: &[Step] = &[
    Step {
        name: "formatting",
        run: |workspace| cargo(workspace, &["fmt", "--all", "--", "--check"]),
    },
    Step {
        name: "tidy",
        run: |workspace| tidy::run(workspace, &tidy::Options::default()).map(passed),
    },
    Step {
        name: "plugins",
        run: |workspace| plugins::run(workspace, &plugins::Options::default()).map(passed),
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
    // With `--workspace`, so that its dependencies are those of the tests and nothing is compiled twice.
    Step {
        name: "kernel",
        run: |workspace| cargo(workspace, &["build", "--workspace", "--bin", "fengqiao"]),
    },
    Step {
        name: "tests",
        run: |workspace| cargo(workspace, &["test", "--workspace"]),
    },
    Step {
        name: "demo",
        run: demo,
    },
    Step {
        name: "plugins with Debian's compiler",
        run: |workspace| {
            let tried = plugins::try_debian(workspace)?;
            Ok(tried.map_or_else(Outcome::NotRun, passed))
        },
    },
    Step {
        name: "advisories",
        run: advisories,
    },
];

/// Runs the steps; the last lines say which passed and which the machine couldn't run.
pub fn run(workspace: &Workspace, _options: &Options) -> Result<()> {
    let start = Instant::now();
    let mut not_run = Vec::new();
    for (index, step) in STEPS.iter().enumerate() {
        let place = format!("[{}/{}] {}", index + 1, STEPS.len(), step.name);
        say(&format!("\n{place}"));
        let began = Instant::now();
        let outcome = (step.run)(workspace).with_context(|| format!("{place} failed"))?;
        let took = words_for(began.elapsed());
        match outcome {
            Outcome::Passed => say(&format!("{place}: passed in {took}")),
            Outcome::NotRun(why) => {
                say(&format!("{place}: not run, {why}"));
                not_run.push(format!("not run: {}, {why}", step.name));
            }
        }
    }
    let took = words_for(start.elapsed());
    let passed = STEPS.len() - not_run.len();
    println!(
        "\n{passed} of {} steps passed in {took}, none failed",
        STEPS.len()
    );
    for line in not_run {
        println!("{line}");
    }
    Ok(())
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<Outcome> {
    workspace::run(workspace.cargo().args(arguments)).map(passed)
}

fn passed(_: ()) -> Outcome {
    Outcome::Passed
}

/// The same as a person sees it; the kernel that the tests used is used again.
fn demo(workspace: &Workspace) -> Result<Outcome> {
    if !demo::run(workspace, &demo::Options::once())? {
        bail!("some golden cases went otherwise than expected");
    }
    Ok(Outcome::Passed)
}

/// The database of advisories is the only part of `deny.toml` that tidy can't check by itself.
fn advisories(workspace: &Workspace) -> Result<Outcome> {
    if workspace::text_of(workspace.cargo().args(["deny", "--version"])).is_err() {
        let why = "cargo-deny isn't installed (tidy has checked licences, bans and sources)";
        return Ok(Outcome::NotRun(why.to_owned()));
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
