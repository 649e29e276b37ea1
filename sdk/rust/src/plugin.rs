//! What every plugin has: a configuration, and an error that says why it can't answer.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::bindings::shared::fengqiao::types::values;
pub use crate::bindings::shared::fengqiao::types::values::{Denial, PluginError};

/// A mechanism; the hooks that it answers are further traits.
pub trait Plugin {
    /// What a district sets: JSON that the kernel has checked against the plugin's schema. `()` for nothing.
    type Config: DeserializeOwned;
}

impl PluginError {
    /// The configuration isn't what the rules need, although the schema let it through.
    pub fn bad_config(why: impl fmt::Display) -> Self {
        Self::BadConfig(why.to_string())
    }

    /// The input isn't what the contract promises.
    pub fn bad_input(why: impl fmt::Display) -> Self {
        Self::BadInput(why.to_string())
    }

    /// The rules have no answer: the case goes to a person.
    pub fn cannot_answer(why: impl fmt::Display) -> Self {
        Self::CannotAnswer(why.to_string())
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadConfig(why) => write!(f, "配置不可用：{why}"),
            Self::BadInput(why) => write!(f, "输入不可用：{why}"),
            Self::CannotAnswer(why) => write!(f, "规则无法作答：{why}"),
            Self::Denied(why) => write!(f, "内核未予提供：{why}"),
            Self::Other(values::Coded { code, document }) => write!(f, "{code}：{document}"),
        }
    }
}

impl std::error::Error for PluginError {}

impl From<Denial> for PluginError {
    fn from(denial: Denial) -> Self {
        Self::Denied(match denial {
            Denial::Quota(which) => format!("配额 `{which}` 已用完"),
            Denial::BadRequest(why) => why,
            Denial::Unavailable(why) => why,
            Denial::Other(coded) => coded.code,
        })
    }
}

/// Reads a configuration; an empty one is `null`.
pub(crate) fn read_config<P: Plugin>(config: &str) -> Result<P::Config, PluginError> {
    let config = if config.trim().is_empty() {
        "null"
    } else {
        config
    };
    serde_json::from_str(config).map_err(PluginError::bad_config)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bare;

    impl Plugin for Bare {
        type Config = ();
    }

    struct Strict;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        hub: String,
    }

    impl Plugin for Strict {
        type Config = Config;
    }

    #[test]
    fn a_plugin_without_settings_takes_an_empty_configuration() {
        assert_eq!(read_config::<Bare>(""), Ok(()));
        assert_eq!(read_config::<Bare>("null"), Ok(()));
    }

    #[test]
    fn a_setting_that_is_not_known_is_a_bad_configuration() {
        let config = read_config::<Strict>(r#"{"hub":"u1"}"#);
        assert_eq!(
            config,
            Ok(Config {
                hub: "u1".to_owned()
            })
        );
        let config = read_config::<Strict>(r#"{"hub":"u1","x":1}"#);
        assert!(matches!(config, Err(PluginError::BadConfig(_))));
    }

    #[test]
    fn a_denial_becomes_an_error_that_says_what_was_denied() {
        let error = PluginError::from(Denial::Quota("host-calls".to_owned()));
        assert_eq!(error.to_string(), "内核未予提供：配额 `host-calls` 已用完");
    }
}
