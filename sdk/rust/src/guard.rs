//! The hook `guard`: may this move happen?

use serde::de::DeserializeOwned;

use crate::bindings::guard::exports::fengqiao::guard::guard as contract;
pub use crate::bindings::guard::exports::fengqiao::guard::guard::{
    ActorRole, Move, Refusal, Verdict,
};
use crate::case::Case;
use crate::export::{Adapter, call};
use crate::plugin::{Plugin, PluginError};
use crate::role::Role;

/// Holds local conditions. All guards are asked, the highest division's first; one refusal refuses.
pub trait Guard: Plugin {
    /// Judges one move on the case as it stands before it.
    ///
    /// # Errors
    /// A move that the profile holds waits for a person; any other goes ahead, flagged.
    fn guard(config: &Self::Config, case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        let _ = (config, case, wanted);
        Ok(Verdict::Permit)
    }
}

impl Verdict {
    /// It may not happen: the rule as a stable code, and in Chinese words that say what to do next.
    pub fn refuse(code: &str, text: &str) -> Self {
        Self::Refuse(Refusal {
            code: code.to_owned(),
            text: text.to_owned(),
        })
    }
}

impl Move {
    /// Whether it is this command (`report`), or this move of a proceeding (`warning/clear`).
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// Whether an official in this role wants it.
    pub fn is_by(&self, role: Role) -> bool {
        matches!(&self.actor, ActorRole::Official(own) if own == role.as_str())
    }

    /// One field of the command, such as `evidence` of a report; none where it isn't filled in.
    ///
    /// # Errors
    /// The command has another form than the contract promises.
    pub fn get<T: DeserializeOwned>(&self, field: &str) -> Result<Option<T>, PluginError> {
        crate::react::field(&self.document, field)
    }
}

impl<P: Guard> contract::Guest for Adapter<P> {
    fn guard(config: String, case: Case, wanted: Move) -> Result<Verdict, PluginError> {
        call::<P, _>(&config, |config| P::guard(config, &case, &wanted))
    }
}
