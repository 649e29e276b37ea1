//! Whole jurisdictions, played through HTTP on the kernel's own binary with the plugins as they are built.

use std::path::{Path, PathBuf};

use fengqiao_tests::client::Client;
use fengqiao_tests::jurisdiction::Jurisdiction;
use fengqiao_tests::kernel::Kernel;
use fengqiao_tests::names::Names;
use fengqiao_tests::play::play;
use fengqiao_tests::upload::{divisions, upload};

#[test]
fn every_case_of_gaoming_goes_as_its_officers_expect() {
    plays("gaoming");
}

#[test]
fn every_case_of_langfang_goes_as_its_officers_expect() {
    plays("langfang");
}

#[test]
fn every_case_of_shenzhen_goes_as_its_officers_expect() {
    plays("shenzhen");
}

#[test]
fn every_name_in_the_examples_is_known() {
    let all = Jurisdiction::load_all(&jurisdictions()).unwrap();
    assert!(!all.is_empty());
    let divisions = divisions(&workspace()).unwrap();
    for jurisdiction in &all {
        let names = Names::new(jurisdiction, &divisions);
        assert!(!jurisdiction.cases.is_empty(), "{}", jurisdiction.title);
        for golden in &jurisdiction.cases {
            names.check(golden).unwrap();
        }
    }
}

#[test]
fn every_binding_fits_into_the_configuration_limit() {
    const LIMIT_BYTES: usize = 16 * 1024;
    for jurisdiction in Jurisdiction::load_all(&jurisdictions()).unwrap() {
        for binding in &jurisdiction.bindings {
            let config = serde_json::to_string(&binding.config).unwrap();
            assert!(
                config.len() <= LIMIT_BYTES,
                "{}: {} bytes",
                binding.id,
                config.len()
            );
        }
    }
}

fn plays(name: &str) {
    let jurisdiction = Jurisdiction::load(&jurisdictions().join(name)).unwrap();
    let names = Names::new(&jurisdiction, &divisions(&workspace()).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let principals = [jurisdiction.folder.join("principals.toml")];
    let kernel = Kernel::start(&binary(), &data, &principals).unwrap();
    let client = Client::new(&kernel.base());
    upload(&client, &workspace(), std::slice::from_ref(&jurisdiction)).unwrap();
    let rows = play(&client, &[(jurisdiction, names)], &mut |_| {}).unwrap();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            Some(format!(
                "{}（{}）：{}",
                row.title,
                row.file,
                row.difference.as_ref()?
            ))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} 件与预期不符：\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn jurisdictions() -> PathBuf {
    workspace().join("examples/jurisdictions")
}

/// The kernel's binary stands beside the folder of this test's own.
fn binary() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors()
        .nth(2)
        .unwrap()
        .join(format!("fengqiao{}", std::env::consts::EXE_SUFFIX))
}
