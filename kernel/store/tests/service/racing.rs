//! An advisor beside whom somebody else is always quicker: whatever it is asked, the case has moved on when it answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::ids::{Digest, Subject};
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::Snapshot;
use fengqiao_service::ports::advisor::{
    AdmitError, AdviceError, Advisor, Binding, GuardedMove, Inspection, ProposedCommand, Reaction,
    Reading, Reference,
};
use serde_json::json;

use super::advisor::Proposing;
use super::{Kernel, hub, work};

/// Proposes nothing. Each time that a clock ran out, and so often at the most, a rival urges on the same case before
/// the answer is there.
pub(crate) struct Racing {
    pub(crate) rival: Kernel,
    pub(crate) left: AtomicU32,
    pub(crate) asked: Arc<AtomicU32>,
}

impl Racing {
    fn silent() -> Proposing {
        Proposing::default()
    }
}

impl Advisor for Racing {
    async fn admit(&self, component: &[u8]) -> Result<Inspection, AdmitError> {
        Self::silent().admit(component).await
    }

    fn set_reference(&self, _: Arc<Reference>) {}

    fn check_config(&self, _: &Digest, _: &str) -> Result<(), AdmitError> {
        Ok(())
    }

    async fn profile(&self, _: &Binding) -> Result<Profile, AdviceError> {
        Ok(Profile::default())
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
        if events.any(|(name, _)| name == "clock-breached") {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let left = self.left.load(Ordering::Relaxed);
            if left > 0 {
                self.left.store(left - 1, Ordering::Relaxed);
                let urge = json!({ "do": "urge", "text": "请尽快办理" });
                work(&self.rival, case, hub(), urge).await;
            }
        }
        Ok(Vec::new())
    }

    async fn intake(&self, _: &Binding, _: &str, _: &[u8]) -> Result<Reading, AdviceError> {
        Err(AdviceError::Unavailable("nobody".to_owned()))
    }
}
