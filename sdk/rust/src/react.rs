//! The hook `react`: this happened, what follows?

use serde::de::DeserializeOwned;

use crate::bindings::react::exports::fengqiao::react::react as contract;
pub use crate::bindings::shared::fengqiao::types::values::Coded as Happened;
use crate::case::{Case, Subject, count};
use crate::export::{Adapter, call};
use crate::plugin::{Plugin, PluginError};
use crate::propose::Proposal;

/// Answers to events. All are asked, the highest division's first; each proposal is checked on its own.
pub trait React: Plugin {
    /// Proposes what follows.
    ///
    /// # Errors
    /// Nothing follows from this plugin; the case is marked, and a person gets a task.
    fn react(config: &Self::Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        let _ = (config, reaction);
        Ok(Vec::new())
    }
}

/// What happened, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// On whose docket.
    pub subject: Subject,
    /// The case after the events; for a unit's or a division's docket it holds clocks and proceedings only.
    pub after: Case,
    /// What happened, in order.
    pub events: Vec<Happened>,
    /// How many reactions led here; after four the kernel asks no more.
    pub depth: u8,
    /// The counts that the manifest's queries ask for.
    pub related: Vec<(String, u64)>,
}

impl Reaction {
    /// The events of one kind, such as `clock-breached`.
    pub fn all<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Happened> {
        self.events.iter().filter(move |event| event.is(code))
    }

    /// How many cases one of the manifest's queries found; none where it has no such query.
    pub fn related(&self, query: &str) -> Option<u64> {
        count(&self.related, query)
    }
}

impl Happened {
    /// Whether it is this event.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// One field of the event, such as `clock` of `clock-breached`; none where it isn't filled in.
    ///
    /// # Errors
    /// The event has another form than the contract promises.
    pub fn get<T: DeserializeOwned>(&self, field: &str) -> Result<Option<T>, PluginError> {
        self::field(&self.document, field)
    }
}

/// One field of a JSON object, where it is there and isn't `null`.
pub(crate) fn field<T: DeserializeOwned>(
    document: &str,
    field: &str,
) -> Result<Option<T>, PluginError> {
    let mut document: serde_json::Value =
        serde_json::from_str(document).map_err(PluginError::bad_input)?;
    let value = document.get_mut(field).map(serde_json::Value::take);
    match value {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(value) => serde_json::from_value(value)
            .map(Some)
            .map_err(|error| PluginError::bad_input(format!("`{field}`：{error}"))),
    }
}

impl<P: React> contract::Guest for Adapter<P> {
    fn react(
        config: String,
        subject: Subject,
        after: Case,
        events: Vec<Happened>,
        depth: u8,
        related: Vec<(String, u64)>,
    ) -> Result<Vec<contract::Proposal>, PluginError> {
        let reaction = Reaction {
            subject,
            after,
            events,
            depth,
            related,
        };
        let proposals = call::<P, _>(&config, |config| P::react(config, &reaction))?;
        proposals.into_iter().map(written).collect()
    }
}

fn written(proposal: Proposal) -> Result<contract::Proposal, PluginError> {
    Ok(contract::Proposal {
        subject: proposal.subject,
        code: proposal.command.name().to_owned(),
        document: serde_json::to_string(&proposal.command).map_err(PluginError::cannot_answer)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::{Propose as _, propose};
    use crate::testing;

    #[test]
    fn a_field_of_an_event_is_read_by_its_name() {
        let event = testing::happened(
            "clock-breached",
            r#"{"event":"clock-breached","clock":7,"text":null}"#,
        );
        assert_eq!(event.get::<u32>("clock"), Ok(Some(7)));
        assert_eq!(event.get::<String>("text"), Ok(None));
        assert_eq!(event.get::<String>("unit"), Ok(None));
    }

    #[test]
    fn a_field_of_another_kind_is_the_inputs_fault() {
        let event = testing::happened("clock-breached", r#"{"clock":"seven"}"#);
        assert!(matches!(
            event.get::<u32>("clock"),
            Err(PluginError::BadInput(_))
        ));
    }

    #[test]
    fn a_proposal_is_written_with_its_word_and_its_docket() {
        let card = propose::open_proceeding("warning")
            .field("count", 2)
            .on_unit("u1");
        let written = written(card).unwrap();
        assert_eq!(written.subject, Subject::Unit("u1".to_owned()));
        assert_eq!(written.code, "open-proceeding");
        let document: serde_json::Value = serde_json::from_str(&written.document).unwrap();
        assert_eq!(document["do"], "open-proceeding");
        assert_eq!(document["fields"]["count"], "2");
    }
}
