//! How much reference data one snapshot may hold; every limit is assumed, and reached by a test.

/// Divisions in one snapshot; the whole country down to village is about 665,000.
pub const MAX_DIVISIONS: usize = 1_000_000;

/// Units in one snapshot.
pub const MAX_UNITS: usize = 200_000;

/// Rows of one catalogue.
pub const MAX_CATALOGUE_ROWS: usize = 100_000;

/// Columns of one catalogue.
pub const MAX_CATALOGUE_COLUMNS: usize = 32;

/// UTF-8 bytes of one field of a catalogue row.
pub const MAX_FIELD_BYTES: usize = 2_048;

/// Characters of the name of a division, a unit or a portfolio.
pub const MAX_NAME_CHARS: usize = 100;

/// Portfolios of one unit.
pub const MAX_PORTFOLIOS: usize = 64;

/// Divisions on one page of a search; a larger request is cut to this.
pub const MAX_PAGE_ROWS: usize = 200;
