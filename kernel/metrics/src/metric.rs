//! One number with its lineage: formula, window, whose, and the entries above, below and taken out.

use serde::Serialize;

use crate::appeal::Appeals;
use crate::book::Book;
use crate::countable::Countable;
use crate::formula::FormulaId;
use crate::held::held;
use crate::judge::{Basis, Place, judge};
use crate::lineage::{Excluded, Lineage, Member};
use crate::selection::Selection;
use crate::value::Value;
use crate::window::Period;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Question {
    /// Whose numbers, and with which traits.
    pub selection: Selection,
    /// Over which time.
    pub period: Period,
    /// Whether merged cases count.
    pub basis: Basis,
}

/// A number that lists its cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Metric {
    /// The formula.
    pub formula: FormulaId,
    /// What was asked.
    pub question: Question,
    /// The number.
    pub value: Value,
    /// The cases behind it.
    pub lineage: Lineage,
}

/// Answers one formula for one question.
pub fn metric(book: &Book, appeals: &Appeals, formula: FormulaId, question: &Question) -> Metric {
    let formula = formula.formula();
    let period = &question.period;
    let mut lineage = Lineage::default();
    for case in book.cases() {
        for entry in case.entries() {
            if entry.counted() != formula.counted() {
                continue;
            }
            if !question.selection.admits(&entry, period.as_of) {
                continue;
            }
            let facts = held(&entry, period);
            let member = || Member {
                case: case.case.clone(),
                number: entry.number(),
            };
            match judge(formula, &entry, facts, question.basis, appeals, period) {
                Place::Nowhere => {}
                Place::Above => lineage.numerator.push(member()),
                Place::Below => lineage.denominator.push(member()),
                Place::Both => {
                    lineage.numerator.push(member());
                    lineage.denominator.push(member());
                }
                Place::Out(why) => lineage.excluded.push(Excluded {
                    member: member(),
                    reason: why.reason(),
                }),
            }
        }
    }
    Metric {
        formula: formula.id,
        question: question.clone(),
        value: Value::of(formula, &lineage),
        lineage,
    }
}

/// The entries behind one line of a tally.
pub fn members(
    book: &Book,
    appeals: &Appeals,
    countable: Countable,
    question: &Question,
) -> Vec<Member> {
    let period = &question.period;
    let mut members = Vec::new();
    for case in book.cases() {
        let follows = question.basis == Basis::Deduplicated && case.merged_into.is_some();
        for entry in case.entries().filter(|_| !follows) {
            let counts = entry.counted() == countable.counted()
                && question.selection.admits(&entry, period.as_of)
                && held(&entry, period).has(countable);
            let appealed = || {
                let formula = countable.belongs_to()?;
                appeals.against(&entry, formula, period.as_of)
            };
            if counts && appealed().is_none() {
                members.push(Member {
                    case: case.case.clone(),
                    number: entry.number(),
                });
            }
        }
    }
    members
}
