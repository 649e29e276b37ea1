//! The watch for gaming: patterns that a good rate may hide, shown beside the ranking with their cases. It judges nobody.

mod closing;
mod exclusion;
mod following;
mod rating;
mod replies;

use fengqiao_core::ids::{CaseId, UnitId};
use serde::{Deserialize, Serialize};

use crate::appeal::Appeals;
use crate::book::Book;
use crate::window::Period;

/// A pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concern {
    /// Closed, and taken back soon after.
    ClosedThenReopened,
    /// Many granted exclusions right before the window ends.
    MassExclusion,
    /// The citizen was asked within minutes of the report.
    HastyFollowUp,
    /// Several citizens got the same words.
    IdenticalReplies,
    /// Nearly everybody who rated is satisfied, and hardly anybody rated.
    FewSatisfied,
}

impl Concern {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Concern::ClosedThenReopened => "办结后短期内重办",
            Concern::MassExclusion => "期末集中剔除",
            Concern::HastyFollowUp => "反馈后数分钟内即回访",
            Concern::IdenticalReplies => "答复内容雷同",
            Concern::FewSatisfied => "满意率高而参评率低",
        }
    }
}

/// A pattern that was found in a unit's cases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// Whose cases.
    pub unit: UnitId,
    /// Which pattern.
    pub concern: Concern,
    /// The cases, in order.
    pub cases: Vec<CaseId>,
}

/// From where on a pattern is shown. No source gives these numbers, so each is assumed until a place sets its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct WatchRules {
    /// A closing that was taken back within so many hours.
    pub reopened_within_h: u32,
    /// Exclusions granted within so many days before the window's end, and after it.
    pub exclusions_within_days: u32,
    /// So many of them.
    pub exclusions_at_least: u32,
    /// A follow-up within so many minutes of the report.
    pub followed_up_within_min: u32,
    /// The same words in so many cases.
    pub same_words_at_least: u32,
    /// Satisfaction of at least so many thousandths…
    pub satisfied_permille: u32,
    /// …with less than so many thousandths taking part…
    pub participation_below_permille: u32,
    /// …where at least so many could have rated.
    pub ratable_at_least: u32,
}

impl Default for WatchRules {
    fn default() -> Self {
        Self {
            reopened_within_h: 72,
            exclusions_within_days: 3,
            exclusions_at_least: 5,
            followed_up_within_min: 5,
            same_words_at_least: 3,
            satisfied_permille: 950,
            participation_below_permille: 200,
            ratable_at_least: 20,
        }
    }
}

/// Looks for all patterns; by unit, then by pattern, then by case.
pub fn watch(book: &Book, appeals: &Appeals, period: &Period, rules: &WatchRules) -> Vec<Finding> {
    let mut found = closing::reopened(book, period, rules);
    found.extend(exclusion::in_mass(appeals, period, rules));
    found.extend(following::hasty(book, period, rules));
    found.extend(replies::identical(book, period, rules));
    found.extend(rating::few_satisfied(book, period, rules));
    found.sort();
    found
}
