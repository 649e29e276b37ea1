//! One call: its turn, a fresh store, time limits, and what a failure is called.

use std::time::{Duration, Instant};

use fengqiao_service::ports::advisor::AdviceError;
use wasmtime::{Engine, PoolConcurrencyLimitError, Store, StoreContextMut, Trap, UpdateDeadline};

use crate::bindings::values::PluginError;
use crate::capabilities::Provided;
use crate::limiter::Limiter;
use crate::limits::{Limits, size};
use crate::question::Question;
use crate::ticker;

/// Bytes of a plugin's own words about its failure that are kept.
const MAX_REASON_BYTES: usize = 512;

/// Everything that belongs to one call, and is dropped with it.
pub(crate) struct CallState {
    pub(crate) provided: Provided,
    pub(crate) limiter: Limiter,
    pub(crate) is_instantiated: bool,
    deadline: Instant,
    ticks_left: u64,
}

/// Why the host itself stopped a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Stop {
    #[error("the guest used up its time")]
    Cpu,
    #[error("the call took too long")]
    Wall,
}

/// Asks one question on a fresh instance, which is dropped afterwards whatever happened.
///
/// # Errors
/// One of the failure kinds; the caller may ask again on another instance.
pub(crate) async fn ask<Q: Question>(
    engine: &Engine,
    limits: &Limits,
    provided: Provided,
    question: Q,
) -> Result<Q::Answer, AdviceError> {
    let state = CallState {
        provided,
        limiter: Limiter::new(limits),
        is_instantiated: false,
        deadline: ticker::now() + Duration::from_millis(limits.wall_ms),
        ticks_left: limits.guest_ticks(),
    };
    let mut store = Store::try_new(engine, state)
        .map_err(|error| AdviceError::Unavailable(error.to_string()))?;
    store.limiter(|state| &mut state.limiter);
    store.set_hostcall_fuel(size(limits.hostcall_bytes));
    store.set_max_component_handles(size(limits.handles));
    store.epoch_deadline_callback(on_tick);
    // Start functions run while the component is instantiated: the deadline is armed before.
    store.set_epoch_deadline(1);
    match question.ask(&mut store).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(plugin_error(error, store.data())),
        Err(error) => Err(failure(&error, store.data())),
    }
}

/// A tick passed while the guest ran: it makes room for others, or is stopped.
fn on_tick(mut store: StoreContextMut<'_, CallState>) -> wasmtime::Result<UpdateDeadline> {
    let state = store.data_mut();
    if ticker::now() >= state.deadline {
        return Err(Stop::Wall.into());
    }
    match state.ticks_left.checked_sub(1) {
        Some(left) => state.ticks_left = left,
        None => return Err(Stop::Cpu.into()),
    }
    let turn = Box::pin(tokio::task::yield_now());
    Ok(UpdateDeadline::YieldCustom(1, turn))
}

fn plugin_error(error: PluginError, state: &CallState) -> AdviceError {
    if let Some(quota) = state.provided.spent() {
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
        None => {}
    }
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return AdviceError::Unavailable(error.to_string());
    }
    if state.limiter.was_denied() {
        return AdviceError::Memory;
    }
    if let Some(quota) = state.provided.spent() {
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
