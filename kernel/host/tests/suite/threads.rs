//! Which calls run on the thread of whoever asks, and that a guest never keeps it.

use std::sync::Arc;

use fengqiao_core::profile::Profile;
use fengqiao_host::{HostConfig, LogLine, PluginLog, Threads, WasmAdvisor};
use fengqiao_service::ports::advisor::{AdviceError, Advisor as _, Binding};

use crate::desk::Desk;
use fengqiao_guests::answers::permit;
use fengqiao_guests::{Guest, REPLY};

const SPIN: &str = "(loop $spin (br $spin))";

/// A profile that answers at once while its configuration is `{}`, and does something else first when it is longer.
fn moody(mood: &str) -> Guest {
    let body = format!("(if (i32.gt_u (local.get 1) (i32.const 2)) (then {mood}))");
    Guest::of("profile").text(4, "{}").first(&body)
}

/// Writes one line.
fn line(guest: &mut Guest) -> String {
    let (text, length) = guest.put(b"once");
    format!("(call $log (i32.const 1) (i32.const {text}) (i32.const {length}) (i32.const {REPLY}))")
}

/// Asks until one call ended on this thread. A tick may come at any moment and cost a component its trust, so that
/// nobody can say after how many calls that is; the rule itself is tested without a clock where it stands.
async fn trusted(advisor: &WasmAdvisor, binding: &Binding) -> Threads {
    let before = advisor.threads();
    for _ in 0..100_000 {
        let answer = advisor.profile(binding).await;
        assert_eq!(answer, Ok(Profile::default()));
        let now = advisor.threads();
        if now.askers > before.askers {
            return now;
        }
    }
    panic!("never trusted: {:?}", advisor.threads());
}

fn in_the_mood(binding: &Binding) -> Binding {
    Binding {
        config: "{\"mood\":1}".to_owned(),
        ..binding.clone()
    }
}

/// What a trusted component answers in its mood on this thread; where a tick sent it elsewhere, it is asked again.
async fn answer_here(advisor: &WasmAdvisor, binding: &Binding) -> Result<Profile, AdviceError> {
    loop {
        let before = trusted(advisor, binding).await;
        let answer = advisor.profile(&in_the_mood(binding)).await;
        if advisor.threads().askers > before.askers {
            return answer;
        }
    }
}

#[tokio::test]
async fn nobody_is_trusted_from_the_start() {
    let desk = Desk::new();
    let binding = desk.bind(&permit().component()).await;
    for _ in 0..3 {
        let _permitted = desk.ask_guard(&binding).await;
    }
    let threads = desk.advisor.threads();
    assert_eq!((threads.askers, threads.guests), (0, 3));
}

#[tokio::test]
async fn a_guest_that_spins_never_runs_on_the_askers_thread() {
    let desk = Desk::new();
    let binding = desk.bind(&permit().first(SPIN).component()).await;
    for _ in 0..3 {
        assert_eq!(
            desk.ask_guard(&binding).await,
            Err(AdviceError::CpuDeadline)
        );
    }
    let nowhere_else = Threads {
        askers: 0,
        interrupted: 0,
        guests: 3,
    };
    assert_eq!(desk.advisor.threads(), nowhere_else);
}

#[tokio::test]
async fn a_guest_that_begins_to_spin_loses_its_trust_with_the_first_tick() {
    let desk = Desk::new();
    let binding = desk.bind(&moody(SPIN).component()).await;
    let before = trusted(&desk.advisor, &binding).await;
    for _ in 0..3 {
        let stopped = desk.advisor.profile(&in_the_mood(&binding)).await;
        assert_eq!(stopped, Err(AdviceError::CpuDeadline));
    }
    let answered = desk.advisor.profile(&binding).await;
    assert_eq!(answered, Ok(Profile::default()));
    let after = Threads {
        askers: before.askers,
        interrupted: before.interrupted + 1,
        guests: before.guests + 4,
    };
    assert_eq!(desk.advisor.threads(), after);
}

#[tokio::test]
async fn a_call_that_begins_anew_repeats_none_of_its_lines() {
    let desk = Desk::new();
    let mut guest = Guest::of("profile").text(4, "{}");
    let line = line(&mut guest);
    let body =
        format!("(if (i32.gt_u (local.get 1) (i32.const 2)) (then {line} {line} {SPIN} {line}))");
    let guest = guest
        .imports("log", "log", "i32 i32 i32 i32")
        .first(&body)
        .component();
    let binding = desk.bind(&guest).await;
    trusted(&desk.advisor, &binding).await;
    let stopped = desk.advisor.profile(&in_the_mood(&binding)).await;
    assert_eq!(stopped, Err(AdviceError::CpuDeadline));
    let lines = desk.lines.all();
    let from_guest = lines.iter().filter(|line| *line == "once");
    assert_eq!(from_guest.count(), 2);
}

#[tokio::test]
async fn a_trusted_guest_that_traps_is_named_so_and_its_successor_answers() {
    let desk = Desk::new();
    let binding = desk.bind(&moody("unreachable").component()).await;
    let trapped = answer_here(&desk.advisor, &binding).await;
    assert!(matches!(trapped, Err(AdviceError::Trap(_))), "{trapped:?}");
    let answered = desk.advisor.profile(&binding).await;
    assert_eq!(answered, Ok(Profile::default()));
}

#[tokio::test]
async fn a_trusted_guest_that_recurses_without_end_ends_in_a_trap() {
    let deeper = "(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))";
    let guest = moody("(drop (call $deeper (i32.const 0)))").with(deeper);
    let desk = Desk::new();
    let binding = desk.bind(&guest.component()).await;
    let trapped = answer_here(&desk.advisor, &binding).await;
    assert!(matches!(trapped, Err(AdviceError::Trap(_))), "{trapped:?}");
}

/// Fails at every line.
struct Broken;

impl PluginLog for Broken {
    fn line(&self, line: LogLine<'_>) {
        assert_ne!(line.message, "once");
    }
}

#[tokio::test]
async fn a_fault_of_the_host_is_an_answer_on_the_askers_thread_too() {
    let log = Arc::new(Broken);
    let advisor = WasmAdvisor::new(HostConfig {
        log,
        ..HostConfig::default()
    });
    let advisor = advisor.unwrap();
    let mut guest = Guest::of("profile").text(4, "{}");
    let line = line(&mut guest);
    let body = format!("(if (i32.gt_u (local.get 1) (i32.const 2)) (then {line}))");
    let guest = guest
        .imports("log", "log", "i32 i32 i32 i32")
        .first(&body)
        .component();
    let desk = Desk {
        advisor,
        lines: Arc::default(),
    };
    let binding = desk.bind(&guest).await;
    let faulty = in_the_mood(&binding);
    let there = desk.advisor.profile(&faulty).await;
    assert!(
        matches!(there, Err(AdviceError::Unavailable(_))),
        "{there:?}"
    );
    let here = answer_here(&desk.advisor, &binding).await;
    assert!(matches!(here, Err(AdviceError::Unavailable(_))), "{here:?}");
}
