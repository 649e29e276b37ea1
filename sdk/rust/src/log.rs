//! Lines for the plugin's author and the district that binds it: `log::info!("{} 条", n)`. Never people's data.

pub use crate::bindings::shared::fengqiao::log::log::Level;
pub use crate::{__debug as debug, __error as error, __info as info, __warn as warn};

/// Writes one line. A line beyond the quota is dropped: a rule must not depend on its log.
#[cfg(target_family = "wasm")]
pub fn write(level: Level, line: &str) {
    let _ = crate::bindings::shared::fengqiao::log::log::log(level, line);
}

/// Writes one line into the test's fixture.
#[cfg(not(target_family = "wasm"))]
pub fn write(level: Level, line: &str) {
    crate::testing::log(level, line);
}

#[doc(hidden)]
#[macro_export]
macro_rules! __debug {
    ($($line:tt)*) => { $crate::log::write($crate::log::Level::Debug, &::std::format!($($line)*)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __info {
    ($($line:tt)*) => { $crate::log::write($crate::log::Level::Info, &::std::format!($($line)*)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __warn {
    ($($line:tt)*) => { $crate::log::write($crate::log::Level::Warn, &::std::format!($($line)*)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __error {
    ($($line:tt)*) => { $crate::log::write($crate::log::Level::Error, &::std::format!($($line)*)) };
}
