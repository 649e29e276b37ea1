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

/// Rows of one register, in force or not; the largest roster that is known of has 300,000.
pub const MAX_REGISTER_ROWS: usize = 1_000_000;

/// UTF-8 bytes of all fields of one register.
pub const MAX_REGISTER_BYTES: usize = 256 * 1024 * 1024;

/// Stations that a rule is told of.
pub const MAX_NEARBY: usize = 10;

/// How far away a station may be that a rule is told of, in metres.
pub const NEARBY_METRES: u32 = 5_000;
