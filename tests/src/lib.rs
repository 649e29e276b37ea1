//! Black-box play: starts the kernel's own binary, uploads a jurisdiction through HTTP and plays its golden cases.
//!
//! Everything here goes through the public door, as a district's staff would; `cargo xtask demo` and the tests share it.

pub mod act;
pub mod batch;
pub mod client;
pub mod compare;
mod files;
mod gathered;
pub mod golden;
pub mod jurisdiction;
pub mod kernel;
mod linked;
pub mod month;
pub mod names;
pub mod play;
mod row;
pub mod upload;
pub mod view;
