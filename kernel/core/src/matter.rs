//! What was handed in: the matter, where it came from, and who is in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::ids::{Code, Digest, DivisionCode, PersonRef, PrincipalId, Seq, TextRef, UnitId};

/// The kind of a matter (诉求性质).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MatterKind {
    /// 投诉、求助
    Complaint,
    /// 建议
    Suggestion,
    /// 咨询
    Consultation,
    /// 举报
    Report,
    /// 纠纷
    Dispute,
    /// 信访
    Petition,
}

/// What it is about. `T` is the words on the way in, their handle in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Matter<T = TextRef> {
    /// Complaint, dispute, report…
    pub kind: MatterKind,
    /// The word of the jurisdiction's codebook, where it is known.
    #[serde(default)]
    pub category: Option<Code>,
    /// The smallest division that is known to contain the place.
    pub place: DivisionCode,
    /// Longitude and latitude in microdegrees, where they are known (WGS84).
    #[serde(default)]
    pub point: Option<Point>,
    /// The statement.
    pub text: T,
    /// The amount in dispute, in fen.
    #[serde(default)]
    pub amount_fen: Option<u64>,
    /// How many people are concerned; 0 where nobody said.
    #[serde(default)]
    pub people: u32,
    /// How many came about it (人次); 0 where nobody said, and then those whom it concerns. Of five who came together, the
    /// matter is one.
    #[serde(default, skip_serializing_if = "is_none_said")]
    pub came: u32,
    /// How often somebody came about it, this time included; 0 where nobody said, and then once.
    #[serde(default, skip_serializing_if = "is_none_said")]
    pub visits: u32,
    /// Portfolios (分管) that the matter needs, as far as the receiver can tell.
    #[serde(default)]
    pub portfolios: Vec<Code>,
    /// Facts that a receiver ticks: `emergency`, `early-sign`, `distress`, `legacy`, `on-site`, `pre-suit`, `public-interest`…
    #[serde(default)]
    pub marks: BTreeSet<Code>,
}

fn is_none_said(count: &u32) -> bool {
    *count == 0
}

/// A point on the map in microdegrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Point {
    /// East is positive.
    pub lon_microdegrees: i32,
    /// North is positive.
    pub lat_microdegrees: i32,
}

/// How it reached us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Source {
    /// The channel's code.
    pub channel: Code,
    /// The unit that was asked first (首问、首接).
    #[serde(default)]
    pub first_receiver: Option<UnitId>,
    /// The number it has in the sender's system.
    #[serde(default)]
    pub external: Option<Code>,
    /// When the citizen posted it, where that was earlier than the registration.
    #[serde(default)]
    pub posted_at: Option<Timestamp>,
    /// When it was first seen by us.
    #[serde(default)]
    pub detected_at: Option<Timestamp>,
    /// Somebody hands it in for somebody else.
    #[serde(default)]
    pub assistance: Option<Assistance>,
}

/// Handing in on behalf of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Assistance {
    /// 领办, 帮办 or 代办.
    pub mode: AssistanceMode,
    /// Whether the person agreed; without it the hand-in is refused.
    pub consent: Consent,
}

/// How somebody helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AssistanceMode {
    /// 领办
    Guided,
    /// 帮办
    Helped,
    /// 代办
    Delegated,
}

/// Whether somebody agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// They agreed.
    Given,
    /// They didn't.
    Withheld,
}

/// Somebody in the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[serde(bound(deserialize = "P: Deserialize<'de>"))]
pub struct Party<P = PersonRef> {
    /// The part they have.
    pub role: PartyRole,
    /// Who it is; nobody for an anonymous reporter.
    #[serde(default)]
    pub person: Option<P>,
    /// The unit, where the party is one.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// The principal, where the party can sign in (a citizen, or an official who is accused).
    #[serde(default)]
    pub principal: Option<PrincipalId>,
}

/// The part somebody has in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PartyRole {
    /// 诉求人
    Reporter,
    /// 代表: at most five in a joint petition.
    Representative,
    /// 被申请人: the other side of a dispute, who takes part.
    Respondent,
    /// 被举报人: never receives and never sees.
    Accused,
}

/// How closely the reporter is guarded; a later one is tighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// A handler may know who asked.
    Open,
    /// A handler never learns who reported.
    ReporterHidden,
    /// Besides, only the hub and the lead may read the statement.
    Confidential,
}

/// A piece of evidence, kept by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Evidence {
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// What it is.
    pub media: Media,
    /// How a session was held, for a recording of one.
    #[serde(default)]
    pub session: Option<SessionMode>,
}

/// What a piece of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Media {
    /// 照片
    Photo,
    /// 视频
    Video,
    /// 录音
    Audio,
    /// 文书
    Document,
}

/// How a session was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SessionMode {
    /// 现场
    OnSite,
    /// 远程视频
    RemoteVideo,
    /// 录像
    Recorded,
}

/// A unit's part in a case (交办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Assignment {
    /// Its number in the case.
    pub id: Seq,
    /// Who.
    pub unit: UnitId,
    /// As what.
    pub role: AssignmentRole,
    /// 交办 owes a result, 转送 doesn't.
    pub result: ResultOwed,
    /// How it stands.
    pub state: AssignmentState,
    /// When it was given.
    pub given_at: Timestamp,
    /// When the unit signed for it.
    pub signed_at: Option<Timestamp>,
}

/// What a unit is asked to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AssignmentRole {
    /// 主办
    Lead,
    /// 协办
    Assist,
    /// 督办
    Supervise,
    /// 知会
    Inform,
}

/// Whether a result is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ResultOwed {
    /// 交办
    Owed,
    /// 转送
    NotOwed,
}

/// How an assignment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AssignmentState {
    /// In force.
    Active,
    /// The unit has done its part.
    Done,
    /// The hub let the unit go without a result.
    Excused,
    /// Another unit took the place.
    Replaced,
}

/// A unit that is to be given a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Appointment {
    /// Who.
    pub unit: UnitId,
    /// As what.
    pub role: AssignmentRole,
    /// Whether a result is owed.
    pub result: ResultOwed,
}

impl AssignmentRole {
    /// The Chinese word.
    pub fn label(self) -> &'static str {
        match self {
            AssignmentRole::Lead => "主办",
            AssignmentRole::Assist => "协办",
            AssignmentRole::Supervise => "督办",
            AssignmentRole::Inform => "知会",
        }
    }
}
