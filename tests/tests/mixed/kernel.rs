//! One kernel in this process: the real store, the real sandbox, the built plugins; its time stands still until it is moved.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use fengqiao_core::ids::{CaseId, DivisionCode, PersonId, Subject, TextId};
use fengqiao_host::{HostConfig, WasmAdvisor};
use fengqiao_service::ports::{Clock, Ids, QueryCode};
use fengqiao_service::{BindingOrder, Service};
use fengqiao_store::SqliteStore;
use jiff::Timestamp;

use super::town::{Town, divisions, plugin};

/// Everything that a command goes through, without the door.
pub(crate) struct Mixed {
    pub(crate) service: Service<SqliteStore, WasmAdvisor, Moved, Counted>,
    clock: Moved,
    subjects: Vec<Subject>,
    _folder: tempfile::TempDir,
}

impl Mixed {
    pub(crate) async fn open(towns: &[Town]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("mixed.db")).await;
        let advisor = WasmAdvisor::new(HostConfig::default()).unwrap();
        let clock = Moved::at("2024-03-04T01:00:00Z");
        let ids = Counted::default();
        let service = Service::open(store.unwrap(), advisor, clock.clone(), ids);
        let kernel = Self {
            service: service.await.unwrap(),
            clock,
            subjects: towns.iter().flat_map(Town::subjects).collect(),
            _folder: folder,
        };
        kernel
            .bring("divisions", "divisions", divisions(), ALL)
            .await;
        for town in towns {
            kernel.furnish(town).await;
        }
        kernel
    }

    async fn bring(&self, kind: &str, file: &str, content: String, reach: &str) {
        let reach = reach.parse().unwrap();
        let taken = self.service.put_reference(kind, file, content, &reach);
        taken.await.unwrap();
    }

    async fn furnish(&self, town: &Town) {
        let own = &town.jurisdiction;
        let (name, reach) = (&own.name, own.division.as_str());
        if !own.grids.is_empty() {
            let file = format!("{name}-grids");
            self.bring("divisions", &file, own.grids.clone(), reach)
                .await;
        }
        self.bring("units", name, own.units_toml.clone(), reach)
            .await;
        for (catalogue, text) in &own.catalogues {
            let file = format!("{name}-{catalogue}");
            self.bring("catalogue", &file, text.clone(), reach).await;
        }
        let division: DivisionCode = own.division.parse().unwrap();
        let mut orders = Vec::new();
        for binding in &own.bindings {
            let component = plugin(&binding.plugin);
            let admitted = self.service.upload(component, "publisher", &division);
            orders.push(BindingOrder {
                id: binding.id.parse().unwrap(),
                division: binding.division.parse().unwrap(),
                order: binding.order,
                component: admitted.await.unwrap().digest,
                config: serde_json::to_string(&binding.config).unwrap(),
                channel: None,
            });
        }
        self.service.bind(&division, orders).await.unwrap();
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, minutes: i64) {
        self.clock.0.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }

    /// The dockets of all units, and of all divisions that units belong to.
    pub(crate) fn dockets(&self) -> Vec<Subject> {
        self.subjects.clone()
    }
}

/// Reaches everything: who brings the divisions before anybody has any.
const ALL: &str = "440000000000";

/// A clock that is moved. Clones share it.
#[derive(Clone)]
pub(crate) struct Moved(Arc<AtomicI64>);

impl Moved {
    fn at(start: &str) -> Self {
        let start: Timestamp = start.parse().unwrap();
        Self(Arc::new(start.as_millisecond().into()))
    }
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// Numbers in a row: of cases for each prefecture by itself, so that they don't depend on what goes on elsewhere.
#[derive(Default)]
pub(crate) struct Counted(Mutex<BTreeMap<String, u64>>);

impl Counted {
    fn next(&self, what: &str) -> String {
        let mut counts = self.0.lock().unwrap();
        let count = counts.entry(what.to_owned()).or_default();
        *count += 1;
        format!("{what}-{count}")
    }
}

impl Ids for Counted {
    fn case(&self, division: &DivisionCode, _: Timestamp) -> CaseId {
        let own = division.as_str().get(..4).unwrap();
        self.next(own).parse().unwrap()
    }

    fn text(&self) -> TextId {
        self.next("text").parse().unwrap()
    }

    fn person(&self) -> PersonId {
        self.next("person").parse().unwrap()
    }

    fn query_code(&self) -> QueryCode {
        QueryCode {
            code: self.next("code"),
            hash: self.next("hash"),
        }
    }
}
