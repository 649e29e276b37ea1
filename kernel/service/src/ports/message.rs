//! Messages of channels as the store keeps them, and what may be about the same as another matter.

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::ids::{CaseId, Code, Digest, DivisionCode, TextId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What tells a channel's messages apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The division whose adapter reads the channel.
    pub division: DivisionCode,
    /// The channel.
    pub channel: Code,
    /// The number that it has in the sender's system.
    pub number: Option<Code>,
    /// A digest of what it says, however its lines end.
    pub digest: Digest,
}

impl Sent {
    /// On the same channel, under this number.
    #[must_use]
    pub fn under(&self, number: Code) -> Self {
        Self {
            number: Some(number),
            ..self.clone()
        }
    }
}

/// A message as it came in by a channel. What it says isn't here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number here; as long as nobody could read it, the handle of its bytes, too.
    pub id: TextId,
    /// What tells it apart.
    pub sent: Sent,
    /// The media type that its sender named.
    pub media: String,
    /// How its bytes are kept.
    pub encoding: Encoding,
    /// What became of it.
    pub state: MessageState,
    /// When it came first.
    pub received_at: Timestamp,
    /// From whom.
    pub received_by: Actor,
    /// How often it came again.
    pub repeats: u64,
    /// When it came last.
    pub repeated_at: Option<Timestamp>,
    /// When a person settled it, and who.
    pub settled: Option<(Timestamp, Actor)>,
}

/// How a message's bytes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// As the text that they are.
    #[serde(rename = "utf-8")]
    Utf8,
    /// As hexadecimal digits.
    Hex,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageState {
    /// It is a case.
    Registered(CaseId),
    /// It waits for a person, and why.
    Unread(Code),
    /// A person said that it is none, and why.
    Dismissed(Code),
}

/// What becomes of a message in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageWrite {
    /// It came for the first time; one that is there already refuses the commit.
    New(Box<Message>),
    /// A person settled it; one that waits no more refuses the commit. Its bytes belong to the case from then on.
    Settled {
        /// Which.
        id: TextId,
        /// The number that its sender gave it, where only reading it again told.
        number: Option<Code>,
        /// What became of it.
        state: MessageState,
        /// When.
        at: Timestamp,
        /// By whom.
        by: Actor,
    },
    /// It came again.
    Repeated {
        /// Which.
        id: TextId,
        /// When.
        at: Timestamp,
    },
}

/// Which messages.
#[derive(Debug, Clone, Default)]
pub struct MessageFilter {
    /// Of adapters of this division or below it.
    pub division: Option<DivisionCode>,
    /// Of this channel.
    pub channel: Option<Code>,
    /// `registered`, `unread` or `dismissed`.
    pub state: Option<String>,
    /// That are this case.
    pub case: Option<CaseId>,
}

/// What a matter has in common with others that may be the same.
#[derive(Debug, Clone, Default)]
pub struct Likeness {
    /// The case itself, which isn't alike.
    pub except: Option<CaseId>,
    /// Where, and what, since when: both have to be equal.
    pub matter: Option<(DivisionCode, Code, Timestamp)>,
    /// The reporters' telephones, since when.
    pub reporters: Option<(Vec<String>, Timestamp)>,
}

/// A case that may be about the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Which.
    pub case: Case,
    /// Whether place and category are equal.
    pub same_matter: bool,
    /// Whether a reporter is.
    pub same_reporter: bool,
}
