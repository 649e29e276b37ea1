//! The capability `directory`: who there is, from the recorded version of the reference data.

pub use crate::bindings::shared::fengqiao::directory::directory::{Division, Unit};
use crate::plugin::Denial;

#[cfg(target_family = "wasm")]
use crate::bindings::shared::fengqiao::directory::directory as kernel;
#[cfg(not(target_family = "wasm"))]
use crate::testing::directory as kernel;

/// The most units that one question is answered with.
pub const MAX_UNITS: u32 = 100;

/// The unit with this identifier.
///
/// # Errors
/// The kernel refuses; `?` turns it into a [`PluginError`](crate::plugin::PluginError).
pub fn unit(id: &str) -> Result<Option<Unit>, Denial> {
    kernel::find_unit(id)
}

/// The units in charge of a portfolio for a place, those of the nearest division up the path first.
///
/// # Errors
/// As for [`unit()`].
pub fn units_for(portfolio: &str, place: &str) -> Result<Vec<Unit>, Denial> {
    kernel::units_for(portfolio, place, MAX_UNITS)
}

/// The nearest unit in charge of a portfolio for a place.
///
/// # Errors
/// As for [`unit()`].
pub fn unit_for(portfolio: &str, place: &str) -> Result<Option<Unit>, Denial> {
    Ok(kernel::units_for(portfolio, place, 1)?.pop())
}

/// The units of exactly this division, not of those below it.
///
/// # Errors
/// As for [`unit()`].
pub fn units_in(division: &str) -> Result<Vec<Unit>, Denial> {
    kernel::units_in(division, MAX_UNITS)
}

/// The division with this code.
///
/// # Errors
/// As for [`unit()`].
pub fn division(code: &str) -> Result<Option<Division>, Denial> {
    kernel::find_division(code)
}

impl Unit {
    /// Whether it is in charge of a portfolio.
    pub fn has_portfolio(&self, portfolio: &str) -> bool {
        self.portfolios.iter().any(|own| own == portfolio)
    }
}
