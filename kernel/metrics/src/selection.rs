//! Which entries a question is about: a unit's, a division's, all; and of those, the ones with a trait.

use fengqiao_core::ids::{Code, DivisionCode, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::entry::{Entry, Part};
use crate::facts::{Reporter, Settled};

/// Whose numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "of", content = "id")]
pub enum Scope {
    /// Everything that was handed over.
    #[default]
    Whole,
    /// A division's and all below it, by the place of the matter.
    Division(DivisionCode),
    /// A unit's, by its part in the case.
    Unit(UnitId),
}

/// A trait that an entry may have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "trait", content = "is")]
pub enum Trait {
    /// The kind of the matter.
    Kind(Code),
    /// The category.
    Category(Code),
    /// The theme of a suggestion.
    Theme(Code),
    /// The channel.
    Channel(Code),
    /// What the reporter is.
    Reporter(Reporter),
    /// The unit that took it in.
    ReceivedBy(UnitId),
    /// Where it was settled.
    Settled(Settled),
    /// It had a local procedure of this kind.
    Proceeding(Code),
    /// An old matter that was handed over.
    Legacy,
    /// An early sign of a dispute.
    EarlySign,
    /// Of follow-ups, those that this one asked; of anything else, none.
    FollowedUpBy(Code),
}

/// A scope, and traits that must all be there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Selection {
    /// Whose numbers.
    pub scope: Scope,
    /// Only those with every one of these.
    pub traits: Vec<Trait>,
}

impl Selection {
    /// All entries of a scope.
    pub fn of(scope: Scope) -> Self {
        Self {
            scope,
            traits: Vec::new(),
        }
    }

    /// The same with one more trait.
    pub fn with(mut self, wanted: Trait) -> Self {
        self.traits.push(wanted);
        self
    }

    pub(crate) fn admits(&self, entry: &Entry<'_>, as_of: Timestamp) -> bool {
        let inside = match &self.scope {
            Scope::Whole => true,
            Scope::Division(division) => division.contains(&entry.case.place),
            Scope::Unit(unit) => entry.unit(as_of) == Some(unit),
        };
        inside && self.traits.iter().all(|wanted| wanted.holds(entry))
    }
}

impl Trait {
    pub(crate) fn holds(&self, entry: &Entry<'_>) -> bool {
        let case = entry.case;
        match self {
            Trait::Kind(kind) => case.kind == *kind,
            Trait::Category(category) => case.category.as_ref() == Some(category),
            Trait::Theme(theme) => case.theme.as_ref() == Some(theme),
            Trait::Channel(channel) => case.channel == *channel,
            Trait::Reporter(reporter) => case.reporter == *reporter,
            Trait::ReceivedBy(unit) => case.received_by.as_ref() == Some(unit),
            Trait::Settled(settled) => case.settled == *settled,
            Trait::Proceeding(kind) => case.proceedings.contains(kind),
            Trait::Legacy => case.legacy,
            Trait::EarlySign => case.early_sign,
            Trait::FollowedUpBy(by) => {
                matches!(entry.part, Part::FollowUp { follow_up, .. } if follow_up.by == *by)
            }
        }
    }
}
