//! The capability `catalogue`: versioned tables of the jurisdiction, such as which matter goes to whom.

use crate::plugin::Denial;

#[cfg(target_family = "wasm")]
use crate::bindings::shared::fengqiao::catalogue::catalogue as kernel;
#[cfg(not(target_family = "wasm"))]
use crate::testing::catalogue as kernel;

/// The most rows that one question is answered with.
pub const MAX_ROWS: u32 = 200;

/// A row of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<(String, String)>);

impl Row {
    /// The value of a column, unless it is empty.
    pub fn get(&self, column: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(own, _)| own == column)?;
        Some(value)
    }

    /// The values of a column that lists several, separated by `;`.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        let values = self.get(column).unwrap_or_default().split([';', '；']);
        values.map(str::trim).filter(|value| !value.is_empty())
    }
}

/// The row with exactly these values in the key columns, as the catalogue holds for a place.
///
/// # Errors
/// The kernel refuses; `?` turns it into a [`PluginError`](crate::plugin::PluginError).
pub fn lookup(catalogue: &str, place: &str, key: &[&str]) -> Result<Option<Row>, Denial> {
    Ok(kernel::lookup(catalogue, place, &owned(key))?.map(Row))
}

/// The rows whose first key columns have these values, by key.
///
/// # Errors
/// As for [`lookup`].
pub fn begins(catalogue: &str, place: &str, key: &[&str]) -> Result<Vec<Row>, Denial> {
    let rows = kernel::begins(catalogue, place, &owned(key), MAX_ROWS)?;
    Ok(rows.into_iter().map(Row).collect())
}

fn owned(key: &[&str]) -> Vec<String> {
    key.iter().map(|value| (*value).to_owned()).collect()
}
