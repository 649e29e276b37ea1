//! One decision, several ways: a 40-row table on a full case, as a fraction of what each peer needs.

mod case;
mod extism;
mod native;
mod ours;
mod report;
mod rhai;
mod rounds;
mod zen;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use bench_table::Answer;
use clap::Parser;
use fengqiao_core::snapshot::Snapshot;

/// Measure one triage, several ways.
#[derive(Parser)]
struct Options {
    /// Fewer and shorter rounds.
    #[arg(long)]
    quick: bool,
    /// The component of `plugins/forty-rows`.
    #[arg(long)]
    plugin: PathBuf,
    /// The module of `guests/extism-forty-rows`.
    #[arg(long)]
    extism_guest: PathBuf,
}

/// One way to decide.
trait Contender {
    /// What it is called in the report.
    fn name(&self) -> &'static str;
    /// Decides one case, from the case as the kernel holds it to an answer in Rust; none is a pass.
    fn decide(&mut self, case: &Snapshot) -> Result<Option<Answer>>;
    /// Whether it gives the answer; a part of a call doesn't.
    fn is_whole(&self) -> bool {
        true
    }
}

fn main() -> Result<()> {
    let options = Options::parse();
    let read =
        |path: &PathBuf| std::fs::read(path).with_context(|| format!("reading {}", path.display()));
    let guest = read(&options.extism_guest)?;
    let mut contenders: Vec<Box<dyn Contender>> = vec![
        Box::new(native::Native::new()),
        Box::new(rhai::Script::new()?),
        Box::new(zen::Graph::new()?),
        Box::new(extism::Fresh::with_defaults(&guest)?),
        Box::new(extism::Fresh::pooled(&guest)?),
    ];
    contenders.extend(ours::all(&read(&options.plugin)?)?);

    let cases = case::all()?;
    for contender in &mut contenders {
        agree(contender.as_mut(), &cases).with_context(|| contender.name())?;
    }
    let rounds = rounds::run(&mut contenders, &cases, options.quick)?;
    report::print(&contenders, &rounds, &cases)
}

/// Every contender must give the answer of the native function before anything is measured.
fn agree(contender: &mut dyn Contender, cases: &[Snapshot]) -> Result<()> {
    if !contender.is_whole() {
        return Ok(());
    }
    for case in cases {
        let expected = native::Native::new().decide(case)?;
        ensure!(expected.is_some(), "the case isn't in the table");
        let answer = contender.decide(case)?;
        ensure!(answer == expected, "{answer:?} instead of {expected:?}");
    }
    Ok(())
}
