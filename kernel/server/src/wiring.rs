//! Puts the process together: data directory, store, sandbox, service, routes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use fengqiao_host::{HostConfig, HostError, Isolation, WasmAdvisor};
use fengqiao_service::ports::store::StoreError;
use fengqiao_service::{OpenError, Service};
use fengqiao_store::SqliteStore;

use crate::app::{App, Pulse, Route, Shared};
use crate::clock::KernelClock;
use crate::demo::Demonstration;
use crate::files::{DataDir, FileError};
use crate::gate::gate;
use crate::ids::KernelIds;
use crate::metrics::Metrics;
use crate::operation::Operation;
use crate::principals::{Principals, PrincipalsError};
use crate::problem::Problem;
use crate::rates::Rates;
use crate::{openapi, operations, page, policy};

/// What the command line says about the process.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// The data directory.
    pub(crate) data: PathBuf,
    /// Files of principals.
    pub(crate) principals: Vec<PathBuf>,
    /// Whether it is a demonstration with a movable clock.
    pub(crate) demonstration: bool,
    /// How calls of plugins are kept apart.
    pub(crate) isolation: Isolation,
}

/// Why the process can't start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// The data directory.
    #[error(transparent)]
    File(#[from] FileError),
    /// The principals.
    #[error(transparent)]
    Principals(#[from] PrincipalsError),
    /// The system has no randomness.
    #[error("系统没有可用的随机数：{0}")]
    Random(#[from] getrandom::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sandbox.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The kernel on what the database holds.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Opens everything; nothing listens yet.
pub(crate) async fn open(setup: &Setup) -> Result<Shared, StartError> {
    let mut principals = Principals::default();
    for file in &setup.principals {
        principals.read(file)?;
    }
    let data = DataDir::open(&setup.data)?;
    let lock = data.lock()?;
    let (clock, database) = if setup.demonstration {
        (
            KernelClock::demonstration(data.for_demonstration()?),
            data.database(),
        )
    } else {
        data.for_service()?;
        (KernelClock::system(), data.database())
    };
    let ids = KernelIds::from_system()?;
    let store = SqliteStore::open(&database).await?;
    let advisor = WasmAdvisor::new(HostConfig {
        isolation: setup.isolation,
        ..HostConfig::default()
    })?;
    let kernel = Service::open(store, advisor, clock.clone(), ids.clone()).await?;
    let all = operations::all(setup.demonstration);
    let document = openapi::document(&all);
    Ok(Arc::new(App {
        kernel,
        _lock: lock,
        clock,
        ids,
        principals,
        rates: Rates::default(),
        metrics: Metrics::new(),
        pulse: Pulse::start(),
        demonstration: setup.demonstration.then(|| Demonstration::new(data)),
        routes: routes(&all),
        page: page::page(&document),
        openapi: document.to_string(),
    }))
}

/// The routes of all operations behind the gate.
pub(crate) fn router(app: &Shared) -> Router {
    let mut router = Router::new();
    for operation in operations::all(app.demonstration.is_some()) {
        router = router.route(operation.path, (operation.handler)());
    }
    router
        .fallback(|| async { Problem::no_such_route() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(from_fn_with_state(Arc::clone(app), gate))
        .with_state(Arc::clone(app))
}

fn routes(all: &[Operation]) -> BTreeMap<(String, &'static str), Route> {
    let route = |operation: &Operation| Route {
        operation: operation.name,
        access: policy::operation(operation.name),
        time_limit: operation.time_limit,
        body_limit: operation.body_limit,
    };
    all.iter()
        .map(|operation| {
            (
                (operation.method.to_string(), operation.path),
                route(operation),
            )
        })
        .collect()
}
