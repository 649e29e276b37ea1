//! `cargo xtask`: everything this repository automates, one file a subcommand.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{bench, demo, plugins, rules, test, tidy, workspace::Workspace};

/// Builds, checks and runs Fengqiao Kernel.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Bench(bench::Options),
    Demo(demo::Options),
    Plugins(plugins::Options),
    Rules(rules::Options),
    Tidy(tidy::Options),
    Test(test::Options),
}

fn main() -> ExitCode {
    let line = Line::parse();
    let done = Workspace::find().and_then(|workspace| match line.command {
        Command::Bench(options) => bench::run(&workspace, &options).map(good),
        Command::Demo(options) => demo::run(&workspace, &options),
        Command::Plugins(options) => plugins::run(&workspace, &options).map(good),
        Command::Rules(options) => rules::run(&workspace, &options),
        Command::Tidy(options) => tidy::run(&workspace, &options).map(good),
        Command::Test(options) => test::run(&workspace, &options).map(good),
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            xtask::say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// What doesn't fail has gone well, unless it says otherwise itself.
fn good((): ()) -> bool {
    true
}
