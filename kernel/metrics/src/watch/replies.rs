//! Identical reply texts, by the digests of their words.

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, Digest, UnitId};

use super::{Concern, Finding, WatchRules};
use crate::book::Book;
use crate::window::Period;

/// One finding for each text that a unit used too often. Cases that were merged got the answer of their primary.
pub(super) fn identical(book: &Book, period: &Period, rules: &WatchRules) -> Vec<Finding> {
    let mut texts: BTreeMap<(&UnitId, &Digest), Vec<CaseId>> = BTreeMap::new();
    for case in book.cases() {
        let Some(unit) = case.lead_as_of(period.as_of) else {
            continue;
        };
        let own = case.words_in(period).filter(|_| case.merged_into.is_none());
        for words in own {
            let cases = texts.entry((unit, words)).or_default();
            if cases.last() != Some(&case.case) {
                cases.push(case.case.clone());
            }
        }
    }
    let many = |cases: &Vec<CaseId>| cases.len() >= rules.same_words_at_least as usize;
    let finding = |((unit, _), cases): ((&UnitId, &Digest), Vec<CaseId>)| Finding {
        unit: unit.clone(),
        concern: Concern::IdenticalReplies,
        cases,
    };
    let texts = texts.into_iter().filter(|(_, cases)| many(cases));
    texts.map(finding).collect()
}
