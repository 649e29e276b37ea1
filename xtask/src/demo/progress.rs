//! How far the play is: a bar on a terminal, and a line now and then elsewhere.

use std::io::IsTerminal as _;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};

use crate::say;

/// Without a terminal one line stands for this many cases.
const CASES_A_LINE: usize = 10;

/// Counts the cases that are through.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    done: usize,
    cases: usize,
}

impl Progress {
    pub(super) fn new(cases: usize) -> Result<Self> {
        let style = ProgressStyle::with_template("demo: playing {bar:30} {pos}/{len} {msg}")
            .context("the progress bar")?;
        let bar = std::io::stderr()
            .is_terminal()
            .then(|| ProgressBar::new(cases as u64).with_style(style));
        if bar.is_none() {
            say(&format!("demo: playing {cases} cases"));
        }
        Ok(Self {
            bar,
            done: 0,
            cases,
        })
    }

    /// One more, with its title.
    pub(super) fn tell(&mut self, title: &str) {
        self.done += 1;
        let (done, cases) = (self.done, self.cases);
        match &self.bar {
            Some(bar) => {
                bar.set_message(title.to_owned());
                bar.inc(1);
                if done == cases {
                    bar.finish_and_clear();
                }
            }
            None if done.is_multiple_of(CASES_A_LINE) || done == cases => {
                say(&format!("demo: {done} of {cases} cases played"));
            }
            None => {}
        }
    }
}
