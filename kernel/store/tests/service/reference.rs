//! Reference data through the service: all files or none, a new day, the edition of a consultation, and what plugins are told.

use std::sync::{Arc, Mutex};

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::ids::{CaseId, Digest, DivisionCode, Subject};
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::{Group, Snapshot};
use fengqiao_metrics::ScoreSheet;
use fengqiao_service::ports::Clock;
use fengqiao_service::ports::advisor::{
    AdmitError, AdviceError, Advisor, Binding, Calendar, GuardedMove, Hook, Inspection, Manifest,
    ProposedCommand, Reaction, Reading, Reference, Tallied,
};
use fengqiao_service::ports::store::{Page, Store as _};
use fengqiao_service::{
    BindingOrder, Mode, Receipt, ReferenceError, ReferenceFile, Request, Service, Target,
};
use fengqiao_store::SqliteStore;
use fengqiao_store::conformance::Backend as _;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{COUNTY, Counting, VILLAGE, official};
use crate::sqlite::backend::Files;

type Kernel = Service<SqliteStore, Listening, Moving, Counting>;

/// A clock that is set by the test.
#[derive(Clone)]
struct Moving(Arc<Mutex<Timestamp>>);

impl Moving {
    fn at(text: &str) -> Self {
        Self(Arc::new(Mutex::new(text.parse().unwrap())))
    }

    fn set(&self, text: &str) {
        *self.0.lock().unwrap() = text.parse().unwrap();
    }
}

impl Clock for Moving {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A triage that keeps what it was shown and passes.
#[derive(Clone, Default)]
struct Listening {
    declared: Vec<Group>,
    shown: Arc<Mutex<Vec<Snapshot>>>,
}

impl Advisor for Listening {
    async fn admit(&self, component: &[u8]) -> Result<Inspection, AdmitError> {
        Ok(Inspection {
            digest: Digest::parse("component").unwrap(),
            size_bytes: component.len() as u64,
            manifest: Manifest {
                name: "listening".to_owned(),
                version: "1.0.0".to_owned(),
                title: "只听不说".to_owned(),
                licence: "Apache-2.0".to_owned(),
                hooks: vec![Hook::Triage],
                capabilities: Vec::new(),
                inputs: [(Hook::Triage, self.declared.clone())].into(),
                queries: Vec::new(),
                config_schema: None,
            },
            exports: Vec::new(),
            imports: Vec::new(),
        })
    }

    fn set_reference(&self, _: Arc<Reference>) {}

    fn set_calendar(&self, _: Arc<Calendar>) {}

    fn check_config(&self, _: &Digest, _: &str) -> Result<(), AdmitError> {
        Ok(())
    }

    async fn profile(&self, _: &Binding) -> Result<Profile, AdviceError> {
        Ok(Profile::default())
    }

    async fn triage(&self, _: &Binding, case: &Snapshot) -> Result<Option<Triage>, AdviceError> {
        self.shown.lock().unwrap().push(case.clone());
        Ok(None)
    }

    async fn guard(
        &self,
        _: &Binding,
        _: &Snapshot,
        _: &GuardedMove,
    ) -> Result<GuardVerdict, AdviceError> {
        Ok(GuardVerdict::Permit)
    }

    async fn react(&self, _: &Binding, _: &Reaction) -> Result<Vec<ProposedCommand>, AdviceError> {
        Ok(Vec::new())
    }

    async fn intake(&self, _: &Binding, _: &str, _: &[u8]) -> Result<Reading, AdviceError> {
        Err(AdviceError::Unavailable("nobody".to_owned()))
    }

    async fn assess(&self, _: &Binding, _: &Tallied) -> Result<ScoreSheet, AdviceError> {
        Err(AdviceError::Unavailable("nobody".to_owned()))
    }
}

const DIVISIONS: &str = "code,name,level,parent\n990000000000,省,province,\n\
    990100000000,市,prefecture,990000000000\n990101000000,甲县,county,990100000000\n\
    990101001000,镇,township,990101000000\n990101001001,村,village,990101001000\n";

const SERVICES: &str = "[catalogue]\ncode = \"station-services\"\nversion = \"1\"\ndivision = \"990101000000\"\nkey = [\"code\"]\n\
    [[row]]\ncode = \"law\"\nwithin-m = 500\n[[row]]\ncode = \"mind\"\nwithin-m = 500\n";

const KINDS: &str = "[catalogue]\ncode = \"station-kinds\"\nversion = \"1\"\ndivision = \"990101000000\"\nkey = [\"code\"]\n\
    [[row]]\ncode = \"site\"\n";

const CARE_KINDS: &str = "[catalogue]\ncode = \"care-kinds\"\nversion = \"1\"\ndivision = \"990101000000\"\nkey = [\"code\"]\n\
    [[row]]\ncode = \"alone\"\n";

/// One station that moves on 1 May.
const STATIONS: &str = "id,division,name,kind,services,lon,lat,datum,valid-from,valid-until\n\
    s1,990101001000,一站,site,law,114.001,22.6,WGS84,,2024-04-30\n\
    s1,990101001000,一站,site,law,114.030,22.6,WGS84,2024-05-01,\n";

const CARE: &str = "id,division,kind,person,phone\nc1,990101001001,alone,赵某,13800138000\n";

fn file(kind: &str, name: &str, content: &str) -> ReferenceFile {
    ReferenceFile {
        kind: kind.to_owned(),
        name: name.to_owned(),
        content: content.to_owned(),
    }
}

fn files() -> Vec<ReferenceFile> {
    vec![
        file("divisions", "base.csv", DIVISIONS),
        file("catalogue", "services.toml", SERVICES),
        file("catalogue", "kinds.toml", KINDS),
        file("catalogue", "care.toml", CARE_KINDS),
        file("stations", "stations.csv", STATIONS),
        file("care", "care.csv", CARE),
    ]
}

async fn open(at: &Files, advisor: Listening, clock: &Moving) -> Kernel {
    let store = at.open().await;
    let kernel = Service::open(store, advisor, clock.clone(), Counting(0.into())).await;
    kernel.unwrap()
}

async fn bind(kernel: &Kernel) {
    let inspection = kernel
        .upload(b"a component".to_vec(), "somebody", &county())
        .await
        .unwrap();
    let order = BindingOrder {
        id: "b1".parse().unwrap(),
        division: county(),
        order: 0,
        component: inspection.digest,
        config: "{}".to_owned(),
        channel: None,
    };
    kernel.bind(&county(), vec![order]).await.unwrap();
}

async fn register(
    kernel: &Kernel,
    phone: &str,
    protection: &str,
    respondent: Option<&str>,
) -> CaseId {
    let mut parties =
        vec![json!({ "role": "reporter", "person": { "name": "王某", "phone": phone } })];
    parties.extend(respondent.map(
        |phone| json!({ "role": "respondent", "person": { "name": "赵某", "phone": phone } }),
    ));
    let point = json!({ "lon-microdegrees": 114_000_000, "lat-microdegrees": 22_600_000 });
    let command: Value = json!({
        "do": "register",
        "matter": { "kind": "complaint", "place": VILLAGE, "text": "路坏了", "point": point },
        "source": { "channel": "window" },
        "parties": parties,
        "protection": protection,
    });
    let request = Request {
        target: Target::NewCase,
        command: serde_json::from_value(command).unwrap(),
        actor: clerk(),
        expected: None,
        key: None,
        mode: Mode::Commit,
        message: None,
    };
    match kernel
        .submit(request, &|_| (200, String::new()))
        .await
        .unwrap()
    {
        Receipt::Done(outcome) => outcome.case.unwrap().id.clone(),
        Receipt::Again(answer) => panic!("{answer:?}"),
    }
}

fn county() -> DivisionCode {
    COUNTY.parse().unwrap()
}

fn clerk() -> Actor {
    official(Role::Clerk, None)
}

fn where_s1_is(kernel: &Kernel) -> Option<String> {
    let reference = kernel.reference();
    let stations = reference.registers().get("stations")?;
    Some(stations.get("s1")?.get("lon")?.to_owned())
}

const MARCH: &str = "2024-03-04T01:00:00Z";

#[tokio::test]
async fn several_files_are_taken_together_or_not_at_all() {
    let at = Files::new();
    let kernel = open(&at, Listening::default(), &Moving::at(MARCH)).await;
    let mut wrong = files();
    wrong.push(file(
        "rooms",
        "rooms.csv",
        "id,division,name,unit\nr1,990101001000,室,nobody\n",
    ));
    let refused = kernel.import(wrong, &county()).await;
    let Err(ReferenceError::Data(error)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((error.file.as_str(), error.line), ("rooms.csv", 2));
    assert!(kernel.reference().divisions().is_empty());
    assert!(kernel.store().reference().await.unwrap().is_empty());
    assert_eq!(kernel.store().edition(None).await.unwrap(), None);

    let version = kernel.import(files(), &county()).await.unwrap();
    assert_eq!(kernel.reference().version(), version);
    assert_eq!(kernel.store().reference().await.unwrap().len(), 6);
}

#[tokio::test]
async fn a_kernel_that_opens_again_has_the_same_edition() {
    let (at, clock) = (Files::new(), Moving::at(MARCH));
    let kernel = open(&at, Listening::default(), &clock).await;
    let version = kernel.import(files(), &county()).await.unwrap();
    drop(kernel);
    let kernel = open(&at, Listening::default(), &clock).await;
    assert_eq!(kernel.reference().version(), version);
}

#[tokio::test]
async fn a_new_day_brings_the_rows_that_hold_on_it_and_an_edition_of_its_own() {
    let (at, clock) = (Files::new(), Moving::at("2024-04-30T15:59:59Z"));
    let kernel = open(&at, Listening::default(), &clock).await;
    let april = kernel.import(files(), &county()).await.unwrap();
    kernel.sweep_clocks(1).await.unwrap();
    assert_eq!(where_s1_is(&kernel).as_deref(), Some("114.001"));

    clock.set("2024-04-30T16:00:00Z");
    kernel.sweep_clocks(1).await.unwrap();
    assert_eq!(where_s1_is(&kernel).as_deref(), Some("114.030"));
    let may = kernel.reference().version().to_owned();
    assert_ne!(april, may);
    let store = kernel.store();
    let days = [
        store.edition(Some(&april)).await,
        store.edition(Some(&may)).await,
    ];
    let days = days.map(|edition| edition.unwrap().unwrap().day.to_string());
    assert_eq!(days, ["2024-04-30", "2024-05-01"]);
}

#[tokio::test]
async fn a_day_with_a_gap_keeps_the_rows_of_the_day_before() {
    let (at, clock) = (Files::new(), Moving::at("2024-04-30T02:00:00Z"));
    let kernel = open(&at, Listening::default(), &clock).await;
    kernel.import(files(), &county()).await.unwrap();
    let ending = "[catalogue]\ncode = \"c\"\nversion = \"1\"\ndivision = \"990101000000\"\nkey = [\"k\"]\n\
        codebook = { column = \"k\", values = [\"a\"] }\n[[row]]\nk = \"a\"\nvalid-until = \"2024-04-30\"\n";
    let april = kernel
        .put_reference("catalogue", "c.toml", ending.to_owned(), &county())
        .await
        .unwrap();
    clock.set("2024-05-01T02:00:00Z");
    kernel.sweep_clocks(1).await.unwrap();
    assert_eq!(kernel.reference().version(), april);
    drop(kernel);
    // Nor does it keep the kernel from starting.
    let kernel = open(&at, Listening::default(), &clock).await;
    assert_eq!(kernel.reference().version(), april);
}

#[tokio::test]
async fn a_consultation_names_the_edition_that_it_was_answered_from() {
    let at = Files::new();
    let kernel = open(&at, Listening::default(), &Moving::at(MARCH)).await;
    let version = kernel.import(files(), &county()).await.unwrap();
    bind(&kernel).await;
    let case = register(&kernel, "13900000000", "open", None).await;
    kernel
        .put_reference("care", "care.csv", CARE.replace("c1", "c2"), &county())
        .await
        .unwrap();
    let page = Page {
        after: None,
        limit: 10,
    };
    let asked = kernel
        .store()
        .consultations(&Subject::Case(case), &page)
        .await
        .unwrap();
    let versions: Vec<&str> = asked
        .iter()
        .map(|asked| asked.record.reference.as_str())
        .collect();
    assert_eq!(versions, [version.as_str()]);
    let edition = kernel
        .store()
        .edition(Some(&version))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(edition.files.len(), 6);
}

#[tokio::test]
async fn a_rule_is_told_what_is_near_and_of_care_only_where_it_declared_them() {
    let told = async |declared: Vec<Group>| {
        let at = Files::new();
        let advisor = Listening {
            declared: declared.clone(),
            ..Listening::default()
        };
        let kernel = open(&at, advisor.clone(), &Moving::at(MARCH)).await;
        kernel.import(files(), &county()).await.unwrap();
        bind(&kernel).await;
        register(&kernel, "138 0013 8000", "open", None).await;
        let shown = advisor.shown.lock().unwrap();
        shown.first().unwrap().ext.clone()
    };
    assert_eq!(told(vec![Group::Place]).await, []);
    assert_eq!(
        told(vec![Group::Care]).await,
        [(Group::Care, "true".to_owned())]
    );
    let near = told(vec![Group::Nearby]).await;
    let near: Value = serde_json::from_str(&near[0].1).unwrap();
    assert_eq!(near["stations"][0]["id"], "s1");
    assert_eq!(near["stations"][0]["metres"], 103);
    assert_eq!(near["covered"], json!({ "law": true, "mind": false }));
}

#[tokio::test]
async fn the_care_of_who_reports_a_guarded_case_is_not_told() {
    let told = async |protection: &str, reporter: &str, respondent: Option<&str>| {
        let at = Files::new();
        let advisor = Listening {
            declared: vec![Group::Care],
            ..Listening::default()
        };
        let kernel = open(&at, advisor.clone(), &Moving::at(MARCH)).await;
        kernel.import(files(), &county()).await.unwrap();
        bind(&kernel).await;
        register(&kernel, reporter, protection, respondent).await;
        let shown = advisor.shown.lock().unwrap();
        shown.first().unwrap().ext[0].1.clone()
    };
    let (listed, other) = ("13800138000", "13900000000");
    assert_eq!(told("open", listed, None).await, "true");
    assert_eq!(told("reporter-hidden", listed, None).await, "false");
    assert_eq!(told("reporter-hidden", other, Some(listed)).await, "true");
}
