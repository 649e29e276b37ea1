//! Building the plugins' crates into core modules with cargo.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::BufReader,
    path::PathBuf,
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use cargo_metadata::{Message, MetadataCommand, PackageId, diagnostic::DiagnosticLevel};

use super::compiler::{Compiler, TARGET};
use crate::{say, workspace::Workspace};

/// A plugin's core module, as cargo left it.
pub(super) struct Core {
    /// The name of the plugin.
    pub(super) name: String,
    /// The module.
    pub(super) path: PathBuf,
}

/// Builds all plugins in one go; goes on after the first that fails, so that all of those are named.
pub(super) fn build(workspace: &Workspace, compiler: &Compiler) -> Result<Vec<Core>> {
    let plugins = plugins(workspace)?;
    if plugins.is_empty() {
        bail!("there is no crate under plugins/");
    }
    say(&format!("plugins: compiling {}", list(plugins.values())));
    let mut cargo = workspace.cargo();
    cargo
        .args(["build", "--lib", "--keep-going", "--profile", "guest"])
        .args(["--target", TARGET, "--message-format", message_format()])
        .args(&compiler.arguments)
        .arg("--target-dir")
        .arg(&compiler.target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(workspace))
        .envs(
            compiler
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        .stdout(Stdio::piped());
    for name in plugins.values() {
        cargo.args(["--package", name]);
    }
    let mut running = cargo.spawn().context("cargo can't be started")?;
    let output = running.stdout.take().context("cargo has no output")?;
    let heard = listen(BufReader::new(output), &plugins)?;
    if running.wait()?.success() {
        return finished(&plugins, heard.modules);
    }
    if heard.broken.is_empty() {
        bail!("cargo couldn't build the plugins");
    }
    bail!("{} can't be compiled for the guest", list(&heard.broken))
}

/// Bytes of a guest's stack: a fresh instance touches as little memory as may be, and deeply nested JSON still fits.
const STACK_BYTES: u32 = 128 * 1024;

/// The compiler's flags: a small stack, and no path of this machine in the messages of panics, so that a plugin has the
/// same bytes wherever it is built.
fn flags(workspace: &Workspace) -> String {
    let home = std::env::home_dir().unwrap_or_default();
    let cargo_home = std::env::var_os("CARGO_HOME").map_or(home.join(".cargo"), PathBuf::from);
    [
        format!("-Clink-arg=-zstack-size={STACK_BYTES}"),
        format!("--remap-path-prefix={}=/cargo", cargo_home.display()),
        format!(
            "--remap-path-prefix={}=/fengqiao",
            workspace.root().display()
        ),
    ]
    .join("\u{1f}")
}

/// The crates under `plugins/`, by cargo's identifier.
fn plugins(workspace: &Workspace) -> Result<BTreeMap<PackageId, String>> {
    let metadata = MetadataCommand::new()
        .current_dir(workspace.root())
        .no_deps()
        .exec()?;
    let folder = metadata.workspace_root.join("plugins");
    Ok(metadata
        .packages
        .into_iter()
        .filter(|package| package.manifest_path.starts_with(&folder))
        .map(|package| (package.id, package.name.to_string()))
        .collect())
}

#[derive(Default)]
struct Heard {
    modules: BTreeMap<PackageId, PathBuf>,
    broken: BTreeSet<String>,
}

fn listen(
    output: BufReader<impl std::io::Read>,
    plugins: &BTreeMap<PackageId, String>,
) -> Result<Heard> {
    let mut heard = Heard::default();
    for message in Message::parse_stream(output) {
        match message? {
            Message::CompilerArtifact(artifact) if plugins.contains_key(&artifact.package_id) => {
                let module = artifact
                    .filenames
                    .into_iter()
                    .find(|path| path.extension() == Some("wasm"));
                if let Some(module) = module {
                    heard.modules.insert(artifact.package_id, module.into());
                }
            }
            Message::CompilerMessage(told) => {
                if let Some(text) = &told.message.rendered {
                    say(text.trim_end());
                }
                if told.message.level == DiagnosticLevel::Error {
                    let name = plugins.get(&told.package_id);
                    heard
                        .broken
                        .insert(name.cloned().unwrap_or(told.target.name));
                }
            }
            _ => {}
        }
    }
    Ok(heard)
}

fn finished(
    plugins: &BTreeMap<PackageId, String>,
    mut modules: BTreeMap<PackageId, PathBuf>,
) -> Result<Vec<Core>> {
    let mut cores = Vec::with_capacity(plugins.len());
    for (id, name) in plugins {
        let path = modules.remove(id).with_context(|| {
            format!("plugin {name} makes no module: add \"cdylib\" to its crate-type")
        })?;
        let name = name.clone();
        cores.push(Core { name, path });
    }
    cores.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(cores)
}

fn message_format() -> &'static str {
    use std::io::IsTerminal as _;
    if std::io::stderr().is_terminal() {
        "json-diagnostic-rendered-ansi"
    } else {
        "json"
    }
}

fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names
        .into_iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
