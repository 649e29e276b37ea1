//! Between the core's words and the contract's: inputs become WIT records, answers are checked one by one.

pub(crate) mod answer;
pub(crate) mod document;
pub(crate) mod input;

/// Bytes that a record costs beside its texts, as both limits count them (assumed).
const RECORD_BYTES: u64 = 16;

/// Counts what crosses the boundary.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    bytes: u64,
}

impl Meter {
    pub(crate) fn text(&mut self, text: &str) {
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
    }

    pub(crate) fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        for text in texts {
            self.record();
            self.text(text);
        }
    }

    pub(crate) fn record(&mut self) {
        self.bytes = self.bytes.saturating_add(RECORD_BYTES);
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// An answer that the contract doesn't allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The rule, stable.
    pub(crate) rule: &'static str,
    /// What exactly, for the plugin's author.
    pub(crate) detail: String,
}

impl Fault {
    pub(crate) fn new(rule: &'static str, detail: impl Into<String>) -> Self {
        Self {
            rule,
            detail: detail.into(),
        }
    }
}
