//! One question a hook: convert what is asked, instantiate the component, call its export.

use std::borrow::Cow;
use std::sync::Arc;

use bumpalo::Bump;
use fengqiao_core::snapshot::Snapshot;
use fengqiao_service::ports::advisor::{AdviceError, GuardedMove, Reaction, Tallied};
use wasmtime::{Result, Store};

use crate::bindings::assess::exports::fengqiao::assess::assess;
use crate::bindings::guard::exports::fengqiao::guard::guard;
use crate::bindings::intake::exports::fengqiao::intake::intake;
use crate::bindings::react::exports::fengqiao::react::react;
use crate::bindings::triage::exports::fengqiao::triage::triage;
use crate::bindings::values::PluginError;
use crate::call::CallState;
use crate::convert::{Meter, input};
use crate::registry::Loaded;

/// What is asked of a fresh instance.
pub(crate) trait Question: Send + Sync {
    /// What comes back.
    type Answer: Send + 'static;
    /// The same question, for another thread.
    type Owned: Question<Answer = Self::Answer> + 'static;

    /// Takes along what was only lent.
    fn into_owned(self) -> Self::Owned;

    /// Instantiates and calls; an error is a trap, a stop, a refusal, or a component that doesn't link.
    fn ask(
        &self,
        store: &mut Store<CallState>,
    ) -> impl Future<Output = Result<Result<Self::Answer, PluginError>>> + Send;
}

pub(crate) struct Profile<'a> {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) config: Cow<'a, str>,
}

impl Question for Profile<'_> {
    type Answer = String;
    type Owned = Profile<'static>;

    fn into_owned(self) -> Profile<'static> {
        Profile {
            loaded: self.loaded,
            config: owned(self.config),
        }
    }

    async fn ask(&self, store: &mut Store<CallState>) -> Result<Result<String, PluginError>> {
        let mut meter = Meter::default();
        let config = input::text(&self.config, &mut meter);
        weigh(&meter, store.data().limits().input_bytes)?;
        let pre = exported(self.loaded.profile.as_ref(), "profile")?;
        let plugin = pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let profile = plugin.fengqiao_profile_profile();
        profile.call_profile(store, config).await
    }
}

pub(crate) struct Intake<'a> {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) config: Cow<'a, str>,
    pub(crate) channel: Cow<'a, str>,
    pub(crate) raw: Cow<'a, [u8]>,
}

impl Question for Intake<'_> {
    type Answer = intake::Reading;
    type Owned = Intake<'static>;

    fn into_owned(self) -> Intake<'static> {
        Intake {
            loaded: self.loaded,
            config: owned(self.config),
            channel: owned(self.channel),
            raw: owned(self.raw),
        }
    }

    async fn ask(
        &self,
        store: &mut Store<CallState>,
    ) -> Result<Result<intake::Reading, PluginError>> {
        let mut meter = Meter::default();
        let config = input::text(&self.config, &mut meter);
        let channel = input::text(&self.channel, &mut meter);
        let limits = store.data().limits();
        weigh(&meter, limits.intake_bytes + limits.config_bytes)?;
        let pre = exported(self.loaded.intake.as_ref(), "intake")?;
        let plugin = pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let intake = plugin.fengqiao_intake_intake();
        intake.call_intake(store, config, channel, &self.raw).await
    }
}

pub(crate) struct Triage<'a> {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) config: Cow<'a, str>,
    pub(crate) case: Cow<'a, Snapshot>,
}

impl Question for Triage<'_> {
    type Answer = triage::Answer;
    type Owned = Triage<'static>;

    fn into_owned(self) -> Triage<'static> {
        Triage {
            loaded: self.loaded,
            config: owned(self.config),
            case: owned(self.case),
        }
    }

    async fn ask(
        &self,
        store: &mut Store<CallState>,
    ) -> Result<Result<triage::Answer, PluginError>> {
        let (lists, mut meter) = (Bump::new(), Meter::default());
        let config = input::text(&self.config, &mut meter);
        let case = input::snapshot(&self.case, &lists, &mut meter)?;
        weigh(&meter, store.data().limits().input_bytes)?;
        let pre = exported(self.loaded.triage.as_ref(), "triage")?;
        let plugin = pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let triage = plugin.fengqiao_triage_triage();
        triage.call_triage(store, config, case).await
    }
}

pub(crate) struct Guard<'a> {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) config: Cow<'a, str>,
    pub(crate) case: Cow<'a, Snapshot>,
    pub(crate) command: Cow<'a, GuardedMove>,
}

impl Question for Guard<'_> {
    type Answer = guard::Verdict;
    type Owned = Guard<'static>;

    fn into_owned(self) -> Guard<'static> {
        Guard {
            loaded: self.loaded,
            config: owned(self.config),
            case: owned(self.case),
            command: owned(self.command),
        }
    }

    async fn ask(
        &self,
        store: &mut Store<CallState>,
    ) -> Result<Result<guard::Verdict, PluginError>> {
        let (lists, mut meter) = (Bump::new(), Meter::default());
        let config = input::text(&self.config, &mut meter);
        let case = input::snapshot(&self.case, &lists, &mut meter)?;
        let command = input::guarded_move(&self.command, &mut meter);
        weigh(&meter, store.data().limits().input_bytes)?;
        let pre = exported(self.loaded.guard.as_ref(), "guard")?;
        let plugin = pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let guard = plugin.fengqiao_guard_guard();
        guard.call_guard(store, config, case, command).await
    }
}

pub(crate) struct React<'a> {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) config: Cow<'a, str>,
    pub(crate) reaction: Cow<'a, Reaction>,
}

impl Question for React<'_> {
    type Answer = Vec<react::Proposal>;
    type Owned = React<'static>;

    fn into_owned(self) -> React<'static> {
        React {
            loaded: self.loaded,
            config: owned(self.config),
            reaction: owned(self.reaction),
        }
    }

    async fn ask(
        &self,
        store: &mut Store<CallState>,
    ) -> Result<Result<Vec<react::Proposal>, PluginError>> {
        let (lists, mut meter) = (Bump::new(), Meter::default());
        let reaction = &*self.reaction;
        let config = input::text(&self.config, &mut meter);
        let subject = input::subject(&reaction.subject, &mut meter);
        let after = input::snapshot(&reaction.after, &lists, &mut meter)?;
        let events = reaction.events.iter();
        let events: Vec<_> = events
            .map(|event| input::event(event, &mut meter))
            .collect();
        let events: Vec<_> = events.iter().collect();
        let related = input::counts(&reaction.related, &lists, &mut meter);
        weigh(&meter, store.data().limits().input_bytes)?;
        let pre = exported(self.loaded.react.as_ref(), "react")?;
        let plugin = pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let react = plugin.fengqiao_react_react();
        let depth = reaction.depth;
        react
            .call_react(store, config, &subject, after, &events, depth, related)
            .await
    }
}

pub(crate) struct Assess<'a> {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) config: Cow<'a, str>,
    pub(crate) tallied: Cow<'a, Tallied>,
}

impl Question for Assess<'_> {
    type Answer = assess::ScoreSheet;
    type Owned = Assess<'static>;

    fn into_owned(self) -> Assess<'static> {
        Assess {
            loaded: self.loaded,
            config: owned(self.config),
            tallied: owned(self.tallied),
        }
    }

    async fn ask(
        &self,
        store: &mut Store<CallState>,
    ) -> Result<Result<assess::ScoreSheet, PluginError>> {
        let mut meter = Meter::default();
        let tallied = &*self.tallied;
        let config = input::text(&self.config, &mut meter);
        let subject = input::subject(&tallied.subject, &mut meter);
        let period = input::text(&tallied.period, &mut meter);
        let codes = tallied.own.iter().chain(&tallied.group);
        meter.texts(codes.map(|(code, _)| code.as_str()));
        weigh(&meter, store.data().limits().input_bytes)?;
        let pre = exported(self.loaded.assess.as_ref(), "assess")?;
        let plugin = pre.instantiate_async(&mut *store).await?;
        store.data_mut().is_instantiated = true;
        let assess = plugin.fengqiao_assess_assess();
        let (own, group) = (&tallied.own, &tallied.group);
        assess
            .call_assess(store, config, &subject, period, own, group)
            .await
    }
}

fn owned<T: ToOwned + ?Sized>(lent: Cow<'_, T>) -> Cow<'static, T> {
    Cow::Owned(lent.into_owned())
}

fn weigh(meter: &Meter, most: u64) -> Result<(), AdviceError> {
    if meter.bytes() > most {
        return Err(AdviceError::Quota("input-bytes"));
    }
    Ok(())
}

fn exported<'a, P>(pre: Option<&'a P>, hook: &str) -> Result<&'a P, AdviceError> {
    pre.ok_or_else(|| AdviceError::LinkError(format!("the component doesn't export {hook}")))
}
