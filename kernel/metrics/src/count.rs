//! The counts of one unit or division: every countable fact and every formula, with and without merged cases.

use std::collections::BTreeMap;

use fengqiao_core::ids::Code;
use serde::Serialize;

use crate::countable::{self, Countable, Countables};
use crate::facts::CaseFacts;
use crate::formula::{self, Formula, FormulaId, Formulas};
use crate::judge::{Basis, Place, Why, by_rule};
use crate::value::Value;

/// A count on both bases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Pair<N> {
    raw: N,
    deduplicated: N,
}

impl<N> Pair<N> {
    fn on(&self, basis: Basis) -> &N {
        match basis {
            Basis::Raw => &self.raw,
            Basis::Deduplicated => &self.deduplicated,
        }
    }
}

/// A formula's counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Split {
    /// Above.
    pub above: u64,
    /// Below.
    pub below: u64,
    /// Above and not below: in a cohort there is none.
    pub outside: u64,
    /// Taken out, for whatever reason.
    pub excluded: u64,
}

impl Split {
    fn take(&mut self, place: Place<'_>, out: bool) {
        match place {
            _ if out => self.excluded += 1,
            Place::Nowhere => {}
            Place::Above => {
                self.above += 1;
                self.outside += 1;
            }
            Place::Below => self.below += 1,
            Place::Both => {
                self.above += 1;
                self.below += 1;
            }
            Place::Out(_) => self.excluded += 1,
        }
    }

    fn add(&mut self, other: &Split) {
        self.above += other.above;
        self.below += other.below;
        self.outside += other.outside;
        self.excluded += other.excluded;
    }
}

/// Sums that aren't counts of entries: visits, people received, money in dispute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    visits: u64,
    attendances: u64,
    amount_fen: u64,
}

impl Sums {
    fn add(&mut self, other: &Sums) {
        self.visits = self.visits.saturating_add(other.visits);
        self.attendances = self.attendances.saturating_add(other.attendances);
        self.amount_fen = self.amount_fen.saturating_add(other.amount_fen);
    }
}

/// One formula of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Figure {
    /// The formula.
    pub formula: FormulaId,
    /// Its counts.
    pub counts: Split,
    /// The number, under the name that it may bear.
    pub value: Value,
}

/// Why entries are out of a formula, as a count has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "because", content = "fact")]
pub enum Exclusion {
    /// The formula's own rule.
    Rule(Countable),
    /// The case follows another one.
    Merged,
    /// An appeal was granted.
    Appeal,
}

impl Exclusion {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Exclusion::Rule(fact) => fact.label(),
            Exclusion::Merged => "并入他案",
            Exclusion::Appeal => "申诉剔除",
        }
    }
}

/// Everything that was counted for one unit or division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    facts: [Pair<u64>; countable::COUNT],
    formulas: [Pair<Split>; formula::COUNT],
    exclusions: BTreeMap<(FormulaId, Exclusion), Pair<u64>>,
    sums: Pair<Sums>,
    cards: BTreeMap<Code, u64>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            facts: [Pair::default(); countable::COUNT],
            formulas: [Pair::default(); formula::COUNT],
            exclusions: BTreeMap::new(),
            sums: Pair::default(),
            cards: BTreeMap::new(),
        }
    }
}

/// An entry as it is counted: what holds of it, and which formulas it was taken out of by appeal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticked {
    pub(crate) facts: Countables,
    pub(crate) out_of: Formulas,
    pub(crate) merged: bool,
}

impl Counts {
    /// How often a fact was counted.
    pub fn fact(&self, countable: Countable, basis: Basis) -> u64 {
        let pair = self.facts.get(countable as usize);
        pair.map_or(0, |pair| *pair.on(basis))
    }

    /// A formula's counts.
    pub fn split(&self, formula: FormulaId, basis: Basis) -> Split {
        let pair = self.formulas.get(formula as usize);
        pair.map_or_else(Split::default, |pair| *pair.on(basis))
    }

    /// A formula's number.
    pub fn value(&self, formula: FormulaId, basis: Basis) -> Value {
        Value::of_split(formula.formula(), &self.split(formula, basis))
    }

    /// What was taken out of a formula, by reason; of several reasons the first holds, as in the lists.
    pub fn exclusions(&self, formula: FormulaId, basis: Basis) -> Vec<(Exclusion, u64)> {
        let all = self.exclusions.iter();
        let own = all.filter(|((of, _), _)| *of == formula);
        own.map(|((_, why), pair)| (*why, *pair.on(basis)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// Every formula in the order of the table.
    pub fn figures(&self, basis: Basis) -> Vec<Figure> {
        let figure = |formula: &Formula| Figure {
            formula: formula.id,
            counts: self.split(formula.id, basis),
            value: self.value(formula.id, basis),
        };
        Formula::ALL.iter().map(figure).collect()
    }

    /// The sums, by code.
    pub(crate) fn sums(&self, basis: Basis) -> [(&'static str, u64); 3] {
        let sums = self.sums.on(basis);
        [
            ("visits", sums.visits),
            ("attendances", sums.attendances),
            ("amount-fen", sums.amount_fen),
        ]
    }

    /// Cards by step.
    pub fn cards(&self) -> &BTreeMap<Code, u64> {
        &self.cards
    }

    pub(crate) fn take(&mut self, entry: &Ticked) {
        let counted = entry.facts.without(entry.out_of.countables());
        for place in counted.places() {
            if let Some(pair) = self.facts.get_mut(place) {
                pair.raw += 1;
                pair.deduplicated += u64::from(!entry.merged);
            }
        }
        for (formula, pair) in Formula::ALL.iter().zip(&mut self.formulas) {
            let place = by_rule(formula, entry.facts);
            if place == Place::Nowhere {
                continue;
            }
            let appealed = entry.out_of.has(formula.id);
            pair.raw.take(place, appealed);
            pair.deduplicated.take(place, appealed || entry.merged);
            let by_rule = match place {
                Place::Out(Why::Rule(fact)) => Some(Exclusion::Rule(fact)),
                _ => None,
            };
            let appealed = appealed.then_some(Exclusion::Appeal);
            let merged = entry.merged.then_some(Exclusion::Merged);
            if let Some(why) = by_rule.or(appealed) {
                self.exclusions.entry((formula.id, why)).or_default().raw += 1;
            }
            if let Some(why) = by_rule.or(merged).or(appealed) {
                let pair = self.exclusions.entry((formula.id, why)).or_default();
                pair.deduplicated += 1;
            }
        }
    }

    /// What a matter weighs besides being one, where it was registered in the window.
    pub(crate) fn weigh(&mut self, case: &CaseFacts) {
        let sums = Sums {
            visits: u64::from(case.visits),
            attendances: u64::from(case.attendances),
            amount_fen: case.amount_fen.unwrap_or(0),
        };
        self.sums.raw.add(&sums);
        if case.merged_into.is_none() {
            self.sums.deduplicated.add(&sums);
        }
    }

    pub(crate) fn raise_card(&mut self, code: &Code) {
        *self.cards.entry(code.clone()).or_default() += 1;
    }

    /// Adds what was counted for somebody else.
    pub(crate) fn add(&mut self, other: &Counts) {
        for (mine, theirs) in self.facts.iter_mut().zip(&other.facts) {
            mine.raw += theirs.raw;
            mine.deduplicated += theirs.deduplicated;
        }
        for (mine, theirs) in self.formulas.iter_mut().zip(&other.formulas) {
            mine.raw.add(&theirs.raw);
            mine.deduplicated.add(&theirs.deduplicated);
        }
        for (why, count) in &other.exclusions {
            let mine = self.exclusions.entry(*why).or_default();
            mine.raw += count.raw;
            mine.deduplicated += count.deduplicated;
        }
        self.sums.raw.add(&other.sums.raw);
        self.sums.deduplicated.add(&other.sums.deduplicated);
        for (code, count) in &other.cards {
            *self.cards.entry(code.clone()).or_default() += count;
        }
    }
}
