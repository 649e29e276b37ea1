//! What a component is and does, read from its bytes and its own type; a manifest that says otherwise is refused.

use fengqiao_core::ids::Digest;
use fengqiao_service::ports::advisor::{AdmitError, Hook, Inspection, Manifest};
use sha2::{Digest as _, Sha256};
use wasmtime::component::Component;

use crate::hook;
use crate::limits::{Limits, size};
use crate::sections;

/// What a plugin may ask the kernel.
const CAPABILITIES: [&str; 4] = ["log", "directory", "catalogue", "calendar"];

/// The custom section that holds the manifest.
const MANIFEST: &str = "fengqiao:manifest";

/// Looks at the bytes alone, before anything is compiled.
///
/// # Errors
/// Too many bytes, or bytes that aren't a component.
pub(crate) fn bytes(component: &[u8], limits: &Limits) -> Result<(), AdmitError> {
    if component.len() > size(limits.upload_bytes) {
        let (bytes, most) = (component.len(), limits.upload_bytes);
        return Err(refused(
            "upload-bytes",
            format!("组件有 {bytes} 字节，上限为 {most} 字节"),
        ));
    }
    match component.get(..8) {
        Some(b"\0asm\x0d\0\x01\0") => Ok(()),
        Some(b"\0asm\x01\0\0\0") => Err(refused(
            "core-module",
            "这是核心模块而不是组件：请用 wit-component 封装后再上传",
        )),
        _ => Err(refused("not-a-component", "文件不是 WebAssembly 组件")),
    }
}

/// The digest under which a component is kept.
///
/// # Errors
/// Never: the text is hexadecimal.
pub(crate) fn digest(component: &[u8]) -> Result<Digest, AdmitError> {
    let text = hex::encode(Sha256::digest(component));
    Digest::parse(&text).map_err(|error| refused("digest", error.to_string()))
}

/// Reads the interfaces from the component's type and holds the manifest against them.
///
/// # Errors
/// It imports what isn't there, exports what isn't asked, or its manifest is missing or lies.
pub(crate) fn component(
    bytes: &[u8],
    component: &Component,
    digest: Digest,
    limits: &Limits,
) -> Result<Inspection, AdmitError> {
    let (ty, engine) = (component.component_type(), component.engine());
    let imports: Vec<String> = ty
        .imports(engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    let exports: Vec<String> = ty
        .exports(engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    let used = capabilities(&imports)?;
    let hooks = hooks(&exports)?;
    let manifest = manifest(bytes, limits)?;
    hold(&manifest, &hooks, &used)?;
    Ok(Inspection {
        digest,
        size_bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        manifest,
        exports,
        imports,
    })
}

fn capabilities(imports: &[String]) -> Result<Vec<&'static str>, AdmitError> {
    let mut used = Vec::new();
    for import in imports {
        let interface = import
            .split_once('@')
            .map_or(import.as_str(), |(name, _)| name);
        if interface.starts_with("fengqiao:types/") {
            continue;
        }
        let capability = CAPABILITIES
            .into_iter()
            .find(|capability| interface == format!("fengqiao:{capability}/{capability}"));
        match capability {
            Some(capability) => used.push(capability),
            None => {
                return Err(refused(
                    "unknown-import",
                    format!(
                        "组件要求导入 `{import}`，内核不提供：只能导入 fengqiao 的 log、directory、catalogue、calendar"
                    ),
                ));
            }
        }
    }
    Ok(used)
}

fn hooks(exports: &[String]) -> Result<Vec<Hook>, AdmitError> {
    let mut hooks = Vec::new();
    for export in exports {
        let hook = hook::of_interface(export).ok_or_else(|| {
            let reason = format!("组件导出了 `{export}`，它不是内核的扩展点：请去掉");
            refused("unknown-export", reason)
        })?;
        hooks.push(hook);
    }
    if hooks.is_empty() {
        return Err(refused("no-hook", "组件没有导出任何扩展点，内核无从询问"));
    }
    Ok(hooks)
}

fn manifest(bytes: &[u8], limits: &Limits) -> Result<Manifest, AdmitError> {
    let mut found = sections::custom(bytes, MANIFEST)
        .map_err(|error| refused("not-a-component", error.to_string()))?;
    let section = match (found.pop(), found.pop()) {
        (None, _) => return lie(format!("组件顶层缺少自定义段 `{MANIFEST}`")),
        (Some(_), Some(_)) => return lie(format!("自定义段 `{MANIFEST}` 出现了不止一次")),
        (Some(section), None) => section,
    };
    if section.len() > size(limits.manifest_bytes) {
        return lie(format!(
            "说明有 {} 字节，上限为 {} 字节",
            section.len(),
            limits.manifest_bytes
        ));
    }
    serde_json::from_slice(section).or_else(|error| lie(format!("说明不是有效的 JSON：{error}")))
}

fn hold(manifest: &Manifest, hooks: &[Hook], used: &[&str]) -> Result<(), AdmitError> {
    for (field, text) in [("name", &manifest.name), ("version", &manifest.version)] {
        if text.is_empty() {
            return lie(format!("`{field}` 为空"));
        }
    }
    for hook in hook::HOOKS {
        let word = hook::word(hook);
        match (manifest.hooks.contains(&hook), hooks.contains(&hook)) {
            (true, false) => return lie(format!("说明写了扩展点 {word}，组件没有导出它")),
            (false, true) => return lie(format!("组件导出了扩展点 {word}，说明没有写")),
            (false, false) if manifest.inputs.contains_key(&hook) => {
                return lie(format!("`inputs` 提到组件没有的扩展点 {word}"));
            }
            _ => {}
        }
    }
    for capability in used {
        if !manifest
            .capabilities
            .iter()
            .any(|named| named == capability)
        {
            return lie(format!("组件使用了 {capability}，`capabilities` 没有写"));
        }
    }
    for named in &manifest.capabilities {
        if !CAPABILITIES.contains(&named.as_str()) {
            return lie(format!("`capabilities` 里的 {named} 不存在"));
        }
    }
    Ok(())
}

fn lie<T>(reason: String) -> Result<T, AdmitError> {
    Err(AdmitError::Manifest(reason))
}

/// A component that isn't admitted.
pub(crate) fn refused(rule: &str, reason: impl Into<String>) -> AdmitError {
    AdmitError::Component {
        rule: rule.to_owned(),
        reason: reason.into(),
    }
}
