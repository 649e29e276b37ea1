//! How much one assessment may hold; every limit is assumed, and reached by a test.

/// Characters of the public reason of an assessment appeal's decision.
pub const MAX_REASON_CHARS: usize = 500;

/// Rates that one jurisdiction names for its assessment.
pub const MAX_NAMED_RATES: usize = 12;

/// Lines of one score sheet.
pub const MAX_SCORE_LINES: usize = 100;

/// Grades of one scale.
pub const MAX_GRADE_STEPS: usize = 10;

/// Kinds of figures on one bulletin.
pub const MAX_BULLETIN_COLUMNS: usize = 16;

/// Units on one bulletin.
pub const MAX_BULLETIN_UNITS: usize = 2_000;

/// Rules of one place about what of its procedures counts.
pub const MAX_COUNTING_RULES: usize = 64;
