//! Everything that is true of the product as a whole.

mod architecture;
mod contract;
mod http;
mod scenarios;
