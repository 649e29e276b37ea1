//! No byte of one call is seen by the next, however memory is handed out.

use fengqiao_core::advice::GuardVerdict;
use fengqiao_guests::answers::permit;
use fengqiao_host::{HostConfig, Isolation};
use fengqiao_service::ports::advisor::Binding;

use crate::desk::Desk;

/// A guard that looks all through its free memory, a global and a grown page for something that isn't zero, then leaves marks everywhere.
fn spy() -> Vec<u8> {
    let body = "
        (if (global.get $mark) (then unreachable))
        (global.set $mark (i32.const 1))
        (if (i32.lt_s (memory.grow (i32.const 8)) (i32.const 0)) (then unreachable))
        (local.set $p (i32.const 2097152))
        (loop $look
            (if (i64.ne (i64.load (local.get $p)) (i64.const 0)) (then unreachable))
            (i64.store (local.get $p) (i64.const -1))
            (local.set $p (i32.add (local.get $p) (i32.const 8)))
            (br_if $look (i32.lt_u (local.get $p) (i32.const 4718592))))";
    permit()
        .with("(global $mark (mut i32) (i32.const 0))")
        .first(body)
        .component()
}

async fn ask_many(desk: &Desk, binding: &Binding) {
    for _ in 0..20 {
        let (one, two, three) = tokio::join!(
            desk.ask_guard(binding),
            desk.ask_guard(binding),
            desk.ask_guard(binding)
        );
        for verdict in [one, two, three] {
            assert_eq!(verdict, Ok(GuardVerdict::Permit));
        }
    }
}

fn desk(isolation: Isolation) -> Desk {
    Desk::of(HostConfig {
        isolation,
        limits: fengqiao_host::Limits {
            guest_cpu_ms: 1_000,
            ..fengqiao_host::Limits::DEFAULT
        },
        ..HostConfig::default()
    })
}

#[tokio::test]
async fn no_byte_of_one_call_is_seen_by_the_next_in_pooled_memory() {
    let desk = desk(Isolation::Pooled);
    assert_eq!(desk.advisor.health().isolation, Isolation::Pooled);
    let binding = desk.bind(&spy()).await;
    ask_many(&desk, &binding).await;
}

#[tokio::test]
async fn no_byte_of_one_call_is_seen_by_the_next_in_fresh_memory() {
    let desk = desk(Isolation::FreshMemory);
    let binding = desk.bind(&spy()).await;
    ask_many(&desk, &binding).await;
}
