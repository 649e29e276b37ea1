//! The store on one SQLite file: one writer with a thread of its own, several readers.

mod cases;
mod checkpoint;
mod commit;
mod error;
mod facts;
mod linked;
mod lists;
mod messages;
mod open;
mod personal;
mod plugins;
mod port;
mod put;
mod read;
mod readers;
mod replay;
mod rows;
mod script;
mod writer;

use sqlx::SqlitePool;
use tokio::sync::mpsc;

pub use replay::Difference;
pub use writer::Counters;

/// A database file. Clones share it; the last one that goes closes it.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    readers: SqlitePool,
    look_ups: std::sync::Arc<readers::Readers>,
    cases: std::sync::Arc<cases::Cases>,
    writer: mpsc::Sender<writer::Job>,
    counters: std::sync::Arc<writer::Tally>,
}

impl SqliteStore {
    /// How many commands were committed since the file was opened, and with how many durable writes.
    pub fn counters(&self) -> Counters {
        self.counters.read()
    }
}
