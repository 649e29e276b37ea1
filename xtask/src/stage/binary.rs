//! The kernel's binary, built with the features that the whole workspace is built with, so that tests share what is compiled.

use std::{io::BufReader, path::PathBuf, process::Stdio};

use anyhow::{Context, Result, bail};
use cargo_metadata::Message;

use crate::{say, workspace::Workspace};

/// The name of the program.
const NAME: &str = "fengqiao";

/// Builds the kernel and answers where it lies; cargo shows its own progress.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    say(
        "kernel: compiling; the first time takes minutes, most of them for the compiler of plugins",
    );
    let mut cargo = workspace.cargo();
    cargo
        .args(["build", "--workspace", "--bin", NAME])
        .args(["--message-format", "json-render-diagnostics"])
        .stdout(Stdio::piped());
    let mut running = cargo.spawn().context("cargo can't be started")?;
    let output = running.stdout.take().context("cargo has no output")?;
    let mut built = None;
    for message in Message::parse_stream(BufReader::new(output)) {
        if let Message::CompilerArtifact(artifact) = message?
            && artifact.target.name == NAME
            && let Some(path) = artifact.executable
        {
            built = Some(PathBuf::from(path));
        }
    }
    if !running.wait()?.success() {
        bail!("the kernel can't be compiled");
    }
    built.context("cargo built no kernel")
}
