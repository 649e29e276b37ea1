//! How a place counts: what of its local procedures is an order, a mediation, a card; its rates; from where on the watch shows.

use std::collections::BTreeSet;

use fengqiao_core::ids::Code;
use serde::{Deserialize, Serialize};

use crate::account::{CaseAccount, Procedure, UnitAccount};
use crate::facts::{Card, CaseFacts, Mediation, MediationOutcome, Order};
use crate::limits::MAX_COUNTING_RULES;
use crate::named::NamedRates;
use crate::watch::WatchRules;

/// A place's configuration. A past month can be counted again by other rules: the facts stay what they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CountingRules {
    /// Where it is written, for whoever reads the figures.
    pub source: String,
    /// Which procedures are orders.
    pub orders: Vec<OrderRule>,
    /// Which are mediations.
    pub mediations: Vec<MediationRule>,
    /// Which are cards.
    pub cards: Vec<CardRule>,
    /// The rates that the place names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rates: Option<NamedRates>,
    /// From where on a pattern is shown.
    pub watch: WatchRules,
    /// The kinds of units that are assessed; every kind where empty.
    pub assessed: BTreeSet<String>,
}

/// A procedure that is an order to another unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OrderRule {
    /// Its kind.
    pub proceeding: Code,
    /// The states in which the addressee has it; its limit counts from there.
    pub issued: BTreeSet<Code>,
    /// The states that say that the addressee signed.
    #[serde(default)]
    pub signed: BTreeSet<Code>,
    /// The states that say that somebody came.
    #[serde(default)]
    pub arrived: BTreeSet<Code>,
    /// The states that say that the issuer took it back.
    #[serde(default)]
    pub recalled: BTreeSet<Code>,
}

/// A procedure that is a mediation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MediationRule {
    /// Its kind.
    pub proceeding: Code,
    /// The states in which it was taken on.
    pub accepted: BTreeSet<Code>,
    /// The states that say that both sides agreed.
    pub agreed: BTreeSet<Code>,
    /// The states that say that they didn't.
    pub failed: BTreeSet<Code>,
}

/// A procedure on a unit's docket whose states are cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CardRule {
    /// Its kind.
    pub proceeding: Code,
    /// The states that are cards, each counted under its own word.
    pub steps: BTreeSet<Code>,
    /// The states that say that the card was wrong from the start; one that was merely cleared counts all the same.
    #[serde(default)]
    pub taken_back: BTreeSet<Code>,
}

/// Why nobody counts so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountingRulesError {
    /// More than anybody reads.
    #[error("统计口径超过 {MAX_COUNTING_RULES} 条，请合并")]
    TooMany,
    /// Two rules of one sort about one kind would count everything twice.
    #[error("程序 {0} 的统计口径写了两条，会重复计数，请合并为一条")]
    Twice(Code),
}

impl CountingRules {
    /// Whether nothing is counted twice.
    pub fn check(&self) -> Result<(), CountingRulesError> {
        if self.orders.len() + self.mediations.len() + self.cards.len() > MAX_COUNTING_RULES {
            return Err(CountingRulesError::TooMany);
        }
        once(self.orders.iter().map(|rule| &rule.proceeding))?;
        once(self.mediations.iter().map(|rule| &rule.proceeding))?;
        once(self.cards.iter().map(|rule| &rule.proceeding))
    }

    /// A case's facts with the orders and mediations that its procedures are here.
    pub fn read(&self, account: CaseAccount) -> CaseFacts {
        let CaseAccount {
            mut facts,
            procedures,
        } = account;
        for procedure in &procedures {
            for rule in self
                .orders
                .iter()
                .filter(|it| it.proceeding == procedure.kind)
            {
                facts.orders.extend(rule.read(procedure));
            }
            let mut mediations = self.mediations.iter();
            if let Some(rule) = mediations.find(|it| it.proceeding == procedure.kind) {
                let mediation = rule.read(procedure, &facts);
                facts.mediations.extend(mediation);
            }
        }
        facts
    }

    /// The cards that a unit was given.
    pub fn cards(&self, account: &UnitAccount) -> Vec<Card> {
        let mut cards = Vec::new();
        for procedure in &account.procedures {
            for rule in self
                .cards
                .iter()
                .filter(|it| it.proceeding == procedure.kind)
            {
                let raised = procedure.steps.iter();
                cards.extend(
                    raised
                        .filter(|step| rule.steps.contains(&step.state))
                        .map(|step| Card {
                            unit: account.unit.clone(),
                            code: step.state.clone(),
                            at: step.at,
                            taken_back_at: procedure
                                .first(&rule.taken_back, Some(step.at))
                                .map(|step| step.at),
                            case: procedure.about.clone(),
                        }),
                );
            }
        }
        cards
    }
}

impl OrderRule {
    /// A draft that was never issued, or one to nobody, is no order yet.
    fn read(&self, procedure: &Procedure) -> Option<Order> {
        let issued = procedure.first(&self.issued, None)?;
        let after = |states| procedure.first(states, Some(issued.at)).map(|step| step.at);
        Some(Order {
            issuer: procedure.issuer.clone(),
            addressee: procedure.addressee.clone()?,
            issued_at: issued.at,
            due_at: issued.due_at,
            signed_at: after(&self.signed),
            arrived_at: after(&self.arrived),
            recalled_at: after(&self.recalled),
        })
    }
}

impl MediationRule {
    /// The mediator's unit: whom it is addressed to, or who opened it, or who led then.
    fn read(&self, procedure: &Procedure, facts: &CaseFacts) -> Option<Mediation> {
        let accepted_at = procedure.first(&self.accepted, None)?.at;
        let unit = procedure.addressee.as_ref().or(procedure.issuer.as_ref());
        let unit = unit.or_else(|| facts.lead_as_of(accepted_at))?.clone();
        let agreed = procedure.first(&self.agreed, Some(accepted_at));
        let failed = procedure.first(&self.failed, Some(accepted_at));
        let outcome = match (agreed, failed) {
            (Some(_), _) => Some(MediationOutcome::Agreed),
            (None, Some(_)) => Some(MediationOutcome::Failed),
            (None, None) => None,
        };
        Some(Mediation {
            unit,
            accepted_at,
            closed_at: agreed.or(failed).map(|step| step.at),
            outcome,
        })
    }
}

fn once<'a>(kinds: impl Iterator<Item = &'a Code>) -> Result<(), CountingRulesError> {
    let mut seen = BTreeSet::new();
    for kind in kinds {
        if !seen.insert(kind) {
            return Err(CountingRulesError::Twice(kind.clone()));
        }
    }
    Ok(())
}
