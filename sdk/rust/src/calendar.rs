//! The capability `calendar`: working days by the State Council's notices. A date is written `2026-02-14`.

pub use crate::bindings::shared::fengqiao::calendar::calendar::Day;
use crate::plugin::Denial;

#[cfg(target_family = "wasm")]
use crate::bindings::shared::fengqiao::calendar::calendar as kernel;
#[cfg(not(target_family = "wasm"))]
use crate::testing::calendar as kernel;

/// Whether a date is worked.
///
/// # Errors
/// No date, or one that no notice covers.
pub fn day_of(date: &str) -> Result<Day, Denial> {
    kernel::day_of(date)
}

/// The date that lies so many working days after a date; the date itself isn't counted.
///
/// # Errors
/// As for [`day_of`].
pub fn add_working_days(date: &str, days: u32) -> Result<String, Denial> {
    kernel::add_working_days(date, days)
}
