//! Where a case stands in the kernel's closed loop.

use serde::{Deserialize, Serialize};

use crate::ids::{Code, Seq, UnitId};

/// The stage of a case (环节), with what must be true in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "stage")]
pub enum Stage {
    /// 已登记: a receipt was issued.
    Registered,
    /// 已受理: waiting for a lead, or for a person to decide one.
    Accepted,
    /// 已派单: a lead is assigned and its clocks run.
    Dispatched {
        /// The unit that answers for the case.
        lead: UnitId,
    },
    /// 处置中: the lead has signed.
    Handling {
        /// The unit that answers for the case.
        lead: UnitId,
    },
    /// 已反馈: the lead has reported a result.
    Reported {
        /// The unit that answers for the case.
        lead: UnitId,
        /// The report that stands, or the waiver of one.
        report: Seq,
    },
    /// 已回复: the citizen was answered, or it is recorded why they can't be.
    Replied {
        /// The unit that answers for the case.
        lead: UnitId,
        /// The report that stands.
        report: Seq,
        /// The reply that stands.
        reply: Seq,
    },
    /// 已办结: the closing rule held.
    Closed {
        /// The unit that answered for the case.
        lead: UnitId,
        /// The report that stood.
        report: Seq,
        /// The reply that stood.
        reply: Seq,
    },
    /// 已归档: the dossier is sealed.
    Archived {
        /// The unit that answered for the case.
        lead: UnitId,
    },
    /// 终结: ended outside the loop.
    Ended {
        /// Why, and what the citizen was told.
        reason: EndReason,
    },
}

/// The bare name of a stage, as profiles, guards and pages use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are documented on Stage")]
pub enum StageName {
    Registered,
    Accepted,
    Dispatched,
    Handling,
    Reported,
    Replied,
    Closed,
    Archived,
    Ended,
}

/// Why a case ended outside the loop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum EndReason {
    /// 不予受理
    Declined {
        /// The ground, from a codebook.
        ground: Code,
    },
    /// 转介 to 110, 119, 120, 122, a court, arbitration, discipline, review, disclosure, petition.
    Referred {
        /// The route told to the citizen.
        route: Code,
    },
    /// 撤回 by the requester.
    Withdrawn,
    /// 终止, approved by the hub.
    Terminated {
        /// Non-cooperation, or unreasonable and explained.
        ground: Code,
    },
}

impl Stage {
    /// The bare name.
    pub fn name(&self) -> StageName {
        match self {
            Stage::Registered => StageName::Registered,
            Stage::Accepted => StageName::Accepted,
            Stage::Dispatched { .. } => StageName::Dispatched,
            Stage::Handling { .. } => StageName::Handling,
            Stage::Reported { .. } => StageName::Reported,
            Stage::Replied { .. } => StageName::Replied,
            Stage::Closed { .. } => StageName::Closed,
            Stage::Archived { .. } => StageName::Archived,
            Stage::Ended { .. } => StageName::Ended,
        }
    }

    /// The unit that answers (or answered) for the case, from dispatch on.
    pub fn lead(&self) -> Option<&UnitId> {
        match self {
            Stage::Dispatched { lead }
            | Stage::Handling { lead }
            | Stage::Reported { lead, .. }
            | Stage::Replied { lead, .. }
            | Stage::Closed { lead, .. }
            | Stage::Archived { lead } => Some(lead),
            Stage::Registered | Stage::Accepted | Stage::Ended { .. } => None,
        }
    }
}

impl StageName {
    /// Whether the case is still in work: registered up to replied.
    pub fn is_open(self) -> bool {
        self < StageName::Closed
    }

    /// The Chinese name of the kernel; a profile may give another.
    pub fn label(self) -> &'static str {
        match self {
            StageName::Registered => "已登记",
            StageName::Accepted => "已受理",
            StageName::Dispatched => "已派单",
            StageName::Handling => "处置中",
            StageName::Reported => "已反馈",
            StageName::Replied => "已回复",
            StageName::Closed => "已办结",
            StageName::Archived => "已归档",
            StageName::Ended => "已终结",
        }
    }

    /// The word used in JSON, WIT and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            StageName::Registered => "registered",
            StageName::Accepted => "accepted",
            StageName::Dispatched => "dispatched",
            StageName::Handling => "handling",
            StageName::Reported => "reported",
            StageName::Replied => "replied",
            StageName::Closed => "closed",
            StageName::Archived => "archived",
            StageName::Ended => "ended",
        }
    }
}
