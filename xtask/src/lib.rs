//! The subcommands of `cargo xtask` as functions, so that one can call another.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks to a terminal"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "automation reads the tree, runs programs and measures how long they take"
)]

pub mod bench;
pub mod demo;
pub mod plugins;
pub mod rules;
mod stage;
pub mod test;
pub mod tidy;
pub mod workspace;

/// Tells the person at the terminal what happens now; standard output is kept for results.
pub fn say(line: &str) {
    eprintln!("{line}");
}
