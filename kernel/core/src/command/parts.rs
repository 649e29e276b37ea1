//! What commands carry: a registration, a delivery, a result, a recipient.

use fengqiao_calendar::Spec;
use serde::{Deserialize, Serialize};

use crate::ids::{Code, DivisionCode, PersonRef, Seq, TextRef, UnitId};
use crate::matter::{Evidence, Matter, Party, Protection, Source};

/// Everything that is known when a matter is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[serde(bound(deserialize = "T: Deserialize<'de>, P: Deserialize<'de>"))]
pub struct Registration<T = TextRef, P = PersonRef> {
    /// What it is about.
    pub matter: Matter<T>,
    /// How it reached us.
    pub source: Source,
    /// Whether the reporter gave a name.
    #[serde(default = "named")]
    pub naming: Naming,
    /// Who is in it.
    #[serde(default)]
    pub parties: Vec<Party<P>>,
    /// How closely the reporter is guarded; a report is guarded at least as `reporter-hidden`.
    #[serde(default = "open")]
    pub protection: Protection,
    /// What was handed in with it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

fn named() -> Naming {
    Naming::Named
}

fn open() -> Protection {
    Protection::Open
}

/// Whether the reporter gave a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// 实名
    Named,
    /// 匿名: answered through the query code, and never contacted.
    Anonymous,
}

/// A clock with a length that somebody wants for it; it can only shorten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NamedSpec {
    /// The clock.
    pub name: Code,
    /// How long.
    pub spec: Spec,
    /// Whose word it is.
    pub provenance: crate::clock::Provenance,
}

/// How a unit leaves its assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseHow {
    /// It did its part.
    Done,
    /// The hub lets it go.
    Excused,
}

/// What the hub says to an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// 同意退单: back to accepted.
    Upheld,
    /// 不同意: the lead stays, and is locked.
    Denied,
}

/// What the lead claims; the citizen's word comes with the follow-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// 已解决
    Solved,
    /// 未解决
    Unsolved,
}

/// Whether the answer reached the citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "delivery", deny_unknown_fields)]
pub enum Delivery {
    /// It did.
    Delivered {
        /// How: `sms`, `wechat`, `query-code`, `phone`, `in-person`…
        way: Code,
    },
    /// It couldn't, and this is why; the waiver of the reply.
    Undeliverable {
        /// Why.
        ground: Code,
    },
}

/// What a follow-up found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpResult {
    /// The citizen says that it is solved.
    Solved,
    /// The citizen says that it isn't.
    Unsolved,
    /// Nobody could be reached.
    Unreached,
}

/// How two cases belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same matter again.
    Repeats,
    /// A part of it.
    SplitFrom,
    /// Otherwise.
    Related,
}

/// What may be waived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "waived", content = "id")]
pub enum Waivable {
    /// The lead's report.
    Report,
    /// The reply to the citizen.
    Reply,
    /// The rating.
    Rating,
    /// The follow-up.
    FollowUp,
    /// A clock that still runs, never one of law.
    Clock(Seq),
    /// A proceeding that didn't come to its end.
    Proceeding(Seq),
}

/// Who is told something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "to", content = "id")]
pub enum Recipient {
    /// The requester.
    Citizen,
    /// A unit.
    Unit(UnitId),
    /// The hub of a division.
    Desk(DivisionCode),
}
