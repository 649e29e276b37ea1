//! What only holds for the store on SQLite.

mod append_only;
pub(crate) mod backend;
mod crash;
mod erasure;
mod group_commit;
mod opening;
mod replay;
