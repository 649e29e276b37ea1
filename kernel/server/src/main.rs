//! The process `fengqiao`: configuration, command line, HTTP, pages, wiring.

mod answers;
mod app;
mod body;
mod cli;
mod clock;
mod demo;
mod dossier_page;
mod extract;
mod files;
mod gate;
mod ids;
mod json;
mod limits;
mod metrics;
mod once;
mod openapi;
mod operation;
mod operations;
mod page;
mod pages;
mod policy;
mod principals;
mod problem;
mod rates;
mod schemas;
mod secret;
mod taken;
mod tasks;
mod viewing;
mod wiring;

use std::process::ExitCode;

/// A third of a command's processor time went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
