//! Close-then-reopen: a closing that counted for a while.

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, UnitId};

use super::{Concern, Finding, WatchRules};
use crate::book::Book;
use crate::facts::Closing;
use crate::window::Period;

pub(super) fn reopened(book: &Book, period: &Period, rules: &WatchRules) -> Vec<Finding> {
    let soon = |closing: &Closing| {
        let taken_back = closing.taken_back_at.filter(|at| *at <= period.as_of);
        let within_s = i64::from(rules.reopened_within_h) * 3_600;
        taken_back.is_some_and(|at| at.as_second() - closing.at.as_second() <= within_s)
    };
    let mut units: BTreeMap<&UnitId, Vec<CaseId>> = BTreeMap::new();
    for case in book.cases() {
        let mut closings = case.closings.iter();
        let counted = closings.any(|closing| period.covers(closing.at) && soon(closing));
        if let Some(unit) = case.lead_as_of(period.as_of).filter(|_| counted) {
            units.entry(unit).or_default().push(case.case.clone());
        }
    }
    let finding = |(unit, cases): (&UnitId, Vec<CaseId>)| Finding {
        unit: unit.clone(),
        concern: Concern::ClosedThenReopened,
        cases,
    };
    units.into_iter().map(finding).collect()
}
