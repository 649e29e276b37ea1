//! Running deadlines (时限) as state.

use fengqiao_calendar::{Deadline, Roll, Spec};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{BindingId, Code, DivisionCode, Seq, UnitId};
use crate::matter::MatterKind;

/// The names of the clocks that the kernel itself starts and stops; a profile gives them their length.
pub mod names {
    /// Registration → accepted, declined or referred.
    pub const ACCEPT: &str = "accept";
    /// Acceptance → closed or ended. Rework keeps its start.
    pub const HANDLE_TOTAL: &str = "handle-total";
    /// Dispatch → the lead signs.
    pub const SIGN: &str = "sign";
    /// Dispatch → the citizen was contacted. Not started where the reporter is guarded, unless a rule asks for it.
    pub const CONTACT: &str = "contact";
    /// Dispatch → somebody was on the spot.
    pub const ARRIVE: &str = "arrive";
    /// Dispatch (or rework, or sent back) → the lead reports.
    pub const REPORT: &str = "report";
    /// Signing, and each progress note → the next one (定时反馈).
    pub const PROGRESS: &str = "progress";
    /// Report → reply.
    pub const REPLY: &str = "reply";
    /// Reply → rated; its expiry records the waiver.
    pub const RATE: &str = "rate";
    /// Reply → followed up.
    pub const FOLLOW_UP: &str = "follow-up";
    /// Dispatch → the last moment at which the lead may object.
    pub const OBJECT: &str = "object";
    /// An instruction → its answer.
    pub const INSTRUCTION: &str = "instruction";
    /// A suspension → its review; and the safety net under a case on which no other clock runs.
    pub const REVIEW: &str = "review";
}

/// A deadline on a docket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Clock {
    /// Its number in the docket.
    pub id: Seq,
    /// What it is called.
    pub name: Code,
    /// Who has to act before it ends; the hub where it is nobody's.
    pub owner: Option<UnitId>,
    /// The proceeding that it belongs to.
    pub proceeding: Option<Seq>,
    /// When it is due, and why.
    pub deadline: Deadline,
    /// The rule behind it.
    pub rule: ClockRule,
    /// How it stands.
    pub state: ClockState,
    /// How often it was extended.
    pub extensions: u32,
    /// The binding that started it, and may stop it; none for the kernel's own clocks.
    #[serde(default)]
    pub started_by: Option<BindingId>,
}

/// How a clock stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum ClockState {
    /// It runs.
    Running,
    /// It stands still.
    Paused {
        /// Since when.
        since: Timestamp,
    },
    /// What it waited for happened in time.
    Met {
        /// When.
        at: Timestamp,
    },
    /// It ran out; the time is the nominal one, however late it was noticed.
    Breached {
        /// The due time.
        at: Timestamp,
        /// When what it waited for happened after all.
        done_at: Option<Timestamp>,
    },
    /// It lost its object.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

impl ClockState {
    /// Whether the clock still counts: running or paused.
    pub fn is_live(&self) -> bool {
        matches!(self, ClockState::Running | ClockState::Paused { .. })
    }
}

/// How long a clock runs, and on whose word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClockRule {
    /// The clock.
    pub name: Code,
    /// How long.
    pub spec: Spec,
    /// Whether a deadline on a day off rolls over.
    #[serde(default = "local_promise")]
    pub roll: Roll,
    /// Only for these kinds of matter; for all where empty.
    #[serde(default)]
    pub kinds: Vec<MatterKind>,
    /// Only for these categories; for all where empty.
    #[serde(default)]
    pub categories: Vec<Code>,
    /// Whose word it is.
    pub provenance: Provenance,
    /// The article by which it may be paused; none: it can't.
    #[serde(default)]
    pub pause_article: Option<String>,
    /// How it may be extended; none: it can't.
    #[serde(default)]
    pub extend: Option<ExtendRule>,
}

fn local_promise() -> Roll {
    Roll::Local
}

/// How a clock may be extended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExtendRule {
    /// The article or local rule that allows it.
    pub article: String,
    /// By how much at the most, each time.
    pub by: Spec,
    /// How often.
    pub times: u32,
}

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provenance {
    /// Stated, law, another place's, assumed.
    pub mark: Mark,
    /// The article, the document, the place, the reason.
    pub source: String,
    /// The document by which an administrator confirmed it.
    #[serde(default)]
    pub confirmed: Option<String>,
}

/// How sure a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Mark {
    /// Stated by the jurisdiction.
    S,
    /// Law.
    L,
    /// Another place's rule.
    X,
    /// Assumed.
    A,
}

impl Provenance {
    /// Whether it is shown as 未经本地文件确认.
    pub fn is_unconfirmed(&self) -> bool {
        matches!(self.mark, Mark::A | Mark::X) && self.confirmed.is_none()
    }
}

/// A rule with the division that set it; none for the kernel's rows of law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PlacedRule {
    /// Who set it.
    pub division: Option<DivisionCode>,
    /// The rule.
    pub rule: ClockRule,
}
