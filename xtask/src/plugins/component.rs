//! From a core module to a component on disk, and what the component says of itself.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wit_component::{ComponentEncoder, DecodedWasm};

use super::{Plugin, cargo::Core, manifest::Manifest};

/// What is noted beside a component, so that an unchanged core module needn't be encoded again.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    core_sha256: String,
    manifest_sha256: String,
    /// When this program was built: another encoder may encode otherwise.
    encoder_built_ns: u128,
    component_sha256: String,
    exports: Vec<String>,
    imports: Vec<String>,
}

/// Encodes the module into `<folder>/<name>.wasm`, with its manifest, unless exactly that was done before.
pub(super) fn write(folder: &Path, core: &Core, manifest: &Manifest) -> Result<Plugin> {
    let module =
        fs::read(&core.path).with_context(|| format!("reading {}", core.path.display()))?;
    let core_sha256 = digest(&module);
    let manifest_sha256 = digest(manifest.json()?.as_bytes());
    let encoder_built_ns = encoder_built_ns()?;
    let path = folder.join(format!("{}.wasm", core.name));
    let present = read_if_any(&path)?;
    let note_path = note_path(folder, &core.name);
    if let (Some(note), Some(bytes)) = (read_note(&note_path)?, &present)
        && note.core_sha256 == core_sha256
        && note.manifest_sha256 == manifest_sha256
        && note.encoder_built_ns == encoder_built_ns
        && note.component_sha256 == digest(bytes)
    {
        return plugin(core, path, bytes, note, false);
    }
    let mut bytes = encode(&module)?;
    let (exports, imports) = interfaces(&bytes)?;
    if exports.is_empty() {
        bail!("it exports no hook, so the kernel could never ask it anything");
    }
    manifest.check(&core.name, &exports, &imports)?;
    manifest.append(&mut bytes)?;
    let changed = present.as_deref() != Some(&bytes);
    if changed {
        fs::write(&path, &bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    let note = Note {
        core_sha256,
        manifest_sha256,
        encoder_built_ns,
        component_sha256: digest(&bytes),
        exports,
        imports,
    };
    fs::write(&note_path, serde_json::to_vec_pretty(&note)?)?;
    plugin(core, path, &bytes, note, changed)
}

/// Removes components whose plugin is gone, so that nobody uploads yesterday's.
pub(super) fn sweep(folder: &Path, plugins: &[Plugin]) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default();
        if path.is_file() && !plugins.iter().any(|plugin| stem == plugin.name.as_str()) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn plugin(core: &Core, path: PathBuf, bytes: &[u8], note: Note, changed: bool) -> Result<Plugin> {
    Ok(Plugin {
        name: core.name.clone(),
        path,
        size_bytes: u64::try_from(bytes.len())?,
        sha256: note.component_sha256,
        exports: note.exports,
        imports: note.imports,
        changed,
    })
}

fn encode(module: &[u8]) -> Result<Vec<u8>> {
    let encoded = ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.validate(true).encode());
    encoded.map_err(|error| error.context("its module can't be made into a component"))
}

/// The names of the interfaces that a component exports and imports.
fn interfaces(component: &[u8]) -> Result<(Vec<String>, Vec<String>)> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component)? else {
        bail!("it was encoded as a WIT package, not as a component");
    };
    let world = resolve
        .worlds
        .get(world)
        .context("the component has no world")?;
    let names =
        |items: &mut dyn Iterator<Item = _>| items.map(|key| resolve.name_world_key(key)).collect();
    Ok((
        names(&mut world.exports.keys()),
        names(&mut world.imports.keys()),
    ))
}

fn note_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.json"))
}

/// A note that can't be read is no note: the component is simply encoded again.
fn read_note(path: &Path) -> Result<Option<Note>> {
    Ok(read_if_any(path)?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

fn read_if_any(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// Asked once: while this program runs, another build of it may take its place on disk.
fn encoder_built_ns() -> Result<u128> {
    static BUILT_NS: OnceLock<u128> = OnceLock::new();
    if let Some(known) = BUILT_NS.get() {
        return Ok(*known);
    }
    let program = fs::metadata(std::env::current_exe()?)?;
    let built_ns = program.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    Ok(*BUILT_NS.get_or_init(|| built_ns))
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_MODULE: &[u8] = b"\0asm\x01\0\0\0";

    fn manifest(name: &str, hooks: &str) -> Manifest {
        let text = format!(
            "name = '{name}'\nversion = '0.1.0'\ntitle = '试件'\nlicence = 'Apache-2.0'\nhooks = {hooks}"
        );
        toml::from_str(&text).unwrap()
    }

    /// A core module that exports one hook, as a guest's compiler would leave it in `folder`.
    fn core(folder: &Path, text: &str) -> Core {
        let mut resolve = wit_parser::Resolve::default();
        let wit = "package test:hook@0.1.0;\nworld plugin { export ask: func() -> u32; }";
        let package = resolve.push_str("hook.wit", wit).unwrap();
        let world = resolve.select_world(&[package], None).unwrap();
        let mut module = wat::parse_str(text).unwrap();
        let encoding = wit_component::StringEncoding::UTF8;
        wit_component::embed_component_metadata(&mut module, &resolve, world, encoding, false)
            .unwrap();
        let path = folder.join("core");
        fs::write(&path, module).unwrap();
        let name = "hook".to_owned();
        Core { name, path }
    }

    #[test]
    fn a_component_is_written_only_when_it_changes_and_says_what_it_exports() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = manifest("hook", "['ask']");
        let answering = |number: u32| {
            let text = format!("(module (func (export \"ask\") (result i32) i32.const {number}))");
            write(folder.path(), &core(folder.path(), &text), &manifest).unwrap()
        };
        let first = answering(1);
        assert_eq!(first.exports, ["ask"]);
        assert!(first.changed);
        assert!(!answering(1).changed);
        let second = answering(2);
        assert!(second.changed);
        assert_ne!(first.sha256, second.sha256);
        fs::write(&second.path, "tampered with").unwrap();
        assert!(answering(2).changed);
        assert_eq!(digest(&fs::read(&second.path).unwrap()), second.sha256);
    }

    #[test]
    fn a_module_that_exports_no_hook_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let core = Core {
            name: "mute".to_owned(),
            path: folder.path().join("core"),
        };
        fs::write(&core.path, EMPTY_MODULE).unwrap();
        let manifest = manifest("mute", "[]");
        let error = write(folder.path(), &core, &manifest)
            .unwrap_err()
            .to_string();
        assert!(error.contains("exports no hook"), "{error}");
        assert!(!folder.path().join("mute.wasm").exists());
    }

    #[test]
    fn a_component_whose_plugin_is_gone_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("gone.wasm"), EMPTY_MODULE).unwrap();
        sweep(folder.path(), &[]).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
