//! The known traps: each once was somebody's outage.

use fengqiao_core::advice::GuardVerdict;
use fengqiao_guests::answers::permit;
use fengqiao_guests::{Guest, REPLY, bad};
use fengqiao_host::{HostConfig, Limits};
use fengqiao_service::ports::advisor::AdviceError;

use crate::desk::Desk;

fn is_trap<T: std::fmt::Debug>(result: &Result<T, AdviceError>, words: &str) -> bool {
    matches!(result, Err(AdviceError::Trap(text)) if text.contains(words))
}

#[tokio::test]
async fn a_guest_that_traps_is_named_so_and_its_successor_answers() {
    let desk = Desk::new();
    let binding = desk.bind(&traps_on_odd_calls()).await;
    for _ in 0..3 {
        let verdict = desk.ask_guard(&binding).await;
        assert!(is_trap(&verdict, "unreachable"), "{verdict:?}");
        let honest = desk.guard(&permit().component()).await;
        assert_eq!(honest, Ok(GuardVerdict::Permit));
    }
}

fn traps_on_odd_calls() -> Vec<u8> {
    bad::traps(permit()).component()
}

#[tokio::test]
async fn a_spinning_guest_is_stopped_and_does_not_keep_others_from_their_answer() {
    let desk = Desk::of(HostConfig {
        worker_threads: Some(1),
        ..HostConfig::default()
    });
    let spinning = desk.bind(&bad::spins(permit()).component()).await;
    let honest = desk.bind(&permit().component()).await;
    let (stopped, answered) = tokio::join!(desk.ask_guard(&spinning), desk.ask_guard(&honest));
    assert_eq!(stopped, Err(AdviceError::CpuDeadline));
    assert_eq!(answered, Ok(GuardVerdict::Permit));
}

#[tokio::test]
async fn a_slow_loop_that_does_something_is_stopped_too() {
    let slow = "(loop $slow (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (memory.fill (i32.const 1048576) (local.get $i) (i32.const 1048576)) (br $slow))";
    let verdict = Desk::new().guard(&permit().first(slow).component()).await;
    assert_eq!(verdict, Err(AdviceError::CpuDeadline));
}

#[tokio::test]
async fn a_start_function_that_loops_is_stopped() {
    let guest = permit().with("(func $start (loop $spin (br $spin))) (start $start)");
    let verdict = Desk::new().guard(&guest.component()).await;
    assert_eq!(verdict, Err(AdviceError::CpuDeadline));
}

#[tokio::test]
async fn a_start_function_that_traps_is_named_so() {
    let guest = permit().with("(func $start unreachable) (start $start)");
    let verdict = Desk::new().guard(&guest.component()).await;
    assert!(is_trap(&verdict, "unreachable"), "{verdict:?}");
}

#[tokio::test]
async fn the_deadline_is_one_tick_away_whatever_the_limits_say() {
    let desk = Desk::with(Limits::CEILING);
    let verdict = desk.guard(&permit().component()).await;
    assert_eq!(verdict, Ok(GuardVerdict::Permit));
}

#[tokio::test]
async fn endless_recursion_ends_in_a_trap() {
    let verdict = Desk::new()
        .guard(&bad::recurses(permit()).component())
        .await;
    assert!(is_trap(&verdict, "call stack exhausted"), "{verdict:?}");
}

#[tokio::test]
async fn a_denied_question_is_an_answer_and_not_a_trap() {
    // The first question is malformed; the guest goes on, and its next question is answered.
    let mut guest = permit().imports("directory", "find-division", "i32 i32 i32");
    let (bad, bad_length) = guest.put(b"no code");
    let (good, good_length) = guest.put(b"990101000000");
    let guest = guest.first(&format!(
        "(call $find_division (i32.const {bad}) (i32.const {bad_length}) (i32.const {REPLY}))
         (if (i32.ne (i32.load8_u (i32.const {REPLY})) (i32.const 1)) (then unreachable))
         (call $find_division (i32.const {good}) (i32.const {good_length}) (i32.const {REPLY}))
         (if (i32.ne (i32.load8_u (i32.const {REPLY})) (i32.const 0)) (then unreachable))"
    ));
    let verdict = Desk::new().guard(&guest.component()).await;
    assert_eq!(verdict, Ok(GuardVerdict::Permit));
}

#[tokio::test]
async fn a_panic_message_reaches_the_log_before_the_trap() {
    let mut guest = permit().imports("log", "log", "i32 i32 i32 i32");
    let (text, length) = guest.put("panicked: 配置缺少 days".as_bytes());
    let guest = guest.first(&format!(
        "(call $log (i32.const 3) (i32.const {text}) (i32.const {length}) (i32.const {REPLY}))
         unreachable"
    ));
    let desk = Desk::new();
    let verdict = desk.guard(&guest.component()).await;
    assert!(is_trap(&verdict, "unreachable"), "{verdict:?}");
    let lines = desk.lines.all();
    assert_eq!(
        lines.first().map(String::as_str),
        Some("panicked: 配置缺少 days")
    );
}

#[tokio::test]
async fn texts_that_are_no_texts_are_no_answer() {
    let desk = Desk::new();
    let not_utf8 = Guest::of("profile")
        .text(4, "ab")
        .first("(i32.store8 (i32.const 4096) (i32.const 255))");
    let profile = desk.profile(&not_utf8.component()).await;
    assert_eq!(profile, Err(AdviceError::BadOutput("encoding".to_owned())));
    let beyond = Guest::of("profile").number(4, 4_194_300).number(8, 100);
    let profile = desk.profile(&beyond.component()).await;
    let kinds = ["trap", "bad-output"];
    assert!(kinds.contains(&profile.unwrap_err().kind()));
}

#[tokio::test]
async fn an_answer_outside_the_memory_is_no_answer() {
    let guest = permit().does("(i32.const 4194300)");
    let verdict = Desk::new().guard(&guest.component()).await;
    let kinds = ["trap", "bad-output"];
    assert!(kinds.contains(&verdict.unwrap_err().kind()));
}
