//! Formulas as data: what is over what, without whom, and whether the name 率 is allowed.

mod table;

use serde::{Deserialize, Serialize};

use crate::countable::{Countable, Countables, Counted};
use table::ROWS;

/// The stable name of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the table beside it says what each is")]
pub enum FormulaId {
    ResponseRate,
    ClosingRate,
    ClosingThroughput,
    OnTimeClosing,
    OnTimeReporting,
    SolvedRate,
    Satisfaction,
    SatisfactionStrict,
    Participation,
    FirstVisitClosing,
    MediationSuccess,
    MediationSuccessAccepted,
    ReturnRate,
    OrderResponseIssuer,
    OrderResponseAddressee,
    LevelShareGrid,
    LevelShareVillage,
    LevelShareTownship,
    LevelShareCounty,
    LevelSharePrefecture,
    RepeatShare,
    LegacyShare,
    Growth,
}

/// Whether numerator and denominator are the same entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The numerator is a part of the denominator: a rate, or a share.
    Cohort,
    /// Two counts of one window, or of two windows, side by side: a throughput, or growth. Never called 率.
    Flow,
}

/// How a formula's two counts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// The one over the other.
    Ratio,
    /// By how much the one is more than the other.
    Change,
}

/// One formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Formula {
    /// Its stable name.
    pub id: FormulaId,
    /// What people read.
    pub name: &'static str,
    /// Cohort or flow.
    pub kind: Kind,
    /// How it is read.
    pub form: Form,
    /// What stands above.
    pub numerator: Countable,
    /// What stands below.
    pub denominator: Countable,
    /// What is taken out of both, each with its label as the reason; the first that holds is given.
    pub excluding: &'static [Countable],
}

/// How many there are.
pub(crate) const COUNT: usize = ROWS.len();

impl Formula {
    /// All of them, in the order in which sheets list them.
    pub const ALL: &'static [Formula] = &ROWS;

    /// What is counted above and below.
    pub fn counted(&self) -> Counted {
        self.denominator.counted()
    }

    /// The formula in words: `受理后办结 ÷ 受理`, with what is taken out.
    pub fn words(&self) -> String {
        let (above, below) = (self.numerator.label(), self.denominator.label());
        let mut words = match self.form {
            Form::Ratio => format!("{above} ÷ {below}"),
            Form::Change => format!("（{above} − {below}）÷ {below}"),
        };
        let reasons: Vec<&str> = self.excluding.iter().map(|reason| reason.label()).collect();
        if !reasons.is_empty() {
            words.push_str("；剔除：");
            words.push_str(&reasons.join("、"));
        }
        words
    }
}

impl FormulaId {
    /// The formula.
    pub fn formula(self) -> &'static Formula {
        // A test holds the table to the order of the names, so the index is always inside.
        &ROWS[self as usize]
    }

    /// The stable name as text.
    pub fn code(self) -> &'static str {
        table::CODES[self as usize]
    }
}

/// A set of formulas, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Formulas(u32);

const _: () = assert!(COUNT <= 32);

impl Formulas {
    pub(crate) fn put(&mut self, formula: FormulaId) {
        self.0 |= 1 << (formula as u32);
    }

    pub(crate) fn has(self, formula: FormulaId) -> bool {
        self.0 & (1 << (formula as u32)) != 0
    }

    /// The countable facts that an appeal against these formulas takes an entry out of.
    pub(crate) fn countables(self) -> Countables {
        let mut out = Countables::NONE;
        if self.0 != 0 {
            for countable in Countable::ALL {
                let belongs = countable.belongs_to();
                out.put(*countable, belongs.is_some_and(|formula| self.has(formula)));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_names() {
        for (place, formula) in Formula::ALL.iter().enumerate() {
            assert_eq!(formula.id as usize, place, "{:?}", formula.id);
            let json = serde_json::to_string(&formula.id).unwrap();
            assert_eq!(json, format!("\"{}\"", formula.id.code()));
        }
    }

    #[test]
    fn a_formula_counts_one_thing() {
        for formula in Formula::ALL {
            let counted = formula.counted();
            assert_eq!(formula.numerator.counted(), counted, "{:?}", formula.id);
            for reason in formula.excluding {
                assert_eq!(reason.counted(), counted, "{:?}", formula.id);
            }
        }
    }

    #[test]
    fn a_flow_is_never_called_a_rate() {
        for formula in Formula::ALL {
            assert!(
                formula.kind == Kind::Cohort || !formula.name.contains('率'),
                "{}",
                formula.name
            );
        }
    }

    #[test]
    fn no_two_formulas_have_one_name() {
        let mut names: Vec<&str> = Formula::ALL.iter().map(|formula| formula.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COUNT);
    }

    #[test]
    fn a_formula_says_itself_in_words() {
        let words = FormulaId::ResponseRate.formula().words();
        assert_eq!(
            words,
            "限时内联系 ÷ 派单；剔除：联系期限前已离手、无需联系、联系期限未到"
        );
        let words = FormulaId::Growth.formula().words();
        assert_eq!(words, "（受理 − 上期受理）÷ 上期受理");
    }
}
