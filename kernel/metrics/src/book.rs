//! The cases that a question is asked about: each once, in the order of their numbers.

use fengqiao_core::ids::CaseId;

use crate::facts::CaseFacts;

/// Facts in order. Whatever order they came in, the same facts give the same answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    cases: Vec<CaseFacts>,
}

/// Two facts about one case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("案件 {0} 的统计事实给了两次，请只给一次")]
pub struct TwiceTold(pub CaseId);

impl Book {
    /// Sorts the facts; refuses a case that is told twice, which would count twice.
    pub fn new(mut cases: Vec<CaseFacts>) -> Result<Self, TwiceTold> {
        cases.sort_by(|one, other| one.case.cmp(&other.case));
        let twice = cases.windows(2).find_map(|pair| match pair {
            [one, other] if one.case == other.case => Some(one.case.clone()),
            _ => None,
        });
        match twice {
            Some(case) => Err(TwiceTold(case)),
            None => Ok(Self { cases }),
        }
    }

    /// The facts, by case number.
    pub fn cases(&self) -> &[CaseFacts] {
        &self.cases
    }
}
