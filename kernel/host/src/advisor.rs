//! The advisor port: finds the component, asks it on the guests' own threads, checks what it said.

use std::sync::{Arc, PoisonError, RwLock};

use fengqiao_calendar::Calendar;
use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::ids::Digest;
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::Snapshot;
use fengqiao_reference::Reference;
use fengqiao_service::ports::advisor::{
    AdmitError, AdviceError, Advisor, Binding, GuardedMove, Hook, Inspection, ProposedCommand,
    Reaction, Reading,
};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use wasmtime::Engine;

use crate::call;
use crate::capabilities::{Asked, Provided, Recorded};
use crate::convert::{Fault, Meter, answer, input};
use crate::engine::{self, Isolation};
use crate::limits::{Limits, size};
use crate::log::{LogLevel, LogLine, PluginLog};
use crate::metrics::{Count, Counters};
use crate::question::{self, Question};
use crate::registry::{Loaded, Registry};
use crate::setup::{HostConfig, HostError, HostHealth};
use crate::ticker::Ticker;
use crate::turns::Turns;

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

    /// From now on, the `calendar` capability answers from this one.
    pub fn set_calendar(&self, calendar: Arc<Calendar>) {
        let mut recorded = self
            .recorded
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        recorded.calendar = calendar;
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

    /// One call: on the guests' threads, in its turn, on a fresh instance. Dropping the future stops the guest at its next tick.
    async fn ask<Q: Question>(
        &self,
        hook: Hook,
        binding: &Binding,
        meter: &Meter,
        question: Q,
    ) -> Result<Q::Answer, AdviceError> {
        let most = match hook {
            Hook::Intake => self.limits.intake_bytes + self.limits.config_bytes,
            _ => self.limits.input_bytes,
        };
        if meter.bytes() > most {
            return Err(AdviceError::Quota("input-bytes"));
        }
        if !self.ticker.is_alive() {
            return Err(AdviceError::Unavailable("stale-ticker".to_owned()));
        }
        let Some(workers) = &self.workers else {
            return Err(AdviceError::Unavailable("stopped".to_owned()));
        };
        let (recorded, log) = (self.recorded(), Arc::clone(&self.log));
        let provided = Provided::new(recorded, asked(hook, binding), log, &self.limits);
        let (engine, limits) = (self.engine.clone(), Arc::clone(&self.limits));
        let turns = Arc::clone(&self.turns);
        let (component, jurisdiction) = (binding.component.clone(), binding.division.clone());
        let mut work = JoinSet::new();
        let call = async move {
            let _turn = turns.take(&component, &jurisdiction).await?;
            call::ask(&engine, &limits, provided, question).await
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
        let mut meter = Meter::default();
        let question = question::Profile {
            pre: exported(loaded.profile.as_ref(), "profile")?,
            config: config(binding, &mut meter),
        };
        self.ask(Hook::Profile, binding, &meter, question).await
    }

    async fn ask_triage(
        &self,
        binding: &Binding,
        case: &Snapshot,
    ) -> Result<<question::Triage as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        let mut meter = Meter::default();
        let question = question::Triage {
            pre: exported(loaded.triage.as_ref(), "triage")?,
            config: config(binding, &mut meter),
            case: input::snapshot(case, &mut meter)?,
        };
        self.ask(Hook::Triage, binding, &meter, question).await
    }

    async fn ask_guard(
        &self,
        binding: &Binding,
        case: &Snapshot,
        command: &GuardedMove,
    ) -> Result<<question::Guard as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        let mut meter = Meter::default();
        let question = question::Guard {
            pre: exported(loaded.guard.as_ref(), "guard")?,
            config: config(binding, &mut meter),
            case: input::snapshot(case, &mut meter)?,
            command: input::guarded_move(command, &mut meter),
        };
        self.ask(Hook::Guard, binding, &meter, question).await
    }

    async fn ask_react(
        &self,
        binding: &Binding,
        reaction: &Reaction,
    ) -> Result<<question::React as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        let mut meter = Meter::default();
        let events = reaction.events.iter();
        let related = reaction.related.iter();
        let question = question::React {
            pre: exported(loaded.react.as_ref(), "react")?,
            config: config(binding, &mut meter),
            subject: input::subject(&reaction.subject, &mut meter),
            after: input::snapshot(&reaction.after, &mut meter)?,
            events: events
                .map(|event| input::event(event, &mut meter))
                .collect(),
            depth: reaction.depth,
            related: related
                .map(|(name, count)| (input::text(name, &mut meter), *count))
                .collect(),
        };
        self.ask(Hook::React, binding, &meter, question).await
    }

    async fn ask_intake(
        &self,
        binding: &Binding,
        channel: &str,
        raw: &[u8],
    ) -> Result<<question::Intake as Question>::Answer, AdviceError> {
        let loaded = self.loaded(binding)?;
        if raw.len() > size(self.limits.intake_bytes) {
            return Err(AdviceError::Quota("input-bytes"));
        }
        let mut meter = Meter::default();
        let question = question::Intake {
            pre: exported(loaded.intake.as_ref(), "intake")?,
            config: config(binding, &mut meter),
            channel: input::text(channel, &mut meter),
            raw: raw.to_vec(),
        };
        self.ask(Hook::Intake, binding, &meter, question).await
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

fn config(binding: &Binding, meter: &mut Meter) -> String {
    input::text(&binding.config, meter)
}

fn exported<P: Clone>(pre: Option<&P>, hook: &str) -> Result<P, AdviceError> {
    pre.cloned()
        .ok_or_else(|| AdviceError::LinkError(format!("the component doesn't export {hook}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::values::PluginError;
    use crate::call::CallState;

    struct Nothing;

    impl Question for Nothing {
        type Answer = ();

        async fn ask(
            self,
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
        let meter = Meter::default();
        let asked = advisor.ask(Hook::Guard, &binding(), &meter, Nothing).await;
        assert_eq!(asked, Ok(()));
        advisor.ticker.stop();
        let asked = advisor.ask(Hook::Guard, &binding(), &meter, Nothing).await;
        let refused = AdviceError::Unavailable("stale-ticker".to_owned());
        assert_eq!(asked, Err(refused));
        assert!(!advisor.health().ticks);
    }
}
