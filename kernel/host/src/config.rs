//! A plugin's configuration, held against the schema of its manifest.

use fengqiao_service::ports::advisor::AdmitError;
use jsonschema::Validator;
use serde_json::Value;

use crate::convert::document::nesting;
use crate::limits::{Limits, size};

/// At most so many faults are named at once.
const MAX_FAULTS: usize = 8;

/// What a plugin's configuration must look like.
pub(crate) struct ConfigSchema {
    validator: Option<Validator>,
}

impl ConfigSchema {
    /// Reads a schema; without one, a configuration is any object.
    ///
    /// # Errors
    /// It isn't a JSON schema, or refers to something outside of itself.
    pub(crate) fn new(schema: Option<&Value>) -> Result<Self, AdmitError> {
        let validator = schema.map(jsonschema::validator_for).transpose();
        let validator = validator.map_err(|error| {
            AdmitError::Manifest(format!("`config-schema` 不是有效的 JSON Schema：{error}"))
        })?;
        Ok(Self { validator })
    }

    /// Checks a configuration.
    ///
    /// # Errors
    /// It is too large, isn't an object, or doesn't fit; every fault with its place.
    pub(crate) fn check(&self, config: &str, limits: &Limits) -> Result<(), AdmitError> {
        if config.len() > size(limits.config_bytes) {
            let (bytes, most) = (config.len(), limits.config_bytes);
            let reason =
                format!("有 {bytes} 字节，上限为 {most} 字节：大表请放进目录（catalogue）");
            return Err(AdmitError::Config(reason));
        }
        let levels = nesting(config);
        if levels > limits.document_depth {
            let most = limits.document_depth;
            return Err(AdmitError::Config(format!(
                "嵌套 {levels} 层，上限为 {most} 层"
            )));
        }
        let value: Value = serde_json::from_str(config)
            .map_err(|error| AdmitError::Config(format!("不是有效的 JSON：{error}")))?;
        if !value.is_object() {
            return Err(AdmitError::Config("应为一个 JSON 对象".to_owned()));
        }
        let Some(validator) = &self.validator else {
            return Ok(());
        };
        let faults: Vec<String> = validator
            .iter_errors(&value)
            .take(MAX_FAULTS)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(AdmitError::Config(faults.join("; ")))
        }
    }
}
