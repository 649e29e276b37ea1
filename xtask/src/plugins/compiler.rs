//! Where a compiler for the guests comes from: four ways, tried in a fixed order.

use std::{ffi::OsString, fs, path::Path, path::PathBuf, process::Command};

use anyhow::{Result, bail};
use clap::ValueEnum;

use super::debian;
use crate::{
    say,
    workspace::{self, Workspace},
};

/// The target of every guest. It has no system interface at all, so a guest can't import one.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

const WHAT_TO_INSTALL: &str = "no compiler for plugins was found: install rustup (https://rustup.rs) and run \
     `rustup target add wasm32-unknown-unknown`, then start this again";

/// Which way to a compiler is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    /// The first of the others that works.
    #[default]
    Auto,
    /// The target that is installed in the current toolchain.
    Installed,
    /// The target, added to the current toolchain by rustup.
    Rustup,
    /// Debian's packages, unpacked under target/guest-compiler and never installed.
    Debian,
}

/// A compiler that can build guests, and how cargo is told to use it.
#[derive(Debug)]
pub(super) struct Compiler {
    /// Where it came from, in words.
    pub(super) said: String,
    /// Where its artefacts go, apart from those of the kernel and of other compilers.
    pub(super) target_dir: PathBuf,
    /// Further arguments of `cargo build`.
    pub(super) arguments: Vec<&'static str>,
    /// The environment of `cargo build`.
    pub(super) environment: Vec<(&'static str, OsString)>,
}

/// Finds a compiler the chosen way, and says in one line which it is.
pub(super) fn find(workspace: &Workspace, choice: Choice) -> Result<Compiler> {
    let compiler = match choice {
        Choice::Auto => first_that_works([
            &mut || installed(workspace),
            &mut || rustup(workspace),
            &mut || debian::compiler(workspace),
        ]),
        Choice::Installed => installed(workspace),
        Choice::Rustup => rustup(workspace),
        Choice::Debian => debian::compiler(workspace),
    }?;
    say(&format!("guest compiler: {}", compiler.said));
    Ok(compiler)
}

/// Tries each way in turn; what was wrong with the earlier ones is told, never swallowed.
fn first_that_works<T, const N: usize>(ways: [&mut dyn FnMut() -> Result<T>; N]) -> Result<T> {
    for way in ways {
        match way() {
            Ok(found) => return Ok(found),
            Err(error) => say(&format!("guest compiler: {error:#}; trying the next way")),
        }
    }
    bail!(WHAT_TO_INSTALL)
}

fn installed(workspace: &Workspace) -> Result<Compiler> {
    if !has_target(workspace)? {
        bail!("{TARGET} isn't installed in the current toolchain");
    }
    let version = workspace::text_of(rustc(workspace).arg("--version"))?;
    Ok(current(
        workspace,
        format!("{version}, {TARGET} is installed"),
    ))
}

fn rustup(workspace: &Workspace) -> Result<Compiler> {
    if !workspace::exists("rustup") {
        bail!("rustup isn't on this machine");
    }
    say(&format!(
        "guest compiler: running `rustup target add {TARGET}`"
    ));
    workspace::text_of(
        Command::new("rustup")
            .args(["target", "add", TARGET])
            .current_dir(workspace.root()),
    )?;
    if !has_target(workspace)? {
        bail!("rustup added {TARGET}, but not to the toolchain that builds this workspace");
    }
    let version = workspace::text_of(rustc(workspace).arg("--version"))?;
    Ok(current(
        workspace,
        format!("{version}, {TARGET} added by rustup"),
    ))
}

fn current(workspace: &Workspace, said: String) -> Compiler {
    Compiler {
        said,
        target_dir: workspace.target("guests"),
        arguments: Vec::new(),
        environment: Vec::new(),
    }
}

/// An empty folder is not a target: its standard library must lie in it.
fn has_target(workspace: &Workspace) -> Result<bool> {
    let sysroot = workspace::text_of(rustc(workspace).args(["--print", "sysroot"]))?;
    let libraries = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib");
    let Ok(entries) = fs::read_dir(libraries) else {
        return Ok(false);
    };
    Ok(entries
        .filter_map(Result::ok)
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-")))
}

fn rustc(workspace: &Workspace) -> Command {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.current_dir(workspace.root());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_are_tried_in_order_and_the_first_that_works_is_taken() {
        let mut asked = Vec::new();
        let mut log = |way, answer: Option<&'static str>| {
            asked.push(way);
            answer.ok_or_else(|| anyhow::anyhow!("{way} doesn't work here"))
        };
        let log = std::cell::RefCell::new(&mut log);
        let found = first_that_works([
            &mut || log.borrow_mut()("installed", None),
            &mut || log.borrow_mut()("rustup", Some("rustup's")),
            &mut || log.borrow_mut()("debian", Some("Debian's")),
        ]);
        assert_eq!(found.ok(), Some("rustup's"));
        assert_eq!(asked, ["installed", "rustup"]);
    }

    #[test]
    fn when_no_way_works_one_sentence_says_what_to_install() {
        let found = first_that_works::<(), 1>([&mut || bail!("nothing here")]);
        assert_eq!(
            found.map_err(|error| error.to_string()),
            Err(WHAT_TO_INSTALL.to_owned())
        );
    }
}
