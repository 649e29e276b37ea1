//! The hook `intake`: what does this raw message say?

mod submission;

use crate::bindings::intake::exports::fengqiao::intake::intake as contract;
pub use crate::bindings::intake::exports::fengqiao::intake::intake::Reading;
use crate::bindings::shared::fengqiao::types::values::Coded;
use crate::export::{Adapter, call};
use crate::plugin::{Plugin, PluginError};

pub use submission::{Person, Submission};

/// Understands one channel. The only hook that may see personal data; it never logs any.
pub trait Intake: Plugin {
    /// Reads one message of at most 1 MiB.
    ///
    /// # Errors
    /// The message is kept, and a person reads it.
    fn intake(config: &Self::Config, channel: &str, raw: &[u8]) -> Result<Reading, PluginError> {
        let _ = (config, channel, raw);
        Err(PluginError::cannot_answer("该插件不识别此渠道的消息"))
    }
}

impl Reading {
    /// A matter was handed in.
    ///
    /// # Errors
    /// It can't be written down.
    pub fn submission(submission: &Submission) -> Result<Self, PluginError> {
        serde_json::to_string(submission)
            .map(Self::Submission)
            .map_err(PluginError::cannot_answer)
    }

    /// Nothing that this platform takes from this channel: why, as a code and in words.
    pub fn not_for_us(code: &str, text: &str) -> Self {
        Self::NotForUs(Coded {
            code: code.to_owned(),
            document: text.to_owned(),
        })
    }
}

impl<P: Intake> contract::Guest for Adapter<P> {
    fn intake(config: String, channel: String, raw: Vec<u8>) -> Result<Reading, PluginError> {
        call::<P, _>(&config, |config| P::intake(config, &channel, &raw))
    }
}
