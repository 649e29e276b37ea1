//! `cargo xtask bench`: builds the workspace under `bench/` and measures the kernel against its peers, as ratios from one run.

mod country;
mod terminals;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{
    plugins, say,
    workspace::{self, Workspace},
};

/// Measure the kernel against its peers.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// Fewer and shorter rounds.
    #[arg(long)]
    quick: bool,
    /// Only one of the measures.
    #[arg(long, value_enum)]
    only: Option<Measure>,
    /// Measure reference data also on the country's own 665,000 divisions, fetched once by npm.
    #[arg(long)]
    country: bool,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Measure {
    /// One decision by a plugin, against a native function, scripts, rules and another host.
    Triage,
    /// Durable commands a second through HTTP, against a hand-written handler.
    Commands,
    /// The metrics of a month, and how their cost grows with the cases.
    Metrics,
    /// Look-ups in reference data, against scans and maps.
    Reference,
    /// A day's registrations from many terminals at once, in each jurisdiction, through HTTP.
    Terminals,
}

/// The peer's guest; a core module, so it isn't among the plugins.
const PEER_GUEST: &str = "extism-forty-rows";

/// Builds what is measured, and prints what was found; a target that isn't reached is said, and is no failure.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let bench = workspace.below("bench");
    let is_asked = |measure| options.only.is_none_or(|only| only == measure);
    if is_asked(Measure::Metrics) {
        metrics(&bench, options)?;
    }
    if is_asked(Measure::Reference) {
        reference(workspace, &bench, options)?;
    }
    if is_asked(Measure::Terminals) {
        terminals::measure(workspace, &server(workspace)?, options.quick)?;
    }
    let without_a_plugin = [Measure::Metrics, Measure::Reference, Measure::Terminals];
    if options
        .only
        .is_some_and(|only| without_a_plugin.contains(&only))
    {
        return Ok(());
    }
    say("bench: building the plugin that is asked");
    let built = plugins::build(&bench, &plugins::Options::default())?;
    let plugin = built.plugins.first().context("bench/plugins is empty")?;
    if is_asked(Measure::Triage) {
        triage(&bench, &plugin.path, options)?;
    }
    if is_asked(Measure::Commands) {
        commands(workspace, &bench, &plugin.path, options)?;
    }
    Ok(())
}

fn reference(workspace: &Workspace, bench: &Workspace, options: &Options) -> Result<()> {
    say("bench: building the look-ups");
    release(bench, "bench-reference")?;
    let mut measure = std::process::Command::new(bench.target("release/bench-reference"));
    if options.country {
        measure
            .arg("--divisions")
            .arg(country::divisions(workspace)?);
    }
    workspace::run(measure.args(options.quick.then_some("--quick")))
}

fn triage(bench: &Workspace, plugin: &Path, options: &Options) -> Result<()> {
    say("bench: building the peers; the first time takes many minutes");
    let mut guest = bench.cargo();
    guest
        .args([
            "build",
            "--profile",
            "guest",
            "--target",
            "wasm32-unknown-unknown",
        ])
        .args(["--package", PEER_GUEST]);
    workspace::run(&mut guest)?;
    release(bench, "bench-triage")?;
    let guest = bench.target("wasm32-unknown-unknown/guest/extism_forty_rows.wasm");
    let mut measure = std::process::Command::new(bench.target("release/bench-triage"));
    measure.arg("--plugin").arg(plugin);
    measure.arg("--extism-guest").arg(guest);
    workspace::run(measure.args(options.quick.then_some("--quick")))
}

fn metrics(bench: &Workspace, options: &Options) -> Result<()> {
    release(bench, "bench-metrics")?;
    let mut measure = std::process::Command::new(bench.target("release/bench-metrics"));
    measure.arg("--data").arg(bench.target("release"));
    workspace::run(measure.args(options.quick.then_some("--quick")))
}

fn commands(
    workspace: &Workspace,
    bench: &Workspace,
    plugin: &Path,
    options: &Options,
) -> Result<()> {
    let server = server(workspace)?;
    release(bench, "bench-commands")?;
    let slow_sync = slow_sync(bench)?;
    let mut measure = std::process::Command::new(bench.target("release/bench-commands"));
    measure.arg("--ours").arg(server);
    measure.arg("--naive").arg(bench.target("release/naive"));
    measure.arg("--plugin").arg(plugin);
    measure.arg("--slow-sync").arg(slow_sync);
    measure.arg("--data").arg(bench.target("data"));
    workspace::run(measure.args(options.quick.then_some("--quick")))
}

/// The kernel as it is released.
fn server(workspace: &Workspace) -> Result<PathBuf> {
    say("bench: building the server as it is released");
    let mut server = workspace.cargo();
    server.args(["build", "--release", "--package", "fengqiao-server"]);
    workspace::run(&mut server)?;
    Ok(workspace.target("release/fengqiao"))
}

/// The peers ask for a newer compiler than ours, and are built by ours all the same.
fn release(bench: &Workspace, package: &str) -> Result<()> {
    let mut build = bench.cargo();
    build.args([
        "build",
        "--release",
        "--ignore-rust-version",
        "--package",
        package,
    ]);
    workspace::run(&mut build)
}

/// The library that makes each sync longer.
fn slow_sync(bench: &Workspace) -> Result<PathBuf> {
    if !cfg!(target_os = "linux") {
        bail!("slow syncs are made by LD_PRELOAD: run this on Linux, or with --only triage");
    }
    let library = bench.target("slow-sync.so");
    let mut compile = std::process::Command::new("cc");
    compile.args(["-O2", "-shared", "-fPIC", "-o"]);
    compile.arg(&library);
    compile.arg(bench.root().join("slow-sync.c"));
    workspace::run(compile.arg("-ldl"))?;
    Ok(library)
}
