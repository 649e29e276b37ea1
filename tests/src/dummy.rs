//! Components that answer every hook with nothing, made from the contract alone: no compiler is needed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_encoder::{ComponentSection, CustomSection};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve, WorldId};

/// The six questions that a plugin may answer.
pub const HOOKS: [&str; 6] = ["profile", "intake", "triage", "guard", "react", "assess"];

/// What a hook may ask the kernel.
pub const CAPABILITIES: [&str; 4] = ["log", "directory", "catalogue", "calendar"];

/// Where the contract lies that the kernel is built with.
pub fn current() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit")
}

/// Where a published version of the contract lies.
pub fn released(version: &str) -> PathBuf {
    current().join("released").join(version)
}

/// A component that exports one hook of a contract, imports every capability, traps when called, and carries its manifest.
pub fn component(contract: &Path, hook: &str) -> Result<Vec<u8>> {
    let (resolve, world) = world(contract, hook)?;
    let mangling = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
    let mut module = dummy_module(&resolve, world, mangling);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    let mut encoder = ComponentEncoder::default();
    let mut component = encoder.module(&module)?.validate(true).encode()?;
    CustomSection {
        name: "fengqiao:manifest".into(),
        data: manifest(hook).into_bytes().into(),
    }
    .append_to_component(&mut component);
    Ok(component)
}

/// The contract's packages that a hook needs, and the hook's world.
pub fn world(contract: &Path, hook: &str) -> Result<(Resolve, WorldId)> {
    let mut resolve = Resolve::default();
    for package in ["types"].into_iter().chain(CAPABILITIES) {
        resolve.push_path(contract.join(package))?;
    }
    let (package, _) = resolve.push_path(contract.join(hook))?;
    let world = resolve
        .select_world(&[package], Some(&format!("{hook}-plugin")))
        .with_context(|| format!("the contract in {} has no {hook}", contract.display()))?;
    Ok((resolve, world))
}

fn manifest(hook: &str) -> String {
    serde_json::json!({
        "name": format!("dummy-{hook}"),
        "version": "0.1.0",
        "title": "只用来检查契约的空插件",
        "licence": "Apache-2.0",
        "hooks": [hook],
        "capabilities": CAPABILITIES,
    })
    .to_string()
}
