//! What a decision is: events to record and effects to carry out.

use serde::{Deserialize, Serialize};

use crate::command::Recipient;
use crate::event::Event;
use crate::ids::{Code, Subject};

/// What follows from a command. Nothing meaningful is left to whoever carries it out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What happened, in order, each on its subject.
    pub events: Vec<(Subject, Event)>,
    /// What the dispatcher does once the events are durable.
    pub effects: Vec<Effect>,
}

/// Something outside that follows from the events; carried out at least once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Effect {
    /// On whose behalf.
    pub subject: Subject,
    /// Who is told.
    pub to: Recipient,
    /// What, by notice code; the words are the profile's.
    pub notice: Code,
    /// Where a case or a unit was escalated: who is called on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
}

/// Whom an escalation calls on: a handle, so that the person's name and phone stay in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Call {
    /// The row of the register of posts.
    pub post: String,
    /// The clock that ran out, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Code>,
}
