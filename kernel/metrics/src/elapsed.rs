//! Elapsed times: posted → detected → registered, the five firsts, and how long a case takes; nearest rank, in whole seconds.

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::facts::CaseFacts;
use crate::judge::Basis;
use crate::metric::Question;
use crate::window::Period;

/// A stretch of a case's way. `第一时间` is no limit: it is measured, and no clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// 发现: posted → detected.
    Detection,
    /// Detected → registered.
    Registration,
    /// 受理: detected, or else registered → accepted.
    Acceptance,
    /// 化解: accepted → reported.
    Resolution,
    /// 确认: reported → confirmed.
    Confirmation,
    /// 反馈: confirmed, or else reported → the citizen answered.
    Feedback,
    /// Dispatched → contacted.
    Contact,
    /// Dispatched → on the spot.
    Arrival,
    /// Accepted → closed.
    Closing,
}

impl Span {
    /// All of them, in the order of a case's way.
    pub const ALL: [Span; 9] = [
        Span::Detection,
        Span::Registration,
        Span::Acceptance,
        Span::Resolution,
        Span::Confirmation,
        Span::Feedback,
        Span::Contact,
        Span::Arrival,
        Span::Closing,
    ];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Span::Detection => "发现用时",
            Span::Registration => "登记用时",
            Span::Acceptance => "受理用时",
            Span::Resolution => "化解用时",
            Span::Confirmation => "确认用时",
            Span::Feedback => "反馈用时",
            Span::Contact => "联系用时",
            Span::Arrival => "到场用时",
            Span::Closing => "办结用时",
        }
    }

    fn ends(self, case: &CaseFacts, as_of: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let at = &case.instants;
        let (reported, replied) = (case.reported_as_of(as_of), case.replied_as_of(as_of));
        let confirmed = case.confirmed_as_of(as_of);
        // Where one step both confirms and answers, the answer counts from the report as well.
        let apart = confirmed.filter(|at| Some(*at) != replied);
        let given = || case.turns.iter().map(|turn| turn.given_at).min();
        let (from, until) = match self {
            Span::Detection => (at.posted_at, at.detected_at),
            Span::Registration => (at.detected_at, Some(at.registered_at)),
            Span::Acceptance => (at.detected_at.or(Some(at.registered_at)), at.accepted_at),
            Span::Resolution => (at.accepted_at, reported),
            Span::Confirmation => (reported, confirmed),
            Span::Feedback => (apart.or(reported), replied),
            Span::Contact => (given(), at.contacted_at),
            Span::Arrival => (given(), at.arrived_at),
            Span::Closing => (at.accepted_at, case.closed_as_of(as_of).map(|it| it.at)),
        };
        from.zip(until)
    }
}

/// How long a stretch took, over the cases in which it ended in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Elapsed {
    /// Which stretch.
    pub span: Span,
    /// The middle one by nearest rank, in seconds.
    pub median_s: u64,
    /// The one that nine of ten don't exceed, by nearest rank, in seconds.
    pub p90_s: u64,
    /// The longest, in seconds.
    pub longest_s: u64,
    /// The cases, the slowest first, and of equal ones the smaller number.
    pub cases: Vec<CaseId>,
}

/// The times of a selection; a stretch that ended in no case is left out.
pub fn elapsed(book: &Book, question: &Question) -> Vec<Elapsed> {
    let mut times = Times::default();
    for case in counted(book, question) {
        times.take(case, &question.period);
    }
    times.summed_up()
}

/// The times of every unit that leads or led, in one pass.
pub fn elapsed_by_unit(book: &Book, question: &Question) -> BTreeMap<UnitId, Vec<Elapsed>> {
    let mut units: BTreeMap<&UnitId, Times<'_>> = BTreeMap::new();
    for case in counted(book, question) {
        if let Some(unit) = case.lead_as_of(question.period.as_of) {
            units.entry(unit).or_default().take(case, &question.period);
        }
    }
    let summed_up = |(unit, times): (&UnitId, Times<'_>)| (unit.clone(), times.summed_up());
    units.into_iter().map(summed_up).collect()
}

fn counted<'a>(book: &'a Book, question: &'a Question) -> impl Iterator<Item = &'a CaseFacts> {
    book.cases().iter().filter(|case| {
        let follows = question.basis == Basis::Deduplicated && case.merged_into.is_some();
        let whole = case.entries().next();
        let admitted =
            whole.is_some_and(|it| question.selection.admits(&it, question.period.as_of));
        admitted && !follows
    })
}

/// Seconds with their cases, by stretch.
#[derive(Default)]
struct Times<'a>([Vec<(u64, &'a CaseId)>; 9]);

impl<'a> Times<'a> {
    /// A stretch that ends before it begins is a mistake of some clock, and isn't counted.
    fn take(&mut self, case: &'a CaseFacts, period: &Period) {
        for (span, times) in Span::ALL.into_iter().zip(&mut self.0) {
            let ends = span.ends(case, period.as_of);
            let Some((from, until)) = ends.filter(|(_, until)| period.covers(*until)) else {
                continue;
            };
            let seconds = until.as_second() - from.as_second();
            if let Ok(seconds) = u64::try_from(seconds) {
                times.push((seconds, &case.case));
            }
        }
    }

    fn summed_up(self) -> Vec<Elapsed> {
        let summed_up = |(span, times): (Span, Vec<(u64, &CaseId)>)| Elapsed::of(span, times);
        Span::ALL
            .into_iter()
            .zip(self.0)
            .filter_map(summed_up)
            .collect()
    }
}

impl Elapsed {
    fn of(span: Span, mut times: Vec<(u64, &CaseId)>) -> Option<Self> {
        times.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        let longest_s = times.first()?.0;
        Some(Self {
            span,
            median_s: nearest_rank(&times, 50)?,
            p90_s: nearest_rank(&times, 90)?,
            longest_s,
            cases: times.into_iter().map(|(_, case)| case.clone()).collect(),
        })
    }
}

/// The smallest time that at least so many per cent don't exceed; the slowest stands first in the list.
fn nearest_rank(falling: &[(u64, &CaseId)], percent: usize) -> Option<u64> {
    let rank = (falling.len() * percent).div_ceil(100).max(1);
    let place = falling.len().checked_sub(rank)?;
    falling.get(place).map(|(seconds, _)| *seconds)
}
