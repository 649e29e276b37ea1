//! Where the workspace is, and how programs are started in it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context, Result, bail};

/// The checked-out tree that the command was started in.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the workspace around the current directory; fails outside of one.
    pub fn find() -> Result<Self> {
        let mut locate = cargo();
        locate.args(["locate-project", "--workspace", "--message-format", "plain"]);
        let manifest = PathBuf::from(text_of(&mut locate)?);
        let root = manifest
            .parent()
            .context("cargo names a manifest without a folder")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The folder of the workspace's `Cargo.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A workspace of its own in a folder of this one.
    pub fn below(&self, folder: &str) -> Self {
        Self {
            root: self.root.join(folder),
        }
    }

    /// A path below `target/`, where everything that is built lies.
    pub fn target(&self, below: &str) -> PathBuf {
        self.root.join("target").join(below)
    }

    /// A `cargo` to be run at the root of the workspace: the same one that started this program.
    pub fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root);
        command
    }
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program that shows its own output, and fails with its command line when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{} can't be started", line_of(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", line_of(command));
    }
    Ok(())
}

/// Runs a program quietly and answers what it printed, without the last line end.
///
/// When it fails, the error carries what it complained about on standard error.
pub fn text_of(command: &mut Command) -> Result<String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .with_context(|| format!("{} can't be started", line_of(command)))?;
    if !status.success() {
        let said = String::from_utf8_lossy(&stderr);
        bail!("{} failed: {}", line_of(command), complaint(&said));
    }
    let text = String::from_utf8(stdout)
        .with_context(|| format!("{} didn't print UTF-8", line_of(command)))?;
    Ok(text.trim_end().to_owned())
}

/// Whether a program can be started at all.
pub fn exists(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// The line that says what went wrong, among progress, causes and backtraces.
fn complaint(said: &str) -> &str {
    let is_error = |line: &&str| line.starts_with("error") || line.starts_with("E: ");
    said.lines().find(is_error).unwrap_or(said).trim()
}

/// The command as a person would have typed it, without the folder of the program.
fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_with_what_it_said() {
        let error = text_of(Command::new("sh").args(["-c", "echo no such case >&2; exit 3"]))
            .map_err(|error| error.to_string());
        let error = error.unwrap_err();
        assert!(error.starts_with("sh -c"), "{error}");
        assert!(error.ends_with("no such case"), "{error}");
    }

    #[test]
    fn of_all_that_a_program_said_its_error_is_told() {
        let said = "info: downloading\nerror: no network\n\nCaused by:\n  0: refused\n";
        assert_eq!(complaint(said), "error: no network");
        assert_eq!(complaint("not found\n"), "not found");
    }

    #[test]
    fn a_missing_program_is_known_before_it_is_needed() {
        assert!(exists("sh"));
        assert!(!exists("no-such-program-anywhere"));
    }
}
