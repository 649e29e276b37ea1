//! Old systems that were merged (关停合并): their cases are imported as facts, with their old numbers.

use std::collections::BTreeSet;

use fengqiao_core::ids::DivisionCode;
use fengqiao_metrics::CaseAccount;

use super::AssessError;
use crate::Service;
use crate::limits::MAX_IMPORTED_CASES;
use crate::ports::advisor::Advisor;
use crate::ports::store::Store;
use crate::ports::{Clock, Ids};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Takes cases of an old system, all or none; answers how many.
    pub async fn import_facts(
        &self,
        accounts: &[CaseAccount],
        reach: &DivisionCode,
    ) -> Result<usize, AssessError> {
        fits(accounts.len())?;
        let mut numbers = BTreeSet::new();
        let twice = accounts.iter().find(|it| !numbers.insert(&it.facts.case));
        if let Some(account) = twice {
            return Err(AssessError::TwiceImported(account.facts.case.to_string()));
        }
        let outside = accounts.iter().find(|it| !reach.contains(&it.facts.place));
        if let Some(account) = outside {
            return Err(AssessError::OutOfReach(account.facts.place.clone()));
        }
        self.store.import_facts(accounts).await?;
        Ok(accounts.len())
    }
}

fn fits(cases: usize) -> Result<(), AssessError> {
    if cases > MAX_IMPORTED_CASES {
        return Err(AssessError::TooLongImport);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_import_takes_twenty_thousand_cases_and_no_more() {
        assert!(fits(MAX_IMPORTED_CASES).is_ok());
        let one_more = fits(MAX_IMPORTED_CASES + 1);
        assert!(matches!(one_more, Err(AssessError::TooLongImport)));
    }
}
