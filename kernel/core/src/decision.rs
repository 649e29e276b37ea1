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
}
