//! A component of every published version of the contract loads into today's host.
#![allow(
    clippy::disallowed_methods,
    reason = "the test looks which versions were published"
)]

use std::path::Path;

use fengqiao_service::ports::advisor::{Advisor as _, Inspection};
use wit_component::dummy_module;
use wit_parser::{LiftLowerAbi, ManglingAndAbi};

use crate::desk::Desk;
use crate::guest::{contract, encode, manifest, with_manifest, world};

const HOOKS: [&str; 6] = ["profile", "intake", "triage", "guard", "react", "assess"];

/// A component of this hook that imports and exports everything that the version knows.
fn whole(folder: &Path, hook: &str) -> Vec<u8> {
    let (resolve, id) = world(folder, hook);
    let module = dummy_module(&resolve, id, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    let component = encode(folder, hook, &module);
    let capabilities = ["log", "directory", "catalogue", "calendar"];
    with_manifest(component, &manifest(hook, &capabilities, ""))
}

async fn admit(desk: &Desk, folder: &Path, hook: &str) -> Inspection {
    let admitted = desk.advisor.admit(&whole(folder, hook)).await;
    admitted.unwrap_or_else(|error| panic!("{hook} of {}: {error}", folder.display()))
}

#[tokio::test]
async fn components_of_every_published_version_are_admitted() {
    let desk = Desk::new();
    let released = std::fs::read_dir(contract().join("released")).unwrap();
    let versions: Vec<_> = released.map(|entry| entry.unwrap().path()).collect();
    assert!(!versions.is_empty());
    for version in versions.iter().filter(|version| version.is_dir()) {
        for hook in HOOKS {
            admit(&desk, version, hook).await;
        }
    }
}

#[tokio::test]
async fn what_a_component_imports_and_exports_is_read_from_itself() {
    let desk = Desk::new();
    for hook in HOOKS {
        let inspection = admit(&desk, &contract(), hook).await;
        assert_eq!(
            inspection.exports,
            [format!("fengqiao:{hook}/{hook}@0.1.0")]
        );
        for capability in ["log", "directory", "catalogue", "calendar"] {
            let import = format!("fengqiao:{capability}/{capability}@0.1.0");
            assert!(inspection.imports.contains(&import), "{import}");
        }
    }
}
