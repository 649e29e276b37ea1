//! A component of every published version of the contract loads into today's host.
#![allow(
    clippy::disallowed_methods,
    reason = "the test looks which versions were published"
)]

use std::path::Path;

use fengqiao_guests::contract::{CAPABILITIES, HOOKS, current};
use fengqiao_guests::dummy;
use fengqiao_service::ports::advisor::{Advisor as _, Inspection};

use crate::desk::Desk;

async fn admit(desk: &Desk, folder: &Path, hook: &str) -> Inspection {
    let component = dummy::component(folder, hook);
    let admitted = desk.advisor.admit(&component).await;
    admitted.unwrap_or_else(|error| panic!("{hook} of {}: {error}", folder.display()))
}

#[tokio::test]
async fn components_of_every_published_version_are_admitted() {
    let desk = Desk::new();
    let released = std::fs::read_dir(current().join("released")).unwrap();
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
        let inspection = admit(&desk, &current(), hook).await;
        assert_eq!(
            inspection.exports,
            [format!("fengqiao:{hook}/{hook}@0.1.0")]
        );
        for capability in CAPABILITIES {
            let import = format!("fengqiao:{capability}/{capability}@0.1.0");
            assert!(inspection.imports.contains(&import), "{import}");
        }
    }
}
