//! What a guest says about itself.

use wasm_encoder::{ComponentSection, CustomSection};

/// A manifest of one hook, with more members if there are any.
#[must_use]
pub fn manifest(hook: &str, capabilities: &[&str], more: &str) -> String {
    named("by-hand", hook, capabilities, more)
}

/// The same under another name.
#[must_use]
pub fn named(name: &str, hook: &str, capabilities: &[&str], more: &str) -> String {
    format!(
        r#"{{"name":"{name}","version":"1.0.0","title":"手写的插件","licence":"Apache-2.0",
            "hooks":["{hook}"],"capabilities":{capabilities:?}{more}}}"#
    )
}

/// The component with its manifest as the last top-level section.
#[must_use]
pub fn with_manifest(mut component: Vec<u8>, manifest: &str) -> Vec<u8> {
    let section = CustomSection {
        name: "fengqiao:manifest".into(),
        data: manifest.as_bytes().into(),
    };
    section.append_to_component(&mut component);
    component
}
