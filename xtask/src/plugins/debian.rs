//! Debian's Rust as a guest compiler: unpacked below `target/`, without root, never installed.
//!
//! Debian ships a recent compiler for building browsers (`rustc-web`) with its sources, but no standard library for the
//! guest's target, so cargo builds that from the sources.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::compiler::Compiler;
use crate::{
    say,
    workspace::{self, Workspace},
};

/// The compiler, the standard library of this machine for build scripts, and the sources of the standard library.
const START: [&str; 3] = ["rustc-web", "libstd-rust-web-dev", "rust-web-src"];

/// The oldest compiler that the workspace declares.
const NEEDED: &str = env!("CARGO_PKG_RUST_VERSION");

pub(super) fn compiler(workspace: &Workspace) -> Result<Compiler> {
    let home = workspace.target("guest-compiler");
    let complete = home.join("complete");
    if !complete.is_file() {
        fetch(&home)?;
        fs::write(&complete, "")?;
    }
    let root = home.join("root");
    let libraries = library_folders(&root)?;
    let rustc = root.join("usr/bin/rustc");
    let version = workspace::text_of(
        Command::new(&rustc)
            .arg("--version")
            .env("LD_LIBRARY_PATH", &libraries),
    )?;
    if !is_recent_enough(&version) {
        bail!("Debian has {version}, and the workspace needs {NEEDED}");
    }
    Ok(Compiler {
        said: format!("{version}, Debian's, unpacked in target/guest-compiler"),
        target_dir: workspace.target("guests-debian"),
        arguments: vec!["-Zbuild-std=std,panic_abort"],
        environment: vec![
            ("RUSTC", rustc.into()),
            // The flag that builds the standard library is unstable; this is how a released compiler takes it.
            ("RUSTC_BOOTSTRAP", "1".into()),
            ("LD_LIBRARY_PATH", libraries),
            (
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
                linker(&root)?.into(),
            ),
        ],
    })
}

/// Downloads and unpacks the packages. An interrupted fetch starts again from nothing.
fn fetch(home: &Path) -> Result<()> {
    for program in ["apt-get", "apt-cache", "dpkg", "dpkg-query"] {
        if !workspace::exists(program) {
            bail!("Debian's {program} isn't on this machine");
        }
    }
    if home.exists() {
        fs::remove_dir_all(home)?;
    }
    let apt = Apt::new(home)?;
    say("guest compiler: asking Debian for its packages (nothing is installed)");
    workspace::text_of(apt.command("apt-get").arg("update"))?;
    let packages = apt.packages()?;
    say(&format!(
        "guest compiler: fetching {} into target/guest-compiler, about 150 MB, once",
        packages.join(", ")
    ));
    let downloads = home.join("downloads");
    fs::create_dir_all(&downloads)?;
    workspace::text_of(
        apt.command("apt-get")
            .arg("download")
            .args(&packages)
            .current_dir(&downloads),
    )?;
    say("guest compiler: unpacking");
    let root = home.join("root");
    for package in entries(&downloads)? {
        workspace::text_of(Command::new("dpkg").arg("-x").args([&package, &root]))?;
    }
    fs::remove_dir_all(&downloads)?;
    fs::remove_dir_all(home.join("apt"))?;
    keep_only_the_library(&root)
}

/// `apt` with lists and caches of its own, so that it neither needs root nor changes the machine.
struct Apt {
    options: Vec<String>,
}

impl Apt {
    fn new(home: &Path) -> Result<Self> {
        let (lists, cache) = (home.join("apt/lists"), home.join("apt/cache"));
        fs::create_dir_all(lists.join("partial"))?;
        fs::create_dir_all(cache.join("archives/partial"))?;
        let options = [
            format!("Dir::State::Lists={}", lists.display()),
            format!("Dir::Cache={}", cache.display()),
            "Debug::NoLocking=1".to_owned(),
            "APT::Sandbox::User=root".to_owned(),
        ];
        Ok(Self {
            options: options
                .into_iter()
                .flat_map(|option| ["-o".to_owned(), option])
                .collect(),
        })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(&self.options).env("LC_ALL", "C");
        command
    }

    /// Everything to unpack: the compiler, the linker of the LLVM it was built with, and libraries the machine lacks.
    fn packages(&self) -> Result<Vec<String>> {
        let mut wanted = self.closure(START.map(str::to_owned).to_vec())?;
        let linker = wanted
            .iter()
            .find_map(|name| name.strip_prefix("libllvm"))
            .map(|version| format!("lld-{version}"))
            .context("Debian's Rust doesn't say which LLVM it uses")?;
        wanted.extend(self.closure(vec![linker])?);
        Ok(wanted.into_iter().collect())
    }

    fn closure(&self, mut open: Vec<String>) -> Result<BTreeSet<String>> {
        let mut wanted = BTreeSet::from_iter(open.iter().cloned());
        while let Some(name) = open.pop() {
            let answer = workspace::text_of(self.command("apt-cache").args(["depends", &name]))?;
            for library in libraries_needed(&answer) {
                let own = library.starts_with("libstd-rust") || library.starts_with("libllvm");
                if (own || !is_installed(library)) && wanted.insert(library.to_owned()) {
                    open.push(library.to_owned());
                }
            }
        }
        Ok(wanted)
    }
}

/// The shared libraries in an answer of `apt-cache depends`. The C compiler is there already: it linked this program.
fn libraries_needed(answer: &str) -> impl Iterator<Item = &str> {
    answer
        .lines()
        .filter_map(|line| {
            let line = line.trim_start();
            line.strip_prefix("Depends: ")
                .or_else(|| line.strip_prefix("PreDepends: "))
        })
        .filter(|name| name.starts_with("lib") && !name.ends_with("-dev") || is_standard(name))
}

fn is_standard(name: &str) -> bool {
    name.starts_with("libstd-rust")
}

fn is_installed(package: &str) -> bool {
    workspace::text_of(Command::new("dpkg-query").args([
        "-W",
        "-f",
        "${db:Status-Status}",
        package,
    ]))
    .is_ok_and(|status| status.starts_with("installed"))
}

/// The sources hold the whole compiler, half a gigabyte; cargo needs the library's part.
fn keep_only_the_library(root: &Path) -> Result<()> {
    for sources in entries(&root.join("usr/src"))? {
        for entry in entries(&sources)? {
            if entry.ends_with("library") {
                continue;
            }
            if entry.is_dir() && !entry.is_symlink() {
                fs::remove_dir_all(&entry)?;
            } else {
                fs::remove_file(&entry)?;
            }
        }
    }
    Ok(())
}

/// Whether `rustc 1.96.0 (…)` is at least the needed 1.95.
fn is_recent_enough(version: &str) -> bool {
    let numbers =
        |text: &str| -> Vec<u64> { text.split('.').map_while(|n| n.parse().ok()).collect() };
    let found = version.split_whitespace().nth(1).unwrap_or_default();
    numbers(found) >= numbers(NEEDED)
}

/// Where Debian keeps shared libraries: one folder an architecture, below either `lib`.
fn library_folders(root: &Path) -> Result<OsString> {
    let mut folders = Vec::new();
    for lib in ["usr/lib", "lib"].map(|lib| root.join(lib)) {
        if lib.is_dir() {
            let found = entries(&lib)?.into_iter();
            folders.extend(found.filter(|folder| {
                let name = folder.file_name().unwrap_or_default().to_string_lossy();
                name.contains("-linux-") && folder.is_dir()
            }));
        }
    }
    std::env::join_paths(folders).context("the workspace's path holds a colon")
}

fn linker(root: &Path) -> Result<PathBuf> {
    entries(&root.join("usr/bin"))?
        .into_iter()
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("wasm-ld")
        })
        .context("Debian's lld has no wasm-ld; remove target/guest-compiler and start again")
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    read().with_context(|| format!("reading {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debian_without_updates_has_too_old_a_compiler() {
        assert!(is_recent_enough(&format!(
            "rustc {NEEDED}.0 (ac68faa20 2026-05-25)"
        )));
        assert!(!is_recent_enough(
            "rustc 1.85.0 (built from a source tarball)"
        ));
        assert!(!is_recent_enough(""));
    }

    #[test]
    fn only_libraries_are_followed_not_a_second_c_compiler() {
        let answer = "rustc-web\n  Depends: libc6\n  Depends: libstd-rust-web-dev\n |Depends: gcc\n  \
                      Depends: <c-compiler>\n    tcc\n  Depends: libc-dev\n  Depends: binutils\n  Recommends: libx\n";
        let needed: Vec<_> = libraries_needed(answer).collect();
        assert_eq!(needed, ["libc6", "libstd-rust-web-dev"]);
    }
}
