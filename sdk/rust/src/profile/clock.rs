//! Deadlines (时限) with their provenance.

use serde::{Deserialize, Serialize};

/// How long a clock runs, and on whose word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClockRule {
    /// The clock: one of the kernel's (`accept`, `sign`, `contact`, `arrive`, `report`, `reply`…), or the plugin's own.
    pub name: String,
    /// How long: `30min`, `24h`, `5wd`, `15cd`, `same-day`, `2month`, `1year`.
    pub spec: String,
    /// Whether a deadline on a day off rolls over.
    #[serde(default)]
    pub roll: Roll,
    /// Only for these kinds of matter; for all where empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Only for these categories; for all where empty.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Whose word it is.
    pub provenance: Provenance,
    /// The article by which it may be paused; none: it can't.
    #[serde(default)]
    pub pause_article: Option<String>,
    /// How it may be extended; none: it can't.
    #[serde(default)]
    pub extend: Option<ExtendRule>,
}

impl ClockRule {
    /// A local promise that can be neither paused nor extended.
    pub fn new(name: &str, spec: &str, provenance: Provenance) -> Self {
        Self {
            name: name.to_owned(),
            spec: spec.to_owned(),
            roll: Roll::Local,
            kinds: Vec::new(),
            categories: Vec::new(),
            provenance,
            pause_article: None,
            extend: None,
        }
    }
}

/// What happens when a limit counted in days, months or years ends on a day off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Roll {
    /// It ends with the next working day (民法典 203).
    Law,
    /// It ends where it ends.
    #[default]
    Local,
}

/// How a clock may be extended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExtendRule {
    /// The article or local rule that allows it.
    pub article: String,
    /// By how much at the most, each time.
    pub by: String,
    /// How often.
    pub times: u32,
}

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provenance {
    /// How sure it is.
    pub mark: Mark,
    /// The article, the document, the place, the reason.
    pub source: String,
    /// The document by which an administrator confirmed it.
    #[serde(default)]
    pub confirmed: Option<String>,
}

impl Provenance {
    /// A number with its mark and source.
    pub fn new(mark: Mark, source: &str) -> Self {
        Self {
            mark,
            source: source.to_owned(),
            confirmed: None,
        }
    }
}

/// How sure a number is. One that isn't stated or law is shown as 未经本地文件确认 until somebody confirms it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// Stated by the jurisdiction.
    #[serde(rename = "S")]
    Stated,
    /// Law.
    #[serde(rename = "L")]
    Law,
    /// Another place's rule.
    #[serde(rename = "X")]
    Elsewhere,
    /// Assumed.
    #[serde(rename = "A")]
    Assumed,
}
