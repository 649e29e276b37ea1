//! A count by channel, reporter, kind, category, theme or place of settling, each slice with its cases.

use std::collections::BTreeMap;

use fengqiao_core::ids::{Code, Level};
use serde::{Deserialize, Serialize};

use crate::appeal::Appeals;
use crate::book::Book;
use crate::countable::Countable;
use crate::facts::{CaseFacts, Reporter, Settled};
use crate::lineage::Member;
use crate::metric::{Question, members};

/// By what a count is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// The kind of the matter.
    Kind,
    /// The category.
    Category,
    /// The theme of a suggestion.
    Theme,
    /// The channel.
    Channel,
    /// What the reporter is.
    Reporter,
    /// The unit that took it in.
    ReceivedBy,
    /// Where it was settled.
    Settled,
    /// The level of the division that closed it; of the place, where nobody did yet.
    Level,
}

/// One slice, with every entry in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Slice {
    /// The word; none where nobody said one.
    pub word: Option<String>,
    /// The entries.
    pub members: Vec<Member>,
    /// The amount in dispute of their cases, in fen.
    pub amount_fen: u64,
}

/// Breaks a count down; the largest slice first, and of equal ones the smaller word.
pub fn breakdown(
    book: &Book,
    appeals: &Appeals,
    countable: Countable,
    dimension: Dimension,
    question: &Question,
) -> Vec<Slice> {
    let mut slices: BTreeMap<Option<&str>, Slice> = BTreeMap::new();
    let mut cases = book.cases().iter().peekable();
    for member in members(book, appeals, countable, question) {
        // Members come in the order of the book, so the search goes on where it stopped.
        while cases.next_if(|case| case.case < member.case).is_some() {}
        let Some(case) = cases.peek() else {
            break;
        };
        let word = word(case, dimension);
        let slice = slices.entry(word).or_insert_with(|| Slice {
            word: word.map(str::to_owned),
            members: Vec::new(),
            amount_fen: 0,
        });
        slice.members.push(member);
        slice.amount_fen = slice
            .amount_fen
            .saturating_add(case.amount_fen.unwrap_or(0));
    }
    let mut slices: Vec<Slice> = slices.into_values().collect();
    slices.sort_by_key(|slice| std::cmp::Reverse(slice.members.len()));
    slices
}

/// The word of a case; none where nobody said one.
pub fn word(case: &CaseFacts, dimension: Dimension) -> Option<&str> {
    match dimension {
        Dimension::Kind => Some(case.kind.as_str()),
        Dimension::Category => case.category.as_ref().map(Code::as_str),
        Dimension::Theme => case.theme.as_ref().map(Code::as_str),
        Dimension::Channel => Some(case.channel.as_str()),
        Dimension::ReceivedBy => case.received_by.as_ref().map(|unit| unit.as_str()),
        Dimension::Reporter => Some(match case.reporter {
            Reporter::Citizen => "citizen",
            Reporter::GridOfficer => "grid-officer",
            Reporter::Volunteer => "volunteer",
            Reporter::Unit => "unit",
        }),
        Dimension::Settled => Some(match case.settled {
            Settled::Dispatched => "dispatched",
            Settled::OnTheSpot => "on-the-spot",
            Settled::Elsewhere => "elsewhere",
        }),
        Dimension::Level => {
            let closed_in = case.closings.last().map(|closing| &closing.division);
            Some(match closed_in.unwrap_or(&case.place).level() {
                Level::Grid => "grid",
                Level::Village => "village",
                Level::Township => "township",
                Level::County => "county",
                Level::Prefecture => "prefecture",
                Level::Province => "province",
            })
        }
    }
}
