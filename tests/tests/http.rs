//! The kernel's door: what it takes, what it refuses and how, on the real binary over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on has failed"
)]

mod assessing;
mod assessing_scope;
mod bad_guests;
mod bad_input;
mod bad_profiles;
mod channel_repeats;
mod channels;
mod clock;
mod door;
mod dossier;
mod limits;
mod linked;
mod message_readers;
mod plugins;
mod policy;
mod read_again;
mod records;
mod reference;
mod repeated;
mod responsible;
mod rooms;
mod scopes;
mod suggestions;
mod themselves;
