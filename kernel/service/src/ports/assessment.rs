//! What the store keeps for assessments, beside the facts that follow from events.

use fengqiao_core::ids::{CaseId, DivisionCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::store::StoreError;

/// Which cases may count.
#[derive(Debug, Clone)]
pub struct FactsFilter {
    /// Whose place lies in this division or below it.
    pub division: Option<DivisionCode>,
    /// Something of them at or after.
    pub from: Timestamp,
    /// And something before.
    pub until: Timestamp,
}

/// What an assessment may record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssessmentKind {
    /// How a division counts.
    Rules,
    /// A unit's appeal.
    Appeal,
    /// The word on an appeal.
    AppealDecision,
    /// A bulletin.
    Bulletin,
    /// A unit's acknowledgement of a bulletin.
    Acknowledgement,
    /// A published sheet.
    Sheet,
    /// A sheet that couldn't be made.
    SheetFailure,
}

/// Something that an assessment recorded; it never changes and never goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentRecord {
    /// What it is.
    pub kind: AssessmentKind,
    /// What tells it from all others of its kind.
    pub name: String,
    /// Whose.
    pub division: DivisionCode,
    /// When.
    pub at: Timestamp,
    /// It, as JSON.
    pub record: String,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A case of that number is the kernel's own: its facts follow from its events.
    #[error("案件 {0} 是本系统受理的案件，不能按旧案导入")]
    OurOwn(CaseId),
    /// A case of that number was imported for a place beyond the importer's reach.
    #[error("编号 {0} 的旧案由其他区划导入，不能更正")]
    Elsewhere(CaseId),
    /// The store couldn't.
    #[error(transparent)]
    Store(#[from] StoreError),
}
