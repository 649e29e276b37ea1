//! An advisor whose one plugin proposes given commands, each on the events of one name.

use std::sync::Arc;

use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::ids::Digest;
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::Snapshot;
use fengqiao_service::ports::advisor::{
    AdmitError, AdviceError, Advisor, Binding, GuardedMove, Hook, Inspection, Manifest,
    ProposedCommand, Reaction, Reading, Reference,
};
use serde_json::Value;

/// Proposes, and has no other word on anything.
pub(crate) struct Proposing {
    pub(crate) proposals: Vec<(&'static str, Value)>,
    pub(crate) profile: Profile,
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
                hooks: vec![Hook::Profile, Hook::React],
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

    fn check_config(&self, _: &Digest, _: &str) -> Result<(), AdmitError> {
        Ok(())
    }

    async fn profile(&self, _: &Binding) -> Result<Profile, AdviceError> {
        Ok(self.profile.clone())
    }

    async fn triage(&self, _: &Binding, _: &Snapshot) -> Result<Option<Triage>, AdviceError> {
        Ok(None)
    }

    async fn guard(
        &self,
        _: &Binding,
        _: &Snapshot,
        _: &GuardedMove,
    ) -> Result<GuardVerdict, AdviceError> {
        Ok(GuardVerdict::Permit)
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
}
