//! One question a hook: instantiate the component, call its export.

use wasmtime::{Result, Store};

use crate::bindings::guard::exports::fengqiao::guard::guard;
use crate::bindings::intake::exports::fengqiao::intake::intake;
use crate::bindings::react::exports::fengqiao::react::react;
use crate::bindings::snapshot::Snapshot;
use crate::bindings::triage::exports::fengqiao::triage::triage;
use crate::bindings::values::{Coded, PluginError, Subject};
use crate::bindings::{
    guard::GuardPluginPre, intake::IntakePluginPre, profile::ProfilePluginPre,
    react::ReactPluginPre, triage::TriagePluginPre,
};
use crate::call::CallState;

/// What is asked of a fresh instance.
pub(crate) trait Question: Send + 'static {
    /// What comes back.
    type Answer: Send + 'static;

    /// Instantiates and calls; an error is a trap, a stop, or a component that doesn't link.
    fn ask(
        self,
        store: &mut Store<CallState>,
    ) -> impl Future<Output = Result<Result<Self::Answer, PluginError>>> + Send;
}

pub(crate) struct Profile {
    pub(crate) pre: ProfilePluginPre<CallState>,
    pub(crate) config: String,
}

impl Question for Profile {
    type Answer = String;

    async fn ask(self, store: &mut Store<CallState>) -> Result<Result<String, PluginError>> {
        let plugin = self.pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let profile = plugin.fengqiao_profile_profile();
        profile.call_profile(store, &self.config).await
    }
}

pub(crate) struct Intake {
    pub(crate) pre: IntakePluginPre<CallState>,
    pub(crate) config: String,
    pub(crate) channel: String,
    pub(crate) raw: Vec<u8>,
}

impl Question for Intake {
    type Answer = intake::Reading;

    async fn ask(
        self,
        store: &mut Store<CallState>,
    ) -> Result<Result<intake::Reading, PluginError>> {
        let plugin = self.pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let intake = plugin.fengqiao_intake_intake();
        intake
            .call_intake(store, &self.config, &self.channel, &self.raw)
            .await
    }
}

pub(crate) struct Triage {
    pub(crate) pre: TriagePluginPre<CallState>,
    pub(crate) config: String,
    pub(crate) case: Snapshot,
}

impl Question for Triage {
    type Answer = triage::Answer;

    async fn ask(
        self,
        store: &mut Store<CallState>,
    ) -> Result<Result<triage::Answer, PluginError>> {
        let plugin = self.pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let triage = plugin.fengqiao_triage_triage();
        triage.call_triage(store, &self.config, &self.case).await
    }
}

pub(crate) struct Guard {
    pub(crate) pre: GuardPluginPre<CallState>,
    pub(crate) config: String,
    pub(crate) case: Snapshot,
    pub(crate) command: guard::Move,
}

impl Question for Guard {
    type Answer = guard::Verdict;

    async fn ask(
        self,
        store: &mut Store<CallState>,
    ) -> Result<Result<guard::Verdict, PluginError>> {
        let plugin = self.pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let guard = plugin.fengqiao_guard_guard();
        guard
            .call_guard(store, &self.config, &self.case, &self.command)
            .await
    }
}

pub(crate) struct React {
    pub(crate) pre: ReactPluginPre<CallState>,
    pub(crate) config: String,
    pub(crate) subject: Subject,
    pub(crate) after: Snapshot,
    pub(crate) events: Vec<Coded>,
    pub(crate) depth: u8,
    pub(crate) related: Vec<(String, u64)>,
}

impl Question for React {
    type Answer = Vec<react::Proposal>;

    async fn ask(
        self,
        store: &mut Store<CallState>,
    ) -> Result<Result<Vec<react::Proposal>, PluginError>> {
        let plugin = self.pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let react = plugin.fengqiao_react_react();
        react
            .call_react(
                store,
                &self.config,
                &self.subject,
                &self.after,
                &self.events,
                self.depth,
                &self.related,
            )
            .await
    }
}
