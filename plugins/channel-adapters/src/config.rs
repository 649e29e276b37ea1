//! What a place sets for one channel: the form of its messages, and which of their fields means what.

use std::collections::BTreeMap;

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::Provenance;

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) format: Format,
    pub(crate) fields: Names,
    /// The kind of a matter that names none, or none that is known.
    #[serde(default = "complaint")]
    pub(crate) kind: String,
    /// The sender's words for kinds.
    #[serde(default)]
    pub(crate) kinds: BTreeMap<String, String>,
    /// The sender's words for categories; others are left for a person to classify.
    #[serde(default)]
    pub(crate) categories: BTreeMap<String, String>,
    /// Where a matter is whose place isn't known any closer.
    #[serde(default)]
    pub(crate) place: Option<String>,
    /// The sender's words for places, found anywhere in what the message says of its place; the longest word counts.
    #[serde(default)]
    pub(crate) places: BTreeMap<String, String>,
    /// The marks of everything that comes by this channel.
    #[serde(default)]
    pub(crate) marks: Vec<String>,
    #[serde(default)]
    pub(crate) mark_by: Vec<MarkBy>,
    #[serde(default)]
    pub(crate) take_only: Vec<TakeOnly>,
    /// Where the names of the fields come from.
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

fn complaint() -> String {
    "complaint".to_owned()
}

/// The form of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    /// Elements and attributes.
    Xml,
    /// One object.
    Json,
    /// Lines of `名称：内容` between two `---`, then the text.
    Letter,
    /// A line of names, and a line of cells.
    TableRow,
}

/// Which field of the message means what.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Names {
    /// The number in the sender's system.
    #[serde(default)]
    pub(crate) number: Option<String>,
    /// The number of an earlier message that this one only repeats.
    #[serde(default)]
    pub(crate) repeat_of: Option<String>,
    /// The statement; several are put under one another.
    pub(crate) text: Vec<String>,
    #[serde(default)]
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) category: Option<String>,
    /// The place, the closest first.
    #[serde(default)]
    pub(crate) place: Vec<String>,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) phone: Option<String>,
    #[serde(default)]
    pub(crate) identity_number: Option<String>,
    #[serde(default)]
    pub(crate) address: Option<String>,
    /// Whether the reporter wants to stay unnamed.
    #[serde(default)]
    pub(crate) anonymous: Option<String>,
    #[serde(default)]
    pub(crate) posted_at: Option<String>,
    #[serde(default)]
    pub(crate) people: Option<String>,
}

/// A mark that follows from a field.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct MarkBy {
    pub(crate) field: String,
    pub(crate) values: Vec<String>,
    pub(crate) mark: String,
}

/// Only messages with one of these values in the field are taken; of others the sender is told why not.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct TakeOnly {
    pub(crate) field: String,
    pub(crate) values: Vec<String>,
    pub(crate) code: String,
    pub(crate) text: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}
