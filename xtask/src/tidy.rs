//! `cargo xtask tidy`: rules about the text of the tree that neither the compiler nor clippy knows.

mod crates;
mod licences;
mod places;
mod rust;
mod text;
mod tree;

use anyhow::{Result, bail};

use crate::{say, workspace::Workspace};
use tree::Tree;

/// Check the tree's text: names of places, headers, sizes, crates and licences.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {}

/// Runs every check, lists all findings and fails when there is one.
pub fn run(workspace: &Workspace, _options: &Options) -> Result<()> {
    let tree = Tree::read(workspace)?;
    let mut findings = Vec::new();
    findings.extend(places::check(&tree)?);
    findings.extend(rust::check(&tree));
    findings.extend(text::check(&tree));
    findings.extend(crates::check(&tree));
    findings.extend(licences::check(workspace, &tree)?);
    findings.sort();
    for finding in &findings {
        say(&finding.to_string());
    }
    if !findings.is_empty() {
        bail!("tidy found {} places to mend", findings.len());
    }
    println!("tidy: {} files are as they should be", tree.files.len());
    Ok(())
}
