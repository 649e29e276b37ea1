//! Rules about manifests: every crate takes the workspace's lints.

use toml::Table;

use super::tree::{File, Finding, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.files
        .iter()
        .filter(|file| file.name() == "Cargo.toml")
        .filter_map(check_manifest)
        .collect()
}

fn check_manifest(file: &File) -> Option<Finding> {
    let manifest: Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return Some(file.finding(0, format!("isn't TOML: {error}"))),
    };
    manifest.get("package")?;
    let taken = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"))
        .and_then(toml::Value::as_bool);
    (taken != Some(true)).then(|| file.finding(0, "add `[lints] workspace = true`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_without_the_shared_lints_is_found() {
        let found = |text| check(&Tree::of("kernel/core/Cargo.toml", text)).len();
        assert_eq!(found("[package]\nname = \"a\"\n"), 1);
        assert_eq!(
            found("[package]\nname = \"a\"\n[lints]\nworkspace = true\n"),
            0
        );
        assert_eq!(
            found("lints.workspace = true\n[package]\nname = \"a\"\n"),
            0
        );
        assert_eq!(found("[workspace]\nmembers = []\n"), 0);
        assert_eq!(found("[package\n"), 1);
    }
}
