//! One text to load, with the file name that its errors will carry.

use std::sync::Arc;

use crate::error::{DataError, Origin, Reason};
use crate::limits::MAX_NAME_CHARS;

/// The text of one file. Reading it from the disk, and refusing what isn't UTF-8, is the caller's work.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// What people call the file; it appears in every [`DataError`].
    pub file: &'a str,
    /// Its whole text. A leading byte order mark, as spreadsheets write it, is skipped.
    pub text: &'a str,
}

impl<'a> Source<'a> {
    /// Names a text.
    #[must_use]
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text }
    }

    /// Whether the file's name says that it is TOML; a register in any other file is CSV.
    pub(crate) fn is_toml(&self) -> bool {
        self.file.ends_with(".toml")
    }

    pub(crate) fn lines(&self) -> Lines<'a> {
        let breaks = self
            .text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(offset, _)| offset);
        Lines {
            file: self.file.into(),
            text: self.text,
            breaks: breaks.collect(),
        }
    }
}

/// Turns byte offsets of a text into the lines that a person sees in an editor.
pub(crate) struct Lines<'a> {
    file: Arc<str>,
    text: &'a str,
    breaks: Vec<usize>,
}

impl Lines<'_> {
    pub(crate) fn origin(&self, offset: usize) -> Origin {
        let line = self.breaks.partition_point(|end| *end < offset) + 1;
        Origin {
            file: self.file.clone(),
            line: line as u64,
        }
    }

    /// Where the first text at or after `offset` stands, past any line ends there.
    pub(crate) fn next_text(&self, offset: usize) -> Origin {
        let rest = self.text.as_bytes().get(offset..).unwrap_or_default();
        let ends = rest
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        self.origin(offset + ends)
    }

    pub(crate) fn syntax(&self, error: &toml::de::Error) -> DataError {
        let offset = error.span().map_or(0, |span| span.start);
        self.origin(offset).refuse(Reason::Syntax {
            detail: error.message().to_owned(),
        })
    }
}

/// A name is one line of 1 to [`MAX_NAME_CHARS`] characters without surrounding space.
pub(crate) fn check_name(field: &'static str, name: &str) -> Result<(), Reason> {
    if name.is_empty() {
        return Err(Reason::Empty {
            field: field.to_owned(),
        });
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(Reason::TooLong {
            field: field.to_owned(),
            limit: MAX_NAME_CHARS,
        });
    }
    if name.trim() != name || name.chars().any(char::is_control) {
        return Err(Reason::Untidy {
            field: field.to_owned(),
            value: name.escape_debug().to_string(),
        });
    }
    Ok(())
}
