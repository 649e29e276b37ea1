//! Components that trap whatever they are asked, made from the contract alone.

use std::path::Path;

use wit_component::dummy_module;
use wit_parser::{LiftLowerAbi, ManglingAndAbi};

use crate::contract::{CAPABILITIES, encode, world};
use crate::manifest::{named, with_manifest};

/// A component `dummy-<hook>` that exports one hook of a contract, imports every capability, traps when called, and
/// carries its manifest.
#[must_use]
pub fn component(contract: &Path, hook: &str) -> Vec<u8> {
    let (resolve, world) = world(contract, hook);
    let module = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    let manifest = named(&format!("dummy-{hook}"), hook, &CAPABILITIES, "");
    with_manifest(encode(contract, hook, module), &manifest)
}
