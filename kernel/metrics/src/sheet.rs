//! All counts of all formulas for every unit and division, in one pass over the cases.

use std::collections::BTreeMap;

use fengqiao_core::ids::{DivisionCode, UnitId};

use crate::appeal::Appeals;
use crate::book::Book;
use crate::count::{Counts, Ticked};
use crate::countable::Countable;
use crate::facts::{Card, CaseFacts};
use crate::formula::Formulas;
use crate::held::held;
use crate::selection::Trait;
use crate::window::Period;

/// The counts of one period, everybody's. The lists behind one of them are made where they are asked for, by
/// [`crate::metric()`] and [`crate::members`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheets {
    /// The period.
    pub period: Period,
    /// Everything that was counted.
    pub whole: Counts,
    /// By unit, each with its own part in the cases.
    pub units: BTreeMap<UnitId, Counts>,
    /// By division, each with everything below it.
    pub divisions: BTreeMap<DivisionCode, Counts>,
}

impl Sheets {
    /// Counts a book and the cards of the same time.
    pub fn count(book: &Book, cards: &[Card], appeals: &Appeals, period: Period) -> Self {
        let mut counting = Counting::new(period, appeals, Vec::new());
        book.cases().iter().for_each(|case| counting.case(case));
        cards.iter().for_each(|card| counting.card(card));
        counting.finish()
    }

    /// A unit's counts; all zero where it had no part in anything.
    pub fn unit(&self, unit: &UnitId) -> Counts {
        self.units.get(unit).cloned().unwrap_or_default()
    }

    /// A division's counts; all zero where nothing happened.
    pub fn division(&self, division: &DivisionCode) -> Counts {
        self.divisions.get(division).cloned().unwrap_or_default()
    }

    /// What these units did together.
    pub fn group<'a>(&self, units: impl IntoIterator<Item = &'a UnitId>) -> Counts {
        let mut group = Counts::default();
        for counts in units.into_iter().filter_map(|unit| self.units.get(unit)) {
            group.add(counts);
        }
        group
    }
}

/// Counts one case after the other. What it holds grows with units and places, not with cases, so that a store
/// may hand over the cases of a year one by one.
#[derive(Debug)]
pub struct Counting<'a> {
    period: Period,
    appeals: &'a Appeals,
    traits: Vec<Trait>,
    units: Table<UnitId>,
    places: Table<DivisionCode>,
    cards: Counts,
}

impl<'a> Counting<'a> {
    /// Begins to count entries that have every one of these traits.
    pub fn new(period: Period, appeals: &'a Appeals, traits: Vec<Trait>) -> Self {
        Self {
            period,
            appeals,
            traits,
            units: Table::default(),
            places: Table::default(),
            cards: Counts::default(),
        }
    }

    /// Counts a case. Each is to be given once: a [`Book`] sees to that, and so does a store's key.
    pub fn case(&mut self, case: &CaseFacts) {
        for entry in case.entries() {
            if !self.traits.iter().all(|wanted| wanted.holds(&entry)) {
                continue;
            }
            let facts = held(&entry, &self.period);
            if facts.is_empty() {
                continue;
            }
            let out_of = if self.appeals.is_empty() {
                Formulas::default()
            } else {
                self.appeals.out_of(&entry, self.period.as_of)
            };
            let merged = case.merged_into.is_some();
            let ticked = Ticked {
                facts,
                out_of,
                merged,
            };
            let unit = entry.unit(self.period.as_of);
            let unit = unit.map(|unit| self.units.of(unit));
            for counts in unit.into_iter().chain([self.places.of(&case.place)]) {
                counts.take(&ticked);
                if facts.has(Countable::Registered) {
                    counts.weigh(case);
                }
            }
        }
    }

    /// Counts a card that was raised in the window and not taken back.
    pub fn card(&mut self, card: &Card) {
        if self.period.covers(card.at) && !self.period.knows(card.taken_back_at) {
            self.units.of(&card.unit).raise_card(&card.code);
            self.cards.raise_card(&card.code);
        }
    }

    /// Adds every place to the divisions above it.
    pub fn finish(self) -> Sheets {
        let mut whole = self.cards;
        let mut divisions = Table::default();
        for (place, counts) in self.places.rows() {
            whole.add(counts);
            for division in place.path() {
                divisions.of(&division).add(counts);
            }
        }
        Sheets {
            period: self.period,
            whole,
            units: self.units.into_map(),
            divisions: divisions.into_map(),
        }
    }
}

/// Counts by name; a name is copied the first time it is met only.
#[derive(Debug)]
struct Table<K> {
    places: BTreeMap<K, usize>,
    counts: Vec<Counts>,
    spare: Counts,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self {
            places: BTreeMap::new(),
            counts: Vec::new(),
            spare: Counts::default(),
        }
    }
}

impl<K: Ord + Clone> Table<K> {
    fn of(&mut self, name: &K) -> &mut Counts {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => {
                self.counts.push(Counts::default());
                self.places.insert(name.clone(), self.counts.len() - 1);
                self.counts.len() - 1
            }
        };
        // A place is handed out with its row, so the spare one is never reached.
        self.counts.get_mut(place).unwrap_or(&mut self.spare)
    }

    fn rows(&self) -> impl Iterator<Item = (&K, &Counts)> {
        let places = self.places.iter();
        places.filter_map(|(name, place)| Some((name, self.counts.get(*place)?)))
    }

    fn into_map(self) -> BTreeMap<K, Counts> {
        let mut counts: Vec<Option<Counts>> = self.counts.into_iter().map(Some).collect();
        let row = |(name, place): (K, usize)| Some((name, counts.get_mut(place)?.take()?));
        self.places.into_iter().filter_map(row).collect()
    }
}
