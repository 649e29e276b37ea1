//! What a plugin says of itself: read from its `plugin.toml`, held against its component, and put into it.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_encoder::{ComponentSection, CustomSection};

/// The section of a component in which the kernel reads the manifest, as JSON.
const SECTION: &str = "fengqiao:manifest";

const FILE: &str = "plugin.toml";

/// A manifest. What isn't checked here is checked by the kernel when the component is uploaded.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Manifest {
    name: String,
    version: String,
    title: String,
    licence: String,
    hooks: Vec<String>,
    #[serde(default)]
    capabilities: Vec<String>,
    #[serde(default)]
    inputs: Map<String, Value>,
    #[serde(default)]
    queries: Vec<Value>,
    /// A schema, or the name of the JSON file beside the manifest that holds it.
    #[serde(default)]
    config_schema: Option<Value>,
}

impl Manifest {
    /// Reads the manifest in a plugin's folder, with its schema.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let mut manifest: Self =
            toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
        if let Some(Value::String(name)) = &manifest.config_schema {
            let path = folder.join(name);
            let text = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            let schema = serde_json::from_slice(&text);
            manifest.config_schema =
                Some(schema.with_context(|| format!("in {}", path.display()))?);
        }
        Ok(manifest)
    }

    /// The manifest as the component carries it.
    pub(super) fn json(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// A manifest that says otherwise than its component is refused here, as the kernel would.
    pub(super) fn check(&self, name: &str, exports: &[String], imports: &[String]) -> Result<()> {
        if self.name != name {
            bail!("{FILE} calls it `{}`, its crate is `{name}`", self.name);
        }
        agree("hooks", &self.hooks, interfaces(exports))?;
        agree("capabilities", &self.capabilities, interfaces(imports))
    }

    /// Puts the manifest at the end of the component.
    pub(super) fn append(&self, component: &mut Vec<u8>) -> Result<()> {
        let section = CustomSection {
            name: SECTION.into(),
            data: self.json()?.into_bytes().into(),
        };
        section.append_to_component(component);
        Ok(())
    }
}

/// `fengqiao:triage/triage@0.1.0` → `triage`. Types are no capability: they can't be called.
fn interfaces(names: &[String]) -> Vec<String> {
    let interfaces = names
        .iter()
        .filter(|name| !name.starts_with("fengqiao:types/"));
    let word = |name: &String| {
        let path = name.split('@').next().unwrap_or(name);
        path.rsplit('/').next().unwrap_or(path).to_owned()
    };
    interfaces.map(word).collect()
}

fn agree(key: &str, said: &[String], mut found: Vec<String>) -> Result<()> {
    let mut said = said.to_vec();
    said.sort();
    found.sort();
    if said != found {
        bail!("{FILE} says {key} = {said:?}, but the component has {found:?}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        name = "mechanism"
        version = "0.1.0"
        title = "一种机制"
        licence = "Apache-2.0"
        hooks = ["guard", "triage"]
        capabilities = ["log"]
        inputs = { triage = ["place", "matter"] }

        [config-schema]
        type = "object"
    "#;

    fn exports() -> Vec<String> {
        ["fengqiao:triage/triage@0.1.0", "fengqiao:guard/guard@0.1.0"]
            .map(str::to_owned)
            .to_vec()
    }

    fn imports() -> Vec<String> {
        ["fengqiao:types/values@0.1.0", "fengqiao:log/log@0.1.0"]
            .map(str::to_owned)
            .to_vec()
    }

    fn manifest() -> Manifest {
        toml::from_str(TEXT).unwrap()
    }

    #[test]
    fn a_manifest_that_agrees_with_its_component_is_taken() {
        assert!(
            manifest()
                .check("mechanism", &exports(), &imports())
                .is_ok()
        );
    }

    #[test]
    fn a_hook_that_the_component_does_not_export_is_refused() {
        let error = manifest()
            .check("mechanism", &exports()[..1], &imports())
            .unwrap_err();
        assert!(error.to_string().contains("hooks"), "{error}");
    }

    #[test]
    fn a_capability_that_is_not_declared_is_refused() {
        let mut imports = imports();
        imports.push("fengqiao:directory/directory@0.1.0".to_owned());
        let error = manifest()
            .check("mechanism", &exports(), &imports)
            .unwrap_err();
        assert!(error.to_string().contains("directory"), "{error}");
    }

    #[test]
    fn a_key_that_the_kernel_does_not_know_is_refused() {
        let text = format!("author = \"x\"\n{TEXT}");
        assert!(toml::from_str::<Manifest>(&text).is_err());
    }

    #[test]
    fn a_schema_may_lie_in_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let (head, _) = TEXT.split_once("[config-schema]").unwrap();
        let text = format!("{head}\nconfig-schema = \"schema.json\"\n");
        fs::write(folder.path().join(FILE), text).unwrap();
        fs::write(folder.path().join("schema.json"), r#"{"type":"null"}"#).unwrap();
        let manifest = Manifest::read(folder.path()).unwrap();
        assert_eq!(
            manifest.config_schema,
            Some(serde_json::json!({"type": "null"}))
        );
    }

    #[test]
    fn the_component_carries_the_manifest_as_json() {
        let mut component = b"\0asm\x0d\0\x01\0".to_vec();
        manifest().append(&mut component).unwrap();
        let text = String::from_utf8_lossy(&component);
        let (_, json) = text.split_once(SECTION).unwrap();
        let read: Manifest = serde_json::from_str(json).unwrap();
        assert_eq!(read.hooks, ["guard", "triage"]);
    }
}
