//! Each limit of the table, reached.

use fengqiao_core::advice::GuardVerdict;
use fengqiao_guests::answers::{permit, profile, propose};
use fengqiao_guests::manifest::manifest;
use fengqiao_guests::{Guest, REPLY, bad, by_hand};
use fengqiao_host::Limits;
use fengqiao_service::ports::advisor::{AdmitError, AdviceError, Advisor as _};

use crate::desk::{Desk, case, signing};

fn limits(change: impl FnOnce(&mut Limits)) -> Desk {
    let mut limits = Limits::DEFAULT;
    change(&mut limits);
    Desk::with(limits)
}

fn rule<T>(result: Result<T, AdmitError>) -> Option<String> {
    match result {
        Err(AdmitError::Component { rule, .. }) => Some(rule),
        _ => None,
    }
}

/// A guard that asks for a unit so often, and fails unless the last answer has this tag.
fn curious(questions: u32, last: u32) -> Guest {
    let mut guest = permit().imports("directory", "find-unit", "i32 i32 i32");
    let (id, length) = guest.put(b"u-1");
    guest.first(&format!(
        "(local.set $i (i32.const {questions}))
         (loop $again
            (call $find_unit (i32.const {id}) (i32.const {length}) (i32.const {REPLY}))
            (local.set $i (i32.sub (local.get $i) (i32.const 1)))
            (br_if $again (local.get $i)))
         (if (i32.ne (i32.load8_u (i32.const {REPLY})) (i32.const {last})) (then unreachable))"
    ))
}

#[tokio::test]
async fn upload_bytes() {
    let desk = limits(|limits| limits.upload_bytes = 1_000);
    let result = desk.advisor.admit(&permit().component()).await;
    assert_eq!(rule(result).as_deref(), Some("upload-bytes"));
}

#[tokio::test]
async fn manifest_bytes() {
    let desk = limits(|limits| limits.manifest_bytes = 100);
    let result = desk.advisor.admit(&permit().component()).await;
    assert!(matches!(result, Err(AdmitError::Manifest(_))), "{result:?}");
}

#[tokio::test]
async fn config_bytes() {
    let desk = Desk::new();
    let binding = desk.bind(&permit().component()).await;
    let config = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    let check = |length| {
        desk.advisor
            .check_config(&binding.component, &config(length))
    };
    assert_eq!(check(16 << 10), Ok(()));
    assert!(matches!(check((16 << 10) + 1), Err(AdmitError::Config(_))));
}

#[tokio::test]
async fn guest_cpu_ms() {
    let desk = limits(|limits| limits.guest_cpu_ms = 10);
    let verdict = desk.guard(&bad::spins(permit()).component()).await;
    assert_eq!(verdict, Err(AdviceError::CpuDeadline));
}

#[tokio::test]
async fn wall_ms() {
    let desk = limits(|limits| {
        limits.wall_ms = 1;
        limits.guest_cpu_ms = 1_000;
    });
    let verdict = desk.guard(&bad::spins(permit()).component()).await;
    assert_eq!(verdict, Err(AdviceError::WallDeadline));
}

#[tokio::test]
async fn memory_bytes_of_one_growing_memory() {
    let grow = |pages: u32| {
        let grow = format!(
            "(if (i32.lt_s (memory.grow (i32.const {pages})) (i32.const 0)) (then unreachable))"
        );
        permit().first(&grow).component()
    };
    let desk = Desk::new();
    assert_eq!(desk.guard(&grow(448)).await, Ok(GuardVerdict::Permit));
    assert_eq!(desk.guard(&grow(449)).await, Err(AdviceError::Memory));
}

#[tokio::test]
async fn memory_bytes_that_a_component_begins_with() {
    let verdict = Desk::new().guard(&permit().pages(513).component()).await;
    assert_eq!(verdict, Err(AdviceError::Memory));
}

#[tokio::test]
async fn memory_bytes_of_several_memories_together() {
    let heaps = |count: usize| {
        let core = "(core instance (instantiate $heap))".repeat(count);
        by_hand(
            &format!("(core module $heap (memory 200)) {core}"),
            "",
            "",
            "",
        )
    };
    let desk = Desk::new();
    assert!(desk.profile(&heaps(2)).await.is_ok());
    assert_eq!(desk.profile(&heaps(3)).await, Err(AdviceError::Memory));
}

#[tokio::test]
async fn memories() {
    let heaps = |count: usize| {
        let core = "(core instance (instantiate $heap))".repeat(count);
        by_hand(
            &format!("(core module $heap (memory 1)) {core}"),
            "",
            "",
            "",
        )
    };
    let desk = Desk::new();
    assert!(desk.profile(&heaps(7)).await.is_ok());
    assert_eq!(
        desk.profile(&heaps(8)).await,
        Err(AdviceError::Quota("memories"))
    );
}

#[tokio::test]
async fn tables() {
    let tables = |count: usize| {
        let core = "(core instance (instantiate $table))".repeat(count);
        by_hand(
            &format!("(core module $table (table 1 funcref)) {core}"),
            "",
            "",
            "",
        )
    };
    let desk = Desk::new();
    assert!(desk.profile(&tables(16)).await.is_ok());
    assert_eq!(
        desk.profile(&tables(17)).await,
        Err(AdviceError::Quota("tables"))
    );
}

#[tokio::test]
async fn core_instances() {
    let instances = |count: usize| {
        let core = "(core instance (instantiate $empty))".repeat(count);
        by_hand(&format!("(core module $empty) {core}"), "", "", "")
    };
    let desk = Desk::new();
    assert!(desk.profile(&instances(31)).await.is_ok());
    let refused = desk.profile(&instances(32)).await;
    assert_eq!(refused, Err(AdviceError::Quota("core-instances")));
}

#[tokio::test]
async fn handles() {
    let handles = |count: usize| {
        by_hand(
            "(type $thing (resource (rep i32))) (core func $new (canon resource.new $thing))",
            r#"(import "" "new" (func $new (param i32) (result i32))) (global $i (mut i32) (i32.const 0))"#,
            r#"(with "" (instance (export "new" (func $new))))"#,
            &format!(
                "(global.set $i (i32.const {count}))
                 (loop $again (drop (call $new (i32.const 0)))
                    (global.set $i (i32.sub (global.get $i) (i32.const 1)))
                    (br_if $again (global.get $i)))"
            ),
        )
    };
    let desk = Desk::new();
    assert!(desk.profile(&handles(1_000)).await.is_ok());
    assert_eq!(
        desk.profile(&handles(1_001)).await,
        Err(AdviceError::Quota("handles"))
    );
}

#[tokio::test]
async fn hostcall_bytes_to_the_kernel() {
    let desk = Desk::new();
    assert_eq!(
        desk.guard(&bad::chatters(permit(), 1, 1 << 20).component())
            .await,
        Ok(GuardVerdict::Permit)
    );
    assert_eq!(
        desk.guard(&bad::chatters(permit(), 1, (1 << 20) + 1).component())
            .await,
        Err(AdviceError::HostcallBytes)
    );
}

#[tokio::test]
async fn hostcall_bytes_of_an_answer_of_ten_megabytes() {
    let guest = bad::answers_ten_megabytes(profile("{}"), 4);
    let profile = Desk::new().profile(&guest.component()).await;
    assert_eq!(profile, Err(AdviceError::HostcallBytes));
}

#[tokio::test]
async fn input_bytes() {
    let desk = Desk::new();
    let binding = desk.bind(&permit().component()).await;
    let mut large = case();
    large.matter.as_mut().unwrap().text = "x".repeat(256 << 10);
    let verdict = desk.advisor.guard(&binding, &large, &signing()).await;
    assert_eq!(verdict, Err(AdviceError::Quota("input-bytes")));
}

#[tokio::test]
async fn intake_bytes() {
    let desk = Desk::new();
    let guest = Guest::of("intake").byte(4, 1).text(8, "H-1").component();
    assert!(desk.intake(&guest, &vec![0; 1 << 20]).await.is_ok());
    let refused = desk.intake(&guest, &vec![0; (1 << 20) + 1]).await;
    assert_eq!(refused, Err(AdviceError::Quota("input-bytes")));
}

#[tokio::test]
async fn output_bytes() {
    let desk = Desk::new();
    let answer = |bytes: u32| {
        let spaces = format!(
            "(memory.fill (i32.const 65536) (i32.const 32) (i32.const {bytes}))
            (i32.store16 (i32.const 65536) (i32.const 32123))"
        );
        let guest = Guest::of("profile").number(4, 65_536).number(8, bytes);
        guest.first(&spaces).component()
    };
    assert!(desk.profile(&answer(64 << 10)).await.is_ok());
    let refused = desk.profile(&answer((64 << 10) + 1)).await;
    assert_eq!(
        refused,
        Err(AdviceError::BadOutput("output-bytes".to_owned()))
    );
}

#[tokio::test]
async fn document_depth() {
    let nested = |levels: usize| {
        let (mut open, mut close) = (String::new(), String::new());
        for _ in 1..levels {
            open.push_str(r#"{"do":"ask-approval","role":"secretary","what":"#);
            close.push('}');
        }
        let document = format!(r#"{open}{{"do":"sign"}}{close}"#);
        let code = if levels == 1 { "sign" } else { "ask-approval" };
        propose("990101-20260511-0001", code, &document).component()
    };
    let desk = Desk::new();
    assert!(desk.react(&nested(16)).await.is_ok());
    let refused = desk.react(&nested(17)).await;
    assert_eq!(
        refused,
        Err(AdviceError::BadOutput("document-depth".to_owned()))
    );
}

#[tokio::test]
async fn proposals() {
    let many = |count: u32| {
        let mut guest = Guest::of("react");
        let (case, case_length) = guest.put(b"990101-20260511-0001");
        let (code, code_length) = guest.put(b"sign");
        let (document, document_length) = guest.put(br#"{"do":"sign"}"#);
        let proposal = [
            0,
            case,
            case_length,
            code,
            code_length,
            document,
            document_length,
        ];
        let proposal = proposal.map(u32::to_le_bytes).concat();
        let (list, _) = guest.put(&proposal.repeat(usize::try_from(count).unwrap()));
        guest.number(4, list).number(8, count).component()
    };
    let desk = Desk::new();
    assert_eq!(desk.react(&many(64)).await.unwrap().len(), 64);
    let refused = desk.react(&many(65)).await;
    assert_eq!(refused, Err(AdviceError::BadOutput("proposals".to_owned())));
}

#[tokio::test]
async fn host_calls_are_answered_up_to_the_quota_and_denied_beyond_it() {
    let desk = Desk::new();
    assert_eq!(
        desk.guard(&curious(200, 0).component()).await,
        Ok(GuardVerdict::Permit)
    );
    assert_eq!(
        desk.guard(&curious(201, 1).component()).await,
        Ok(GuardVerdict::Permit)
    );
}

#[tokio::test]
async fn host_calls_that_a_plugin_cannot_do_without_are_why_it_failed() {
    let verdict = Desk::new().guard(&curious(201, 0).component()).await;
    assert_eq!(verdict, Err(AdviceError::Quota("host-calls")));
}

#[tokio::test]
async fn host_calls_without_end_are_stopped() {
    let mut guest = permit().imports("directory", "find-unit", "i32 i32 i32");
    let (id, length) = guest.put(b"u-1");
    let guest = guest.first(&format!(
        "(loop $again
            (call $find_unit (i32.const {id}) (i32.const {length}) (i32.const {REPLY})) (br $again))"
    ));
    let verdict = Desk::new().guard(&guest.component()).await;
    assert_eq!(verdict, Err(AdviceError::CpuDeadline));
}

#[tokio::test]
async fn log_lines_beyond_the_quota_are_dropped_and_the_answer_stands() {
    let desk = Desk::new();
    let verdict = desk
        .guard(&bad::chatters(permit(), 150, 8).component())
        .await;
    assert_eq!(verdict, Ok(GuardVerdict::Permit));
    assert_eq!(desk.lines.all().len(), 100);
}

#[tokio::test]
async fn log_line_bytes() {
    let desk = Desk::new();
    let _permitted = desk
        .guard(&bad::chatters(permit(), 1, 3_000).component())
        .await;
    let lengths: Vec<usize> = desk.lines.all().iter().map(String::len).collect();
    assert_eq!(lengths, [2_048]);
}

#[tokio::test]
async fn a_manifest_may_be_as_long_as_its_limit() {
    let text = manifest("guard", &["log"], "");
    let padded = format!("{text}{}", " ".repeat((64 << 10) - text.len()));
    let desk = Desk::new();
    let guest = permit().says(Some(&padded)).component();
    assert!(desk.advisor.admit(&guest).await.is_ok());
}

#[tokio::test]
async fn a_plugins_own_words_about_its_failure_are_kept_up_to_their_limit() {
    let desk = Desk::new();
    for (chars, kept) in [(170, 170), (171, 170)] {
        // A Chinese character is three bytes, and none is cut in two.
        let words = "字".repeat(chars);
        let guest = permit().byte(0, 1).byte(4, 2).text(8, &words);
        let verdict = desk.guard(&guest.component()).await;
        let words = format!("cannot-answer: {}", "字".repeat(kept));
        assert_eq!(verdict, Err(AdviceError::PluginError(words)));
    }
}

#[tokio::test]
async fn at_most_eight_faults_of_a_configuration_are_named_at_once() {
    let schema = r#","config-schema":{"type":"object","additionalProperties":{"type":"integer"}}"#;
    let desk = Desk::new();
    let guest = permit().says(Some(&manifest("guard", &["log"], schema)));
    let binding = desk.bind(&guest.component()).await;
    let named = |faults: usize| {
        let members: Vec<String> = (0..faults).map(|n| format!("\"m{n}\":\"no\"")).collect();
        let config = format!("{{{}}}", members.join(","));
        match desk.advisor.check_config(&binding.component, &config) {
            Err(AdmitError::Config(reason)) => reason.matches("/m").count(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((named(8), named(9)), (8, 8));
}
