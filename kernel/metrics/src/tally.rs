//! Tallies (计数): the countable facts of one unit, division or group as codes and numbers, as rules that score read them.

use crate::count::Counts;
use crate::countable::Countable;
use crate::judge::Basis;

/// What a card's code is led by in a tally.
pub const CARD_PREFIX: &str = "card.";

impl Counts {
    /// Every code with its number, also those of which there are none: first the facts in their order, then
    /// `visits`, `attendances` and `amount-fen`, then cards as `card.<step>`.
    pub fn tallies(&self, basis: Basis) -> Vec<(String, u64)> {
        let facts = Countable::ALL
            .iter()
            .map(|fact| (fact.code().to_owned(), self.fact(*fact, basis)));
        let sums = self.sums(basis);
        let sums = sums.into_iter().map(|(code, sum)| (code.to_owned(), sum));
        let cards = self.cards().iter();
        let cards = cards.map(|(code, count)| (format!("{CARD_PREFIX}{code}"), *count));
        facts.chain(sums).chain(cards).collect()
    }
}
