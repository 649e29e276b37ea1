//! An advisor whose one plugin has the words that a test gives it.

use std::sync::Arc;

use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::ids::Digest;
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::Snapshot;
use fengqiao_metrics::ScoreSheet;
use fengqiao_service::ports::advisor::{
    AdmitError, AdviceError, Advisor, Binding, Calendar, GuardedMove, Hook, Inspection, Manifest,
    ProposedCommand, Reaction, Reading, Reference, Tallied,
};
use serde_json::Value;

/// Proposes given commands, each on the events of one name; has no other word where a test gives it none.
#[derive(Default)]
pub(crate) struct Proposing {
    pub(crate) proposals: Vec<(&'static str, Value)>,
    pub(crate) profile: Profile,
    /// Moves that it refuses, by `move/role of whoever moves`.
    pub(crate) refused: Vec<&'static str>,
    /// By binding, the unit that it gives every case to.
    pub(crate) leads: Vec<(&'static str, &'static str)>,
    /// Holds up every move that is asked about until it is let through.
    pub(crate) door: Option<Arc<Door>>,
}

/// Somebody stands before it, and somebody opens it.
#[derive(Default)]
pub(crate) struct Door {
    pub(crate) reached: tokio::sync::Notify,
    pub(crate) opened: tokio::sync::Notify,
}

impl Advisor for Proposing {
    async fn admit(&self, component: &[u8]) -> Result<Inspection, AdmitError> {
        Ok(Inspection {
            digest: Digest::parse("component").unwrap(),
            size_bytes: component.len() as u64,
            manifest: Manifest {
                name: "proposing".to_owned(),
                version: "1.0.0".to_owned(),
                title: "提出建议".to_owned(),
                licence: "Apache-2.0".to_owned(),
                hooks: vec![Hook::Profile, Hook::React, Hook::Guard, Hook::Triage],
                capabilities: Vec::new(),
                inputs: std::collections::BTreeMap::new(),
                queries: Vec::new(),
                config_schema: None,
            },
            exports: Vec::new(),
            imports: Vec::new(),
        })
    }

    fn set_reference(&self, _: Arc<Reference>) {}

    fn set_calendar(&self, _: Arc<Calendar>) {}

    fn check_config(&self, _: &Digest, _: &str) -> Result<(), AdmitError> {
        Ok(())
    }

    async fn profile(&self, _: &Binding) -> Result<Profile, AdviceError> {
        Ok(self.profile.clone())
    }

    async fn triage(&self, binding: &Binding, _: &Snapshot) -> Result<Option<Triage>, AdviceError> {
        let mut leads = self.leads.iter();
        let lead = leads.find(|(of, _)| *of == binding.id.as_str());
        Ok(lead.map(|(_, lead)| Triage::Accept {
            lead: lead.parse().unwrap(),
            others: Vec::new(),
            clocks: Vec::new(),
            flags: Vec::new(),
            level: None,
            because: "always".parse().unwrap(),
        }))
    }

    async fn guard(
        &self,
        _: &Binding,
        _: &Snapshot,
        wanted: &GuardedMove,
    ) -> Result<GuardVerdict, AdviceError> {
        if let Some(door) = &self.door {
            door.reached.notify_one();
            door.opened.notified().await;
        }
        let wanted = format!("{}/{}", wanted.code, wanted.actor_role);
        Ok(match self.refused.contains(&wanted.as_str()) {
            true => GuardVerdict::Refuse {
                code: "never".parse().unwrap(),
                text: "从不".to_owned(),
            },
            false => GuardVerdict::Permit,
        })
    }

    async fn react(
        &self,
        _: &Binding,
        input: &Reaction,
    ) -> Result<Vec<ProposedCommand>, AdviceError> {
        let happened = |name: &str| input.events.iter().any(|(event, _)| event == name);
        let wanted = self.proposals.iter().filter(|(name, _)| happened(name));
        Ok(wanted
            .map(|(_, command)| ProposedCommand {
                subject: input.subject.clone(),
                command: serde_json::from_value(command.clone()).unwrap(),
            })
            .collect())
    }

    async fn intake(&self, _: &Binding, _: &str, _: &[u8]) -> Result<Reading, AdviceError> {
        Err(AdviceError::Unavailable("nobody".to_owned()))
    }

    async fn assess(&self, _: &Binding, _: &Tallied) -> Result<ScoreSheet, AdviceError> {
        Err(AdviceError::Unavailable("nobody".to_owned()))
    }
}
