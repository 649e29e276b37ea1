//! Cases that were read or written lately, so that the same version isn't parsed again and again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use fengqiao_core::case::Case;
use fengqiao_core::ids::CaseId;
use fengqiao_service::ports::store::{After, Commit};

/// How many cases are kept at the most.
pub(super) const MAX_KEPT_CASES: usize = 2_048;

/// Cases by number. What is kept is only ever given out for the version that stands in the database at that moment, and
/// a version of a case never changes, unless its row is built anew, which forgets it: so that nothing here can be out of date.
#[derive(Debug, Default)]
pub(super) struct Cases(Mutex<Generations>);

/// The young are looked at first; when they are half of what may be kept, the old go and the young become old.
#[derive(Debug, Default)]
struct Generations {
    young: BTreeMap<CaseId, Arc<Case>>,
    old: BTreeMap<CaseId, Arc<Case>>,
}

impl Cases {
    /// The case at this version, if it is kept.
    pub(super) fn at(&self, id: &CaseId, version: i64) -> Option<Arc<Case>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = match generations.young.get(id) {
            Some(kept) => Arc::clone(kept),
            None => {
                let kept = generations.old.remove(id)?;
                generations.put(Arc::clone(&kept));
                kept
            }
        };
        let fits = i64::try_from(kept.docket.version).is_ok_and(|kept| kept == version);
        fits.then_some(kept)
    }

    /// Keeps a case as it was read.
    pub(super) fn put(&self, case: Arc<Case>) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.put(case);
    }

    /// Gives a case out no more until it is read again: its row was built anew under the version that it had.
    pub(super) fn forget(&self, id: &CaseId) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.young.remove(id);
        generations.old.remove(id);
    }

    /// Keeps the cases of a commit that was made.
    pub(super) fn keep(&self, commit: Commit) {
        for write in commit.writes {
            if let After::Case(case) = write.after {
                self.put(case);
            }
        }
    }
}

impl Generations {
    fn put(&mut self, case: Arc<Case>) {
        if self.young.len() >= MAX_KEPT_CASES / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(case.id.clone(), case);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::draft::{Draft, accepted, case_id};

    fn case(id: &str) -> Arc<Case> {
        Arc::new(Draft::registered(id, 1).case())
    }

    #[test]
    fn a_case_is_given_out_at_its_own_version_only() {
        let cases = Cases::default();
        cases.put(case("甲1"));
        assert_eq!(cases.at(&case_id("甲1"), 1), Some(case("甲1")));
        assert_eq!(cases.at(&case_id("甲1"), 2), None);
        assert_eq!(cases.at(&case_id("甲2"), 1), None);
    }

    #[test]
    fn a_later_version_takes_the_place_of_an_older_one() {
        let cases = Cases::default();
        let draft = Draft::registered("甲1", 1);
        let later = Arc::new(Draft::on(draft.case()).then(2, accepted()).case());
        cases.put(case("甲1"));
        cases.put(Arc::clone(&later));
        assert_eq!(cases.at(&case_id("甲1"), 1), None);
        assert_eq!(cases.at(&case_id("甲1"), 2), Some(later));
    }

    #[test]
    fn a_forgotten_case_is_not_given_out_young_or_old() {
        let cases = Cases::default();
        cases.put(case("old"));
        for number in 0..MAX_KEPT_CASES / 2 {
            cases.put(case(&number.to_string()));
        }
        cases.put(case("young"));
        for id in ["old", "young"] {
            cases.forget(&case_id(id));
            assert_eq!(cases.at(&case_id(id), 1), None, "{id}");
        }
    }

    #[test]
    fn no_more_cases_are_kept_than_the_most_and_those_in_use_stay() {
        let cases = Cases::default();
        cases.put(case("in-use"));
        for number in 0..2 * MAX_KEPT_CASES {
            cases.put(case(&number.to_string()));
            assert!(cases.at(&case_id("in-use"), 1).is_some(), "{number}");
        }
        assert_eq!(cases.at(&case_id("0"), 1), None);
        let generations = cases.0.lock().unwrap();
        assert!(generations.young.len() + generations.old.len() <= MAX_KEPT_CASES);
    }
}
