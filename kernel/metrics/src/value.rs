//! What a number may be called: a rate, a throughput, growth; and why it is refused the name of a rate.

use serde::Serialize;

use crate::count::Split;
use crate::formula::{Form, Formula, FormulaId, Kind};
use crate::fraction::{Fraction, Percent, Places};
use crate::lineage::{Lineage, Member};

/// A part of a whole (率): never made without a whole above zero that contains the part, entry by entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Rate(Fraction);

/// Two counts of a window side by side (吞吐); may exceed 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Throughput(Fraction);

/// By how much one window's count is more than another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Growth(Fraction);

/// Why a figure isn't a rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "refused"
)]
pub enum NotARate {
    /// There is nothing below.
    #[error("分母为零，没有可计的案件，不作比率")]
    NoDenominator,
    /// Entries stand above that don't stand below, so it is no part of a whole.
    #[error("分子有 {count} 件不在分母之中，不得称为“率”，请改按吞吐公布")]
    NotContained {
        /// How many.
        count: u64,
        /// Which, where the question was asked with its lists.
        outside: Vec<Member>,
    },
    /// The formula sets two counts side by side.
    #[error("“{}”是两个口径的并列，不得称为“率”", .formula.formula().name)]
    Flow {
        /// Which.
        formula: FormulaId,
    },
}

impl Rate {
    /// Checks the lists of a formula and makes the rate of them.
    pub fn new(formula: &Formula, lineage: &Lineage) -> Result<Self, NotARate> {
        if formula.kind == Kind::Flow {
            return Err(NotARate::Flow {
                formula: formula.id,
            });
        }
        Self::of_lists(lineage)
    }

    /// Checks any two lists, whatever they are of.
    pub fn of_lists(lineage: &Lineage) -> Result<Self, NotARate> {
        let outside = lineage.outside();
        if !outside.is_empty() {
            let count = count(&outside);
            return Err(NotARate::NotContained { count, outside });
        }
        let fraction = over(lineage).ok_or(NotARate::NoDenominator)?;
        Ok(Self(fraction))
    }

    /// The exact value.
    pub fn fraction(self) -> Fraction {
        self.0
    }

    /// As it is shown.
    pub fn percent(self, places: Places) -> Percent {
        self.0.percent(places)
    }
}

impl Throughput {
    /// The exact value.
    pub fn fraction(self) -> Fraction {
        self.0
    }

    /// As it is shown.
    pub fn percent(self, places: Places) -> Percent {
        self.0.percent(places)
    }
}

impl Growth {
    /// This window's count over the other's.
    pub fn fraction(self) -> Fraction {
        self.0
    }

    /// As it is shown; `{:+}` gives the sign.
    pub fn percent(self, places: Places) -> Percent {
        self.0.change(places)
    }
}

/// A number, under the name that it may bear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "value")]
pub enum Value {
    /// A rate or a share.
    Rate(Rate),
    /// A throughput.
    Throughput(Throughput),
    /// Growth.
    Growth(Growth),
    /// None; the counts stand in the lineage all the same.
    None(NotARate),
}

impl Value {
    /// What a formula's lists amount to.
    pub fn of(formula: &Formula, lineage: &Lineage) -> Self {
        match formula.kind {
            Kind::Cohort => Rate::new(formula, lineage).map_or_else(Value::None, Value::Rate),
            Kind::Flow => Self::flow(formula, over(lineage)),
        }
    }

    /// The same from counts; those above of which no list is at hand were counted one by one.
    pub(crate) fn of_split(formula: &Formula, split: &Split) -> Self {
        let fraction = Fraction::new(split.above, split.below);
        match (formula.kind, fraction) {
            (Kind::Flow, fraction) => Self::flow(formula, fraction),
            (Kind::Cohort, _) if split.outside > 0 => Value::None(NotARate::NotContained {
                count: split.outside,
                outside: Vec::new(),
            }),
            (Kind::Cohort, Some(fraction)) => Value::Rate(Rate(fraction)),
            (Kind::Cohort, None) => Value::None(NotARate::NoDenominator),
        }
    }

    fn flow(formula: &Formula, fraction: Option<Fraction>) -> Self {
        match (formula.form, fraction) {
            (_, None) => Value::None(NotARate::NoDenominator),
            (Form::Ratio, Some(fraction)) => Value::Throughput(Throughput(fraction)),
            (Form::Change, Some(fraction)) => Value::Growth(Growth(fraction)),
        }
    }

    /// As it is shown: `99.91%`, `+34.79%`, `—` for none.
    pub fn shown(&self, places: Places) -> String {
        match self {
            Value::Rate(rate) => rate.percent(places).to_string(),
            Value::Throughput(throughput) => throughput.percent(places).to_string(),
            Value::Growth(growth) => format!("{:+}", growth.percent(places)),
            Value::None(_) => "—".to_owned(),
        }
    }
}

fn over(lineage: &Lineage) -> Option<Fraction> {
    Fraction::new(count(&lineage.numerator), count(&lineage.denominator))
}

fn count(list: &[Member]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}
