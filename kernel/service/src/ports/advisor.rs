//! The advisor port: asks one plugin one question. Which plugins are asked, in which order, and what their answers
//! mean together is the service's business.

use std::future::Future;

pub use fengqiao_calendar::Calendar;
use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::command::{Command, Registration};
use fengqiao_core::ids::{BindingId, Code, Digest, DivisionCode, Level, Subject};
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::{Group, Snapshot};
use fengqiao_metrics::ScoreSheet;
pub use fengqiao_reference::Reference;
use serde::{Deserialize, Serialize};

use super::store::Person;

/// A plugin with its configuration, in force for one division.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Binding {
    /// Its name.
    pub id: BindingId,
    /// In force for this division and all below it.
    pub division: DivisionCode,
    /// Its place among the bindings of the same division.
    pub order: u32,
    /// The component.
    pub component: Digest,
    /// The configuration: JSON text, checked against the plugin's schema.
    pub config: String,
    /// What the plugin exports.
    pub hooks: Vec<Hook>,
    /// The input groups that its manifest declares, for each hook.
    pub inputs: Vec<(Hook, Vec<Group>)>,
    /// The counts of related cases that its manifest asks for.
    #[serde(default)]
    pub queries: Vec<Query>,
    /// For `intake`: the channel that it is bound to.
    #[serde(default)]
    pub channel: Option<String>,
    /// What its `profile` hook said when it was activated; empty without one.
    #[serde(default)]
    pub profile: Profile,
}

/// One of the six questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hook {
    /// Words, forms, clocks, proceedings.
    Profile,
    /// A raw message → a submission.
    Intake,
    /// Who, how fast, or a person first?
    Triage,
    /// May this move happen?
    Guard,
    /// What follows?
    React,
    /// How do these tallies score?
    Assess,
}

/// What a plugin says about itself; read from the component, checked against its imports and exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// The mechanism's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is, in one Chinese sentence.
    pub title: String,
    /// Its licence (SPDX).
    pub licence: String,
    /// What it exports.
    pub hooks: Vec<Hook>,
    /// What it imports.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// The input groups that each hook needs; what isn't declared is withheld.
    #[serde(default)]
    pub inputs: std::collections::BTreeMap<Hook, Vec<Group>>,
    /// The counts of related cases that it needs; the kernel answers them beforehand.
    #[serde(default)]
    pub queries: Vec<Query>,
    /// The JSON schema of its configuration.
    #[serde(default)]
    pub config_schema: Option<serde_json::Value>,
}

/// A count of related cases; the case itself isn't counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Query {
    /// Under which name the plugin reads it (`history.related`).
    pub name: Code,
    /// What must be equal.
    pub same: Vec<Same>,
    /// Places are compared at this level; at the level of the case's own place where it is missing.
    #[serde(default)]
    pub at: Option<Level>,
    /// Registered within so many days before the case.
    pub within_days: u32,
    /// Which of them count.
    pub only: Which,
}

/// What related cases have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Same {
    /// The place.
    Place,
    /// The category.
    Category,
    /// The kind of matter.
    Kind,
}

/// Which related cases count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// All of them.
    All,
    /// Those that nobody confirmed as solved, open or closed.
    Unsolved,
    /// Those still open.
    Open,
}

/// An admitted component: what it is and does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Inspection {
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// How many bytes.
    pub size_bytes: u64,
    /// What it says about itself.
    pub manifest: Manifest,
    /// The interfaces that it exports, from its own type.
    pub exports: Vec<String>,
    /// The interfaces that it imports, from its own type.
    pub imports: Vec<String>,
}

/// Asks plugins. Every call gets a fresh instance, a deadline and a memory cap.
pub trait Advisor: Send + Sync + 'static {
    /// Checks a component and gets it ready; the same bytes twice are one.
    fn admit(
        &self,
        component: &[u8],
    ) -> impl Future<Output = Result<Inspection, AdmitError>> + Send;
    /// From now on, the capabilities answer from this reference data.
    fn set_reference(&self, reference: std::sync::Arc<Reference>);
    /// From now on, working days are those of this calendar.
    fn set_calendar(&self, calendar: std::sync::Arc<Calendar>);
    /// Checks a configuration against the plugin's schema.
    fn check_config(&self, component: &Digest, config: &str) -> Result<(), AdmitError>;
    /// The `profile` hook, at activation.
    fn profile(
        &self,
        binding: &Binding,
    ) -> impl Future<Output = Result<Profile, AdviceError>> + Send;
    /// The `triage` hook; none is a pass.
    fn triage(
        &self,
        binding: &Binding,
        case: &Snapshot,
    ) -> impl Future<Output = Result<Option<Triage>, AdviceError>> + Send;
    /// The `guard` hook: may this command be carried out on this case?
    fn guard(
        &self,
        binding: &Binding,
        case: &Snapshot,
        command: &GuardedMove,
    ) -> impl Future<Output = Result<GuardVerdict, AdviceError>> + Send;
    /// The `react` hook: what follows from these events?
    fn react(
        &self,
        binding: &Binding,
        input: &Reaction,
    ) -> impl Future<Output = Result<Vec<ProposedCommand>, AdviceError>> + Send;
    /// The `intake` hook: what does this raw message say?
    fn intake(
        &self,
        binding: &Binding,
        channel: &str,
        raw: &[u8],
    ) -> impl Future<Output = Result<Reading, AdviceError>> + Send;
    /// The `assess` hook: how do these tallies score? What it answers isn't checked yet whether it adds up.
    fn assess(
        &self,
        binding: &Binding,
        tallied: &Tallied,
    ) -> impl Future<Output = Result<ScoreSheet, AdviceError>> + Send;
}

/// What an assess hook is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallied {
    /// Who is scored.
    pub subject: Subject,
    /// Over which time: `2026`, `2026-05`.
    pub period: String,
    /// Their own counts, by code.
    pub own: Vec<(String, u64)>,
    /// Those of everybody who is scored together.
    pub group: Vec<(String, u64)>,
}

/// A command as a guard sees it: without words and people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardedMove {
    /// The command's name, `report`, or `proceeding/move`.
    pub code: String,
    /// The command as JSON, with handles in the place of words.
    pub document: String,
    /// The actor's part: `citizen`, `kernel`, `plugin` or an official's role.
    pub actor_role: String,
    /// The actor's unit.
    pub actor_unit: Option<String>,
}

/// What a react hook is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// On which subject the events are.
    pub subject: Subject,
    /// The subject's case after the events; for a unit's or division's docket, an otherwise empty snapshot with clocks and proceedings.
    pub after: Snapshot,
    /// The events: name and JSON.
    pub events: Vec<(String, String)>,
    /// How many reactions led here; at most four.
    pub depth: u8,
    /// Counts that the manifest's queries asked for, by name (same category, repeats…).
    pub related: Vec<(String, u64)>,
}

/// A proposal as it came out of a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProposedCommand {
    /// On which subject.
    pub subject: Subject,
    /// What, with plain words; the service gives them handles.
    pub command: Command<String, Person>,
}

/// What a raw message turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reading")]
pub enum Reading {
    /// A matter, with words and people in clear.
    Submission {
        /// The matter.
        registration: Box<Registration<String, Person>>,
        /// The number in the sender's system of an earlier one that it repeats, with words of its own.
        repeats: Option<Code>,
    },
    /// The same matter was sent before.
    Duplicate {
        /// Its number in the sender's system.
        external: Code,
    },
    /// Nothing that this platform takes from this channel.
    NotForUs {
        /// Why, stable.
        code: Code,
        /// Why, in words.
        text: String,
    },
}

/// Why a component isn't admitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdmitError {
    /// The bytes aren't a component, or are too large, or import what isn't there.
    #[error("组件不能接纳（{rule}）：{reason}")]
    Component {
        /// Which rule, stable.
        rule: String,
        /// In words.
        reason: String,
    },
    /// The manifest is missing, or lies.
    #[error("组件的说明与实际不符：{0}")]
    Manifest(String),
    /// The configuration doesn't fit the schema.
    #[error("配置不符合插件的要求：{0}")]
    Config(String),
    /// No such component.
    #[error("没有摘要为 {0} 的组件：请先上传")]
    Unknown(Digest),
}

/// Why a plugin couldn't answer: the failure kinds are the same in metrics, events and pages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdviceError {
    /// It trapped.
    #[error("trap: {0}")]
    Trap(String),
    /// It used more CPU than allowed.
    #[error("cpu-deadline")]
    CpuDeadline,
    /// It took longer than allowed.
    #[error("wall-deadline")]
    WallDeadline,
    /// It wanted more memory than allowed.
    #[error("memory")]
    Memory,
    /// Too many bytes across one host call.
    #[error("hostcall-bytes")]
    HostcallBytes,
    /// It used up a quota.
    #[error("quota({0})")]
    Quota(&'static str),
    /// It answered what the contract doesn't allow.
    #[error("bad-output({0})")]
    BadOutput(String),
    /// It said itself that it can't.
    #[error("plugin-error: {0}")]
    PluginError(String),
    /// It isn't loaded, or the host is too busy.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// It couldn't be linked.
    #[error("link-error: {0}")]
    LinkError(String),
}

impl AdviceError {
    /// The failure kind, stable.
    pub fn kind(&self) -> &'static str {
        match self {
            AdviceError::Trap(_) => "trap",
            AdviceError::CpuDeadline => "cpu-deadline",
            AdviceError::WallDeadline => "wall-deadline",
            AdviceError::Memory => "memory",
            AdviceError::HostcallBytes => "hostcall-bytes",
            AdviceError::Quota(_) => "quota",
            AdviceError::BadOutput(_) => "bad-output",
            AdviceError::PluginError(_) => "plugin-error",
            AdviceError::Unavailable(_) => "unavailable",
            AdviceError::LinkError(_) => "link-error",
        }
    }
}
