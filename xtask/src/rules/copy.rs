//! A copy of the tree under `target/`, in which a rule can be taken out without touching anybody's files.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::entry::Rule;
use crate::{
    stage::Place,
    workspace::{self, Workspace},
};

/// What a plugin is built from, and what cargo wants to see of the rest.
const PARTS: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    "kernel",
    "plugins",
    "sdk",
    "tests",
    "wit",
    "xtask",
];

/// The copy and what is made of it.
#[derive(Debug)]
pub(super) struct Copy {
    folder: PathBuf,
    place: Place,
    tree: Workspace,
}

impl Copy {
    /// Copies anew what git tracks or would track.
    pub(super) fn of(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.target("rules");
        let place = Place::take(&folder)?;
        let tree = workspace.below("target/rules/tree");
        if tree.root().exists() {
            fs::remove_dir_all(tree.root()).context("removing the last copy")?;
        }
        let mut git = Command::new("git");
        git.args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .args(PARTS)
        .current_dir(workspace.root());
        let listed = workspace::text_of(&mut git).context("copying the files that git knows")?;
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            let (from, to) = (workspace.root().join(path), tree.root().join(path));
            // What git still lists but is deleted on disk is on its way out.
            if !from.is_file() {
                continue;
            }
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::copy(&from, &to).with_context(|| format!("copying {path}"))?;
            if path.starts_with("plugins/") && path.ends_with("/src/lib.rs") {
                silence(&to)?;
            }
        }
        Ok(Self {
            folder,
            place,
            tree,
        })
    }

    /// The copy as a workspace.
    pub(super) fn tree(&self) -> &Workspace {
        &self.tree
    }

    /// Where the components with every rule in place go.
    pub(super) fn whole(&self) -> PathBuf {
        self.folder.join("whole")
    }

    /// Where the components without one of the rules go.
    pub(super) fn without(&self) -> PathBuf {
        self.folder.join("without")
    }

    /// The copy's file that holds a rule.
    pub(super) fn source(&self, rule: &Rule) -> PathBuf {
        rule.source(self.tree.root())
    }

    /// A data directory that holds nothing.
    pub(super) fn fresh_data(&self) -> Result<PathBuf> {
        self.place.empty()?;
        Ok(self.place.data())
    }
}

/// What a rule leaves behind, unused, isn't worth a warning.
fn silence(root: &Path) -> Result<()> {
    let text = fs::read_to_string(root)?;
    fs::write(root, format!("#![allow(warnings)]\n{text}"))?;
    Ok(())
}
