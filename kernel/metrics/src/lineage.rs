//! Where a number comes from: the entries above, below and taken out, each with its case.

use std::fmt;

use fengqiao_core::ids::CaseId;
use jiff::Timestamp;
use serde::Serialize;

use crate::countable::Countable;

/// One counted entry: a case, or the n-th dispatch, follow-up, mediation or order of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct Member {
    /// The case.
    pub case: CaseId,
    /// The entry's number in the case, where cases aren't what is counted.
    pub number: Option<u32>,
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "{}#{number}", self.case),
            None => write!(f, "{}", self.case),
        }
    }
}

impl From<Member> for String {
    fn from(member: Member) -> String {
        member.to_string()
    }
}

/// An entry that was taken out of a formula, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Excluded {
    /// Which.
    pub member: Member,
    /// Why.
    pub reason: Reason,
}

/// Why an entry was taken out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "why"
)]
pub enum Reason {
    /// The formula excludes entries of which this holds.
    Rule {
        /// What holds.
        fact: Countable,
    },
    /// It was merged into another case, and each matter is counted once.
    Merged {
        /// The case it follows.
        into: CaseId,
    },
    /// An assessment appeal was granted.
    Appeal {
        /// The reason that was published.
        public_reason: String,
        /// When it was decided.
        at: Timestamp,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Rule { fact } => f.write_str(fact.label()),
            Reason::Merged { into } => write!(f, "已并入 {into}"),
            Reason::Appeal { public_reason, .. } => write!(f, "申诉剔除：{public_reason}"),
        }
    }
}

/// The entries of one number, each list in the order of the cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Lineage {
    /// Above.
    pub numerator: Vec<Member>,
    /// Below.
    pub denominator: Vec<Member>,
    /// Neither, with the reason.
    pub excluded: Vec<Excluded>,
}

impl Lineage {
    /// Those above that aren't below; both lists rise.
    pub(crate) fn outside(&self) -> Vec<Member> {
        let mut below = self.denominator.iter().peekable();
        let mut outside = Vec::new();
        for member in &self.numerator {
            while below.next_if(|other| *other < member).is_some() {}
            if below.next_if(|other| *other == member).is_none() {
                outside.push(member.clone());
            }
        }
        outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(names: &[&str]) -> Vec<Member> {
        let member = |name: &&str| Member {
            case: CaseId::parse(name).unwrap(),
            number: None,
        };
        names.iter().map(member).collect()
    }

    #[test]
    fn what_stands_above_and_not_below_is_outside() {
        let lineage = Lineage {
            numerator: members(&["a", "c", "d", "f"]),
            denominator: members(&["b", "c", "e", "f"]),
            excluded: Vec::new(),
        };
        assert_eq!(lineage.outside(), members(&["a", "d"]));
    }

    #[test]
    fn one_entry_below_covers_one_above() {
        let lineage = Lineage {
            numerator: members(&["a", "a"]),
            denominator: members(&["a"]),
            excluded: Vec::new(),
        };
        assert_eq!(lineage.outside(), members(&["a"]));
    }

    #[test]
    fn an_entry_is_written_with_its_case_and_number() {
        let case = CaseId::parse("A-1").unwrap();
        let member = Member {
            case,
            number: Some(2),
        };
        assert_eq!(serde_json::to_string(&member).unwrap(), "\"A-1#2\"");
    }
}
