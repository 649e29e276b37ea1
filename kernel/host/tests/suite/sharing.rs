//! Turns, counters and health.

use fengqiao_core::advice::GuardVerdict;
use fengqiao_guests::answers::permit;
use fengqiao_guests::by_hand;
use fengqiao_host::{HostConfig, Limits};
use fengqiao_service::ports::advisor::{AdviceError, Advisor as _};

use crate::desk::{Desk, case, signing};

#[tokio::test]
async fn a_call_without_a_turn_is_told_so_and_does_not_queue() {
    let desk = Desk::with(Limits {
        calls_per_plugin: 1,
        wait_ms: 1,
        guest_cpu_ms: Limits::CEILING.guest_cpu_ms,
        wall_ms: Limits::CEILING.wall_ms,
        ..Limits::DEFAULT
    });
    let spinning = permit().first("(loop $spin (br $spin))").component();
    let binding = desk.bind(&spinning).await;
    let (first, second) = tokio::join!(desk.ask_guard(&binding), desk.ask_guard(&binding));
    let busy = Err(AdviceError::Unavailable("busy".to_owned()));
    let stopped = Err(AdviceError::CpuDeadline);
    let ends = [first, second];
    assert!(ends.contains(&busy) && ends.contains(&stopped), "{ends:?}");
}

#[tokio::test]
async fn a_pool_without_a_free_place_is_an_error_and_not_a_queue() {
    let desk = Desk::with(Limits {
        calls_in_all: 1,
        ..Limits::DEFAULT
    });
    let memories = "(core module $heap (memory 1))
        (core instance (instantiate $heap)) (core instance (instantiate $heap))";
    let profile = desk.profile(&by_hand(memories, "", "", "")).await;
    assert!(
        matches!(profile, Err(AdviceError::Unavailable(_))),
        "{profile:?}"
    );
}

#[tokio::test]
async fn a_component_that_is_not_loaded_is_unavailable() {
    let desk = Desk::new();
    let mut binding = desk.bind(&permit().component()).await;
    binding.component = "0000".parse().unwrap();
    let verdict = desk.ask_guard(&binding).await;
    assert!(
        matches!(verdict, Err(AdviceError::Unavailable(_))),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn a_hook_that_a_component_lacks_is_a_link_error() {
    let desk = Desk::new();
    let binding = desk.bind(&permit().component()).await;
    let triage = desk.advisor.triage(&binding, &case()).await;
    assert!(
        matches!(triage, Err(AdviceError::LinkError(_))),
        "{triage:?}"
    );
}

#[tokio::test]
async fn calls_are_counted_by_hook_and_outcome() {
    let desk = Desk::new();
    let _permitted = desk.guard(&permit().component()).await;
    let _trapped = desk.guard(&permit().first("unreachable").component()).await;
    let counts = desk.advisor.counts();
    let counted: Vec<_> = counts.iter().filter(|count| count.count > 0).collect();
    let rows: Vec<_> = counted
        .iter()
        .map(|row| (row.hook, row.outcome, row.count))
        .collect();
    assert_eq!(rows, [("guard", "answered", 1), ("guard", "trap", 1)]);
}

#[tokio::test]
async fn health_says_whether_time_limits_hold_and_how_many_components_are_ready() {
    let desk = Desk::new();
    let health = desk.advisor.health();
    assert!(health.ticks);
    assert_eq!(health.components, 0);
    desk.bind(&permit().component()).await;
    assert_eq!(desk.advisor.health().components, 1);
}

#[tokio::test]
async fn limits_above_their_ceiling_start_no_host() {
    let limits = Limits {
        memory_bytes: (128 << 20) + 1,
        ..Limits::DEFAULT
    };
    let host = fengqiao_host::WasmAdvisor::new(HostConfig {
        limits,
        ..HostConfig::default()
    });
    assert!(matches!(host, Err(fengqiao_host::HostError::Limit(_))));
}

#[test]
fn a_question_can_be_asked_without_a_runtime_of_ones_own() {
    let desk = Desk::new();
    let question = async {
        let binding = desk.bind(&permit().component()).await;
        desk.advisor.guard(&binding, &case(), &signing()).await
    };
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    let mut question = std::pin::pin!(question);
    let verdict = loop {
        if let std::task::Poll::Ready(verdict) = question.as_mut().poll(&mut context) {
            break verdict;
        }
        std::thread::yield_now();
    };
    assert_eq!(verdict, Ok(GuardVerdict::Permit));
}
