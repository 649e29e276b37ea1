//! The hook `assess`: how do these tallies score?

use crate::bindings::assess::exports::fengqiao::assess::assess as contract;
pub use crate::bindings::assess::exports::fengqiao::assess::assess::{ScoreLine, ScoreSheet};
use crate::case::{Subject, count};
use crate::export::{Adapter, call};
use crate::plugin::{Plugin, PluginError};

/// Scores units or divisions. The kernel counts, ranks and keeps the lineage.
pub trait Assess: Plugin {
    /// Scores one unit or division for a period (`2026`, `2026-05`) from its own tallies and those of its whole group.
    ///
    /// # Errors
    /// The sheet says that this subject has no score, and why.
    fn assess(
        config: &Self::Config,
        subject: &Subject,
        period: &str,
        own: &Tallies,
        group: &Tallies,
    ) -> Result<ScoreSheet, PluginError>;
}

/// The countable facts of one subject in one period, by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies(Vec<(String, u64)>);

impl Tallies {
    /// How many of a code; 0 where it never happened.
    pub fn get(&self, code: &str) -> u64 {
        count(&self.0, code).unwrap_or(0)
    }
}

impl<C: Into<String>> FromIterator<(C, u64)> for Tallies {
    fn from_iter<I: IntoIterator<Item = (C, u64)>>(counts: I) -> Self {
        let counts = counts.into_iter();
        Self(counts.map(|(code, count)| (code.into(), count)).collect())
    }
}

impl ScoreSheet {
    /// A sheet without lines, worth nothing yet.
    pub fn empty() -> Self {
        Self {
            lines: Vec::new(),
            total_hundredths: 0,
            grade: None,
            ext: Vec::new(),
        }
    }

    /// Adds an item; its hundredths of a point count into the total. The explanation says in Chinese how they came about.
    #[must_use]
    pub fn line(
        mut self,
        code: &str,
        label: &str,
        points_hundredths: i64,
        explanation: &str,
    ) -> Self {
        self.total_hundredths = self.total_hundredths.saturating_add(points_hundredths);
        self.lines.push(ScoreLine {
            code: code.to_owned(),
            label: label.to_owned(),
            points_hundredths,
            explanation: explanation.to_owned(),
        });
        self
    }
}

impl<P: Assess> contract::Guest for Adapter<P> {
    fn assess(
        config: String,
        subject: Subject,
        period: String,
        own: Vec<(String, u64)>,
        group: Vec<(String, u64)>,
    ) -> Result<ScoreSheet, PluginError> {
        let (own, group) = (Tallies(own), Tallies(group));
        call::<P, _>(&config, |config| {
            P::assess(config, &subject, &period, &own, &group)
        })
    }
}
