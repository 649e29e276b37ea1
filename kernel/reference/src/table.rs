//! A CSV text as rows that know their line.

use std::collections::BTreeSet;

use csv::StringRecord;

use crate::error::{DataError, Origin, Reason};
use crate::source::{Lines, Source, check_name};

/// Reads CSV with a header. Surrounding space of a field is dropped, empty lines are skipped, rows are as long as the header.
pub(crate) struct Table<'a> {
    reader: csv::Reader<&'a [u8]>,
    header: StringRecord,
    lines: Lines<'a>,
}

impl<'a> Table<'a> {
    pub(crate) fn open(source: &Source<'a>) -> Result<Self, DataError> {
        let lines = source.lines();
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(source.text.as_bytes());
        let header = reader
            .headers()
            .map_err(|error| syntax(&lines, &error))?
            .clone();
        check_header(&header).map_err(|reason| lines.origin(0).refuse(reason))?;
        Ok(Self {
            reader,
            header,
            lines,
        })
    }

    pub(crate) fn header(&self) -> &StringRecord {
        &self.header
    }

    pub(crate) fn header_origin(&self) -> Origin {
        self.lines.origin(0)
    }

    /// Reads the next row into `record` and says where it stands; none at the end.
    pub(crate) fn next(&mut self, record: &mut StringRecord) -> Result<Option<Origin>, DataError> {
        let more = self
            .reader
            .read_record(record)
            .map_err(|error| syntax(&self.lines, &error))?;
        Ok(more.then(|| start(&self.lines, record.position())))
    }
}

fn check_header(header: &StringRecord) -> Result<(), Reason> {
    let mut seen = BTreeSet::new();
    for column in header {
        check_name("表头", column)?;
        if !seen.insert(column) {
            return Err(Reason::DuplicateColumn {
                column: column.to_owned(),
            });
        }
    }
    Ok(())
}

/// The reader's own line count stays behind where lines end with CR and LF, so the line is found from the byte.
fn start(lines: &Lines<'_>, position: Option<&csv::Position>) -> Origin {
    let byte = position.map_or(0, csv::Position::byte);
    lines.next_text(usize::try_from(byte).unwrap_or(usize::MAX))
}

fn syntax(lines: &Lines<'_>, error: &csv::Error) -> DataError {
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => Reason::WrongWidth {
            columns: *expected_len,
            fields: *len,
        },
        _ => Reason::Syntax {
            detail: error.to_string(),
        },
    };
    start(lines, error.position()).refuse(reason)
}
