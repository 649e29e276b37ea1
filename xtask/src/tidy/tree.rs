//! The files that git tracks or would track, and what a check says about one of them.

use std::{fmt, fs, io::ErrorKind};

use anyhow::{Context, Result};

use crate::workspace::{self, Workspace};

/// Every text file of the working tree that git doesn't ignore.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: Vec<File>,
}

/// One text file.
#[derive(Debug)]
pub(super) struct File {
    /// Its path from the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    pub(super) path: String,
    /// Counted from 1; 0 where the whole file is meant.
    pub(super) line: usize,
    /// What is wrong and what to do about it.
    pub(super) what: String,
}

impl Tree {
    pub(super) fn read(workspace: &Workspace) -> Result<Self> {
        let mut git = std::process::Command::new("git");
        git.args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(workspace.root());
        let listed = workspace::text_of(&mut git).context("tidy reads the files that git knows")?;
        let mut files = Vec::new();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            // What isn't UTF-8 is no text; what git still lists but is deleted on disk is on its way out.
            match fs::read_to_string(workspace.root().join(path)) {
                Ok(text) => files.push(File::new(path, text)),
                Err(error)
                    if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::NotFound) => {}
                Err(error) => return Err(error).with_context(|| format!("reading {path}")),
            }
        }
        Ok(Self { files })
    }

    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// A tree of one file, for a check's tests.
    #[cfg(test)]
    pub(super) fn of(path: &str, text: &str) -> Self {
        Self {
            files: vec![File::new(path, text.to_owned())],
        }
    }
}

impl File {
    fn new(path: &str, text: String) -> Self {
        Self {
            path: path.to_owned(),
            text,
        }
    }

    /// The file's lines, numbered from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    /// Its name without the folders.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The checks of this folder name what they forbid, and so are not read by themselves.
    pub(super) fn names_the_forbidden(&self) -> bool {
        self.path == "xtask/src/tidy.rs" || self.path.starts_with("xtask/src/tidy/")
    }

    pub(super) fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}
