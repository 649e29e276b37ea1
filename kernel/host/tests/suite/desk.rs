//! Asking a guest as the service does, and seeing what it wrote.

use std::sync::{Arc, Mutex};

use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::ids::Subject;
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::{Group, HistoryView, MatterView, PlaceView, Snapshot};
use fengqiao_host::{HostConfig, Limits, LogLine, PluginLog, WasmAdvisor};
use fengqiao_service::ports::advisor::{
    AdviceError, Advisor, Binding, GuardedMove, ProposedCommand, Reaction, Reading,
};

/// Keeps every line.
#[derive(Default)]
pub(crate) struct Lines(Mutex<Vec<String>>);

impl Lines {
    /// The lines so far.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl PluginLog for Lines {
    fn line(&self, line: LogLine<'_>) {
        self.0.lock().unwrap().push(line.message.to_owned());
    }
}

/// An advisor with the lines that its guests write.
pub(crate) struct Desk {
    pub(crate) advisor: WasmAdvisor,
    pub(crate) lines: Arc<Lines>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(Limits::DEFAULT)
    }

    pub(crate) fn with(limits: Limits) -> Self {
        Self::of(HostConfig {
            limits,
            ..HostConfig::default()
        })
    }

    pub(crate) fn of(config: HostConfig) -> Self {
        let lines = Arc::new(Lines::default());
        let log = Arc::clone(&lines) as Arc<dyn PluginLog>;
        let advisor = WasmAdvisor::new(HostConfig { log, ..config }).unwrap();
        Self { advisor, lines }
    }

    /// Admits a component and binds it.
    pub(crate) async fn bind(&self, component: &[u8]) -> Binding {
        let inspection = self.advisor.admit(component).await.unwrap();
        Binding {
            id: "hand".parse().unwrap(),
            division: "990101000000".parse().unwrap(),
            order: 0,
            component: inspection.digest,
            config: "{}".to_owned(),
            hooks: inspection.manifest.hooks,
            inputs: Vec::new(),
            queries: Vec::new(),
            channel: None,
            profile: Profile::default(),
        }
    }

    pub(crate) async fn guard(&self, component: &[u8]) -> Result<GuardVerdict, AdviceError> {
        let binding = self.bind(component).await;
        self.ask_guard(&binding).await
    }

    pub(crate) async fn ask_guard(&self, binding: &Binding) -> Result<GuardVerdict, AdviceError> {
        self.advisor.guard(binding, &case(), &signing()).await
    }

    pub(crate) async fn triage(&self, component: &[u8]) -> Result<Option<Triage>, AdviceError> {
        let binding = self.bind(component).await;
        self.advisor.triage(&binding, &case()).await
    }

    pub(crate) async fn react(
        &self,
        component: &[u8],
    ) -> Result<Vec<ProposedCommand>, AdviceError> {
        let binding = self.bind(component).await;
        self.advisor.react(&binding, &reaction()).await
    }

    pub(crate) async fn profile(&self, component: &[u8]) -> Result<Profile, AdviceError> {
        let binding = self.bind(component).await;
        self.advisor.profile(&binding).await
    }

    pub(crate) async fn intake(
        &self,
        component: &[u8],
        raw: &[u8],
    ) -> Result<Reading, AdviceError> {
        let binding = self.bind(component).await;
        self.advisor.intake(&binding, "hotline", raw).await
    }
}

/// A case with a place, a matter and a history.
pub(crate) fn case() -> Snapshot {
    Snapshot {
        case: Some("990101-20260511-0001".parse().unwrap()),
        stage: Some(fengqiao_core::stage::StageName::Handling),
        as_of: "2026-05-11T10:00:00+08:00".parse().unwrap(),
        place: Some(PlaceView {
            place: "990101001001".parse().unwrap(),
            path: vec!["990000000000".parse().unwrap()],
            handled_by: "990101000000".parse().unwrap(),
            point: None,
        }),
        matter: Some(MatterView {
            kind: fengqiao_core::matter::MatterKind::Complaint,
            category: Some("违法建设".parse().unwrap()),
            text: "某住宅小区顶楼违建".to_owned(),
            amount_fen: None,
            people: 1,
            portfolios: Vec::new(),
            marks: Vec::new(),
            evidence: Vec::new(),
        }),
        parties: None,
        source: None,
        history: Some(HistoryView {
            objections: 0,
            reworks: 0,
            urges: 2,
            flags: Vec::new(),
            level_moves: 0,
            contacted_at: None,
            arrived_at: None,
            related: Vec::new(),
        }),
        assignments: Some(Vec::new()),
        clocks: Some(Vec::new()),
        proceedings: Some(Vec::new()),
        withheld: vec![Group::Parties, Group::Source],
        ext: vec![(Group::Care, "true".to_owned())],
    }
}

/// The move that guards are asked about.
pub(crate) fn signing() -> GuardedMove {
    GuardedMove {
        code: "sign".to_owned(),
        document: r#"{"do":"sign"}"#.to_owned(),
        actor_role: "unit-handler".to_owned(),
        actor_unit: Some("u-1".to_owned()),
    }
}

/// The events that reactions are asked about.
pub(crate) fn reaction() -> Reaction {
    Reaction {
        subject: Subject::Case("990101-20260511-0001".parse().unwrap()),
        after: case(),
        events: vec![("urged".to_owned(), r#"{"event":"urged"}"#.to_owned())],
        depth: 1,
        related: vec![("repeats".to_owned(), 3)],
    }
}
