//! The one place where the player reads the examples from disk.
#![allow(
    clippy::disallowed_methods,
    reason = "the player reads the examples of its own source tree"
)]

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("无法读取 {}", path.display()))
}

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("无法读取 {}", path.display()))
}

/// A new file that a child process writes into.
pub(crate) fn create(path: &Path) -> Result<std::fs::File> {
    std::fs::File::create(path).with_context(|| format!("无法创建 {}", path.display()))
}

/// Whether there is something at a path.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}

/// What lies in a folder with an extension, by name; nothing if there is no folder.
pub(crate) fn listed(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("无法列出 {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("无法列出 {}", folder.display()))?
            .path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The folders of a folder that hold a file, by name.
pub(crate) fn folders_with(folder: &Path, file: &str) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("无法列出 {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("无法列出 {}", folder.display()))?
            .path();
        if path.join(file).is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
