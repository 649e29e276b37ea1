//! `cargo xtask`: everything this repository automates, one file a subcommand.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{plugins, test, tidy, workspace::Workspace};

/// Builds, checks and runs Fengqiao Kernel.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Plugins(plugins::Options),
    Tidy(tidy::Options),
    Test(test::Options),
}

fn main() -> ExitCode {
    let line = Line::parse();
    let done = Workspace::find().and_then(|workspace| match line.command {
        Command::Plugins(options) => plugins::run(&workspace, &options),
        Command::Tidy(options) => tidy::run(&workspace, &options),
        Command::Test(options) => test::run(&workspace, &options),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            xtask::say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
