//! A month's metrics: every formula of every unit and division in one pass, and how the cost grows with the cases.

mod cases;
mod stored;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Parser;
use fengqiao_metrics::{
    Appeals, Basis, Book, Countable, Counting, FormulaId, Question, Selection, WatchRules, elapsed,
    metric, watch,
};

/// Measure the metrics of a month.
#[derive(Parser)]
struct Options {
    /// One hundredth of the cases.
    #[arg(long)]
    quick: bool,
    /// Where the databases are put, and taken away again.
    #[arg(long, default_value = ".")]
    data: std::path::PathBuf,
}

/// Cases are made so many at a time, and only counting them is timed.
const CHUNK: usize = 10_000;

fn main() -> Result<()> {
    let options = Options::parse();
    let month = if options.quick { 1_000 } else { 100_000 };
    println!(
        "metrics: every formula of {} units and {} villages and all above",
        cases::UNITS,
        cases::VILLAGES
    );
    for times in [1, 10, 100] {
        count(month * times)?;
    }
    lists(month)?;
    let folder = tempfile::tempdir_in(&options.data)?;
    let runtime = tokio::runtime::Runtime::new()?;
    println!("from a store");
    for cases in [month / 10, month] {
        runtime.block_on(stored::measure(folder.path(), cases))?;
    }
    Ok(())
}

/// The one pass, with the sums over divisions at its end.
fn count(cases: usize) -> Result<()> {
    let appeals = Appeals::default();
    let mut counting = Counting::new(cases::month()?, &appeals, Vec::new());
    let mut spent = Duration::ZERO;
    for first in (0..cases).step_by(CHUNK) {
        let chunk = cases::some(first, CHUNK.min(cases - first))?;
        let begun = Instant::now();
        chunk.iter().for_each(|case| counting.case(case));
        spent += begun.elapsed();
    }
    let begun = Instant::now();
    let sheets = counting.finish();
    let summed = begun.elapsed();
    let counted = sheets.whole.fact(Countable::Registered, Basis::Raw);
    ensure!(counted == cases as u64, "{counted} of {cases} were counted");
    let all = spent + summed;
    println!(
        "  {cases:>10} cases: {:>7} ms in all, {:>5} ns a case; {} ms of it to sum up {} divisions",
        all.as_millis(),
        all.as_nanos() / cases as u128,
        summed.as_millis(),
        sheets.divisions.len(),
    );
    Ok(())
}

/// What lists its cases, for one question.
fn lists(month: usize) -> Result<()> {
    let period = cases::month()?;
    let begun = Instant::now();
    let book = Book::new(cases::some(0, month)?)?;
    println!(
        "lists over {month} cases, made and put in order in {} ms",
        begun.elapsed().as_millis()
    );
    let appeals = Appeals::default();
    let question = Question {
        selection: Selection::default(),
        period,
        basis: Basis::Deduplicated,
    };
    let timed = |what: &str, listed: &dyn Fn() -> usize| {
        let begun = Instant::now();
        let listed = listed();
        println!(
            "  {what}: {} ms, {listed} cases",
            begun.elapsed().as_millis()
        );
    };
    timed("one formula with its lineage", &|| {
        metric(&book, &appeals, FormulaId::ClosingRate, &question)
            .lineage
            .denominator
            .len()
    });
    timed("all elapsed times", &|| {
        elapsed(&book, &question)
            .iter()
            .map(|it| it.cases.len())
            .sum()
    });
    timed("the watch for gaming", &|| {
        let found = watch(&book, &appeals, &period, &WatchRules::default());
        found.iter().map(|it| it.cases.len()).sum()
    });
    Ok(())
}
