//! High satisfaction on low participation: who was asked, or who was let through?

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, UnitId};

use super::{Concern, Finding, WatchRules};
use crate::book::Book;
use crate::facts::Satisfied;
use crate::fraction::Fraction;
use crate::window::Period;

#[derive(Default)]
struct Ratings {
    ratable: u64,
    satisfied: u64,
    rated: Vec<CaseId>,
}

/// Looks at the cases whose citizens were asked in the window, and lists those who rated.
pub(super) fn few_satisfied(book: &Book, period: &Period, rules: &WatchRules) -> Vec<Finding> {
    let mut units: BTreeMap<&UnitId, Ratings> = BTreeMap::new();
    for case in book.cases() {
        let askings = case.instants.ratable_at.iter().copied();
        for asked_at in askings.filter(|at| period.covers(*at)) {
            let Some(unit) = case.lead_as_of(asked_at) else {
                continue;
            };
            let ratings = units.entry(unit).or_default();
            ratings.ratable += 1;
            if let Some(rating) = case.rating_of(asked_at, period.as_of) {
                ratings.satisfied += u64::from(rating.satisfied != Satisfied::No);
                ratings.rated.push(case.case.clone());
            }
        }
    }
    let suspect = units
        .into_iter()
        .filter(|(_, ratings)| ratings.are_few_and_good(rules));
    let finding = |(unit, mut ratings): (&UnitId, Ratings)| {
        ratings.rated.dedup();
        Finding {
            unit: unit.clone(),
            concern: Concern::FewSatisfied,
            cases: ratings.rated,
        }
    };
    suspect.map(finding).collect()
}

impl Ratings {
    fn are_few_and_good(&self, rules: &WatchRules) -> bool {
        let rated = u64::try_from(self.rated.len()).unwrap_or(u64::MAX);
        let satisfaction = Fraction::new(self.satisfied, rated);
        let participation = Fraction::new(rated, self.ratable);
        let high = satisfaction.is_some_and(|it| it.is_at_least_permille(rules.satisfied_permille));
        let low = participation
            .is_some_and(|it| !it.is_at_least_permille(rules.participation_below_permille));
        self.ratable >= u64::from(rules.ratable_at_least) && high && low
    }
}
