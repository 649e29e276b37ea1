//! `cargo xtask plugins`: from the crates under `plugins/` to components that the kernel loads.

mod cargo;
mod compiler;
mod component;
mod debian;
mod manifest;
mod table;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{say, workspace::Workspace};
pub use compiler::Choice;
use compiler::Compiler;
use manifest::Manifest;

/// Build every plugin into target/plugins/<name>.wasm and list them.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// How to find a compiler for the guests.
    #[arg(long, value_enum, default_value_t = Choice::Auto)]
    pub compiler: Choice,
}

/// What a build left behind.
#[derive(Debug)]
pub struct Built {
    /// Where the compiler came from, in words.
    pub compiler: String,
    /// Every plugin of the workspace, by name.
    pub plugins: Vec<Plugin>,
}

/// One plugin as a component on disk.
#[derive(Debug)]
pub struct Plugin {
    /// The name of its crate, which is the name of its mechanism.
    pub name: String,
    /// The component.
    pub path: PathBuf,
    /// How large the component is.
    pub size_bytes: u64,
    /// The SHA-256 of the component, in hexadecimal.
    pub sha256: String,
    /// The interfaces it exports: what it does.
    pub exports: Vec<String>,
    /// The interfaces it imports: what it may.
    pub imports: Vec<String>,
    /// Whether this build changed it.
    pub changed: bool,
}

/// Builds every plugin and prints the table of them.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let built = build(workspace, options)?;
    println!("{}", table::of(&built));
    Ok(())
}

/// Builds every plugin; one that can't be built fails the whole step by name.
pub fn build(workspace: &Workspace, options: &Options) -> Result<Built> {
    let compiler = compiler::find(workspace, options.compiler)?;
    let plugins = build_into(workspace, &compiler, &workspace.target("plugins"))?;
    let changed = plugins.iter().filter(|plugin| plugin.changed).count();
    say(&format!(
        "plugins: {} in target/plugins, {changed} of them changed",
        plugins.len()
    ));
    Ok(Built {
        compiler: compiler.said,
        plugins,
    })
}

/// Builds every plugin once more with Debian's compiler, apart from the components that are used.
///
/// Answers why it couldn't be tried on a machine that has no such compiler.
pub fn try_debian(workspace: &Workspace) -> Result<Result<(), String>> {
    let compiler = match compiler::find(workspace, Choice::Debian) {
        Ok(compiler) => compiler,
        Err(error) => return Ok(Err(format!("{error:#}"))),
    };
    let apart = compiler.target_dir.join("components");
    build_into(workspace, &compiler, &apart)?;
    Ok(Ok(()))
}

/// Builds the plugins of another tree, apart from those that are used.
#[derive(Debug)]
pub struct Apart {
    compiler: Compiler,
}

impl Apart {
    /// With this workspace's compiler; what is compiled goes below a folder of `target/`.
    pub fn new(workspace: &Workspace, folder: &str) -> Result<Self> {
        let mut compiler = compiler::find(workspace, Choice::Auto)?;
        compiler.target_dir = workspace.target(folder);
        Ok(Self { compiler })
    }

    /// Builds the tree's plugins into a folder; what didn't change since the last time isn't compiled again.
    pub fn build(&self, tree: &Workspace, folder: &Path) -> Result<()> {
        build_into(tree, &self.compiler, folder).map(drop)
    }
}

fn build_into(workspace: &Workspace, compiler: &Compiler, folder: &Path) -> Result<Vec<Plugin>> {
    let cores = cargo::build(workspace, compiler)?;
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let plugins = cores
        .iter()
        .map(|core| write(workspace, folder, core).with_context(|| format!("plugin {}", core.name)))
        .collect::<Result<Vec<_>>>()?;
    component::sweep(folder, &plugins)?;
    Ok(plugins)
}

fn write(workspace: &Workspace, folder: &Path, core: &cargo::Core) -> Result<Plugin> {
    let manifest = Manifest::read(&workspace.root().join("plugins").join(&core.name))?;
    component::write(folder, core, &manifest)
}
