//! The advisor port: finds the component, asks it on the guests' own threads, checks what it said.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use fengqiao_calendar::Calendar;
use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::ids::Digest;
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::Snapshot;
use fengqiao_metrics::ScoreSheet;
use fengqiao_reference::Reference;
use fengqiao_service::ports::advisor::{
    AdmitError, AdviceError, Advisor, Binding, GuardedMove, Hook, Inspection, ProposedCommand,
    Reaction, Reading, Tallied,
};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use wasmtime::Engine;

use crate::call::Call;
use crate::capabilities::{Asked, Provided, Recorded};
use crate::convert::{Fault, answer};
use crate::engine::{self, Isolation};
use crate::limits::{Limits, size};
use crate::log::{LogLevel, LogLine, PluginLog};
use crate::metrics::{Count, Counters, Threads};
use crate::question::{self, Question};
use crate::registry::{Loaded, Registry, Standing};
use crate::setup::{HostConfig, HostError, HostHealth};
use crate::ticker::{self, Ticker};
use crate::turns::{Shares, Turn, Turns};

/// Asks WebAssembly components.
pub struct WasmAdvisor {
    engine: Engine,
    isolation: Isolation,
    limits: Arc<Limits>,
    log: Arc<dyn PluginLog>,
    registry: Registry,
    turns: Arc<Turns>,
    ticker: Ticker,
    counters: Counters,
    recorded: RwLock<Recorded>,
    /// Taken only when the advisor is dropped.
    workers: Option<Runtime>,
}

impl WasmAdvisor {
    /// Starts the engine, its ticker and the guests' threads, with empty reference data.
    ///
    /// # Errors
    /// What is missing on this machine, or wrong in the configuration.
    pub fn new(config: HostConfig) -> Result<Self, HostError> {
        config.limits.check()?;
        let (engine, isolation) = engine::build(config.isolation, &config.limits)
            .map_err(|error| HostError::engine(&error))?;
        let mut workers = tokio::runtime::Builder::new_multi_thread();
        workers.thread_name("fengqiao-guest").enable_time();
        if let Some(threads) = config.worker_threads {
            workers.worker_threads(threads.max(1));
        }
        Ok(Self {
            registry: Registry::new(engine.clone()).map_err(|error| HostError::engine(&error))?,
            turns: Arc::new(Turns::new(&config.limits)),
            ticker: Ticker::start(&engine)?,
            counters: Counters::default(),
            recorded: RwLock::new(Recorded {
                reference: Arc::default(),
                calendar: Arc::new(Calendar::china()?),
            }),
            workers: Some(workers.build()?),
            limits: Arc::new(config.limits),
            log: config.log,
            engine,
            isolation,
        })
    }

    /// How the host is.
    #[must_use]
    pub fn health(&self) -> HostHealth {
        HostHealth {
            ticks: self.ticker.is_alive(),
            isolation: self.isolation,
            components: self.registry.len(),
        }
    }

    /// Calls by hook and outcome since the process began.
    #[must_use]
    pub fn counts(&self) -> Vec<Count> {
        self.counters.rows()
    }

    /// Where calls ran since the process began.
    #[must_use]
    pub fn threads(&self) -> Threads {
        self.counters.threads()
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    fn recorded(&self) -> Recorded {
        let recorded = self.recorded.read().unwrap_or_else(PoisonError::into_inner);
        recorded.clone()
    }

    fn loaded(&self, binding: &Binding) -> Result<Arc<Loaded>, AdviceError> {
        self.registry
            .get(&binding.component)
            .ok_or_else(|| AdviceError::Unavailable(format!("{} 未载入", binding.component)))
    }

    /// One call, on a fresh instance. A component that has shown itself prompt is asked on this very thread, until the
    /// first tick at most. Everything else runs on the guests' own threads: whoever isn't known yet, was interrupted
    /// here, or has to wait for its turn. Dropping the future stops the guest at its next tick.
    async fn ask<Q: Question>(
        &self,
        hook: Hook,
        binding: &Binding,
        standing: &Arc<Standing>,
        question: Q,
    ) -> Result<Q::Answer, AdviceError> {
        let now = ticker::now();
        if !self.ticker.is_alive_at(now) {
            return Err(AdviceError::Unavailable("stale-ticker".to_owned()));
        }
        let (recorded, log) = (self.recorded(), Arc::clone(&self.log));
        let provided = Provided::new(recorded, asked(hook, binding), log, &self.limits);
        let call = Call::new(&self.engine, &self.limits, provided, now);
        let shares = self.turns.shares(&standing.share, &binding.division);
        let turn = shares.turn();
        if turn.is_none() || !standing.promptness.is_shown() {
            let turn = turn.ok_or(shares);
            return self.elsewhere(turn, call, standing, question).await;
        }
        match call.briefly(&question).await {
            Ok(ended) => {
                self.counters.brief();
                standing.promptness.ended(ended.ticks);
                ended.result
            }
            Err(call) => {
                self.counters.interrupted();
                standing.promptness.ended(1);
                let turn = turn.ok_or(shares);
                self.elsewhere(turn, *call, standing, question).await
            }
        }
    }

    /// A call on the guests' own threads, in its turn or when it gets one.
    async fn elsewhere<Q: Question>(
        &self,
        turn: Result<Turn, Shares>,
        call: Call,
        standing: &Arc<Standing>,
        question: Q,
    ) -> Result<Q::Answer, AdviceError> {
        let Some(workers) = &self.workers else {
            return Err(AdviceError::Unavailable("stopped".to_owned()));
        };
        self.counters.elsewhere();
        let (turns, standing) = (Arc::clone(&self.turns), Arc::clone(standing));
        let question = question.into_owned();
        let mut work = JoinSet::new();
        let call = async move {
            let _turn = match turn {
                Ok(turn) => turn,
                Err(shares) => turns.wait(shares).await?,
            };
            let ended = call.in_full(&question).await;
            standing.promptness.ended(ended.ticks);
            ended.result
        };
        work.spawn_on(call, workers.handle());
        match work.join_next().await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => Err(AdviceError::Unavailable(error.to_string())),
            None => Err(AdviceError::Unavailable("stopped".to_owned())),
        }
    }

    /// Counts a call, and tells the author what was wrong with it.
    fn finish<T>(
        &self,
        hook: Hook,
        binding: &Binding,
        result: Result<Result<T, Fault>, AdviceError>,
    ) -> Result<T, AdviceError> {
        let (result, note) = match result {
            Ok(Ok(answer)) => (Ok(answer), None),
            Ok(Err(Fault { rule, detail })) => {
                let error = AdviceError::BadOutput(rule.to_owned());
                let note = format!("{error}: {detail}");
                (Err(error), Some(note))
            }
            Err(error) => {
                let note = error.to_string();
                (Err(error), Some(note))
            }
        };
        self.counters.count(hook, &result);
        if let Some(note) = note {
            self.note(hook, binding, &note);
        }
        result
    }

    fn note(&self, hook: Hook, binding: &Binding, message: &str) {
        self.log.line(LogLine {
            component: &binding.component,
            binding: &binding.id,
            hook,
            level: LogLevel::Error,
            message,
        });
    }

    async fn ask_profile(&self, binding: &Binding) -> Result<String, AdviceError> {
        let loaded = self.loaded(binding)?;
        let standing = Arc::clone(&loaded.standing);
        let config = Cow::Borrowed(binding.config.as_str());
        let question = question::Profile { loaded, config };
        self.ask(Hook::Profile, binding, &standing, question).await
    }

    async fn ask_triage(
        &self,
        binding: &Binding,
        case: &Snapshot,
    ) -> Result<<question::Triage<'_> as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        let standing = Arc::clone(&loaded.standing);
        let question = question::Triage {
            loaded,
            config: Cow::Borrowed(&binding.config),
            case: Cow::Borrowed(case),
        };
        self.ask(Hook::Triage, binding, &standing, question).await
    }

    async fn ask_guard(
        &self,
        binding: &Binding,
        case: &Snapshot,
        command: &GuardedMove,
    ) -> Result<<question::Guard<'_> as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        let standing = Arc::clone(&loaded.standing);
        let question = question::Guard {
            loaded,
            config: Cow::Borrowed(&binding.config),
            case: Cow::Borrowed(case),
            command: Cow::Borrowed(command),
        };
        self.ask(Hook::Guard, binding, &standing, question).await
    }

    async fn ask_react(
        &self,
        binding: &Binding,
        reaction: &Reaction,
    ) -> Result<<question::React<'_> as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        let standing = Arc::clone(&loaded.standing);
        let question = question::React {
            loaded,
            config: Cow::Borrowed(&binding.config),
            reaction: Cow::Borrowed(reaction),
        };
        self.ask(Hook::React, binding, &standing, question).await
    }

    async fn ask_intake(
        &self,
        binding: &Binding,
        channel: &str,
        raw: &[u8],
    ) -> Result<<question::Intake<'_> as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        if raw.len() > size(self.limits.intake_bytes) {
            return Err(AdviceError::Quota("input-bytes"));
        }
        let standing = Arc::clone(&loaded.standing);
        let question = question::Intake {
            loaded,
            config: Cow::Borrowed(&binding.config),
            channel: Cow::Borrowed(channel),
            raw: Cow::Borrowed(raw),
        };
        self.ask(Hook::Intake, binding, &standing, question).await
    }

    async fn ask_assess(
        &self,
        binding: &Binding,
        tallied: &Tallied,
    ) -> Result<<question::Assess<'_> as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        let standing = Arc::clone(&loaded.standing);
        let question = question::Assess {
            loaded,
            config: Cow::Borrowed(&binding.config),
            tallied: Cow::Borrowed(tallied),
        };
        self.ask(Hook::Assess, binding, &standing, question).await
    }
}

impl Advisor for WasmAdvisor {
    async fn admit(&self, component: &[u8]) -> Result<Inspection, AdmitError> {
        let Some(workers) = &self.workers else {
            return Err(crate::inspect::refused("compile", "沙箱已停止"));
        };
        self.registry
            .admit(component, &self.limits, workers.handle())
            .await
    }

    fn set_reference(&self, reference: Arc<Reference>) {
        let mut recorded = self
            .recorded
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        recorded.reference = reference;
    }

    fn set_calendar(&self, calendar: Arc<Calendar>) {
        let mut recorded = self
            .recorded
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        recorded.calendar = calendar;
    }

    fn check_config(&self, component: &Digest, config: &str) -> Result<(), AdmitError> {
        let loaded = self
            .registry
            .get(component)
            .ok_or_else(|| AdmitError::Unknown(component.clone()))?;
        loaded.config.check(config, &self.limits)
    }

    async fn profile(&self, binding: &Binding) -> Result<Profile, AdviceError> {
        let answer = self.ask_profile(binding).await;
        let profile = answer.map(|text| answer::profile(&text, &self.limits));
        self.finish(Hook::Profile, binding, profile)
    }

    async fn triage(
        &self,
        binding: &Binding,
        case: &Snapshot,
    ) -> Result<Option<Triage>, AdviceError> {
        let answer = self.ask_triage(binding, case).await;
        let triage = answer.map(|answer| answer::triage(answer, &self.limits));
        self.finish(Hook::Triage, binding, triage)
    }

    async fn guard(
        &self,
        binding: &Binding,
        case: &Snapshot,
        command: &GuardedMove,
    ) -> Result<GuardVerdict, AdviceError> {
        let answer = self.ask_guard(binding, case, command).await;
        let verdict = answer.map(|answer| answer::guard(answer, &self.limits));
        self.finish(Hook::Guard, binding, verdict)
    }

    async fn react(
        &self,
        binding: &Binding,
        input: &Reaction,
    ) -> Result<Vec<ProposedCommand>, AdviceError> {
        let answer = self.ask_react(binding, input).await;
        let proposals = answer.map(|answer| answer::react(answer, &self.limits));
        self.finish(Hook::React, binding, proposals)
    }

    async fn intake(
        &self,
        binding: &Binding,
        channel: &str,
        raw: &[u8],
    ) -> Result<Reading, AdviceError> {
        let answer = self.ask_intake(binding, channel, raw).await;
        let reading = answer.map(|answer| answer::intake(answer, &self.limits));
        self.finish(Hook::Intake, binding, reading)
    }

    async fn assess(
        &self,
        binding: &Binding,
        tallied: &Tallied,
    ) -> Result<ScoreSheet, AdviceError> {
        let answer = self.ask_assess(binding, tallied).await;
        let sheet = answer.map(|answer| answer::assess(answer, &self.limits));
        self.finish(Hook::Assess, binding, sheet)
    }
}

impl Drop for WasmAdvisor {
    /// A runtime can't wait for its threads inside another one, so they end by themselves.
    fn drop(&mut self) {
        if let Some(workers) = self.workers.take() {
            workers.shutdown_background();
        }
    }
}

fn asked(hook: Hook, binding: &Binding) -> Asked {
    Asked {
        component: binding.component.clone(),
        binding: binding.id.clone(),
        hook,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::values::PluginError;
    use crate::call::CallState;

    struct Nothing;

    impl Question for Nothing {
        type Answer = ();
        type Owned = Self;

        fn into_owned(self) -> Self {
            self
        }

        async fn ask(
            &self,
            _store: &mut wasmtime::Store<CallState>,
        ) -> wasmtime::Result<Result<(), PluginError>> {
            Ok(Ok(()))
        }
    }

    fn binding() -> Binding {
        Binding {
            id: "b".parse().unwrap(),
            division: "990101000000".parse().unwrap(),
            order: 0,
            component: "c".parse().unwrap(),
            config: String::new(),
            hooks: Vec::new(),
            inputs: Vec::new(),
            queries: Vec::new(),
            channel: None,
            profile: Profile::default(),
        }
    }

    #[tokio::test]
    async fn nobody_is_asked_while_no_time_limit_holds() {
        let advisor = WasmAdvisor::new(HostConfig::default()).unwrap();
        let standing = Arc::new(Standing::new(&Limits::DEFAULT));
        let ask = || async {
            advisor
                .ask(Hook::Guard, &binding(), &standing, Nothing)
                .await
        };
        assert_eq!(ask().await, Ok(()));
        advisor.ticker.stop();
        let asked = ask().await;
        let refused = AdviceError::Unavailable("stale-ticker".to_owned());
        assert_eq!(asked, Err(refused));
        assert!(!advisor.health().ticks);
    }
}
