//! Linked platforms: what goes out to them, what they say, and which numbers they have open.

use std::collections::BTreeSet;

use fengqiao_core::ids::{CaseId, Code, Digest, Seq, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One unit's part in a case, as a linked platform knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedOrder {
    /// Which platform.
    pub platform: Code,
    /// Its number, which stays the same whatever happens to the part.
    pub number: Code,
    /// The case.
    pub case: CaseId,
    /// The unit's part in it.
    pub assignment: Seq,
    /// The unit.
    pub unit: UnitId,
}

/// What a platform is told about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkedChange {
    /// 派单
    Given,
    /// 催办
    Urged,
    /// 时限变动
    DeadlineMoved,
    /// 批示
    Instructed,
    /// 中止
    Suspended,
    /// 恢复
    Resumed,
    /// 退回重报
    SentBack,
    /// 重办
    Reworked,
    /// 办毕: the unit's part is done.
    Done,
    /// 收回: the unit works on it no more.
    TakenBack,
    /// 结案: the case is closed or ended.
    Closed,
}

impl LinkedChange {
    /// The Chinese word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Given => "派单",
            Self::Urged => "催办",
            Self::DeadlineMoved => "时限变动",
            Self::Instructed => "批示",
            Self::Suspended => "中止",
            Self::Resumed => "恢复",
            Self::SentBack => "退回重报",
            Self::Reworked => "重办",
            Self::Done => "办毕",
            Self::TakenBack => "收回",
            Self::Closed => "结案",
        }
    }
}

/// A row of a platform's outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedRow {
    /// Its number among those of the platform, from 1 on, without gaps.
    pub seq: u64,
    /// About which order.
    pub order: LinkedOrder,
    /// What happened.
    pub change: LinkedChange,
    /// When.
    pub at: Timestamp,
    /// When the platform said that it has it.
    pub acknowledged_at: Option<Timestamp>,
}

/// What a platform says about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkedState {
    /// 已接收: it has arrived there.
    Received,
    /// 已签收
    Signed,
    /// 已联系
    Contacted,
    /// 已反馈
    Reported,
    /// 申请退单
    Returned,
}

/// What became of what a platform said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkedOutcome {
    /// It was carried out as the unit's own command.
    Done,
    /// It was noted, and changes nothing of the case.
    Noted,
    /// It was refused, and why.
    Refused,
    /// No such number was ever sent.
    Unknown,
}

/// What a platform said, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedStatus {
    /// Which platform.
    pub platform: Code,
    /// Its own number of this status.
    pub id: Code,
    /// A digest of all that it said, so that one number isn't used for two things.
    pub digest: Digest,
    /// The order's number, as the platform gave it.
    pub number: Code,
    /// The platform's own number of the order.
    pub theirs: Option<Code>,
    /// What it said.
    pub state: LinkedState,
    /// What became of it.
    pub outcome: LinkedOutcome,
    /// Why it was refused.
    pub refusal: Option<Code>,
    /// When.
    pub at: Timestamp,
}

/// How an order stands between the platform and us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedStand {
    /// Which.
    pub order: LinkedOrder,
    /// When anything went out last.
    pub sent_at: Timestamp,
    /// Since when something waits for its acknowledgement.
    pub unacknowledged_since: Option<Timestamp>,
    /// Whether anything that the platform said was carried out.
    pub is_worked_on: bool,
    /// What the platform said last.
    pub last: Option<LinkedStatus>,
}

/// A platform's own full list of open numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenList {
    /// When it was handed in.
    pub at: Timestamp,
    /// The numbers.
    pub numbers: BTreeSet<Code>,
}
