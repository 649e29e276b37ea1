//! Suggestions digested by theme (建议按主题摘要): what people want, how many of them, what became of it, and in which cases.

use std::collections::BTreeMap;

use fengqiao_core::ids::{CaseId, Code};
use serde::Serialize;

use crate::appeal::Appeals;
use crate::book::Book;
use crate::countable::Countable;
use crate::metric::{Question, members};
use crate::selection::Trait;

/// What was suggested about one theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Suggested {
    /// The theme, or the category where nobody said one; none where there is neither.
    pub theme: Option<Code>,
    /// How many were registered in the window.
    pub registered: u64,
    /// How many of them are closed, as far as is known.
    pub closed: u64,
    /// How many of them were taken up (采纳).
    pub adopted: u64,
    /// All of them, in order.
    pub cases: Vec<CaseId>,
}

/// The suggestions of a window by theme; the theme of most comes first, and of equal ones the smaller word.
pub fn suggestions(book: &Book, question: &Question) -> Vec<Suggested> {
    let mut question = question.clone();
    let kind = Trait::Kind(Code::word("suggestion"));
    question.selection.traits.push(kind);
    let as_of = question.period.as_of;
    let registered = members(book, &Appeals::default(), Countable::Registered, &question);
    let mut themes: BTreeMap<Option<&Code>, Suggested> = BTreeMap::new();
    let mut cases = book.cases().iter();
    for member in registered {
        // Members come in the order of the book, so the search goes on where it stopped.
        let Some(case) = cases.find(|case| case.case == member.case) else {
            break;
        };
        let theme = case.theme.as_ref().or(case.category.as_ref());
        let row = themes.entry(theme).or_insert_with(|| Suggested {
            theme: theme.cloned(),
            registered: 0,
            closed: 0,
            adopted: 0,
            cases: Vec::new(),
        });
        row.registered += 1;
        row.closed += u64::from(case.closed_as_of(as_of).is_some());
        row.adopted += u64::from(case.adopted);
        row.cases.push(member.case);
    }
    let mut rows: Vec<Suggested> = themes.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.registered));
    rows
}
