//! Where a published text contradicts itself: every reading is kept, with its place, and none is chosen.

use serde::{Deserialize, Serialize};

/// Statements of one source, or of several, that can't all be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Told", into = "Told")]
pub struct Contradiction(Told);

/// What is written in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Told {
    about: String,
    readings: Vec<Reading>,
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Reading {
    /// What is said, in the source's words.
    pub says: String,
    /// Where: the source, and the passage in it.
    pub source: String,
}

/// Why something isn't a contradiction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContradictionError {
    /// There is one reading only.
    #[error("“{0}”只有一种说法，不是矛盾：请把各种说法都列出")]
    OneReading(String),
    /// Two readings say the same.
    #[error("“{0}”有两种说法相同，请删去一处或补上出处的差别")]
    Same(String),
    /// A reading says nothing, or not where.
    #[error("“{0}”有一种说法缺原文或出处，请补齐")]
    Unsaid(String),
}

impl Contradiction {
    /// Keeps readings side by side.
    pub fn new(about: String, readings: Vec<Reading>) -> Result<Self, ContradictionError> {
        Self::try_from(Told { about, readings })
    }

    /// What it is about.
    pub fn about(&self) -> &str {
        &self.0.about
    }

    /// Every reading, as it was written down.
    pub fn readings(&self) -> &[Reading] {
        &self.0.readings
    }
}

impl TryFrom<Told> for Contradiction {
    type Error = ContradictionError;
    fn try_from(told: Told) -> Result<Self, ContradictionError> {
        let about = || told.about.clone();
        let unsaid =
            |reading: &Reading| reading.says.trim().is_empty() || reading.source.trim().is_empty();
        if told.readings.len() < 2 {
            return Err(ContradictionError::OneReading(about()));
        }
        if told.readings.iter().any(unsaid) {
            return Err(ContradictionError::Unsaid(about()));
        }
        let says = |(place, reading): (usize, &Reading)| {
            told.readings
                .iter()
                .skip(place + 1)
                .any(|other| other.says == reading.says)
        };
        if told.readings.iter().enumerate().any(says) {
            return Err(ContradictionError::Same(about()));
        }
        Ok(Self(told))
    }
}

impl From<Contradiction> for Told {
    fn from(contradiction: Contradiction) -> Told {
        contradiction.0
    }
}
