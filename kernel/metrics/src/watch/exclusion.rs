//! Mass exclusion before the month ends.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_core::ids::{CaseId, UnitId};

use super::{Concern, Finding, WatchRules};
use crate::appeal::Appeals;
use crate::window::Period;

/// Exclusions decided in the last days of the window, and up to what is known: what is decided after the end
/// still changes the window's numbers.
pub(super) fn in_mass(appeals: &Appeals, period: &Period, rules: &WatchRules) -> Vec<Finding> {
    let last_s = i64::from(rules.exclusions_within_days) * 86_400;
    let begins_s = period.window.until().as_second() - last_s;
    let mut units: BTreeMap<&UnitId, BTreeSet<CaseId>> = BTreeMap::new();
    for (appeal, decision) in appeals.granted(period.as_of) {
        if decision.at.as_second() >= begins_s {
            let cases = units.entry(&appeal.unit).or_default();
            cases.insert(appeal.case.clone());
        }
    }
    let many = |cases: &BTreeSet<CaseId>| cases.len() >= rules.exclusions_at_least as usize;
    let finding = |(unit, cases): (&UnitId, BTreeSet<CaseId>)| Finding {
        unit: unit.clone(),
        concern: Concern::MassExclusion,
        cases: cases.into_iter().collect(),
    };
    let units = units.into_iter().filter(|(_, cases)| many(cases));
    units.map(finding).collect()
}
