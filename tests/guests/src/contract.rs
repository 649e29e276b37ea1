//! The contract that guests are made from: its folders, its worlds, and a module made into a component of one.

use std::path::{Path, PathBuf};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId};

/// The six questions that a plugin may answer.
pub const HOOKS: [&str; 6] = ["profile", "intake", "triage", "guard", "react", "assess"];

/// What a hook may ask the kernel.
pub const CAPABILITIES: [&str; 4] = ["log", "directory", "catalogue", "calendar"];

/// Where the contract lies that the kernel is built with.
#[must_use]
pub fn current() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")
}

/// Where a published version of the contract lies.
#[must_use]
pub fn released(version: &str) -> PathBuf {
    current().join("released").join(version)
}

/// The contract's packages that a hook needs, and the hook's world.
#[must_use]
pub fn world(contract: &Path, hook: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::default();
    for package in ["types"].into_iter().chain(CAPABILITIES) {
        resolve.push_path(contract.join(package)).unwrap();
    }
    let (package, _) = resolve.push_path(contract.join(hook)).unwrap();
    let name = format!("{hook}-plugin");
    let world = resolve.select_world(&[package], Some(&name)).unwrap();
    (resolve, world)
}

/// A core module as a component of this hook's world.
#[must_use]
pub fn encode(contract: &Path, hook: &str, mut module: Vec<u8>) -> Vec<u8> {
    let (resolve, world) = world(contract, hook);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    let mut encoder = ComponentEncoder::default();
    let encoder = encoder.module(&module).unwrap().validate(true);
    encoder.encode().unwrap()
}
