//! Everything that is true of the product as a whole.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails where it stands, and starts real processes on real files"
)]

mod architecture;
mod contract;
mod http;
mod mixed;
mod new_district;
mod scenarios;
