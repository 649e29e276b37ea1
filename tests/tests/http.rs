//! The kernel's door: what it takes, what it refuses and how, on the real binary over real HTTP.

mod bad_input;
mod clock;
mod door;
mod plugins;
mod policy;
mod repeated;
mod themselves;
