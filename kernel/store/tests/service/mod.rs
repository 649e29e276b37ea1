//! What the service does with a real store under it: words of cases that belong together, proposals, and bindings.

mod advisor;
mod allowances;
mod approvals;
mod holidays;
mod keeping;
mod keys;
mod limits;
mod racing;
mod reference;
mod sweeping;
mod transfers;

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::ids::{CaseId, DivisionCode, PersonId, PrincipalId, TextId, UnitId};
use fengqiao_core::profile::Profile;
use fengqiao_core::stage::StageName;
use fengqiao_service::ports::advisor::Advisor;
use fengqiao_service::ports::store::Store as _;
use fengqiao_service::ports::{Clock, Ids, QueryCode};
use fengqiao_service::{
    BindingOrder, CaseView, ManageError, Mode, Outcome, Receipt, Request, Service, SubmitError,
    Target, Viewer,
};
use fengqiao_store::SqliteStore;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use crate::sqlite::backend::Files;
use advisor::Proposing;

const ALL: &str = "990000000000";
const COUNTY: &str = "990101000000";
const OTHER_COUNTY: &str = "990102000000";
const VILLAGE: &str = "990101001001";

type Kernel<A = Proposing> = Service<SqliteStore, A, Standing, Counting>;

/// A clock that stands still until it is moved. Clones share it.
#[derive(Clone)]
struct Standing(Arc<AtomicI64>);

impl Standing {
    fn new() -> Self {
        let start: Timestamp = "2024-03-04T01:00:00Z".parse().unwrap();
        Self(Arc::new(start.as_millisecond().into()))
    }

    /// Right after this instant.
    fn pass(&self, instant: Timestamp) {
        self.0
            .store(instant.as_millisecond() + 1, Ordering::Relaxed);
    }
}

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// Identifiers in a row.
struct Counting(AtomicU32);

impl Counting {
    fn next(&self, what: &str) -> String {
        format!("{what}-{}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

impl Ids for Counting {
    fn case(&self, _: &DivisionCode, _: Timestamp) -> CaseId {
        self.next("case").parse().unwrap()
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

/// A kernel of two invented counties, whose plugin proposes the given commands on every event that it is told.
async fn kernel(files: &Files, proposals: Vec<(&'static str, Value)>) -> Kernel {
    kernel_with(files, proposals, Profile::default()).await
}

/// The same, whose plugin has this profile.
async fn kernel_with(
    files: &Files,
    proposals: Vec<(&'static str, Value)>,
    profile: Profile,
) -> Kernel {
    advised(
        files,
        Proposing {
            proposals,
            profile,
            ..Proposing::default()
        },
    )
    .await
}

/// A kernel of two invented counties with this advisor.
async fn advised(files: &Files, advisor: Proposing) -> Kernel {
    use fengqiao_store::conformance::Backend as _;
    kernel_of(files.open().await, advisor, Standing::new(), 0).await
}

/// A kernel of two invented counties with any advisor, whose identifiers count from `first` on.
async fn kernel_of<A: Advisor>(
    store: SqliteStore,
    advisor: A,
    clock: Standing,
    first: u32,
) -> Kernel<A> {
    let ids = Counting(first.into());
    let kernel = Service::open(store, advisor, clock, ids).await.unwrap();
    let divisions = "code,name,level,parent\n990000000000,省,province,\n\
        990100000000,市,prefecture,990000000000\n990101000000,甲县,county,990100000000\n\
        990102000000,乙县,county,990100000000\n990101001000,镇,township,990101000000\n\
        990101001001,村,village,990101001000\n";
    let units: String = [("roads", COUNTY), ("water", COUNTY), ("far-roads", OTHER_COUNTY)]
        .iter()
        .map(|(id, division)| {
            format!("[[unit]]\nid = \"{id}\"\nname = \"{id}\"\ndivision = \"{division}\"\nkind = \"department\"\n\n")
        })
        .collect();
    for (kind, content) in [("divisions", divisions.to_owned()), ("units", units)] {
        kernel
            .put_reference(kind, "file", content, &ALL.parse().unwrap())
            .await
            .unwrap();
    }
    kernel
}

fn official(role: Role, unit: Option<&str>) -> Actor {
    official_named("somebody", role, unit)
}

fn official_named(name: &str, role: Role, unit: Option<&str>) -> Actor {
    Actor::Official {
        principal: PrincipalId::parse(name).unwrap(),
        role,
        unit: unit.map(|unit| UnitId::parse(unit).unwrap()),
        division: COUNTY.parse().unwrap(),
    }
}

fn hub() -> Actor {
    official(Role::Dispatcher, None)
}

async fn send<A: Advisor>(
    kernel: &Kernel<A>,
    target: Target,
    actor: Actor,
    command: Value,
) -> Result<Box<Outcome>, SubmitError> {
    let request = Request {
        target,
        command: serde_json::from_value(command).unwrap(),
        actor,
        expected: None,
        key: None,
        mode: Mode::Commit,
        message: None,
    };
    match kernel.submit(request, &|_| (200, String::new())).await? {
        Receipt::Done(outcome) => Ok(outcome),
        Receipt::Again(answer) => panic!("{answer:?}"),
    }
}

async fn register<A: Advisor>(kernel: &Kernel<A>, words: &str) -> CaseId {
    let command = json!({
        "do": "register",
        "matter": { "kind": "complaint", "place": VILLAGE, "text": words },
        "source": { "channel": "window" },
        "parties": [{ "role": "reporter", "person": { "name": "王某" } }],
    });
    let clerk = official(Role::Clerk, None);
    let outcome = send(kernel, Target::NewCase, clerk, command).await.unwrap();
    outcome.case.unwrap().id.clone()
}

async fn work<A: Advisor>(
    kernel: &Kernel<A>,
    case: &CaseId,
    actor: Actor,
    command: Value,
) -> Box<Outcome> {
    let target = Target::Case(case.clone());
    send(kernel, target, actor, command).await.unwrap()
}

fn dispatch(lead: &str) -> Value {
    json!({ "do": "dispatch", "lead": lead })
}

async fn bind<A: Advisor>(kernel: &Kernel<A>, county: &str, name: &str) -> Result<(), ManageError> {
    let division: DivisionCode = county.parse().unwrap();
    let inspection = kernel
        .upload(b"a component".to_vec(), "somebody", &division)
        .await?;
    let order = BindingOrder {
        id: name.parse().unwrap(),
        division: division.clone(),
        order: 0,
        component: inspection.digest,
        config: "{}".to_owned(),
        channel: None,
    };
    kernel.bind(&division, vec![order]).await.map(|_| ())
}

#[tokio::test]
async fn a_part_that_was_split_off_shows_its_statement_and_its_people() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let whole = register(&kernel, "路坏了，水也停了").await;
    let split = json!({
        "do": "split",
        "new": "any",
        "matter": { "kind": "complaint", "place": VILLAGE, "text": "水停了" },
    });
    let outcome = work(&kernel, &whole, hub(), split).await;
    let links = outcome.case.unwrap().links.clone();
    let part = links.first().unwrap().0.clone();
    let CaseView::Supervisor(seen) = kernel
        .view(&part, &Viewer::Supervisor(hub()))
        .await
        .unwrap()
    else {
        panic!("the hub sees all of it");
    };
    assert_eq!(seen.summary.matter.text.as_deref(), Some("水停了"));
    assert_eq!(seen.parties[0].person.as_ref().unwrap().name, "王*");
}

#[tokio::test]
async fn the_citizen_of_a_merged_case_reads_the_reply_to_its_primary() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let (primary, follower) = (
        register(&kernel, "路坏了").await,
        register(&kernel, "同一条路坏了").await,
    );
    work(&kernel, &primary, hub(), dispatch("roads")).await;
    let merge = json!({ "do": "merge", "into": primary });
    work(&kernel, &follower, hub(), merge).await;
    let roads = || official(Role::UnitHandler, Some("roads"));
    let delivery = json!({ "delivery": "delivered", "way": "phone" });
    for command in [
        json!({ "do": "sign" }),
        json!({ "do": "report", "text": "已修复" }),
        json!({ "do": "reply", "text": "路已修好", "delivery": delivery }),
    ] {
        work(&kernel, &primary, roads(), command).await;
    }
    let CaseView::Citizen(seen) = kernel.view(&follower, &Viewer::QueryCode).await.unwrap() else {
        panic!("the query code shows the citizen's view");
    };
    assert_eq!(seen.replies[0].text.as_deref(), Some("路已修好"));
}

#[tokio::test]
async fn a_proposal_that_is_too_long_is_refused_and_stops_nothing() {
    let files = Files::new();
    let long = json!({ "do": "urge", "text": "长".repeat(8_001) });
    let kernel = kernel(&files, vec![("registered", long)]).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    let events = kernel
        .history(&fengqiao_core::ids::Subject::Case(case))
        .await
        .unwrap();
    let refused = |event: &fengqiao_core::event::Event| match event {
        fengqiao_core::event::Event::ProposalRefused { code, .. } => Some(code.to_string()),
        _ => None,
    };
    let refused: Vec<String> = events.iter().filter_map(|e| refused(&e.event)).collect();
    assert_eq!(refused, ["too-long"]);
}

#[tokio::test]
async fn a_case_follows_its_primary_where_a_proposal_moves_it() {
    let files = Files::new();
    let up = json!({ "do": "hand-up", "to": COUNTY, "reason": "too-hard" });
    let kernel = kernel(&files, vec![("signed", up)]).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let (primary, follower) = (
        register(&kernel, "路坏了").await,
        register(&kernel, "同一条路坏了").await,
    );
    work(&kernel, &primary, hub(), dispatch("roads")).await;
    let merge = json!({ "do": "merge", "into": primary });
    work(&kernel, &follower, hub(), merge).await;
    let roads = official(Role::UnitHandler, Some("roads"));
    work(&kernel, &primary, roads, json!({ "do": "sign" })).await;
    for case in [&primary, &follower] {
        let stands = kernel.store().case(case).await.unwrap().unwrap();
        assert_eq!(stands.stage.name(), StageName::Accepted, "{case}");
    }
}

#[tokio::test]
async fn a_case_is_not_moved_to_a_binding_set_that_does_not_exist() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let case = register(&kernel, "路坏了").await;
    let admin = official(Role::SystemAdmin, None);
    let migrate = json!({ "do": "migrate", "bindings": "nowhere", "text": "换规则" });
    let sent = send(&kernel, Target::Case(case), admin, migrate).await;
    let Err(SubmitError::Refused(refusal)) = sent else {
        panic!("{sent:?}");
    };
    assert_eq!(refusal.code(), "field-invalid");
}

#[tokio::test]
async fn nobody_takes_the_name_of_a_binding_elsewhere() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let taken = bind(&kernel, OTHER_COUNTY, "b1").await;
    assert!(matches!(taken, Err(ManageError::Duplicate(_))), "{taken:?}");
    bind(&kernel, COUNTY, "b1").await.unwrap();
    assert_eq!(kernel.store().bindings().await.unwrap().len(), 1);
}
