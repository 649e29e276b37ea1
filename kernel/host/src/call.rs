//! One call: its turn, a fresh store, time limits, and what a failure is called.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use fengqiao_service::ports::advisor::AdviceError;
use wasmtime::{Engine, PoolConcurrencyLimitError, Store, StoreContextMut, Trap, UpdateDeadline};

use crate::bindings::values::PluginError;
use crate::capabilities::Provided;
use crate::limiter::Limiter;
use crate::limits::{Limits, TICK_MS, size};
use crate::question::Question;
use crate::ticker;

/// Bytes of a plugin's own words about its failure that are kept.
const MAX_REASON_BYTES: usize = 512;

/// One call, before an instance is made for it.
pub(crate) struct Call {
    engine: Engine,
    limits: Arc<Limits>,
    provided: Provided,
    began: Instant,
    deadline: Instant,
    ticks: u64,
}

/// How a call ended.
pub(crate) struct Ended<A> {
    pub(crate) result: Result<A, AdviceError>,
    /// How many ticks passed while the guest ran.
    pub(crate) ticks: u64,
}

/// Everything that belongs to one instance, and is dropped with it.
pub(crate) struct CallState {
    call: Call,
    is_brief: bool,
    pub(crate) limiter: Limiter,
    pub(crate) is_instantiated: bool,
}

/// Why the host itself stopped a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    /// All its ticks.
    #[error("the guest used up its time")]
    Cpu,
    /// The time to its answer.
    #[error("the call took too long")]
    Wall,
    /// The one tick on the thread of whoever asks.
    #[error("the guest has to run elsewhere")]
    Elsewhere,
}

impl Call {
    /// A call that begins now.
    pub(crate) fn new(
        engine: &Engine,
        limits: &Arc<Limits>,
        provided: Provided,
        now: Instant,
    ) -> Self {
        Self {
            engine: engine.clone(),
            limits: Arc::clone(limits),
            provided,
            began: now,
            deadline: now + Duration::from_millis(limits.wall_ms),
            ticks: 0,
        }
    }

    /// Asks within one tick, on the thread of whoever asks. It never waits: whatever a guest may call answers at once.
    ///
    /// # Errors
    /// The tick came: the instance is dropped, and the call is to begin anew elsewhere, with what is left of its time.
    /// Guests are pure, so that it can: what it would answer is the same.
    pub(crate) async fn briefly<Q: Question>(
        mut self,
        question: &Q,
    ) -> Result<Ended<Q::Answer>, Box<Call>> {
        let tick = Duration::from_millis(TICK_MS);
        self.provided.be_brief(self.began + tick);
        let asked = caught(self.ask(question, true)).await;
        asked.unwrap_or_else(|| Ok(Ended::at_once(unavailable("the host failed"))))
    }

    /// Asks for as long as the limits allow; at every tick it makes room for others.
    pub(crate) async fn in_full<Q: Question>(self, question: &Q) -> Ended<Q::Answer> {
        let asked = self.ask(question, false).await;
        asked.unwrap_or_else(|_call| Ended::at_once(unavailable("interrupted")))
    }

    /// Asks one question on a fresh instance, which is dropped afterwards whatever happened.
    async fn ask<Q: Question>(
        self,
        question: &Q,
        is_brief: bool,
    ) -> Result<Ended<Q::Answer>, Box<Call>> {
        let engine = self.engine.clone();
        let state = CallState {
            is_brief,
            limiter: Limiter::new(&self.limits),
            is_instantiated: false,
            call: self,
        };
        let mut store = match Store::try_new(&engine, state) {
            Ok(store) => store,
            Err(error) => return Ok(Ended::at_once(unavailable(&error))),
        };
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(size(store.data().limits().hostcall_bytes));
        store.set_max_component_handles(size(store.data().limits().handles));
        store.epoch_deadline_callback(on_tick);
        // Start functions run while the component is instantiated: the deadline is armed before.
        store.set_epoch_deadline(1);
        let result = match question.ask(&mut store).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(plugin_error(error, store.data())),
            Err(error) if error.downcast_ref() == Some(&Stop::Elsewhere) => {
                return Err(Box::new(store.into_data().call.anew()));
            }
            Err(error) => Err(failure(&error, store.data())),
        };
        let ticks = store.data().call.ticks;
        Ok(Ended { result, ticks })
    }

    fn anew(mut self) -> Self {
        self.provided.begin_anew(&self.limits);
        self
    }
}

impl<A> Ended<A> {
    fn at_once(error: AdviceError) -> Self {
        Self {
            result: Err(error),
            ticks: 0,
        }
    }
}

impl CallState {
    pub(crate) fn limits(&self) -> &Limits {
        &self.call.limits
    }

    pub(crate) fn provided(&mut self) -> &mut Provided {
        &mut self.call.provided
    }
}

/// A tick passed while the guest ran: it goes elsewhere, makes room for others, or is stopped.
fn on_tick(mut store: StoreContextMut<'_, CallState>) -> wasmtime::Result<UpdateDeadline> {
    let state = store.data_mut();
    state.call.ticks += 1;
    if ticker::now() >= state.call.deadline {
        return Err(Stop::Wall.into());
    }
    if state.call.ticks > state.limits().guest_ticks() {
        return Err(Stop::Cpu.into());
    }
    if state.is_brief {
        return Err(Stop::Elsewhere.into());
    }
    let turn = Box::pin(tokio::task::yield_now());
    Ok(UpdateDeadline::YieldCustom(1, turn))
}

/// Runs a future so that a fault of the host itself doesn't unwind into whoever asked; none is such a fault.
async fn caught<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let poll = |context: &mut std::task::Context<'_>| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        polled.map_or(Poll::Ready(None), |polled| polled.map(Some))
    };
    std::future::poll_fn(poll).await
}

fn unavailable(why: impl std::fmt::Display) -> AdviceError {
    AdviceError::Unavailable(why.to_string())
}

fn plugin_error(error: PluginError, state: &CallState) -> AdviceError {
    if let Some(quota) = state.call.provided.spent() {
        return AdviceError::Quota(quota);
    }
    let (kind, text) = match error {
        PluginError::BadConfig(text) => ("bad-config", text),
        PluginError::BadInput(text) => ("bad-input", text),
        PluginError::CannotAnswer(text) => ("cannot-answer", text),
        PluginError::Denied(text) => ("denied", text),
        PluginError::Other(coded) => ("other", coded.code),
    };
    AdviceError::PluginError(format!("{kind}: {}", shortened(&text)))
}

/// The one place where failures get their kind.
fn failure(error: &wasmtime::Error, state: &CallState) -> AdviceError {
    match error.downcast_ref::<Stop>() {
        Some(Stop::Cpu) => return AdviceError::CpuDeadline,
        Some(Stop::Wall) => return AdviceError::WallDeadline,
        Some(Stop::Elsewhere) | None => {}
    }
    if let Some(refused) = error.downcast_ref::<AdviceError>() {
        return refused.clone();
    }
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return AdviceError::Unavailable(error.to_string());
    }
    if state.limiter.was_denied() {
        return AdviceError::Memory;
    }
    if let Some(quota) = state.call.provided.spent() {
        return AdviceError::Quota(quota);
    }
    if let Some(trap) = error.downcast_ref::<Trap>() {
        return AdviceError::Trap(trap.to_string());
    }
    let cause = error.root_cause().to_string();
    if let Some(known) = from_words(&cause) {
        return known;
    }
    if state.is_instantiated {
        // Neither a trap nor a stop: what it passed isn't what its types say.
        AdviceError::BadOutput("encoding".to_owned())
    } else {
        AdviceError::LinkError(shortened(&cause).to_owned())
    }
}

/// Failures that the engine tells by their words alone; a test reaches each.
fn from_words(cause: &str) -> Option<AdviceError> {
    const WORDS: [(&str, AdviceError); 5] = [
        ("fuel allocated for hostcalls", AdviceError::HostcallBytes),
        ("store handle limit", AdviceError::Quota("handles")),
        ("memory count too high", AdviceError::Quota("memories")),
        ("table count too high", AdviceError::Quota("tables")),
        (
            "instance count too high",
            AdviceError::Quota("core-instances"),
        ),
    ];
    let known = WORDS.into_iter().find(|(words, _)| cause.contains(words));
    known.map(|(_, error)| error)
}

fn shortened(text: &str) -> &str {
    let end = text.floor_char_boundary(MAX_REASON_BYTES.min(text.len()));
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::directory::Host as _;
    use crate::bindings::values::Host as _;
    use crate::capabilities::tests::provided;
    use crate::setup::HostConfig;

    /// Asks one question to a capability, as a guest does that never looks at the time.
    struct Curious;

    impl Question for Curious {
        type Answer = ();
        type Owned = Self;

        fn into_owned(self) -> Self {
            self
        }

        async fn ask(
            &self,
            store: &mut Store<CallState>,
        ) -> wasmtime::Result<Result<(), PluginError>> {
            let provided = store.data_mut().provided();
            match provided.find_unit("u".to_owned()) {
                Ok(_) => Ok(Ok(())),
                Err(unanswered) => provided
                    .convert_denial(unanswered)
                    .map(|denial| Err(PluginError::Denied(format!("{denial:?}")))),
            }
        }
    }

    #[tokio::test]
    async fn a_guest_that_asks_on_after_its_tick_is_sent_elsewhere_and_answers_there() {
        let limits = Arc::new(Limits::DEFAULT);
        let config = HostConfig::default();
        let (engine, _) = crate::engine::build(config.isolation, &limits).unwrap();
        let call = |began| Call::new(&engine, &limits, provided(), began);
        let now = ticker::now();
        let in_time = call(now + Duration::from_secs(3_600)).briefly(&Curious);
        assert_eq!(in_time.await.ok().unwrap().result, Ok(()));
        let late = call(now - Duration::from_millis(TICK_MS)).briefly(&Curious);
        let elsewhere = late.await.err().unwrap();
        assert_eq!(elsewhere.in_full(&Curious).await.result, Ok(()));
    }
}
