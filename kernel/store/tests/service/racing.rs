//! An advisor beside whom somebody else is always quicker: whatever it is asked, the case has moved on when it answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use fengqiao_core::actor::Actor;
use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::ids::{CaseId, Digest, Subject};
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::Snapshot;
use fengqiao_metrics::ScoreSheet;
use fengqiao_service::Target;
use fengqiao_service::ports::advisor::{
    AdmitError, AdviceError, Advisor, Binding, Calendar, GuardedMove, Inspection, ProposedCommand,
    Reaction, Reading, Reference, Tallied,
};
use serde_json::{Value, json};

use super::advisor::Proposing;
use super::{Kernel, hub, send};

/// Proposes nothing. Each time that it is told of one kind of event, and so often at the most, a rival does something
/// before the answer is there.
pub(crate) struct Racing {
    pub(crate) rival: Kernel,
    pub(crate) left: AtomicU32,
    pub(crate) asked: Arc<AtomicU32>,
    pub(crate) profile: Profile,
    pub(crate) told_of: &'static str,
    pub(crate) deed: Deed,
}

/// What the rival does.
pub(crate) enum Deed {
    /// Urges on the same case.
    Urge,
    /// Something elsewhere.
    Elsewhere {
        target: Target,
        actor: Actor,
        command: Value,
    },
}

impl Racing {
    async fn overtake(&self, case: &CaseId) {
        let (target, actor, command) = match &self.deed {
            Deed::Urge => {
                let urge = json!({ "do": "urge", "text": "请尽快办理" });
                (Target::Case(case.clone()), hub(), urge)
            }
            Deed::Elsewhere {
                target,
                actor,
                command,
            } => (target.clone(), actor.clone(), command.clone()),
        };
        send(&self.rival, target, actor, command).await.unwrap();
    }

    fn silent() -> Proposing {
        Proposing::default()
    }
}

impl Advisor for Racing {
    async fn admit(&self, component: &[u8]) -> Result<Inspection, AdmitError> {
        Self::silent().admit(component).await
    }

    fn set_reference(&self, _: Arc<Reference>) {}

    fn set_calendar(&self, _: Arc<Calendar>) {}

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
        let mut events = input.events.iter();
        let Subject::Case(case) = &input.subject else {
            return Ok(Vec::new());
        };
        if events.any(|(name, _)| name == self.told_of) {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let left = self.left.load(Ordering::Relaxed);
            if left > 0 {
                self.left.store(left - 1, Ordering::Relaxed);
                self.overtake(case).await;
            }
        }
        Ok(Vec::new())
    }

    async fn intake(&self, _: &Binding, _: &str, _: &[u8]) -> Result<Reading, AdviceError> {
        Err(AdviceError::Unavailable("nobody".to_owned()))
    }

    async fn assess(&self, _: &Binding, _: &Tallied) -> Result<ScoreSheet, AdviceError> {
        Err(AdviceError::Unavailable("nobody".to_owned()))
    }
}
