//! Counts of a window: everybody's in one pass, by a word of the cases, and one formula with its lists.

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, DivisionCode};
use fengqiao_metrics::{
    Appeals, Basis, Book, CaseFacts, Counting, CountingRules, Dimension, Elapsed, Finding,
    FormulaId, Lineage, Metric, Period, Question, Scope, Selection, Sheets, Suggested, Trait,
    Value, elapsed, metric, suggestions, watch, word,
};

use super::AssessError;
use crate::Service;
use crate::limits::{MAX_LISTED_FACTS, MAX_WORDS};
use crate::ports::advisor::Advisor;
use crate::ports::store::{FactsFilter, Store, StoreError};
use crate::ports::{Clock, Ids};

/// Cases whose facts are in memory at once while they are counted.
const CASES_A_READ: usize = 5_000;

/// What somebody wants counted.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Of which division and all below it.
    pub division: DivisionCode,
    /// Of which unit or place in it, and with which traits.
    pub selection: Selection,
    /// Over which time.
    pub period: Period,
    /// Whether merged cases count.
    pub basis: Basis,
}

/// Everybody's counts, and how the place counts.
#[derive(Debug)]
pub struct Counted {
    /// The counts.
    pub sheets: Sheets,
    /// The same by the words of a dimension, where one was asked for.
    pub by: BTreeMap<Option<String>, Sheets>,
    /// The rules they were counted by.
    pub rules: CountingRules,
}

impl Asked {
    fn filter(&self) -> FactsFilter {
        FactsFilter {
            division: Some(self.division.clone()),
            from: self.period.before.from(),
            until: self.period.window.until(),
        }
    }

    fn question(&self) -> Question {
        Question {
            selection: self.selection.clone(),
            period: self.period,
            basis: self.basis,
        }
    }

    /// The scope that a list is made of: the division's, where nobody is named.
    fn within(&self) -> Question {
        let mut question = self.question();
        if question.selection.scope == Scope::Whole {
            question.selection.scope = Scope::Division(self.division.clone());
        }
        question
    }
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Counts everything of a window in one pass; what is in memory doesn't grow with the cases.
    pub async fn count(
        &self,
        asked: &Asked,
        by: Option<Dimension>,
    ) -> Result<Counted, AssessError> {
        let rules = self.counting_rules(&asked.division).await?;
        let appeals = self.appeals_in(&asked.division).await?;
        let traits: &[Trait] = &asked.selection.traits;
        let begin = || Counting::new(asked.period, &appeals, traits.to_vec());
        let mut whole = begin();
        let mut words: BTreeMap<Option<String>, Counting<'_>> = BTreeMap::new();
        let ids = self.store.find_facts(&asked.filter()).await?;
        for some in ids.chunks(CASES_A_READ) {
            for account in self.store.facts(some).await? {
                let facts = rules.read(account);
                whole.case(&facts);
                if let Some(dimension) = by {
                    let word = word(&facts, dimension).map(str::to_owned);
                    words.entry(word).or_insert_with(begin).case(&facts);
                    readable(words.len())?;
                }
            }
        }
        let reference = self.reference();
        for account in self.store.unit_facts().await? {
            let unit = reference.units().get(&account.unit);
            if unit.is_some_and(|unit| asked.division.contains(&unit.division)) {
                rules
                    .cards(&account)
                    .iter()
                    .for_each(|card| whole.card(card));
            }
        }
        let by = words.into_iter();
        let by = by
            .map(|(word, counting)| (word, counting.finish()))
            .collect();
        Ok(Counted {
            sheets: whole.finish(),
            by,
            rules,
        })
    }

    /// One formula with the cases above, below and taken out.
    pub async fn figure(&self, asked: &Asked, formula: FormulaId) -> Result<Metric, AssessError> {
        let rules = self.counting_rules(&asked.division).await?;
        let appeals = self.appeals_in(&asked.division).await?;
        let question = asked.within();
        let mut lineage = Lineage::default();
        let ids = self.store.find_facts(&asked.filter()).await?;
        for some in ids.chunks(CASES_A_READ) {
            let book = self.book(some, &rules).await?;
            let part = metric(&book, &appeals, formula, &question).lineage;
            lineage.numerator.extend(part.numerator);
            lineage.denominator.extend(part.denominator);
            lineage.excluded.extend(part.excluded);
        }
        Ok(Metric {
            formula,
            value: Value::of(formula.formula(), &lineage),
            question,
            lineage,
        })
    }

    /// How long things took.
    pub async fn elapsed(&self, asked: &Asked) -> Result<Vec<Elapsed>, AssessError> {
        let (book, _) = self.whole_book(asked).await?;
        Ok(elapsed(&book, &asked.within()))
    }

    /// What people suggest, by theme.
    pub async fn suggestions(&self, asked: &Asked) -> Result<Vec<Suggested>, AssessError> {
        let (book, _) = self.whole_book(asked).await?;
        Ok(suggestions(&book, &asked.within()))
    }

    /// The patterns that a good figure may hide, with their cases.
    pub async fn watch(&self, asked: &Asked) -> Result<Vec<Finding>, AssessError> {
        let (book, rules) = self.whole_book(asked).await?;
        let appeals: Appeals = self.appeals_in(&asked.division).await?;
        Ok(watch(&book, &appeals, &asked.period, &rules.watch))
    }

    async fn whole_book(&self, asked: &Asked) -> Result<(Book, CountingRules), AssessError> {
        let rules = self.counting_rules(&asked.division).await?;
        let ids = self.store.find_facts(&asked.filter()).await?;
        listable(ids.len())?;
        let book = self.book(&ids, &rules).await?;
        Ok((book, rules))
    }

    async fn book(&self, ids: &[CaseId], rules: &CountingRules) -> Result<Book, AssessError> {
        let accounts = self.store.facts(ids).await?.into_iter();
        let cases: Vec<CaseFacts> = accounts.map(|account| rules.read(account)).collect();
        // A store's key tells each case once.
        let book = Book::new(cases);
        book.map_err(|error| AssessError::Store(StoreError::Corrupt(error.to_string())))
    }
}

fn listable(cases: usize) -> Result<(), AssessError> {
    if cases > MAX_LISTED_FACTS {
        return Err(AssessError::TooManyCases(cases));
    }
    Ok(())
}

fn readable(words: usize) -> Result<(), AssessError> {
    if words > MAX_WORDS {
        return Err(AssessError::TooManyWords);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_thousand_cases_are_looked_at_together_and_no_more() {
        assert!(listable(MAX_LISTED_FACTS).is_ok());
        let one_more = listable(MAX_LISTED_FACTS + 1);
        assert!(matches!(one_more, Err(AssessError::TooManyCases(count)) if count == 200_001));
    }

    #[test]
    fn a_count_is_broken_down_by_a_thousand_words_and_no_more() {
        assert!(readable(MAX_WORDS).is_ok());
        let one_more = readable(MAX_WORDS + 1);
        assert!(matches!(one_more, Err(AssessError::TooManyWords)));
    }
}
