//! The rates by which a jurisdiction assesses, named in its configuration: which formulas, under which words.

use serde::{Deserialize, Serialize};

use crate::count::{Counts, Figure};
use crate::formula::{FormulaId, Kind};
use crate::judge::Basis;
use crate::limits::MAX_NAMED_RATES;

/// A rate with the jurisdiction's own word for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NamedRate {
    /// The formula.
    pub formula: FormulaId,
    /// The local word; the formula's own where none is given.
    #[serde(default)]
    pub name: Option<String>,
}

/// The rates of a jurisdiction, in its order. One place names closing among them, the next one solving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<NamedRate>", into = "Vec<NamedRate>")]
pub struct NamedRates(Vec<NamedRate>);

/// Why rates can't be named so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamedRatesError {
    /// None, or more than anybody assesses by.
    #[error("考核指标应有 1 到 {MAX_NAMED_RATES} 项")]
    HowMany,
    /// A flow is called a rate.
    #[error("“{}”是吞吐或增幅，不是率，不能列为考核比率", .0.formula().name)]
    Flow(FormulaId),
    /// One formula is named twice.
    #[error("“{}”列了两次，请删去一次", .0.formula().name)]
    Twice(FormulaId),
    /// The local word is empty.
    #[error("“{}”的本地名称是空的，请填写或删去", .0.formula().name)]
    NoName(FormulaId),
}

impl NamedRates {
    /// Checks the list.
    pub fn new(rates: Vec<NamedRate>) -> Result<Self, NamedRatesError> {
        if rates.is_empty() || rates.len() > MAX_NAMED_RATES {
            return Err(NamedRatesError::HowMany);
        }
        for (place, rate) in rates.iter().enumerate() {
            if rate.formula.formula().kind == Kind::Flow {
                return Err(NamedRatesError::Flow(rate.formula));
            }
            let mut earlier = rates.iter().take(place);
            if earlier.any(|other| other.formula == rate.formula) {
                return Err(NamedRatesError::Twice(rate.formula));
            }
            if rate
                .name
                .as_ref()
                .is_some_and(|name| name.trim().is_empty())
            {
                return Err(NamedRatesError::NoName(rate.formula));
            }
        }
        Ok(Self(rates))
    }

    /// The rates under their local words, in order.
    pub fn figures(&self, counts: &Counts, basis: Basis) -> Vec<(&str, Figure)> {
        let figure = |rate: &'_ NamedRate| Figure {
            formula: rate.formula,
            counts: counts.split(rate.formula, basis),
            value: counts.value(rate.formula, basis),
        };
        let named = |rate| (NamedRate::word(rate), figure(rate));
        self.0.iter().map(named).collect()
    }
}

impl NamedRate {
    fn word(&self) -> &str {
        self.name.as_deref().unwrap_or(self.formula.formula().name)
    }
}

impl TryFrom<Vec<NamedRate>> for NamedRates {
    type Error = NamedRatesError;
    fn try_from(rates: Vec<NamedRate>) -> Result<Self, NamedRatesError> {
        Self::new(rates)
    }
}

impl From<NamedRates> for Vec<NamedRate> {
    fn from(rates: NamedRates) -> Vec<NamedRate> {
        rates.0
    }
}
