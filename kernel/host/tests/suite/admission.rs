//! What isn't admitted, and why.

use fengqiao_guests::Guest;
use fengqiao_guests::answers::permit;
use fengqiao_guests::manifest::{manifest, with_manifest};
use fengqiao_host::Limits;
use fengqiao_service::ports::advisor::{AdmitError, Advisor as _};

use crate::desk::Desk;

fn text(component: &str) -> Vec<u8> {
    with_manifest(
        wat::parse_str(component).unwrap(),
        &manifest("guard", &[], ""),
    )
}

async fn rule(component: &[u8]) -> String {
    match Desk::new().advisor.admit(component).await {
        Err(AdmitError::Component { rule, .. }) => rule,
        other => panic!("{other:?}"),
    }
}

async fn lies(guest: Guest) -> String {
    match Desk::new().advisor.admit(&guest.component()).await {
        Err(AdmitError::Manifest(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn bytes_that_are_no_component_are_refused() {
    assert_eq!(rule(b"").await, "not-a-component");
    assert_eq!(rule("一份普通的文件".as_bytes()).await, "not-a-component");
    assert_eq!(
        rule(b"\x7fELF\x02\x01\x01\x00 precompiled").await,
        "not-a-component"
    );
}

#[tokio::test]
async fn a_core_module_is_refused() {
    let module = wat::parse_str("(module (memory 1))").unwrap();
    assert_eq!(rule(&module).await, "core-module");
}

#[tokio::test]
async fn a_torn_component_is_refused() {
    let whole = permit().component();
    let torn = whole.get(..whole.len() / 2).unwrap();
    assert_eq!(rule(torn).await, "invalid");
}

#[tokio::test]
async fn a_component_that_imports_wasi_is_refused() {
    let clock = text(
        r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance
            (export "now" (func (result u64))))))"#,
    );
    assert_eq!(rule(&clock).await, "unknown-import");
}

#[tokio::test]
async fn a_component_that_imports_a_capability_that_is_not_there_is_refused() {
    let network = text(r#"(component (import "fengqiao:network/network@0.1.0" (instance)))"#);
    assert_eq!(rule(&network).await, "unknown-import");
}

#[tokio::test]
async fn a_component_that_imports_a_capability_of_another_shape_is_refused() {
    let log = with_manifest(
        wat::parse_str(
            r#"(component
                (import "fengqiao:log/log@0.1.0" (instance (export "shout" (func))))
                (instance $hook)
                (export "fengqiao:guard/guard@0.1.0" (instance $hook)))"#,
        )
        .unwrap(),
        &manifest("guard", &["log"], ""),
    );
    assert_eq!(rule(&log).await, "import-type");
}

#[tokio::test]
async fn a_component_whose_hook_has_another_shape_is_refused() {
    let hook = text(
        r#"(component (instance $hook) (export "fengqiao:guard/guard@0.1.0" (instance $hook)))"#,
    );
    assert_eq!(rule(&hook).await, "export-type");
}

#[tokio::test]
async fn a_component_without_a_hook_is_refused() {
    assert_eq!(rule(&text("(component)")).await, "no-hook");
}

#[tokio::test]
async fn a_component_that_exports_something_else_is_refused() {
    let run = text(r#"(component (instance $run) (export "wasi:cli/run@0.2.0" (instance $run)))"#);
    assert_eq!(rule(&run).await, "unknown-export");
}

#[tokio::test]
async fn proposals_of_webassembly_that_are_off_are_refused() {
    let off = [
        "(memory i64 1)",
        "(memory 1) (memory 1)",
        "(memory 1 1 shared)",
        "(tag)",
        "(func $f (return_call $f))",
        "(type (struct))",
        "(func (drop (i32x4.relaxed_trunc_f32x4_s (v128.const i64x2 0 0))))",
    ];
    for module in off {
        let component = text(&format!("(component (core module {module}))"));
        assert_eq!(rule(&component).await, "invalid", "{module}");
    }
}

#[tokio::test]
async fn a_component_without_a_manifest_is_refused() {
    assert!(
        lies(permit().says(None))
            .await
            .contains("fengqiao:manifest")
    );
}

#[tokio::test]
async fn a_component_with_two_manifests_is_refused() {
    let twice = with_manifest(permit().component(), &manifest("guard", &[], ""));
    let result = Desk::new().advisor.admit(&twice).await;
    assert!(matches!(result, Err(AdmitError::Manifest(_))), "{result:?}");
}

#[tokio::test]
async fn a_manifest_that_is_not_one_is_refused() {
    for text in ["", "nonsense", "{}", r#"{"name":"a","more":1}"#] {
        lies(permit().says(Some(text))).await;
    }
}

#[tokio::test]
async fn a_manifest_that_names_another_hook_is_refused() {
    let reason = lies(permit().says(Some(&manifest("triage", &[], "")))).await;
    assert!(
        reason.contains("triage") || reason.contains("guard"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_manifest_that_hides_a_capability_is_refused() {
    let guest = permit()
        .imports("log", "log", "i32 i32 i32 i32")
        .first("(call $log (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1024))");
    let reason = lies(guest.says(Some(&manifest("guard", &["directory"], "")))).await;
    assert!(reason.contains("log"), "{reason}");
}

#[tokio::test]
async fn a_manifest_that_names_an_unknown_capability_is_refused() {
    let reason = lies(permit().says(Some(&manifest("guard", &["network"], "")))).await;
    assert!(reason.contains("network"), "{reason}");
}

#[tokio::test]
async fn a_manifest_with_inputs_for_a_hook_that_is_not_there_is_refused() {
    let text = manifest("guard", &[], r#","inputs":{"triage":["place"]}"#);
    let reason = lies(permit().says(Some(&text))).await;
    assert!(reason.contains("triage"), "{reason}");
}

#[tokio::test]
async fn a_manifest_whose_schema_is_none_is_refused() {
    let text = manifest(
        "guard",
        &["log"],
        r#","config-schema":{"type":"nothing-known"}"#,
    );
    let reason = lies(permit().says(Some(&text))).await;
    assert!(reason.contains("config-schema"), "{reason}");
}

#[tokio::test]
async fn the_same_bytes_twice_are_one_component() {
    let desk = Desk::new();
    let component = permit().component();
    let first = desk.advisor.admit(&component).await.unwrap();
    let again = desk.advisor.admit(&component).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(desk.advisor.health().components, 1);
}

#[tokio::test]
async fn a_refused_component_leaves_nothing_behind() {
    let desk = Desk::with(Limits::DEFAULT);
    let _refused = desk.advisor.admit(&permit().says(None).component()).await;
    assert_eq!(desk.advisor.health().components, 0);
}

#[tokio::test]
async fn a_configuration_is_held_against_the_schema() {
    let schema = r#","config-schema":{"type":"object","required":["days"],"additionalProperties":false,
        "properties":{"days":{"type":"integer","minimum":1}}}"#;
    let desk = Desk::new();
    let guest = permit().says(Some(&manifest("guard", &["log"], schema)));
    let component = desk.bind(&guest.component()).await.component;
    let check = |config: &str| desk.advisor.check_config(&component, config);
    assert_eq!(check(r#"{"days":5}"#), Ok(()));
    for config in [
        "",
        "nonsense",
        "[]",
        "{}",
        r#"{"days":0}"#,
        r#"{"days":5,"more":1}"#,
    ] {
        assert!(
            matches!(check(config), Err(AdmitError::Config(_))),
            "{config}"
        );
    }
    let deep = format!("{}{}", "[".repeat(17), "]".repeat(17));
    assert!(matches!(check(&deep), Err(AdmitError::Config(_))));
}

#[tokio::test]
async fn without_a_component_there_is_no_configuration() {
    let unknown = "ab12".parse().unwrap();
    let result = Desk::new().advisor.check_config(&unknown, "{}");
    assert_eq!(result, Err(AdmitError::Unknown(unknown)));
}
