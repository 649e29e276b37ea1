//! Golden cases: sample cases written like an office note, and what each step must lead to.

mod commands;
mod expect;
mod moment;
mod read;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

pub use commands::is_known;
pub use expect::{Allowance, CommonProblem, Expect, Outcome};
pub use moment::{day, end_of, moment, start_of};
pub use read::read;

/// The alias of the case where a file speaks of one only.
pub const THE_CASE: &str = "本案";

/// One golden case.
#[derive(Debug, Clone, PartialEq)]
pub struct Golden {
    /// The file, as errors name it.
    pub file: String,
    /// What it is about, in a few words.
    pub title: String,
    /// The sentence of the article, or the rule, that it stands for.
    pub source: String,
    /// The date of 第1天.
    pub day_one: jiff::civil::Date,
    /// What happens, in order of time.
    pub steps: Vec<Step>,
}

/// One thing that happens, and what must follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Where it begins in the file.
    pub line: usize,
    /// When it happens.
    pub at: Timestamp,
    /// Who does it: a principal, a unit (its handler), 市民, 匿名市民 or 时钟.
    pub by: String,
    /// Which case it is about, where a file speaks of several.
    pub case: String,
    /// The unit or division whose own docket it is about, instead of the case.
    pub on: Option<String>,
    /// The command, or `wait`.
    pub act: String,
    /// What the command needs, in readable form.
    pub fields: BTreeMap<String, Field>,
    /// What must hold afterwards.
    pub expect: Expect,
}

/// One field of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where it stands.
    pub line: usize,
    /// What it says.
    pub value: toml::Value,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong and what to do.
    pub reason: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}：{}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for Mistake {}

impl Golden {
    /// A mistake at a line of this file.
    #[must_use]
    pub fn mistake(&self, line: usize, reason: impl Into<String>) -> Mistake {
        Mistake {
            file: self.file.clone(),
            line,
            reason: reason.into(),
        }
    }
}

impl Step {
    /// A text field.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.value.as_str()
    }

    /// A number.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<i64> {
        self.fields.get(field)?.value.as_integer()
    }

    /// A list of texts; empty where it isn't written.
    #[must_use]
    pub fn texts(&self, field: &str) -> Vec<&str> {
        let list = self
            .fields
            .get(field)
            .and_then(|field| field.value.as_array());
        list.into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .collect()
    }

    /// A table.
    #[must_use]
    pub fn table(&self, field: &str) -> Option<&toml::Table> {
        self.fields.get(field)?.value.as_table()
    }

    /// A list of tables; empty where it isn't written.
    #[must_use]
    pub fn tables(&self, field: &str) -> Vec<&toml::Table> {
        let list = self
            .fields
            .get(field)
            .and_then(|field| field.value.as_array());
        list.into_iter()
            .flatten()
            .filter_map(toml::Value::as_table)
            .collect()
    }
}
