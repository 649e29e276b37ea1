//! What a TOML row may hold: a text, an integer, or a list of texts.

use serde::Deserialize;

/// Separates the values of one field.
pub(crate) const LIST_SEPARATOR: char = ';';

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Cell {
    Text(String),
    Integer(i64),
    List(Vec<String>),
}

impl Cell {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Integer(number) => number.to_string(),
            Self::List(parts) => parts.join(LIST_SEPARATOR.encode_utf8(&mut [0; 4])),
        }
    }
}
