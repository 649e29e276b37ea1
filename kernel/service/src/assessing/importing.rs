//! Old systems that were merged (关停合并): their cases are imported as facts, with their old numbers.

use std::collections::BTreeSet;

use fengqiao_core::ids::{DivisionCode, UnitId};
use fengqiao_metrics::CaseAccount;

use super::AssessError;
use crate::Service;
use crate::limits::MAX_IMPORTED_CASES;
use crate::ports::advisor::Advisor;
use crate::ports::store::{ImportError, Store};
use crate::ports::{Clock, Ids};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Takes cases of an old system, all or none; answers how many. Places, units and what is corrected have to lie
    /// within reach; a unit that there is no longer is nobody's.
    pub async fn import_facts(
        &self,
        accounts: &[CaseAccount],
        reach: &DivisionCode,
    ) -> Result<usize, AssessError> {
        fits(accounts.len())?;
        let reference = self.reference();
        let mut numbers = BTreeSet::new();
        for (line, account) in (1..).zip(accounts) {
            let facts = &account.facts;
            if !numbers.insert(&facts.case) {
                return Err(AssessError::TwiceImported(facts.case.to_string()));
            }
            if !reach.contains(&facts.place) {
                return Err(AssessError::OutOfReach {
                    line,
                    division: facts.place.clone(),
                });
            }
            let foreign = named(account).find(|unit| {
                let known = reference.units().get(unit);
                known.is_some_and(|known| !reach.contains(&known.division))
            });
            if let Some(unit) = foreign {
                return Err(AssessError::ForeignUnit {
                    line,
                    unit: unit.clone(),
                });
            }
        }
        let taken = self.store.import_facts(accounts, reach).await;
        taken.map_err(|error| match error {
            ImportError::Elsewhere(case) => AssessError::ImportedElsewhere {
                line: accounts
                    .iter()
                    .take_while(|it| it.facts.case != case)
                    .count()
                    + 1,
                case,
            },
            error => error.into(),
        })?;
        Ok(accounts.len())
    }
}

/// Every unit that an account names.
fn named(account: &CaseAccount) -> impl Iterator<Item = &UnitId> {
    let facts = &account.facts;
    let turns = facts.turns.iter().map(|turn| &turn.unit);
    let mediations = facts.mediations.iter().map(|mediation| &mediation.unit);
    let orders = facts.orders.iter();
    let orders = orders.flat_map(|order| order.issuer.iter().chain([&order.addressee]));
    let owed = facts.report_clocks.iter();
    let owed = owed.filter_map(|clock| clock.unit.as_ref());
    let procedures = account.procedures.iter();
    let procedures = procedures.flat_map(|it| it.issuer.iter().chain(&it.addressee));
    facts
        .received_by
        .iter()
        .chain(turns)
        .chain(mediations)
        .chain(orders)
        .chain(owed)
        .chain(procedures)
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
