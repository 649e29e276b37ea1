//! What happens to a command: load, consult, decide, commit, dispatch. Owns the ports.

pub mod limits;
pub mod ports;

mod alike;
mod assessing;
mod breaches;
mod carry;
mod consult;
mod courier;
mod dossier;
mod escalate;
pub mod facts;
mod follow;
mod in_flight;
mod intake;
mod linked;
mod load;
mod messages;
mod plugins;
mod read;
mod reference;
mod request;
mod rereading;
mod sets;
mod submit;
mod told;
mod words;
mod work;
mod world;

pub use assessing::{
    AppealRow, AppealWanted, Asked, AssessError, AssessmentSheet, BulletinRow, Counted, Filed,
    Listed, Scored, SheetFailure,
};
pub use breaches::{Stuck, Swept};
pub use courier::Courier;
pub use in_flight::Flight;
pub use intake::{Incoming, ReceiveError, Taken, TakenWording};
pub use linked::{Carried, Comparison, Mismatch, MismatchRow, Said};
pub use plugins::{BindingOrder, ManageError};
pub use read::{CaseView, ReadError, Viewer};
pub use reference::{Bringer, Imported, KINDS, ReferenceError, ReferenceFile, import};
pub use request::{Mode, Outcome, ReadMessage, Receipt, Request, RequestKey, SubmitError, Target};
pub use sets::BindingSet;
pub use submit::Wording;

use std::sync::RwLock;

use ports::advisor::Advisor;
use ports::store::Store;
use ports::{Clock, Ids};
use world::World;

/// The kernel without its outside: everything that a command goes through.
pub struct Service<S, A, C, I> {
    store: S,
    advisor: A,
    clock: C,
    ids: I,
    world: RwLock<World>,
    /// Bindings and reference data are changed by one person at a time.
    managing: tokio::sync::Mutex<()>,
    in_flight: in_flight::InFlight,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Opens the service on what the store holds: reference data, plugins and bindings are loaded and got ready.
    pub async fn open(store: S, advisor: A, clock: C, ids: I) -> Result<Self, OpenError> {
        let world = World::load(&store, clock.now()).await?;
        let service = Self {
            store,
            advisor,
            clock,
            ids,
            world: RwLock::new(world),
            managing: tokio::sync::Mutex::default(),
            in_flight: in_flight::InFlight::default(),
        };
        service.ready_plugins().await?;
        Ok(service)
    }

    /// The store, for the reads that need no rule.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The advisor, for its health and counters.
    pub fn advisor(&self) -> &A {
        &self.advisor
    }

    /// The time.
    pub fn clock(&self) -> &C {
        &self.clock
    }
}

/// Why the service can't open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store doesn't answer.
    #[error(transparent)]
    Store(#[from] ports::store::StoreError),
    /// What the store holds doesn't load.
    #[error("已存的参考数据无法载入：{0}")]
    Reference(String),
    /// The calendar, with the notices that the store holds, doesn't load.
    #[error("日历无法载入：{0}")]
    Calendar(#[from] fengqiao_calendar::CalendarError),
    /// A plugin in force can't be got ready.
    #[error("在用插件无法就绪：{0}")]
    Plugin(#[from] ports::advisor::AdmitError),
}
