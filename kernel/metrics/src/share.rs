//! Shares that a jurisdiction names itself: of these cases, how many have that trait.

use fengqiao_core::ids::Code;
use serde::{Deserialize, Serialize};

use crate::appeal::Appeals;
use crate::book::Book;
use crate::countable::Countable;
use crate::lineage::Lineage;
use crate::metric::{Question, members};
use crate::selection::Trait;
use crate::value::{NotARate, Rate};

/// A share as configuration: the cases of a countable fact, and the trait that some of them have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Share {
    /// Its stable name.
    pub id: Code,
    /// What people read.
    pub name: String,
    /// Of which entries.
    pub of: Countable,
    /// The trait.
    pub with: Trait,
}

/// A share with its lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ShareMetric {
    /// Which share.
    pub share: Code,
    /// What was asked.
    pub question: Question,
    /// The number, or why there is none.
    pub value: Result<Rate, NotARate>,
    /// The cases behind it.
    pub lineage: Lineage,
}

impl Share {
    /// Answers it for one question.
    pub fn metric(&self, book: &Book, appeals: &Appeals, question: &Question) -> ShareMetric {
        let mut narrower = question.clone();
        narrower.selection.traits.push(self.with.clone());
        let lineage = Lineage {
            numerator: members(book, appeals, self.of, &narrower),
            denominator: members(book, appeals, self.of, question),
            excluded: Vec::new(),
        };
        ShareMetric {
            share: self.id.clone(),
            question: question.clone(),
            value: Rate::of_lists(&lineage),
            lineage,
        }
    }
}
