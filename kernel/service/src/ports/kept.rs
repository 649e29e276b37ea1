//! What the store keeps besides cases: plugins, what they were asked, and reference data.

use std::collections::BTreeMap;

use fengqiao_core::ids::{BindingId, Code, Digest, DivisionCode, Subject};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a plugin was asked and what it answered; enough to ask again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Consultation {
    /// About which subject.
    pub subject: Subject,
    /// The version of the subject before the command.
    pub version: u64,
    /// `triage`, `guard`, `react`.
    pub hook: String,
    /// The binding.
    pub binding: BindingId,
    /// The component.
    pub component: Digest,
    /// A digest of the exact input.
    pub input: Digest,
    /// The edition of the reference data that answered; empty in records older than editions.
    #[serde(default)]
    pub reference: String,
    /// The answer as canonical JSON, or the failure kind.
    pub answer: Result<String, Code>,
    /// When.
    pub at: Timestamp,
}

/// A plugin that was admitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PluginRow {
    /// The digest of the component.
    pub digest: Digest,
    /// Its manifest, as JSON.
    pub manifest: String,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// The divisions of everybody who did.
    pub divisions: Vec<DivisionCode>,
    /// When.
    pub uploaded_at: Timestamp,
}

/// New versions of files, and what they make up together with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceChange {
    /// The new versions.
    pub rows: Vec<ReferenceRow>,
    /// The files among them that hold people: no older version of these is kept.
    pub without_past: Vec<String>,
    /// The whole.
    pub edition: Edition,
}

/// An edition of the reference data: enough to put it together again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Edition {
    /// Names the content.
    pub version: String,
    /// The day whose rows hold.
    pub day: Date,
    /// Each file by name, with the digest of its content.
    pub files: BTreeMap<String, String>,
    /// Since when.
    pub at: Timestamp,
}

/// A version of a file of reference data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRow {
    /// Its kind and its name: `divisions:base.csv`.
    pub name: String,
    /// A digest of the content.
    pub version: String,
    /// The content as it was handed in.
    pub content: String,
    /// The division whose it is to replace; none where that was before anybody noted it.
    pub keeper: Option<DivisionCode>,
    /// When.
    pub at: Timestamp,
}
