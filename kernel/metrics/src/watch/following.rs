//! A follow-up within minutes of the report: nobody can have looked.

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, UnitId};

use super::{Concern, Finding, WatchRules};
use crate::book::Book;
use crate::facts::CaseFacts;
use crate::window::Period;

pub(super) fn hasty(book: &Book, period: &Period, rules: &WatchRules) -> Vec<Finding> {
    let mut units: BTreeMap<&UnitId, Vec<CaseId>> = BTreeMap::new();
    for case in book
        .cases()
        .iter()
        .filter(|case| is_hasty(case, period, rules))
    {
        if let Some(unit) = case.lead_as_of(period.as_of) {
            units.entry(unit).or_default().push(case.case.clone());
        }
    }
    let finding = |(unit, cases): (&UnitId, Vec<CaseId>)| Finding {
        unit: unit.clone(),
        concern: Concern::HastyFollowUp,
        cases,
    };
    units.into_iter().map(finding).collect()
}

fn is_hasty(case: &CaseFacts, period: &Period, rules: &WatchRules) -> bool {
    let within_s = i64::from(rules.followed_up_within_min) * 60;
    let asked = case.follow_ups.iter().map(|follow_up| follow_up.at);
    let mut asked = asked.filter(|at| period.covers(*at));
    asked.any(|at| {
        let reported = case.reported_as_of(at);
        let after_s = reported.map(|reported| at.as_second() - reported.as_second());
        after_s.is_some_and(|after_s| (0..=within_s).contains(&after_s))
    })
}
